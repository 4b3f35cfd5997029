"""Who the customer is: the words that were taken for nobody, and the customers who may be one person."""

import pandas as pd

from clvapp.wording import Of, Wording, listed

WORDS_NAMED = 5
JOINS_NAMED = 2


def named_nobody(found: pd.DataFrame, words: Wording) -> str | None:
    """The words that stand where a customer would and name nobody. `found`: `word`, `orders`, `revenue`."""
    if found.empty:
        return None
    top, rest = found.head(WORDS_NAMED), found.iloc[WORDS_NAMED:]

    def told(group: str, name: str, orders: int, money: float) -> str:
        made = words.count(orders, "order", of=Of("orders", group=group))
        return f"{name} ({made}, {words.money(money, of=Of('revenue', group=group))})"

    each = zip(top["word"], top["orders"], top["revenue"], strict=True)
    named = [told(f"nobody: {word}", f"'{word}'", orders, money) for word, orders, money in each]
    if len(rest):
        others = words.count(len(rest), "other word", of=Of("words_for_nobody_not_named"))
        named.append(told("nobody: others", others, int(rest["orders"].sum()), float(rest["revenue"].sum())))
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
    joined_ = "if joined"
    share = words.count(len(several), "customer", of=Of("customers", group="share an identity"))
    they = words.count(people, "person", "people", of=Of("customers", group=f"share an identity, {joined_}"))
    counts = (
        words.count(after, "customer", of=Of("customers", group=joined_)),
        words.count(before, of=Of("customers")),
        words.money(revenue / after, of=Of("revenue_per_customer", after, group=joined_)),
        words.money(revenue / before, of=Of("revenue_per_customer", before)),
    )
    return [
        (
            f"{share} share a name and postcode, or a telephone number, with another: {'; '.join(named)}. If they are "
            f"{they}, there are {counts[0]}, not {counts[1]}, who have paid {counts[2]} each so far, not {counts[3]}. "
            "A setting joins them (on the command line: --join-people yes)."
        )
    ]
