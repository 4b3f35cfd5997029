"""Segments: visible rules that hold where fifths collapse, a table that can be edited, groups that add up."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spend_frames import all_paid

from clvapp import segments
from clvapp.customers.order_days import order_days
from clvapp.problems import DamagedSegments
from clvapp.segments.table import MEASURES, REST
from clvapp.story import segments as segments_story
from clvapp.wording import Wording

WORDS = Wording("en_US", "USD")


def people(times, since, revenue):
    return pd.DataFrame(
        {
            "customer_id": [f"c{i}" for i in range(len(times))], "order_days": times, "orders": times,
            "days_since_last_order": since, "revenue": np.array(revenue, float),
        }
    )  # fmt: skip


def bought_by(customers, end_day=1000):
    """Order days that fit `customers`: ten days apart, the last so long ago."""
    rows = [
        (row.customer_id, end_day - row.days_since_last_order - 10 * k, row.revenue / row.order_days, 1)
        for row in customers.itertuples()
        for k in range(row.order_days)
    ]
    return order_days(all_paid(pd.DataFrame(rows, columns=["customer_id", "day", "revenue", "orders"])))


def test_scores_by_hand():
    """Ten customers, six of whom bought once; returns of 2, 2, 3 and 9 order days."""
    customers = people([1] * 6 + [2, 2, 3, 9], range(0, 100, 10), range(10, 110, 10))
    cut = segments.cuts(customers)
    assert cut == segments.Cuts((10, 30, 50, 70), (2, 3, 4, 5), (20.0, 40.0, 60.0, 80.0))
    found = segments.scores(customers, cut)
    assert found["recency"].tolist() == [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]
    assert found["frequency"].tolist() == [1, 1, 1, 1, 1, 1, 2, 2, 3, 5]
    assert found["money"].tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_frequency_does_not_collapse_where_half_the_customers_bought_once():
    random = np.random.default_rng(1)
    times = np.where(random.random(2000) < 0.6, 1, 1 + random.geometric(0.25, 2000))
    customers = people(times, random.integers(0, 400, 2000), random.lognormal(3, 1, 2000))
    found = segments.scores(customers, segments.cuts(customers))
    for measure in MEASURES:
        assert found[measure].value_counts().min() > 50, measure
    assert (found["frequency"] == 1).sum() == (times == 1).sum()


def test_the_table_everybody_knows_has_a_place_for_every_score():
    every = pd.DataFrame(np.indices((5, 5, 5)).reshape(3, -1).T + 1, columns=list(MEASURES))
    assert (segments.table.placed(every, segments.checked(segments.default())) >= 0).all()


customer = st.tuples(st.integers(1, 12), st.integers(0, 500), st.floats(0, 900))


@settings(max_examples=25, deadline=None)
@given(st.lists(customer, min_size=1, max_size=60), st.booleans())
def test_segments_add_up_to_all_customers_and_their_revenue(rows, narrow):
    customers = people(*zip(*rows, strict=True))
    table = segments.default()[1:4] if narrow else None  # a table that has no row for most
    found = segments.segmented(customers, bought_by(customers), end_day=1000, table=table)
    for by in ("segment", "state"):
        sizes = segments.sizes(found, customers, WORDS, by=by)
        assert sizes["customers"].sum() == len(customers)
        assert sizes["share"].sum() == pytest.approx(1)
        assert sizes["revenue"].sum() == pytest.approx(customers["revenue"].sum())
    sizes = segments.sizes(found, customers, WORDS)
    assert ((sizes["customers"] > 0) | (sizes["absent"] != "")).all()
    assert sum(len(found.of(name)) for name in found.names) == len(customers)


def test_sizes_by_hand():
    customers = people([1] * 6 + [2, 2, 3, 9], range(0, 100, 10), range(10, 110, 10))
    found = segments.segmented(customers, bought_by(customers), end_day=1000)
    sizes = segments.sizes(found, customers, WORDS).set_index("segment")
    lost = sizes.loc["Cannot lose them"]
    assert (lost["customers"], lost["revenue"], lost["orders"], lost["days_since_last_order"]) == (1, 100, 9, 90)
    assert lost["basket"] == pytest.approx(100 / 9)
    assert lost["rule"] == "bought 4 times or more, last more than 50 days ago, for over $60.00"
    new = sizes.loc["New customers"]
    assert (new["customers"], new["revenue"], new["basket"], new["rule"]) == (
        2,
        30,
        15,
        "bought once, last within 10 days",
    )
    assert sizes.loc["Champions", "absent"] == (
        "Nobody bought 4 times or more, last within 30 days, for over $60.00: of those who bought 4 times or more, the "
        "last order is 90 to 90 days ago."
    )
    assert sizes["what_helps"].str.len().min() > 20


def test_a_table_survives_saving_and_editing_in_a_spreadsheet():
    table = segments.default()
    assert segments.read(segments.content(table), "s.csv").equals(table)
    semicolons = table.to_csv(index=False, sep=";").encode("utf-8-sig")
    assert segments.read(semicolons, "s.csv").equals(table)
    edited = segments.read(segments.content(table.replace({"Champions": "Best friends"})), "s.csv")
    customers = people([9, 1], [0, 50], [100, 10])
    found = segments.segmented(customers, bought_by(customers), end_day=1000, table=edited)
    assert found.names[0] == "Best friends"


def test_who_fits_no_row_is_everyone_else():
    table = segments.default().head(1)
    customers = people([1] * 5, range(5), range(5))
    found = segments.segmented(customers, bought_by(customers), end_day=1000, table=table)
    assert found.names == ["Champions", REST]
    sizes = segments.sizes(found, customers, WORDS).set_index("segment")
    assert (sizes.loc[REST, "customers"], sizes.loc[REST, "rule"]) == (5, "fits no row")


def broken(**changes):
    table = segments.default().astype(object)
    for column, value in changes.items():
        table.loc[1, column] = value
    return table


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (segments.default().drop(columns="money_to"), "the column 'money_to' is missing"),
        (segments.default().head(0), "it has 0 rows"),
        (broken(segment=" "), "row 2 has no name in 'segment'"),
        (broken(segment="champions"), "'champions' stands in two rows"),
        (broken(recency_from="six"), "row 2 has 'six' in 'recency_from', which takes a whole number from 1 to 5"),
        (broken(recency_from=2.5), "row 2 has '2.5'"),
        (broken(recency_from=5, recency_to=4), "in row 2 'recency_from' is larger than 'recency_to'"),
        (broken(recency_from=4, frequency_from=4, money_from=4), "nobody can ever be in 'Loyal'"),
    ],
)
def test_a_table_that_cannot_be_used_says_what_to_put_right(table, says):
    with pytest.raises(DamagedSegments, match=says):
        segments.checked(table)


@pytest.mark.parametrize("text", [b"", b"\xff\xfe\x00", b'"unclosed', b"a,b\n1,2,3\n4,5,6,7\n", b"x" * 300_000])
def test_a_file_that_is_no_table_is_a_problem(text):
    with pytest.raises(DamagedSegments, match=r"'s\.csv' cannot be used"):
        segments.read(text, "s.csv")


def test_segments_in_words():
    customers = people([1] * 6 + [2, 2, 3, 9], range(0, 100, 10), range(10, 110, 10))
    found = segments.segmented(customers, bought_by(customers), end_day=1000)
    said = segments_story.answer(segments.sizes(found, customers, WORDS), WORDS)
    assert said.startswith("3 customers (30%) in 'At risk' bring 44% of revenue; 4 good customers are slipping away")
    assert segments_story.answer(segments.sizes(found, customers, WORDS).head(0), WORDS).startswith(
        "There is no customer"
    )


def cdnow(path: Path) -> pd.DataFrame:
    lines = [line.split() for line in path.read_text().splitlines()[1:]]
    frame = pd.DataFrame([(c, d, float(v)) for c, d, _, v in lines], columns=["customer_id", "day", "revenue"])
    frame["day"] = (pd.to_datetime(frame["day"]) - pd.Timestamp("1970-01-01")).dt.days
    paid = frame[frame["revenue"] > 0].assign(orders=1)
    return all_paid(paid.groupby(["customer_id", "day"], as_index=False).sum())


def test_on_cdnow_where_fifths_collapse_every_segment_is_populated_or_absent_for_a_reason(shared):
    spend = cdnow(shared / "data" / "CDNOW_master.txt")
    bought, end_day = order_days(spend), int(spend["day"].max())
    customers = pd.DataFrame(
        {
            "customer_id": bought.ids, "order_days": bought.count, "orders": bought.count,
            "days_since_last_order": end_day - bought.last,
            "revenue": np.bincount(bought.who, weights=bought.paid),
        }
    )  # fmt: skip
    found = segments.segmented(customers, bought, end_day=end_day)
    sizes = segments.sizes(found, customers, WORDS).set_index("segment")
    assert (customers["order_days"] == 1).mean() > 0.5
    assert sizes["customers"].sum() == len(customers) == 23_502
    assert sizes.index[sizes["customers"] == 0].tolist() == ["New customers"]
    assert sizes.loc["New customers", "absent"] == (
        "Nobody bought once, last within 140 days: of those who bought once, the last order is 221 to 545 days ago."
    )
    assert (segments.scores(customers, found.cuts)["frequency"].value_counts() > 2000).all()
