"""Where somebody gave back more than they paid, no share of revenue exceeds 100 %."""

import pandas as pd
import pytest

from clvapp.analysis import Analysis
from clvapp.read import Source
from clvapp.shop import load
from clvapp.story import overview, segments, value
from clvapp.value.historic import pareto, share_of_top
from clvapp.wording import Wording

# Eight paid 100 each; Ida and Jo paid 10 each and gave back 310 each, of sales that are not in the file: 200 are left.
ROWS = [
    *(f"{n},c{n}@x.test,2025-0{1 + n % 6}-1{n},100" for n in range(8)),
    "8,ida@x.test,2025-01-20,10", "9,jo@x.test,2025-02-20,10",
    "r1,ida@x.test,2025-05-20,-310", "r2,jo@x.test,2025-06-20,-310",
]  # fmt: skip


@pytest.fixture(scope="module")
def given_back():
    content = "\n".join(["Order ID,Email,Date,Total", *ROWS]).encode()
    return Analysis(load([Source("orders.csv", content)]))


def test_shares_are_of_what_customers_brought(given_back):
    words = Wording()
    assert given_back.totals[1] == 200.0
    assert value.answer(given_back, words).endswith(
        "8 of them (80%) are above that and bring all of what customers brought."
    )
    assert value.pareto_title(given_back, words) == "The best 20% of customers bring 25% of what customers brought"
    assert overview.lines(given_back, words)[1].sentence == (
        "The best 20% of customers (2 people) bring 25% of what customers brought."
    )
    sizes = segments.sizes(given_back, words, given_back.returning.segmented(None))
    assert sizes["revenue_share"].sum() == pytest.approx(1.0)
    assert sizes["revenue"].sum() == pytest.approx(200.0)
    assert "of what customers brought" in segments.title(sizes, words, of_revenue=segments.of_revenue(given_back))


def test_where_nobody_did_shares_are_of_revenue():
    paid = pd.Series([60.0, 30.0, 10.0])
    assert share_of_top(paid, 0.34) == pytest.approx(0.6)
    assert share_of_top(pd.Series([60.0, 30.0, -80.0]), 0.34) == pytest.approx(60 / 90)
    assert pareto(pd.Series([60.0, 30.0, -80.0]))["share_of_revenue"].max() == pytest.approx(1.0)
