"""What the findings say of who the customers are."""

import pandas as pd

from clvapp.findings import identity
from clvapp.wording import Wording

WORDS = Wording("en_US", "USD")


def test_words_for_nobody_are_named_with_their_orders_and_money():
    found = pd.DataFrame({"word": ["Walk-in", "Cash Sale"], "orders": [12, 1], "revenue": [340.0, 17.5]})
    assert identity.named_nobody(found, WORDS) == (
        "Taken for nobody: 'Walk-in' (12 orders, $340) and 'Cash Sale' (1 order, $17.50). If one of them is a customer "
        "after all, their orders need a customer number or an e-mail address."
    )


def test_of_many_words_for_nobody_the_rest_are_added_up():
    found = pd.DataFrame({"word": list("abcdefg"), "orders": [9, 8, 7, 6, 5, 4, 3], "revenue": [1.0] * 7})
    assert "'e' (5 orders, $1.00) and 2 other words (7 orders, $2.00)." in identity.named_nobody(found, WORDS)


def test_where_nobody_is_named_nothing_is_said():
    assert identity.named_nobody(pd.DataFrame({"word": [], "orders": [], "revenue": []}), WORDS) is None
