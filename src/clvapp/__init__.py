"""From an order export to what a customer is worth, and to the list of who could be worth more.

>>> from clvapp import Analysis, Source, load, sample
>>> analysis = Analysis(load([Source("orders.csv", sample.shop(customers=300).orders_csv)]))
>>> analysis.customers[["customer_id", "orders", "historic_value"]].shape
(294, 3)
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clvapp.analysis import Analysis
    from clvapp.problems import Problem
    from clvapp.read import Reading, Source
    from clvapp.settings import Settings
    from clvapp.shop import load

__all__ = ["Analysis", "Problem", "Reading", "Settings", "Source", "load"]

# Where each name of the public API stands. They are imported when they are asked for: pandas and its like take a
# second, which `clvapp formats` and the process that reads workbooks do without.
_HOMES = {
    "Analysis": "clvapp.analysis",
    "Problem": "clvapp.problems",
    "Reading": "clvapp.read",
    "Settings": "clvapp.settings",
    "Source": "clvapp.read",
    "load": "clvapp.shop",
}


if not TYPE_CHECKING:  # a type checker should go by the imports above alone

    def __getattr__(name: str) -> object:
        """A name of the public API, imported from where it stands."""
        if name not in _HOMES:
            raise AttributeError(f"module 'clvapp' has no attribute '{name}'")
        return getattr(import_module(_HOMES[name]), name)
