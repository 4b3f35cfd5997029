"""A file about customers (any columns) -> one row a customer, joined by e-mail or customer number.

What may be learned from is only what was known at the first order, and only the owner can say which columns were.
"""

from dataclasses import dataclass

import pandas as pd

from clvapp.problems import NoCustomerMatches, NoKeyInAttributes


@dataclass(frozen=True)
class Attributes:
    """`frame`: a customer of the file a row, by its key; one text column a heading. All others are `headings`."""

    name: str
    frame: pd.DataFrame
    headings: tuple[str, ...]
    key_heading: str
    key_is_email: bool
    doubled: int


def attributes(name: str, frame: pd.DataFrame) -> Attributes:
    """A file about customers: a text column a heading. Raises `NoKeyInAttributes` if none says whom a row is about."""
    heading, is_email = _key(name, frame)
    key = frame[heading].str.lower() if is_email else frame[heading].str.removesuffix(".0")
    named = frame.set_index(key)[key.notna().to_numpy()]
    single = named[~named.index.duplicated(keep="last")]
    others = tuple(str(column) for column in frame.columns if column != heading)
    return Attributes(name, single, others, heading, is_email, len(named) - len(single))


def joined(about: Attributes, customers: pd.DataFrame) -> pd.DataFrame:
    """`about` for each of `customers`, aligned with its rows; missing where the file has nothing of them."""
    key = customers["email" if about.key_is_email else "customer_number"]
    found = about.frame[list(about.headings)].reindex(key.to_numpy())
    if not key.isin(about.frame.index).any():
        raise NoCustomerMatches(about.name, about.key_heading)
    return found.set_index(customers.index)


def _key(name: str, frame: pd.DataFrame) -> tuple[str, bool]:
    """The column with the most e-mail addresses, else one that is named for the customer's number."""
    addresses = {column: frame[column].str.contains("@", regex=False).mean() for column in frame}
    best = max(addresses, key=lambda column: addresses[column], default="")
    if best and addresses[best] > 0.5:
        return str(best), True
    for column in frame:
        words = set(str(column).lower().replace("_", " ").split())
        if {"customer", "id"} <= words or {"customer", "number"} <= words or words & {"customerid", "id"}:
            return str(column), False
    raise NoKeyInAttributes(name)
