"""Who the customer is: the words that were taken for nobody, and the customers who may be one person."""

import pandas as pd

from clvapp.wording import Wording, listed

WORDS_NAMED = 5
JOINS_NAMED = 2


def named_nobody(found: pd.DataFrame, words: Wording) -> str | None:
    """The words that stand where a customer would and name nobody. `found`: `word`, `orders`, `revenue`."""
    if found.empty:
        return None
    top, rest = found.head(WORDS_NAMED), found.iloc[WORDS_NAMED:]
    each = zip(top["word"], top["orders"], top["revenue"], strict=True)
    named = [f"'{word}' ({words.count(orders, 'order')}, {words.money(money)})" for word, orders, money in each]
    if len(rest):
        orders = words.count(int(rest["orders"].sum()), "order")
        named.append(f"{words.count(len(rest), 'other word')} ({orders}, {words.money(float(rest['revenue'].sum()))})")
    return (
        f"Taken for nobody: {listed(named)}. If one of them is a customer after all, their orders need a customer "
        "number or an e-mail address."
    )


def joins(customers: pd.DataFrame, same: pd.DataFrame, *, joined: bool, words: Wording) -> list[str]:
    """What joining the keys of one person would change, or that it was done.

    `customers`: `customer_id`, `revenue`. `same`: `customer_id`, `joined`, `shared`.
    """
    if joined:
        said = "Customers who share a name and postcode, or a telephone number, were joined, as you chose."
        return [said] if len(same) else []
    here = same[same["customer_id"].isin(customers["customer_id"])]
    several = here.groupby("joined").filter(lambda keys: len(keys) > 1)
    if several.empty:
        return []
    people = several["joined"].nunique()
    before, after = len(customers), len(customers) - len(several) + people
    revenue = float(customers["revenue"].sum())
    named = [
        f"'{keys['shared'].iloc[0]}' is {listed(list(keys['customer_id']))}"
        for _, keys in list(several.groupby("joined"))[:JOINS_NAMED]
    ]
    return [
        (
            f"{words.count(len(several), 'customer')} share a name and postcode, or a telephone number, with another: "
            f"{'; '.join(named)}. If they are {words.count(people, 'person', 'people')}, there are "
            f"{words.count(after, 'customer')}, not {words.count(before)}, with {words.money(revenue / after)} each so "
            f"far, not {words.money(revenue / before)}. A setting joins them (--join-people yes)."
        )
    ]
