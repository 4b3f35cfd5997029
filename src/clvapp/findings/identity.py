"""Who the customer is: the words that were taken for nobody, with their orders and money."""

import pandas as pd

from clvapp.wording import Wording, listed

WORDS_NAMED = 5


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
