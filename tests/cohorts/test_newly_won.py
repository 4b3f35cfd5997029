"""What a customer won now will be worth: hand-worked means by month of age, and intervals that cover."""

from types import SimpleNamespace

import forecast_shops
import numpy as np
import pandas as pd
import pytest
from spend_frames import all_paid

from clvapp.analysis.newly_won import of_new
from clvapp.cohorts import between, newly_won
from clvapp.cohorts.newly_won import THREE_YEARS, YEAR, Ahead
from clvapp.customers.order_days import order_days
from clvapp.days import MEAN_MONTH, MEAN_YEAR, dates
from clvapp.forecast.models import bgnbd, paretonbd
from clvapp.forecast.predictors import predictors
from clvapp.forecast.snapshot import ledger
from clvapp.story import newly_won as story

RATE = 0.10
NO_DIFFERENCE = between.Between(np.array([0.0]), np.array([1.0]))
# Whole months of age end after 30.4375, 60.875, 91.3125 ... days: on day 90 ann has lived 91 days and two months.
ROWS = [
    ("ann", 0, 10.0, 1), ("ann", 30, 6.0, 1), ("ann", 31, 8.0, 1), ("ann", 70, 99.0, 1),
    ("bo", 55, 20.0, 1), ("bo", 60, -5.0, 0), ("bo", 89, 50.0, 1), ("cy", 80, 7.0, 1),
]  # fmt: skip


@pytest.fixture
def few(monkeypatch):
    """Any number of customers is enough."""
    for name in ("LEAST_CUSTOMERS", "LEAST_COHORTS", "LEAST_MONTHS"):
        monkeypatch.setattr(newly_won, name, 1)


def grown(rows=ROWS, *, end_day=90, share=1.0, rate=0.0, **chosen):
    spend = all_paid(pd.DataFrame(rows, columns=["customer_id", "day", "revenue", "orders"]))
    bought = order_days(spend, end_day=end_day)
    shares = np.broadcast_to(share, len(bought.ids)).astype(float)
    return newly_won.grown(bought, shares, discount_rate=rate, end_day=end_day, **chosen)


def even(months, each):
    """A shop with three new customers on the first of each of `months` months, who pay `each` month a year long."""
    rows = []
    for month in range(months):
        day = round(month * MEAN_MONTH) + 1
        for place in range(3):
            rows += [(f"{month}-{place}", day + round(age * MEAN_MONTH), each, 1) for age in range(months - month)]
    return rows


def test_each_month_of_age_is_averaged_over_those_watched_through_it(few):
    found = grown()
    # Ann's first two months and bo's first are over: (10 + 6 + 20 - 5) / 2 in the first, 8 / 1 in the second. What ann
    # paid on day 70 and bo on day 89 is of months that are not over, and cy's first is not.
    assert found.watched.tolist() == [2, 1, 0]
    assert found.people[:3].tolist() == [2, 1, 0]
    assert found.mean(found.earned)[:3].tolist() == [15.5, 8.0, 0.0]
    assert newly_won.course(found)[:2].tolist() == [15.5, 23.5]
    assert np.isnan(newly_won.course(found)[2])
    assert newly_won.new_value(found, 2, apart=NO_DIFFERENCE, discount_rate=0.0).value == 23.5
    assert newly_won.new_value(found, 3, apart=NO_DIFFERENCE, discount_rate=0.0) is None


def test_money_counts_at_its_margin_and_is_discounted_to_the_first_order(few):
    found = grown(share=0.4, rate=RATE)
    days = np.array([0, 30, 0, 5, 31])
    money = 0.4 * np.array([10.0, 6.0, 20.0, -5.0, 8.0]) / 1.1 ** (days / MEAN_YEAR) / [2, 2, 2, 2, 1]
    told = newly_won.new_value(found, 2, apart=NO_DIFFERENCE, discount_rate=RATE)
    assert told.value == pytest.approx(money.sum(), rel=1e-12)
    assert newly_won.course(found)[1] == pytest.approx(0.4 * 23.5)


def test_old_customers_who_only_look_new_are_left_out_and_so_are_other_groups(few):
    assert grown(burn_in_end=50).mean(grown(burn_in_end=50).earned)[0] == 15.0  # bo alone
    assert grown(among=np.array([True, False, False])).people[0] == 1


def test_the_interval_without_differences_between_months_is_the_robust_one(few):
    told = newly_won.new_value(grown(), 2, apart=NO_DIFFERENCE, discount_rate=0.0)
    # Ann is (16 - 15.5) / 2 + (8 - 8) / 1 from the mean, bo (15 - 15.5) / 2: a variance of 2 x 0.0625. Two witnesses:
    # Student's quantile at one degree of freedom is 12.706.
    half = 12.706205 * np.sqrt(0.125)
    assert (told.low, told.high) == pytest.approx((23.5 / np.exp(half / 23.5), 23.5 * np.exp(half / 23.5)), rel=1e-6)


def test_months_nobody_has_lived_through_are_the_models(few):
    # A repeat order comes to (6 + 8 + 99 - 5 + 50) / 4 order days: bo's refund is of a later day.
    ahead = Ahead(np.full(THREE_YEARS, 0.5), np.zeros((1, THREE_YEARS)), np.zeros((1, 1)), np.empty((0, THREE_YEARS)))
    told = newly_won.new_value(grown(), 4, apart=NO_DIFFERENCE, discount_rate=0.0, ahead=ahead)
    assert told.value == pytest.approx(23.5 + 2 * 0.5 * 158 / 4)
    assert (told.watched, told.people) == (2, 1)
    assert newly_won.course(grown(), ahead)[3] == pytest.approx(23.5 + 2 * 0.5 * 158 / 4)
    unsure = Ahead(ahead.orders, np.full((1, THREE_YEARS), 0.1), np.ones((1, 1)), ahead.others)
    wider = newly_won.new_value(grown(), 4, apart=NO_DIFFERENCE, discount_rate=0.0, ahead=unsure)
    assert wider.value == told.value
    assert wider.high - wider.low > told.high - told.low


def test_too_few_or_too_short_give_no_number():
    assert grown().told == 0
    assert newly_won.new_value(grown(), YEAR, apart=NO_DIFFERENCE, discount_rate=RATE) is None
    # Three a month: 99 customers of 33 months have lived through their first month, and 100 are asked.
    assert grown(even(34, 1.0), end_day=round(33 * MEAN_MONTH) + 1).told == 0
    assert grown(even(36, 1.0), end_day=round(36 * MEAN_MONTH) + 1).told == 3


def test_months_that_differ_make_the_range_wider_and_alike_ones_hardly():
    people = np.full(24, 100.0)
    alike = between.between(np.ones(24), people, 1.0)
    apart = between.between(np.tile([0.7, 1.3], 12), people, 1.0)
    assert float(alike.tau @ alike.weight) < 0.05
    assert float(apart.tau @ apart.weight) == pytest.approx(0.3, abs=0.06)
    assert alike.weight.sum() == pytest.approx(1)
    exact = between.reach(NO_DIFFERENCE, 4.0, 9.0, witnesses=1e6)
    assert exact == pytest.approx(2 * 1.95996, rel=1e-4)
    known = between.Between(np.array([0.5]), np.array([1.0]))
    assert between.reach(known, 4.0, 9.0, witnesses=1e6) == pytest.approx(1.95996 * np.sqrt(4 + 9 / 4), rel=1e-4)


# --- coverage ---------------------------------------------------------------------------------------------------------
DIFFER = (0.0, 0.06, 0.1, 0.2)  # of months' means, as public data have it
HISTORIES = (14, 24, 48)  # months
SIZES = (500, 1500, 4000)
COST = 25.0


def true_values(world):
    """What somebody new is worth over 12 and 36 months under the true parameters, discounted continuously."""
    weeks = np.arange(THREE_YEARS * 12 + 1) / 12 * MEAN_MONTH / 7
    model, of = (bgnbd, (world.a, world.b)) if world.leaving == "bg" else (paretonbd, (world.s, world.beta))
    until = model.expected_orders_of_new(model.Parameters(world.r, world.alpha, *of), np.maximum(weeks, 1e-9))
    paid = np.diff(until) * 1.1 ** (-(weeks[1:] + weeks[:-1]) / 2 * 7 / MEAN_YEAR)
    basket = world.p * world.v / (world.q - 1)
    return {months: basket * (1 + paid[: months * 12].sum()) for months in (YEAR, THREE_YEARS)}


def covered(seed):
    """One simulated shop: by horizon, whether the interval of the value and of LTV:CAC hold the next month's mean."""
    random = np.random.default_rng(seed)
    world = forecast_shops.world(random, leaving=("bg", "pareto")[seed % 2])
    months, people = HISTORIES[seed % 3], SIZES[seed // 3 % 3]
    differ = DIFFER[seed // 9 % 4]
    shop = forecast_shops.shop(world, customers=people, days=round(months * MEAN_MONTH), random=random)
    spend = shop.seen
    came = spend.groupby("customer_id")["day"].transform("min")
    month = pd.factorize(pd.Series(dates(came)).dt.to_period("M"))[0]
    factor = np.exp(random.normal(-(differ**2) / 2, differ, month.max() + 2))
    spend = spend.assign(**{name: spend[name] * factor[month] for name in ("revenue", "paid")})
    bought = order_days(spend, end_day=shop.end_day)
    found = newly_won.grown(bought, np.ones(len(bought.ids)), discount_rate=RATE, end_day=shop.end_day)
    fits = predictors(ledger(spend).until(shop.end_day))
    ahead = of_new(SimpleNamespace(prepared=SimpleNamespace(predictors=fits)))
    apart, row = newly_won.differing(found), {"differ": differ, "months": months, "people": people}
    for horizon, mean in true_values(world).items():
        told = newly_won.new_value(found, horizon, apart=apart, discount_rate=RATE, ahead=ahead)
        truth = mean * factor[-1]
        _, low, high = story.ltv_cac(told, COST)
        row |= {horizon: told.low <= truth <= told.high, f"{horizon} ltv_cac": low <= truth / COST <= high,
                f"{horizon} off": np.log(told.value / truth)}  # fmt: skip
    return row


def coverage(seeds):
    shops = pd.DataFrame([covered(seed) for seed in seeds])
    for horizon in (YEAR, THREE_YEARS):
        share = float(shops[horizon].mean())
        error = np.sqrt(share * (1 - share) / len(shops))
        by = {name: shops.groupby(name)[horizon].mean().round(3).to_dict() for name in ("differ", "months", "people")}
        print(f"{horizon} months: {share:.4f} (standard error {error:.4f}) of {len(shops)} shops; {by}")
        print(f"  off by {shops[f'{horizon} off'].mean():.3f} on average")
        assert shops[horizon].equals(shops[f"{horizon} ltv_cac"].rename(horizon))
        yield share, error


def test_the_interval_holds_the_next_months_mean_in_a_few_shops():
    # Of 12 at 95 %, fewer than 9 are one in 500.
    assert all(share * 12 >= 9 for share, _ in coverage(range(830_000, 830_012)))


@pytest.mark.verify
def test_the_interval_holds_the_next_months_mean_in_forty_shops():
    # Of 40 at 92 %, fewer than 32 are one in 100.
    assert all(share * 40 >= 32 for share, _ in coverage(range(831_000, 831_040)))


@pytest.mark.prove
def test_the_interval_holds_the_next_months_mean_in_92_to_98_of_100_shops():
    for share, error in coverage(range(832_000, 832_400)):
        assert 0.92 - 2 * error <= share <= 0.98 + 2 * error
