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


PEOPLE = pd.DataFrame(
    {"customer_id": ["i1@a.example", "i2@a.example", "otto@a.example"], "revenue": [30.0, 60.0, 90.0]}
)
SAME = pd.DataFrame(
    {
        "customer_id": ["i1@a.example", "i2@a.example", "later@a.example"],
        "joined": ["i1@a.example"] * 3,
        "shared": ["ida holm, 4000"] * 3,
    }
)


def test_what_joining_would_change_is_said_with_an_example():
    assert identity.joins(PEOPLE, SAME, joined=False, words=WORDS) == [
        "2 customers share a name and postcode, or a telephone number, with another: 'ida holm, 4000' is i1@a.example "
        "and i2@a.example. If they are 1 person, there are 2 customers, not 3, who have paid $90.00 each so far, "
        "not $60.00. A setting joins them (on the command line: --join-people yes)."
    ]


def test_where_they_were_joined_that_is_said():
    assert identity.joins(PEOPLE, SAME, joined=True, words=WORDS) == [
        "Customers who share a name and postcode, or a telephone number, were joined, as you chose."
    ]


def test_where_nobody_has_two_keys_nothing_is_offered():
    assert identity.joins(PEOPLE, SAME.iloc[[0, 2]], joined=False, words=WORDS) == []
    assert identity.joins(PEOPLE, SAME.iloc[:0], joined=True, words=WORDS) == []
