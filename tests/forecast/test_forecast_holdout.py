"""On the four older public holdouts nothing is seen that came later; `test_holdouts` judges how good it is."""

import pytest

from benchmarks import published
from clvapp.customers import burn_in
from clvapp.forecast import forecast

pytestmark = pytest.mark.verify
NAMES = ("cdnow_sample", "cdnow_full", "online_retail_26w", "online_retail_26w_net")


@pytest.fixture(scope="module")
def holdouts(shared):
    return {one.name: one for one in published.holdouts(shared)}


@pytest.fixture(scope="module", params=NAMES)
def judged(request, holdouts):
    """The name, the forecast, and what came."""
    one = holdouts[request.param]
    known = one.spend[one.spend["day"] <= one.end_day]
    burn_in_end = burn_in.burn_in(known, end_day=one.end_day).end
    made = forecast.forecast(
        known, one.customers, end_day=one.end_day, burn_in_end=burn_in_end,
        terms=forecast.Terms(horizon_days=one.horizon),
    )  # fmt: skip
    return one.name, made, one.came()


CAME = {  # customers, order days and money, as in holdout.csv
    "cdnow_sample": (2_357, 1_882, 70_976.4), "cdnow_full": (23_570, 19_684, 776_961.0),
    "online_retail_26w": (2_811, 6_826, 4_197_840.0), "online_retail_26w_net": (2_807, 6_796, 3_959_170.0),
}  # fmt: skip


def test_the_holdout_is_the_one_others_were_measured_on(judged):
    name, _, came = judged
    customers, orders, revenue = CAME[name]
    assert (len(came), came["orders"].sum()) == (customers, orders)
    assert came["revenue"].sum() == pytest.approx(revenue, rel=1e-5)


def test_the_method_was_chosen_without_the_holdout_and_says_why(judged):
    _, made, _ = judged
    assert made.choice.tests == 2
    assert made.method in made.choice.sentence
    reported = made.backtest.reported.prepared
    assert reported.day + reported.horizon <= made.end_day
    for earlier in made.backtest.earlier:
        assert earlier.prepared.day + earlier.prepared.horizon <= reported.day
        assert max(earlier.prepared.cuts, default=0) < earlier.prepared.day


def test_nothing_of_the_holdout_changes_the_forecast(holdouts):
    one = holdouts["cdnow_sample"]
    terms = forecast.Terms(horizon_days=one.horizon)
    blind = forecast.forecast(
        one.spend[one.spend["day"] <= one.end_day], one.customers, end_day=one.end_day, terms=terms
    )
    seeing = forecast.forecast(one.spend, one.customers, end_day=one.end_day, terms=terms)
    assert blind.customers.equals(seeing.customers)
    assert blind.backtest.reported.table.equals(seeing.backtest.reported.table)
