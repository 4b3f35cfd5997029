"""A row of the table of segments in words, with the shop's own cut-offs in it: which cut each end of a range takes."""

import pandas as pd
import pytest

from clvapp import segments
from clvapp.segments import rules
from clvapp.wording import Wording

WORDS, GERMAN = Wording("en_US", "USD"), Wording("de_DE", "USD")
CUTS = segments.Cuts(days=(1, 30, 50, 1070), times=(2, 3, 5, 9), money=(20.0, 60.0, 150.5, 1000.0))
ALL = (1, 5)


def row(recency=ALL, frequency=ALL, money=ALL):
    given = {"recency": recency, "frequency": frequency, "money": money}
    return {f"{measure}_{end}": of[i] for measure, of in given.items() for i, end in enumerate(("from", "to"))}


@pytest.mark.parametrize(
    ("frequency", "says"),
    [
        ((1, 5), "bought"), ((1, 1), "bought once"), ((2, 2), "bought 2 times"), ((3, 3), "bought 3 to 4 times"),
        ((4, 4), "bought 5 to 8 times"), ((5, 5), "bought 9 times or more"), ((2, 5), "bought 2 times or more"),
        ((3, 5), "bought 3 times or more"), ((4, 5), "bought 5 times or more"), ((1, 2), "bought 1 to 2 times"),
        ((1, 3), "bought 1 to 4 times"), ((1, 4), "bought 1 to 8 times"), ((2, 3), "bought 2 to 4 times"),
        ((2, 4), "bought 2 to 8 times"), ((3, 4), "bought 3 to 8 times"),
    ],
)  # fmt: skip
def test_how_often_ends_where_the_next_score_begins(frequency, says):
    assert rules.times(row(frequency=frequency), CUTS, WORDS) == says
    assert segments.rule(row(frequency=frequency), CUTS, WORDS) == says


@pytest.mark.parametrize(
    ("recency", "says"),
    [
        ((5, 5), "last within 1 day"), ((4, 5), "last within 30 days"), ((3, 5), "last within 50 days"),
        ((2, 5), "last within 1,070 days"), ((1, 4), "last more than 1 day ago"),
        ((1, 3), "last more than 30 days ago"), ((1, 2), "last more than 50 days ago"),
        ((1, 1), "last more than 1,070 days ago"), ((4, 4), "last 2 to 30 days ago"), ((3, 4), "last 2 to 50 days ago"),
        ((2, 4), "last 2 to 1,070 days ago"), ((3, 3), "last 31 to 50 days ago"), ((2, 3), "last 31 to 1,070 days ago"),
        ((2, 2), "last 51 to 1,070 days ago"),
    ],
)  # fmt: skip
def test_how_long_ago_begins_on_the_day_after_the_better_score(recency, says):
    assert segments.rule(row(recency), CUTS, WORDS) == f"bought, {says}"


def test_a_score_that_ties_leave_without_a_day_says_so():
    tied = segments.Cuts(days=(10, 10, 50, 49), times=CUTS.times, money=CUTS.money)
    assert segments.rule(row((4, 4)), tied, WORDS) == "bought, last after day 10 and by day 10, which no day is"
    assert segments.rule(row((2, 2)), tied, WORDS) == "bought, last after day 50 and by day 49, which no day is"
    assert segments.rule(row((3, 3)), tied, WORDS) == "bought, last 11 to 50 days ago"


@pytest.mark.parametrize(
    ("money", "says"),
    [
        ((2, 5), "for over $20.00"), ((3, 5), "for over $60.00"), ((4, 5), "for over $151"),
        ((5, 5), "for over $1,000"), ((1, 1), "for up to $20.00"), ((1, 2), "for up to $60.00"),
        ((1, 3), "for up to $151"), ((1, 4), "for up to $1,000"), ((2, 2), "for over $20.00 and up to $60.00"),
        ((2, 3), "for over $20.00 and up to $151"), ((2, 4), "for over $20.00 and up to $1,000"),
        ((3, 3), "for over $60.00 and up to $151"), ((3, 4), "for over $60.00 and up to $1,000"),
        ((4, 4), "for over $151 and up to $1,000"),
    ],
)  # fmt: skip
def test_money_is_over_the_cut_below_and_up_to_the_cut_above(money, says):
    assert segments.rule(row(money=money), CUTS, WORDS) == f"bought, {says}"


def test_a_rule_says_how_often_how_long_ago_and_for_how_much():
    one = row((2, 4), (2, 3), (2, 4))
    assert segments.rule(one, CUTS, WORDS) == (
        "bought 2 to 4 times, last 2 to 1,070 days ago, for over $20.00 and up to $1,000"
    )
    assert segments.rule(one, CUTS, GERMAN) == (
        "bought 2 to 4 times, last 2 to 1.070 days ago, for over 20,00\xa0$ and up to 1.000\xa0$"
    )


@pytest.mark.parametrize("measure", ["recency", "frequency", "money"])
def test_whoever_has_a_score_is_within_its_rule(measure):
    """The words against the scores themselves: customers on both sides of each cut."""
    days, times, money = [0, 1, 2, 30, 31, 50, 51, 1070, 1071], [0, 1, 2, 3, 4, 5, 8, 9, 10], [
        0.0, 20.0, 20.01, 60.0, 60.01, 150.5, 150.51, 1000.0, 1000.01,
    ]  # fmt: skip
    found = segments.scores(pd.DataFrame({"days_since_last_order": days, "order_days": times, "revenue": money}), CUTS)[
        measure
    ].tolist()
    assert found == {
        "recency": [5, 5, 4, 4, 3, 3, 2, 2, 1], "frequency": [1, 1, 2, 3, 3, 4, 4, 5, 5],
        "money": [1, 1, 2, 2, 3, 3, 4, 4, 5],
    }[measure]  # fmt: skip
