"""What a forecast says of shops small, odd and ordinary, and that its parts do what they are for."""

import numpy as np
import pandas as pd
import pytest
from forecast_shops import World, shop
from spend_frames import all_paid

from clvapp.forecast import accuracy, backtest, blend, forecast, intervals, predictive, predictors, season, snapshot
from clvapp.forecast.models import mbgnbd
from clvapp.forecast.procedure import BLEND

END = 20_000
MONEY = ["expected_orders", "expected_revenue", "expected_value", "residual_value"]


def spend(rows: list[tuple[str, int, float, int]]) -> pd.DataFrame:
    return all_paid(pd.DataFrame(rows, columns=["customer_id", "day", "revenue", "orders"]))


def customers(of: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({"customer_id": of.loc[of["orders"] > 0, "customer_id"].unique()})


def made(of: pd.DataFrame, end: int = END, **settings: float) -> forecast.Forecast:
    found = forecast.forecast(of, customers(of), end_day=end, terms=forecast.Terms(**settings))
    assert np.isfinite(found.customers[MONEY].to_numpy()).all()
    assert (found.customers[MONEY].to_numpy() >= 0).all()
    return found


def codes(found: forecast.Forecast) -> set[str]:
    return {said.code for said in found.findings}


def said(found: forecast.Forecast, code: str) -> str:
    return next(one.sentence for one in found.findings if one.code == code)


@pytest.fixture(scope="module")
def ordinary() -> pd.DataFrame:
    return shop(World(), customers=800, days=900, random=np.random.default_rng(3)).spend


@pytest.fixture(scope="module")
def ordinary_end() -> int:
    return shop(World(), customers=800, days=900, random=np.random.default_rng(3)).end_day


@pytest.fixture(scope="module")
def found(ordinary, ordinary_end) -> forecast.Forecast:
    known = ordinary[ordinary["day"] <= ordinary_end]
    return forecast.forecast(known, customers(known), end_day=ordinary_end)


# --- edge shops ---
def test_twelve_orders_are_too_few_and_the_range_shows_it():
    found = made(spend([(f"c{i % 7}", END - 200 + 15 * i, 30.0 + i, 1) for i in range(12)]))
    low, high = intervals.intervals(found).total
    assert not found.enough.total
    assert not found.enough.customers
    assert found.backtest is None
    assert {"too_little_for_a_total", "not_tested", "longer_than_history"} <= codes(found)
    assert said(found, "too_little_for_a_total").startswith(
        "5 repeat order days of 7 customers in 201 days are too few"
    )
    assert high > 4 * low


def test_forty_customers_and_four_months_carry_a_total_and_no_ranking():
    random = np.random.default_rng(1)
    days = [(f"c{c}", int(d)) for c in range(40) for d in np.unique(random.integers(END - 120, END, 1 + c % 3))]
    found = made(spend([(c, d, float(random.gamma(3, 15)), 1) for c, d in days]))
    assert found.enough.total
    assert not found.enough.customers
    assert "too_little_for_customers" in codes(found)
    low, high = intervals.intervals(found).total
    assert high - low > found.totals.revenue  # half as much again either way is the least that is honest here


def test_where_all_bought_once_nobody_is_promised_to_return():
    found = made(spend([(f"c{i}", END - 700 + i, 20.0 + i % 40, 1) for i in range(700)]))
    assert found.method == "the shop's rate of return"
    assert found.totals.orders < 1
    assert found.customers["p_alive"].isna().all()
    assert found.customers["expected_next_order"].isna().all()
    assert "None of 700 customers has come back yet" in said(found, "nobody_came_back")
    low, high = intervals.intervals(found).orders
    assert low < 0.01
    assert 2 < high < 5  # the rule of three, over about as many customer-years again


def test_where_everybody_orders_weekly_the_forecast_is_a_year_of_weeks_and_says_how_even_they_are():
    found = made(spend([(f"c{c}", END - 400 + c % 7 + 7 * k, 25.0 + c % 5, 1) for c in range(60) for k in range(57)]))
    assert found.totals.orders == pytest.approx(60 * 365 / 7, rel=0.05)
    assert found.totals.revenue == pytest.approx(60 * 27 * 365 / 7, rel=0.05)
    assert "about 7 days" in said(found, "steady_rhythm")
    assert "no_dropout" in codes(found)
    wait = (found.customers["expected_next_order"] - pd.Timestamp(np.datetime64(END, "D"))).dt.days
    assert wait.between(1, 8).all()


def everyday(random: np.random.Generator, *, share: float = 1.0) -> list[tuple[str, int, float, int]]:
    return [
        (f"c{c}", int(d), float(random.gamma(3, 15)) * share, 1)
        for c in range(300)
        for d in np.unique(random.integers(END - 600 + c, END, 1 + random.poisson(2)))
    ]


def test_one_huge_order_is_named_and_makes_the_range_huge():
    rows = everyday(np.random.default_rng(1))
    found = made(spend([*rows, ("c5", END - 50, 200_000.0, 1)]))
    assert "of c5, is 83% of all revenue" in said(found, "one_large_order")
    others = found.customers[found.customers["customer_id"] != "c5"]["expected_revenue"].sum()
    assert others < 3 * sum(revenue for _, _, revenue, _ in rows)
    low, high = intervals.intervals(found).total
    assert high > 5 * low


def test_a_shop_that_stopped_a_year_ago_is_not_forecast_to_go_on():
    rows = spend(everyday(np.random.default_rng(1)))
    then, now = made(rows), made(rows, END + 365)
    assert "stopped" in codes(now)
    assert "stopped" not in codes(then)
    assert "in the last 366 days" in said(now, "stopped")
    assert now.totals.revenue < 0.2 * then.totals.revenue
    assert now.customers["p_alive"].mean() < 0.2 < then.customers["p_alive"].mean()


def test_a_shop_whose_orders_were_all_refunded_expects_no_money():
    found = made(spend([(f"c{i}", END - 100 + i, 0.0, 1) for i in range(30)]))
    assert found.totals.revenue == 0
    assert intervals.intervals(found).total == (0.0, 0.0)


def test_without_an_order_there_is_no_forecast():
    nothing = spend([("c", END, -5.0, 0)])
    assert forecast.forecast(nothing, customers(nothing), end_day=END) is None


def test_one_order_is_forecast_without_a_fault():
    found = made(spend([("a", END - 3, 10.0, 1)]))
    assert found.totals.orders < 1
    assert not found.enough.total


# --- an ordinary shop ---
def test_each_customer_is_one_row_in_the_order_given(ordinary, ordinary_end):
    known = ordinary[ordinary["day"] <= ordinary_end]
    order = customers(known).sample(frac=1, random_state=2)
    found = forecast.forecast(known, order, end_day=ordinary_end)
    assert found.customers["customer_id"].tolist() == order["customer_id"].tolist()
    assert found.totals.revenue == pytest.approx(found.customers["expected_revenue"].sum())


def test_margin_and_discount_act_on_value_alone(ordinary, ordinary_end, found):
    known = ordinary[ordinary["day"] <= ordinary_end]
    half = forecast.forecast(
        known, customers(known), end_day=ordinary_end, terms=forecast.Terms(margin=0.5, discount_rate=0.0)
    )
    assert half.customers["expected_revenue"].equals(found.customers["expected_revenue"])
    assert half.customers["expected_value"].to_numpy() == pytest.approx(
        0.5 * half.customers["expected_revenue"].to_numpy(), rel=1e-6
    )
    share = found.customers["expected_value"] / found.customers["expected_revenue"]
    assert share.between(1 / 1.10, 1).all()
    assert (found.customers["residual_value"] >= found.customers["expected_value"] * (1 - 1e-9)).all()


def test_a_margin_of_its_own_makes_a_customers_value_profit(ordinary, ordinary_end, found):
    known = ordinary[ordinary["day"] <= ordinary_end]
    margins = pd.Series({found.customers["customer_id"][0]: 0.2})
    own = forecast.forecast(known, customers(known), end_day=ordinary_end, margins=margins)
    ratio = own.customers["expected_value"] / found.customers["expected_value"]
    assert ratio[0] == pytest.approx(0.2)
    assert ratio[1:].to_numpy() == pytest.approx(np.ones(len(ratio) - 1))


def test_a_longer_horizon_expects_more(ordinary, ordinary_end, found):
    known = ordinary[ordinary["day"] <= ordinary_end]
    longer = forecast.forecast(known, customers(known), end_day=ordinary_end, terms=forecast.Terms(horizon_days=730))
    assert longer.totals.orders > found.totals.orders
    assert "shorter_test" in codes(longer)


def test_the_test_table_holds_every_method_and_what_came(found, ordinary, ordinary_end):
    reported = found.backtest.reported
    table = reported.table.set_index("method")
    assert {BLEND, "BG/NBD + Gamma-Gamma", "MBG/NBD + Gamma-Gamma", "Pareto/NBD + Gamma-Gamma", "own rate",
            "same as last period", "the simple formula", "nothing from anybody"} <= set(table.index)  # fmt: skip
    day, until = reported.prepared.day, reported.prepared.day + reported.prepared.horizon
    known = ordinary.loc[ordinary["day"] <= day, "customer_id"].unique()
    after = ordinary[(ordinary["day"] > day) & (ordinary["day"] <= until) & ordinary["customer_id"].isin(known)]
    assert until <= ordinary_end
    assert table["actual"].to_numpy() == pytest.approx(np.full(len(table), after["revenue"].sum()))
    assert table["orders_actual"].to_numpy() == pytest.approx(np.full(len(table), len(after)))
    assert table.loc["nothing from anybody", "mae"] == pytest.approx(table.loc[BLEND, "mae_of_nothing"])
    row = table.loc[BLEND]
    assert row["error"] == pytest.approx((row["forecast"] - row["actual"]) / row["actual"])
    assert row["error_low"] < row["error"] < row["error_high"]


def test_the_course_adds_up_to_the_test(found):
    reported, method = found.backtest.reported, found.method
    course = backtest.course(reported, method)
    assert course["came"].iloc[-1] == pytest.approx(reported.revenue_came.sum())
    assert course["expected"].iloc[-1] == pytest.approx(reported.prepared.revenue(method).sum())
    assert course["expected"].is_monotonic_increasing


def test_ranges_hold_the_numbers_they_belong_to(found):
    held = intervals.intervals(found)
    assert held.total[0] < found.totals.revenue < held.total[1]
    assert held.orders[0] < found.totals.orders < held.orders[1]
    assert held.customers["customer_id"].equals(found.customers["customer_id"])
    assert (held.customers["low"] <= found.customers["expected_revenue"] + 1e-9).all()
    assert held.tested is not None


def test_what_is_forgotten_is_computed_again_and_is_the_same(ordinary, ordinary_end):
    known = ordinary[ordinary["day"] <= ordinary_end]
    made = forecast.forecast(known, customers(known), end_day=ordinary_end)
    reported, method = made.backtest.reported, made.method
    before = reported.prepared.revenue(method).copy(), made.prepared.revenue(method).copy()
    width = intervals.intervals(made).total
    made.forget()
    held = [one for one in vars(made.prepared.predictors.known) if one not in {"ledger", "day", "place", "clock"}]
    assert held == []
    assert np.array_equal(reported.prepared.revenue(method), before[0])
    assert np.array_equal(made.prepared.revenue(method), before[1])
    assert intervals.intervals(made).total == width


def test_groups_are_worth_what_all_customers_are_each_in_a_range_of_its_own(found):
    held = intervals.intervals(found)
    groups = pd.Series(np.where(found.customers["p_alive"] > 0.5, "likely", "gone"), found.customers["customer_id"])
    parts = intervals.of_groups(found, held, groups).set_index("group")
    assert (parts["low"] < parts["expected"]).all()
    assert (parts["expected"] < parts["high"]).all()
    assert parts["expected"].sum() == pytest.approx(found.totals.value)
    assert parts["customers"].sum() == len(found.customers)
    # What is shared by all customers does not average out, so that no group is known better than the whole.
    whole = intervals.of_groups(found, held, groups.map(lambda _: "all")).iloc[0]
    width = (parts["high"] - parts["low"]) / parts["expected"]
    assert (width >= (whole["high"] - whole["low"]) / whole["expected"] - 1e-9).all()


def test_p_alive_falls_with_silence(found):
    plane = forecast.probability_alive_grid(found, frequencies=[1, 3, 10], silences=[1, 10, 40, 80], watched_weeks=100)
    assert len(plane) == 12
    for _, one in plane.groupby("frequency"):
        assert one.sort_values("silent_weeks")["p_alive"].is_monotonic_decreasing


def test_customers_older_than_the_file_are_learned_from_by_themselves(ordinary, ordinary_end, found):
    known = ordinary[ordinary["day"] <= ordinary_end]
    began = int(known["day"].min()) + 200
    later = forecast.forecast(known, customers(known), end_day=ordinary_end, burn_in_end=began)
    assert len(later.customers) == len(found.customers)
    assert "learned from by themselves" in said(later, "burn_in")
    # Models fitted to each of the two alone, and asked of those alone.
    first = known[known["orders"] > 0].groupby("customer_id")["day"].min()
    told = later.prepared.predictors.model_orders(mbgnbd.NAME, 365)
    names = later.prepared.predictors.known.ledger.customer_ids
    for of in (first[first < began].index, first[first >= began].index):
        part = known[known["customer_id"].isin(of)]
        alone = predictors.predictors(snapshot.ledger(part).until(ordinary_end))
        expected = pd.Series(alone.model_orders(mbgnbd.NAME, 365), alone.known.ledger.customer_ids)
        found_so = pd.Series(told, names).reindex(expected.index)
        assert found_so.to_numpy() == pytest.approx(expected.to_numpy(), rel=2e-3)


def test_too_few_older_customers_are_forecast_and_not_learned_from(ordinary, ordinary_end):
    known = ordinary[ordinary["day"] <= ordinary_end]
    first = known[known["orders"] > 0].groupby("customer_id")["day"].min()
    began = int(np.sort(first)[50]) + 1  # of those, 51 customers or a few more of the same day
    later = forecast.forecast(known, customers(known), end_day=ordinary_end, burn_in_end=began)
    assert "forecast, but not learned from" in said(later, "burn_in")


def test_the_same_input_gives_the_same_numbers(ordinary, ordinary_end, found):
    known = ordinary[ordinary["day"] <= ordinary_end]
    shuffled = known.sample(frac=1, random_state=1)
    again = forecast.forecast(shuffled, customers(known), end_day=ordinary_end)
    pd.testing.assert_frame_equal(again.customers, found.customers)


# --- parts ---
def test_the_rank_correlation_takes_ties_at_their_mean_rank():
    # Ranks 1, 2.5, 2.5, 4 and 1, 2, 3.5, 3.5: off their mean by -1.5 0 0 1.5 and -1.5 -.5 1 1.
    assert accuracy.spearman(np.array([1.0, 2, 2, 9]), np.array([0.0, 5, 7, 7])) == pytest.approx(3.75 / 4.5)
    assert accuracy.spearman(np.ones(4), np.arange(4.0)) is None
    assert accuracy.spearman(np.arange(4.0), np.ones(4)) is None
    assert accuracy.spearman(np.ones(1), np.ones(1)) is None


def test_gini_of_a_perfect_order_is_one_and_of_none_is_zero():
    came = np.array([5.0, 3.0, 0.0, 1.0])
    assert accuracy.gini(came, came) == pytest.approx(1)
    assert accuracy.gini(np.ones(4), came) == pytest.approx(0)
    assert accuracy.gini(-came, came) == pytest.approx(-1)
    assert accuracy.gini(came, np.zeros(4)) is None


def test_the_top_tenth_is_a_tenth():
    came = np.arange(20.0)
    assert accuracy.top_tenth_share(came, came) == pytest.approx(37 / 190)
    assert accuracy.top_tenth_share(came[:5], came[:5]) is None


def columns(size: int = 4_000) -> dict[str, np.ndarray]:
    random = np.random.default_rng(0)
    return {"models": random.gamma(1, 10, size), "own": random.gamma(1, 10, size), "equal": np.full(size, 10.0)}


def test_shares_stay_where_no_cut_tells_and_follow_where_cuts_do():
    beside = columns()
    assert blend.learned([], list(beside)).share == {"models": 1, "own": 0, "equal": 0}
    truth = 0.7 * beside["models"] + 0.3 * beside["own"]
    came = np.random.default_rng(1).poisson(truth / 5) * 5.0
    found = blend.learned([blend.Cut(beside, came)] * 3, list(beside)).share
    assert list(found.values()) == pytest.approx([0.7, 0.3, 0.0], abs=0.06)


def test_shares_add_to_one_and_say_nothing_of_the_level():
    beside = columns()
    came = 0.5 * beside["models"] + 0.5 * beside["own"]
    plain, doubled = (blend.learned([blend.Cut(beside, level * came)], list(beside)).share for level in (1.0, 2.0))
    assert sum(plain.values()) == pytest.approx(1)
    assert doubled == pytest.approx(plain)
    inflated = {**beside, "own": 3 * beside["own"]}
    assert blend.learned([blend.Cut(inflated, came)], list(beside)).share == pytest.approx(plain)


def test_a_blend_has_the_total_of_the_simplest_whatever_the_totals_of_the_others():
    shares = blend.Weights({"models": 0.5, "own": 0.5})
    # 10 in all by the simplest; the other's 1 and 3 are 2.5 and 7.5 of it.
    assert shares.of({"models": np.array([6.0, 4.0]), "own": np.array([1.0, 3.0])}).tolist() == [4.25, 5.75]


def test_a_gain_of_less_than_a_standard_error_moves_no_share():
    # Of two alike, one fits one customer a little better: the gain is all of one customer's, its error as large.
    beside = {"models": np.full(50, 10.0), "own": np.append(np.full(49, 10.0), 11.0)}
    came = np.append(np.full(49, 10.0), 20.0)
    assert blend.learned([blend.Cut(beside, came)], list(beside)).share["models"] > 0.95


def test_a_candidate_that_no_cut_knows_gets_no_share_and_a_cut_where_nothing_came_tells_nothing():
    beside = columns()
    nothing = blend.Cut(beside, np.zeros(4_000))
    assert blend.learned([nothing], list(beside)).share["models"] == 1
    known = blend.learned([blend.Cut(beside, beside["models"])], [*beside, "new"]).share
    assert known["new"] == pytest.approx(0, abs=1e-6)


def test_large_accounts_are_left_out_of_what_shares_are_learned_from():
    beside = columns()
    came = beside["models"].copy()
    came[0] = 1e6
    among = np.arange(4_000) > 0
    found = blend.learned([blend.Cut(beside, came, among)], list(beside)).share
    assert found["models"] == pytest.approx(1, abs=1e-3)


def test_a_season_is_found_where_two_years_agree_and_nowhere_else():
    random = np.random.default_rng(4)
    wave = shop(World(season=0.5), customers=1_500, days=1_200, random=random)
    even = shop(World(), customers=1_500, days=1_200, random=random)
    clock = season.clock(snapshot.ledger(wave.seen), wave.end_day)
    assert clock.season is not None
    assert 1.8 < clock.season.swing < 4.5
    year = np.arange(wave.end_day - 365, wave.end_day + 1)
    assert clock.at(year)[-1] - clock.at(year)[0] == pytest.approx(365, abs=3)
    assert clock.day_of(clock.at(year[10:11]).astype(float))[0] == pytest.approx(year[10], abs=1)
    assert season.clock(snapshot.ledger(even.seen), even.end_day).season is None


def test_the_methods_own_error_grows_with_what_chance_does_not_explain():
    calm = predictive.own_error([predictive.Miss(0.01, 0.01, day, 300) for day in (0, 100, 200)], horizon=365)
    wild = predictive.own_error([predictive.Miss(0.4, 0.001, day, 300) for day in (0, 100, 200)], horizon=365)
    never = predictive.own_error([], horizon=365)
    assert calm.variance < wild.variance
    assert calm.variance < never.variance
    low, high = predictive.total_interval(100.0, 0.01, calm)
    assert 70 < low < 100 < high < 135


def test_a_customers_range_starts_at_nothing_where_nothing_is_likely():
    low, high = predictive.customer_interval(np.array([5.0, 100.0]), np.array([200.0, 100.0]), np.array([0.9, 0.0]))
    assert low[0] == 0
    assert high[0] > 5
    assert 75 < low[1] < 100 < high[1] < 125


def test_refunds_of_earlier_sales_reduce_what_comes_and_make_no_order_day():
    book = snapshot.ledger(spend([("a", 10, 50.0, 1), ("a", 20, -20.0, 0), ("a", 30, 40.0, 1), ("ghost", 5, -9.0, 0)]))
    known = book.until(10)
    assert book.customer_ids.tolist() == ["a"]
    assert [part.tolist() for part in known.then(20)] == [[1.0], [20.0]]
    assert book.until(30).x.tolist() == [1.0]
    assert book.until(30).repeat_value.tolist() == [40.0]
    assert (book.until(30).first.tolist(), book.until(30).last.tolist()) == ([10], [30])


def test_the_mean_of_the_models_weighs_them_half_alike_and_half_by_how_likely_they_make_what_was_seen(found):
    told = found.prepared.predictors
    names = {
        "BG/NBD + Gamma-Gamma": "BG/NBD",
        "MBG/NBD + Gamma-Gamma": "MBG/NBD",
        "Pareto/NBD + Gamma-Gamma": "Pareto/NBD",
    }
    logs = np.array([told.fits[name].log_likelihood for name in names.values()])
    likely = np.exp(logs - logs.max()) / np.exp(logs - logs.max()).sum()
    columns = told.expected(365).orders
    mean = sum((1 / 3 + share) / 2 * columns[name] for name, share in zip(names, likely, strict=True))
    assert columns["the mean of the models"] == pytest.approx(mean, rel=1e-12)
