"""The three reasons of somebody listed, word by word."""

import numpy as np
import pandas as pd
import pytest

from clvapp.targets.reasons import facts, look_alike_reasons, three_each
from clvapp.wording import Wording

WORDS = Wording("en_US", "USD")
SPENT = "Spent $40.00 within 90 days of the first order; the average is $61.50"
MORE = "Customers like them who became high-value had spent ${} more by the same age"
SINCE = "2 orders since March 2024"
LAST = "Last order 7 days ago"


def facts_of(*, thank=False, **told):
    one = {
        "value": 40.0, "average": 61.5, "milestone": 90, "revenue": 55.0, "gap": 12.25, "orders": 2,
        "first_order": pd.Timestamp("2024-03-05"), "days_since_last_order": 7, **told,
    }  # fmt: skip
    return facts(pd.DataFrame([one], index=["me"]), WORDS, thank=thank)["sentence"].tolist()


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({}, [SPENT, MORE.format("12.25"), SINCE, LAST]),
        ({"gap": 1.0}, [SPENT, MORE.format("1.00"), SINCE, LAST]),
        ({"gap": 0.01}, [SPENT, MORE.format("0.01"), SINCE, LAST]),
        ({"gap": 0.0}, [SPENT, SINCE, LAST]),
        ({"gap": -3.0}, [SPENT, SINCE, LAST]),
        ({"gap": np.nan}, [SPENT, SINCE, LAST]),
        ({"gap": np.nan, "thank": True}, [SPENT, SINCE, LAST]),
        ({"thank": True}, [SPENT, SINCE, LAST]),  # who is thanked is offered nothing more
        ({"milestone": pd.NA}, [MORE.format("12.25"), SINCE, LAST]),
        (
            {"milestone": pd.NA, "thank": True},
            ["Spent $55.00 so far; since when they have been a customer is not known", SINCE, LAST],
        ),
        ({"orders": 1}, [SPENT, MORE.format("12.25"), "1 order since March 2024", LAST]),
        ({"days_since_last_order": 1}, [SPENT, MORE.format("12.25"), SINCE, "Last order 1 day ago"]),
        ({"days_since_last_order": 0}, [SPENT, MORE.format("12.25"), SINCE, "Ordered on the last day"]),
    ],
)
def test_what_is_true_of_somebody_is_said_most_telling_first(told, said):
    assert facts_of(**told) == said


def test_a_gap_is_said_whatever_the_average_is():
    assert facts_of(average=0.0) == [
        "Spent $40.00 within 90 days of the first order; the average is $0", MORE.format("12.25"), SINCE, LAST,
    ]  # fmt: skip


def contrast(feature, value, *, low=0.35, rate=0.496, topic=None, named=True, beyond_chance=True):
    return {
        "feature": feature, "topic": topic or feature, "value": value, "words": f"{feature} {value}", "named": named,
        "hit_rate": rate, "hit_rate_low": low, "beyond_chance": beyond_chance,
    }  # fmt: skip


VALUES = pd.DataFrame({"product": ["kit", "bag", "kit"], "channel": ["app", "app", "web"]}, index=["ann", "bo", "cy"])


def alike(*contrasts, people=("ann", "bo", "cy")):
    made = look_alike_reasons(pd.Index(people), VALUES, pd.DataFrame(contrasts), 0.304, words=WORDS)
    return list(made.itertuples(index=False, name=None))


def test_a_reason_is_for_those_who_have_what_it_names():
    said = "product kit: 50 of 100 such customers became high-value (30 of all)"
    assert alike(contrast("product", "kit")) == [("ann", said), ("cy", said)]
    assert alike(contrast("product", "kit"), people=["cy"]) == [("cy", said)]
    assert alike(contrast("product", "box")) == []
    assert alike(contrast("product", "kit"), people=[]) == []
    assert alike() == []


def test_the_surest_reason_stands_first_for_everybody():
    made = alike(contrast("channel", "app", low=0.32, rate=0.9), contrast("product", "kit", low=0.33))
    assert [(who, said.split(":")[0]) for who, said in made] == [
        ("ann", "product kit"), ("ann", "channel app"), ("bo", "channel app"), ("cy", "product kit"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("put", "people"),
    [({}, 2), ({"low": 0.305}, 2), ({"low": 0.304}, 0), ({"named": False}, 0), ({"beyond_chance": False}, 0)],
)
def test_a_reason_is_named_beyond_chance_and_surely_above_all_customers(put, people):
    assert len(alike(contrast("product", "kit", **put))) == people


def test_of_one_topic_only_the_surest_reason_is_said():
    app, kit = contrast("channel", "app", topic="begun", low=0.4), contrast("product", "kit", topic="begun", low=0.5)
    made = alike(app, kit)
    assert [(who, said.split(":")[0]) for who, said in made] == [
        ("ann", "product kit"), ("bo", "channel app"), ("cy", "product kit"),
    ]  # fmt: skip


def test_three_are_said_of_each_what_speaks_for_them_before_what_is_true_of_them():
    def said(*rows):
        return pd.DataFrame(rows, columns=["customer_id", "sentence"], dtype=object)

    strongest = said(("ann", "A1"), ("bo", "B1"), ("bo", "F2"))
    true = said(("ann", "F1"), ("ann", "F2"), ("ann", "F3"), ("bo", "F2"), ("bo", "F3"), ("bo", "F4"), ("cy", "F1"))
    found = three_each(pd.Index(["cy", "bo", "ann"]), strongest, true)
    assert found.columns.tolist() == ["reason_1", "reason_2", "reason_3"]
    assert found.loc["ann"].tolist() == ["A1", "F1", "F2"]
    assert found.loc["bo"].tolist() == ["B1", "F2", "F3"]  # what is said already is not said again
    assert found.loc["cy"].isna().tolist() == [False, True, True]
    assert found.index.tolist() == ["cy", "bo", "ann"]
