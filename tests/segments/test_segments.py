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


# Recency, frequency and money of each group, from and to.
WELL_KNOWN = {
    "Champions": "45 45 45", "Loyal": "35 35 15", "Potential loyalists": "45 22 15", "New customers": "55 11 15",
    "Promising": "44 11 15", "Need attention": "33 22 15", "About to sleep": "33 11 15", "Cannot lose them": "12 45 45",
    "At risk": "12 25 15", "Hibernating": "22 11 15", "Lost": "11 11 15",
}  # fmt: skip


def test_the_groups_that_everybody_knows():
    table = segments.default()
    assert list(table.columns[1:7]) == [
        "recency_from", "recency_to", "frequency_from", "frequency_to", "money_from", "money_to",
    ]  # fmt: skip
    assert {name: "".join(map(str, ends)) for name, *ends in table.iloc[:, :7].itertuples(index=False, name=None)} == {
        name: ends.replace(" ", "") for name, ends in WELL_KNOWN.items()
    }


def test_every_score_is_in_the_first_group_that_holds_it():
    every = [(r, f, m) for r in range(1, 6) for f in range(1, 6) for m in range(1, 6)]
    names = [
        next(
            name
            for name, ends in WELL_KNOWN.items()
            if all(int(low) <= one <= int(high) for one, (low, high) in zip(score, ends.split(), strict=True))
        )
        for score in every
    ]
    table = segments.default()
    found = segments.table.placed(pd.DataFrame(every, columns=list(MEASURES)), table)
    assert table["segment"].iloc[found].tolist() == names
    one_row = segments.table.placed(pd.DataFrame([(3, 4, 5), (4, 4, 4)], columns=list(MEASURES)), table.head(1))
    assert one_row.tolist() == [-1, 0]


def test_without_customers_or_returns_the_cuts_are_the_lowest_there_can_be():
    nobody = people([1], [0], [1]).head(0)
    assert segments.cuts(nobody) == segments.Cuts((0, 0, 0, 0), (2, 3, 4, 5), (0.0, 0.0, 0.0, 0.0))
    assert len(segments.scores(nobody, segments.cuts(nobody))) == 0
    once = people([1, 1, 0], [7, 7, 7], [5, 5, 5])
    assert segments.cuts(once) == segments.Cuts((7, 7, 7, 7), (2, 3, 4, 5), (5.0, 5.0, 5.0, 5.0))
    assert segments.scores(once, segments.cuts(once)).to_numpy().tolist() == [[5, 1, 1]] * 3


def test_frequency_begins_above_the_quarters_of_those_who_came_back_and_rises():
    """Returns of 2, 3, 6, 9: the quarters are 2, 3 and 6."""
    cut = segments.cuts(people([1, 2, 3, 6, 9], range(5), range(5)))
    assert cut.times == (2, 3, 4, 7)
    found = segments.scores(people([0, 1, 2, 3, 4, 6, 7, 20], range(8), range(8)), cut)
    assert found["frequency"].tolist() == [1, 1, 2, 3, 4, 4, 5, 5]


customer = st.tuples(st.integers(1, 12), st.integers(0, 500), st.floats(0, 900))


@settings(max_examples=25, deadline=None)
@given(st.lists(customer, min_size=1, max_size=60), st.booleans())
def test_segments_add_up_to_all_customers_and_their_revenue(rows, narrow):
    customers = people(*zip(*rows, strict=True))
    table = segments.default()[1:4] if narrow else None  # a table that has no row for most
    found = segments.segmented(customers, bought_by(customers), end_day=1000, table=table)
    told = bought_by(customers).returns.sum() >= 20  # before that nobody has a state
    for by in ("segment", "state") if told else ("segment",):
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
        "last order is 90 days ago."
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


def rows_of_one_score(number):
    """A table of so many rows, each of one score alone."""
    scores = [(r, f, m) for r in range(1, 6) for f in range(1, 6) for m in range(1, 6)][:number]
    rows = [(f"row {i}", r, r, f, f, m, m, "") for i, (r, f, m) in enumerate(scores)]
    return pd.DataFrame(rows, columns=segments.default().columns)


def test_a_table_has_thirty_rows_at_most():
    assert len(segments.checked(rows_of_one_score(30))) == 30
    with pytest.raises(DamagedSegments, match="it has 31 rows; give at least 1 and at most 30"):
        segments.checked(rows_of_one_score(31))


def test_a_file_of_a_quarter_of_a_megabyte_is_read_and_a_larger_one_is_not():
    table = segments.default().astype(object)
    room = 2**18 - len(segments.content(table))
    table.loc[0, "what_helps"] += "x" * room
    assert segments.read(segments.content(table), "s.csv")["what_helps"][0].endswith("xx")
    table.loc[0, "what_helps"] += "x"
    with pytest.raises(DamagedSegments, match="far larger than a table of segments"):
        segments.read(segments.content(table), "s.csv")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_group_may_have_a_name_that_other_tables_use_for_a_blank(separator):
    table = segments.default().replace({"Champions": "NA", "Lost": "null"})
    text = table.to_csv(index=False, sep=separator).encode()
    assert segments.read(text, "s.csv").equals(table)


def test_texts_of_a_table_are_trimmed_and_its_other_columns_left():
    table = segments.default().astype(object).assign(mine="x").set_index(np.arange(11) + 5)
    table.loc[5, ["segment", "what_helps"]] = [" Best ", None]
    found = segments.checked(table)
    assert found.loc[0, ["segment", "what_helps"]].tolist() == ["Best", ""]
    assert found.drop(index=0).equals(segments.default().drop(index=0))


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
        (broken(money_from=0), "row 2 has '0' in 'money_from'"),
        (broken(money_to=6), "row 2 has '6' in 'money_to'"),
        (broken(frequency_from=None), "row 2 has 'None' in 'frequency_from'"),
        (broken(money_from=3, money_to=2), "in row 2 'money_from' is larger than 'money_to'"),
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
    assert said.startswith("3 customers (30%) in 'At risk' bring 44% of revenue; the 4 in ")
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


def test_a_table_with_thousands_of_columns_is_refused_before_they_are_named():
    for headings in (["segment"] * 40_000, ['"two\nlines"', *["x"] * 5_000]):
        content = f"\n{','.join(headings)}\n1\n".encode()[: 2**18]
        with pytest.raises(DamagedSegments, match=r"it has [\d,]+ columns"):
            segments.read(content, "s.csv")


def test_a_saved_table_holds_no_formula_and_comes_back_as_it_was():
    table = segments.default().replace({"Champions": "=1+1", "Lost": "-gone", "Loyal": "'Loyal'"})
    content = segments.content(table).decode("utf-8-sig")
    assert "'=1+1" in content
    assert "'-gone" in content
    assert "\n=" not in content
    assert segments.read(segments.content(table), "s.csv").equals(table)
