"""What an order of each customer is worth by random effects, and who is a large account."""

import numpy as np
import pandas as pd
import pytest
from spend_frames import all_paid

from clvapp.forecast import baskets, blend, large_accounts, moments, snapshot
from clvapp.forecast.predictors import predictors


def seen(values: list[list[float]]) -> baskets.Seen:
    logs = [np.log(one) for one in values]
    columns = ([len(one) for one in values], *([sum(f(one)) for one in of] for f, of in (
        (np.asarray, values), (np.square, values), (np.asarray, logs), (np.square, logs))))  # fmt: skip
    return baskets.Seen(*(np.array(column, dtype=float) for column in columns))


def test_a_mean_is_drawn_to_everybodys_by_how_customers_differ_by_hand():
    # Means 10 and 30; within 8/2 = 4, between (400 - 4/1 ...) = ((2*100+2*100) - 1*4) / (4 - 8/4) = 198.
    found = baskets._effects(
        *(getattr(seen([[8.0, 12.0], [32.0, 28.0]]), name) for name in ("count", "total", "square"))
    )
    assert found.within == pytest.approx(8.0)
    assert found.between == pytest.approx((400 - 8) / 2)
    own, variance = found.own(np.array([2.0, 0.0]), np.array([10.0, 0.0]))
    share = 2 / (2 + 8 / 196)
    assert own == pytest.approx([20 - 10 * share, 20.0])
    assert variance == pytest.approx([196 * (1 - share), 196.0])


@pytest.mark.parametrize("log_scale", [False, True])
def test_the_customers_own_worth_is_found_on_the_scale_it_varies_on(log_scale):
    random = np.random.default_rng(700_030)
    count = random.integers(1, 9, 3_000)
    if log_scale:
        middle = random.normal(3, 0.6, 3_000)
        values = [np.exp(random.normal(m, 0.5, n)).tolist() for m, n in zip(middle, count, strict=True)]
        truth = np.exp(middle + 0.125)
    else:
        truth = random.normal(60, 12, 3_000)
        values = [np.maximum(random.normal(m, 8, n), 1.0).tolist() for m, n in zip(truth, count, strict=True)]
    found = baskets.baskets(seen(values))
    plain = np.array([np.mean(one) for one in values])
    assert np.mean((found.mean - truth) ** 2) < np.mean((plain - truth) ** 2)
    assert count @ found.mean == pytest.approx(sum(map(sum, values)), rel=0.01)
    assert np.mean((found.mean - truth) ** 2) == pytest.approx(found.variance.mean(), rel=0.15)


def test_where_nobody_came_back_there_are_no_random_effects():
    assert baskets.baskets(seen([[10.0], [20.0], [30.0]])) is None


def test_customers_who_do_not_differ_are_all_worth_the_same():
    assert np.ptp(baskets.baskets(seen([[10.0, 30.0], [30.0, 10.0], [20.0, 20.0]])).mean) == pytest.approx(0)


def ledger_of(rows: list[tuple[str, int, float]]) -> snapshot.Ledger:
    frame = pd.DataFrame(rows, columns=["customer_id", "day", "revenue"])
    return snapshot.ledger(all_paid(frame.assign(orders=1)))


def test_gamma_gamma_gives_way_where_it_does_not_tell_customers_apart():
    random = np.random.default_rng(700_031)
    # Customers' own means lie evenly between 15 and 95, and orders normally around them: both unlike Gamma-Gamma's.
    usual = random.uniform(15, 95, 600)
    rows = [
        (f"c{c:03d}", int(day), float(max(random.normal(usual[c], 30), 1.0)))
        for c in range(600) for day in np.unique(random.integers(0, 900, 12))
    ]  # fmt: skip
    made = predictors(ledger_of(rows).until(900))
    worth = made.order_value
    assert np.corrcoef(worth, usual)[0, 1] > 0.85
    told = moments.moments(made, 365)
    assert (told.revenue_variance > 0).all()
    assert np.isfinite(told.revenue_variance).all()


def accounts(spent: dict[str, float], days: int = 6) -> snapshot.Known:
    return ledger_of([(who, 10 * day, money / days) for who, money in spent.items() for day in range(days)]).until(60)


def test_large_accounts_are_the_fewest_who_bring_a_tenth():
    small = {f"c{i}": 10.0 for i in range(90)}
    known = accounts({**small, "a": 60.0, "b": 50.0, "c": 20.0})  # a tenth is 103
    assert known.ledger.customer_ids[large_accounts.large(known)].tolist() == ["a", "b"]
    assert not large_accounts.large(accounts(small, days=5)).any()  # five order days are too few
    assert not large_accounts.large(accounts({f"c{i}": 10.0 for i in range(300)})).any()  # thirty of them it takes


def test_a_large_account_is_told_by_its_own_year_drawn_to_the_model_by_two_order_days():
    known = accounts({"a": 600.0})
    # 6 order days in 61; the model expects 3 in the next 61: (6 + 2) / (3 + 2) times as many.
    orders, money = large_accounts.own_forecast(
        known, 61, orders=np.array([3.0]), alive=np.array([1.0]), value=np.array([30.0])
    )
    assert orders[0] == pytest.approx(3 * 8 / 5)
    assert money[0] == pytest.approx(3 * 8 / 5 * (600 + 30) / 7)


def test_large_accounts_are_told_by_themselves_only_where_cuts_are_sure_of_it():
    came = np.array([1.0] * 50 + [100.0] * 10)
    among = came < 50
    beside = {"plain": np.append(came[:50], np.full(10, 60.0)), "own": np.append(came[:50], np.full(10, 95.0))}
    assert blend.own_share([blend.Cut(beside, came, among)], "plain", "own") > 0.9
    assert blend.own_share([blend.Cut({**beside, "own": beside["plain"]}, came, among)], "plain", "own") == 0
    assert blend.own_share([blend.Cut(beside, came)], "plain", "own") == 0
