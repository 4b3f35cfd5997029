"""A shop and settings -> everything shown of it, each result computed once, when it is first asked for.

Each module adds to those before it: orders, customers, forecast, targets. `repeat` holds the views of who comes back.

>>> from clvapp import sample
>>> from clvapp.read import Source
>>> from clvapp.shop import load
>>> shop = load([Source("orders.csv", sample.shop(customers=300).orders_csv)])
>>> shop.format_name
'Shopify orders'
>>> bool(Analysis(shop).simple_clv.clv > 0)
True
"""

from dataclasses import dataclass, field

from clvapp.analysis.repeat import Returning
from clvapp.analysis.targets import Lists
from clvapp.memo import Views


@dataclass(eq=False)
class Analysis(Lists):
    """Everything that is shown of a shop under one set of settings, each part computed when it is first asked for."""

    _returning: Views = field(default_factory=dict)

    @property
    def returning(self) -> Returning:
        """Repeat purchases, cohorts, segments, and then against now."""
        return Returning(self, self._returning)
