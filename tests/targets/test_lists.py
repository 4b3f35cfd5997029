"""Who is on which list and who on none, decided for one customer of a small shop at every edge."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pytest
from spend_frames import all_paid

from clvapp import columns
from clvapp.targets.lists import NextYear, targets
from clvapp.wording import Wording

WORDS = Wording("en_US", "USD")
FIRST, END = 100, 500  # everybody is 400 days old, so they are compared at 365
CHANCES = NextYear(pd.Series({"me": 0.25}), None)

# What everybody has paid on the first day. "rich" came again after 50 days for another 100: the only gap in the shop,
# so who is silent for more than 50 days is silent for long. By day 365 they had paid 200 + 300 + 9 x 10 = 590, and the
# average of the eleven is 53.64. Of the eleven scores the sixth is the median: mine, 0.6.
PAID = {"rich": 100.0, "grand": 300.0, "me": 10.0, **{f"low {i}": 10.0 for i in range(8)}}
SCORES = {"rich": 0.95, "grand": 0.94, "me": 0.6, **{f"low {i}": 0.61 + i / 100 if i < 3 else 0.1 for i in range(8)}}


@pytest.fixture(scope="module", autouse=True)
def one_return_is_enough():
    """The shop has one; that a silence means nothing below 20 is tested in tests/customers/test_rhythm.py."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("clvapp.customers.rhythm.RETURNS_NEEDED", 1)
        patch.setattr("clvapp.customers.rhythm.WATCHED", 1)
        yield


@dataclass(frozen=True)
class Known:
    """What a profile would say."""

    usable: bool = True
    reason: str | None = None
    base_rate: float = 0.3
    scores: pd.Series = field(default_factory=lambda: pd.Series(SCORES))
    became_high: pd.Series = field(default_factory=lambda: pd.Series({"grand": True}))
    leaf: pd.Series = field(default_factory=lambda: pd.Series(1, index=list(PAID)))
    values: pd.DataFrame = field(default_factory=pd.DataFrame)
    contrasts: pd.DataFrame = field(default_factory=pd.DataFrame)


def shop(*, me=None, first=FIRST, later=(), **of_all):
    """The customers, of whom `me` is as told, and their spend; `later` is money of no order: who, when, how much."""
    spend = [(who, first if who == "me" else FIRST, paid) for who, paid in PAID.items()]
    spend = [(*row, 1) for row in (*spend, ("rich", FIRST + 50, 100.0))] + [(*row, 0) for row in later]
    spend = pd.DataFrame(spend, columns=["customer_id", "day", "revenue", "orders"])
    customers = pd.DataFrame({
        "customer_id": list(PAID), "email": list(PAID), "name": "A", "country": "US", "accepts_marketing": True,
        "orders": 1, "order_days": 1, "gap_cv": 0.1, "value_cv": 0.1, "value_segment": "below_average",
        "days_since_last_order": 50, "revenue": spend.groupby("customer_id")["revenue"].sum()[list(PAID)].to_numpy(),
        "last_order": pd.Timestamp(END - 50, unit="D"), "first_order": pd.Timestamp(FIRST, unit="D"), **of_all,
    }).astype({"accepts_marketing": "boolean"})  # fmt: skip
    mine = customers["customer_id"] == "me"
    for name, value in {"first_order": pd.Timestamp(first, unit="D"), **(me or {})}.items():
        customers.loc[mine, name] = value
    return customers, all_paid(spend)


def made(*, profile=Known(), chances=CHANCES, more=None, **told):
    return targets(*shop(**told), profile, chances, end_day=END, words=WORDS, top_share=0.5, **(more or {}))


def list_or_reason(found):
    """Where I am, or why I am on no list, or "" where nobody would have listed me."""
    mine = found.table.loc[found.table["customer_id"] == "me", "list"]
    assert len(mine) + len(found.left_out) <= 1
    return [*mine, *found.left_out["reason"], ""][0]


STEADY = {"order_days": 6, "gap_cv": 0.39, "value_cv": 0.24}
NEW, OLD = "first order less than 30 days ago", "may have been a customer before the file begins"
AS_MUCH = "has spent as much as those like them who became high-value"
AT_NEED = "steady rhythm and basket: at their need or budget"
CONSENT, REFUNDED = "no marketing consent", "refunded everything"


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, "upgrade"),
        # silence
        ({"me": {"days_since_last_order": 51}}, "win_back"),
        ({"me": {"days_since_last_order": 51, "order_days": 0}}, REFUNDED),
        # the score: at least as high as half of all, and above the share of all who became high-value
        ({"profile": Known(scores=pd.Series(SCORES | {"low 3": 0.605, "me": 0.6}))}, ""),
        ({"profile": Known(scores=pd.Series(SCORES).drop("me"))}, ""),
        ({"profile": Known(base_rate=0.59)}, "upgrade"),
        ({"profile": Known(base_rate=0.6)}, ""),
        ({"profile": Known(usable=False)}, ""),
        # the average of those of the same age
        ({"later": [("me", FIRST + 365, 100.0)]}, "thank"),
        ({"later": [("me", FIRST + 365, 100.0)], "me": {"days_since_last_order": 51}}, ""),
        ({"later": [("me", FIRST + 366, 100.0)]}, "upgrade"),
        # the age, and the beginning of the file
        ({"first": END - 30}, "upgrade"),
        ({"first": END - 29}, NEW),
        ({"first": END - 29, "me": {"value_segment": "above_average", "accepts_marketing": False}}, NEW),
        ({"first": FIRST - 1, "more": {"burn_in_end": FIRST - 1}}, "upgrade"),
        ({"first": FIRST - 1, "more": {"burn_in_end": FIRST}}, OLD),
        ({"first": FIRST - 1, "more": {"burn_in_end": FIRST}, "me": {"value_segment": "above_average"}}, "thank"),
        # consent, and what was kept
        ({"me": {"accepts_marketing": False}}, CONSENT),
        ({"me": {"accepts_marketing": False, "order_days": 0}}, CONSENT),
        ({"me": {"accepts_marketing": pd.NA}}, "upgrade"),
        ({"me": {"order_days": 0}}, REFUNDED),
        ({"later": [("me", FIRST + 365, 100.0)], "me": {"order_days": 0}}, REFUNDED),
        ({"profile": Known(base_rate=0.6), "me": {"accepts_marketing": False, "order_days": 0}}, ""),
        # the gap to the valuable one's 300, at the same age
        ({"later": [("me", FIRST + 380, 289.0)]}, "upgrade"),
        ({"later": [("me", FIRST + 380, 290.0)]}, AS_MUCH),
        ({"later": [("me", FIRST + 380, 290.0)], "me": STEADY}, AS_MUCH),
        ({"later": [("me", FIRST + 300, 490.0)]}, "thank"),
        # a steady customer
        ({"me": STEADY}, AT_NEED),
        ({"me": STEADY | {"order_days": 5}}, "upgrade"),
        ({"me": STEADY | {"gap_cv": 0.4}}, "upgrade"),
        ({"me": STEADY | {"value_cv": 0.25}}, "upgrade"),
        ({"me": STEADY | {"gap_cv": np.nan}}, "upgrade"),
        ({"me": STEADY, "later": [("me", FIRST + 365, 100.0)]}, "thank"),
        # set aside
        ({"more": {"control": ["me"]}}, "in a control group"),
        ({"more": {"control": {"you"}, "set_aside": {"unhappy": ["me"], "late": ["me"]}}}, "unhappy"),
        ({"more": {"control": ["me"], "set_aside": {"unhappy": ["me"]}}, "me": STEADY}, AT_NEED),
        ({"more": {"control": ["me"]}, "profile": Known(base_rate=0.6)}, ""),
    ],
)
def test_where_one_customer_is_or_why_nowhere(told, expected):
    assert list_or_reason(made(**told)) == expected


def test_the_lists_stand_one_after_the_other_each_best_first():
    """By score, and those to thank by revenue."""
    scores = pd.Series(SCORES | {"low 3": 0.99, "low 4": 0.65})
    customers, spend = shop()
    customers.loc[customers["customer_id"].isin(["low 3", "low 4", "low 0"]), "days_since_last_order"] = 51
    found = targets(customers, spend, Known(scores=scores), CHANCES, end_day=END, words=WORDS, top_share=0.7)
    names = [("low 2", "upgrade"), ("low 1", "upgrade"), ("me", "upgrade"), ("low 3", "win_back"),
             ("low 4", "win_back"), ("low 0", "win_back"), ("grand", "thank"), ("rich", "thank")]  # fmt: skip
    assert list(found.table[["customer_id", "list"]].itertuples(index=False, name=None)) == names
    assert found.counts == {"upgrade": 3, "win_back": 3, "thank": 2}
    assert found.table.index.tolist() == list(range(8))


def test_a_row_says_who_why_and_how_far_behind():
    found = made(me={"email": "me@example.org", "name": "Me", "country": "CA", "orders": 1})
    assert found.table.columns.tolist() == columns.names(columns.TARGETS)
    rows = found.table.set_index("customer_id")
    average = "$53.64"
    assert rows.loc["me"].tolist() == [
        "me@example.org", "Me", "upgrade", 0.6, 0.25, 290.0,
        f"Spent $10.00 within 365 days of the first order; the average is {average}",
        "Customers like them who became high-value had spent $290 more by the same age", "1 order since April 1970",
        "CA", True, pd.Timestamp("1970-04-11"), pd.Timestamp("1971-03-27"), 1, 10.0,
    ]  # fmt: skip
    rich = rows.loc["rich"]
    assert rich[["list", "look_alike_score", "revenue"]].tolist() == ["thank", 0.95, 200.0]
    assert (
        rich[["next_year_probability", "gap"]].isna().all()
    )  # nobody knows the one, and nobody is asked for the other
    assert rich[["reason_1", "reason_2", "reason_3"]].tolist() == [
        f"Spent $200 within 365 days of the first order; the average is {average}", "1 order since April 1970",
        "Last order 50 days ago",
    ]  # fmt: skip


def test_what_speaks_for_somebody_is_said_to_those_offered_something_and_not_to_those_thanked():
    contrast = {
        "feature": "product", "topic": "product", "value": "kit", "words": "Began with the kit", "hit_rate": 0.5,
        "hit_rate_low": 0.4, "named": True, "beyond_chance": True,
    }  # fmt: skip
    kit = Known(values=pd.DataFrame({"product": "kit"}, index=list(PAID)), contrasts=pd.DataFrame([contrast]))
    rows = made(profile=kit).table.set_index("customer_id")["reason_1"]
    assert rows["me"] == "Began with the kit: 50 of 100 such customers became high-value (30 of all)"
    assert rows["rich"] == "Spent $200 within 365 days of the first order; the average is $53.64"


def test_reasons_are_counted_most_customers_first():
    found = made(more={"control": ["low 0", "rich"], "set_aside": {"unhappy": ["me", "low 1", "grand", "low 7"]}})
    assert list(found.left_out.itertuples(index=False, name=None)) == [("unhappy", 3), ("in a control group", 2)]
    assert found.left_out.columns.tolist() == ["reason", "customers"]
    assert found.table["customer_id"].tolist() == ["low 2"]


NO_LIST = "There is no list for an upgrade or for winning back."


@pytest.mark.parametrize(
    ("told", "findings"),
    [
        ({}, ()),
        ({"chances": NextYear(None, "Too early to say.")}, ("Too early to say.",)),
        ({"chances": NextYear(None, None)}, ()),
        ({"profile": Known(usable=False, reason="Too alike.")}, (f"{NO_LIST} Too alike.",)),
        ({"profile": Known(usable=False)}, (NO_LIST,)),
        (
            {"accepts_marketing": [True, *[pd.NA] * 10]},  # five of them are not listed
            ("For 5 of the 6 listed customers the file does not say whether they may be written to.",),
        ),
        (
            {
                "me": {"accepts_marketing": pd.NA}, "profile": Known(usable=False),
                "later": [("me", FIRST + 365, 100.0)], "chances": NextYear(None, "Too early to say."),
            },
            (
                NO_LIST, "Too early to say.",
                "For 1 of the 3 listed customers the file does not say whether they may be written to.",
            ),
        ),
    ],
)  # fmt: skip
def test_what_the_owner_has_to_know_of_the_lists(told, findings):
    assert made(**told).findings == findings


def test_with_no_chances_and_no_profile_the_table_has_none():
    table = made(profile=Known(usable=False), chances=NextYear(None, "Too early to say.")).table
    assert table["list"].tolist() == ["thank", "thank"]
    assert table[["look_alike_score", "next_year_probability", "gap"]].isna().all(axis=None)
