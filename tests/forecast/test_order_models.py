"""BG/NBD, MBG/NBD, Pareto/NBD, NBD and Gamma-Gamma against published numbers, other packages, and what must hold."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import published
from clvapp.forecast import fit, histories
from clvapp.forecast.histories import Histories
from clvapp.forecast.models import bgnbd, gamma_gamma, given_alive, mbgnbd, nbd, paretonbd

PAPER = bgnbd.Parameters(0.243, 4.414, 0.793, 2.426)


def one(x: float, t_x: float, t: float) -> Histories:
    return Histories(*(np.array([float(value)]) for value in (x, t_x, t, 1)), np.array([0]))


def table(spend: pd.DataFrame, end: int = published.CDNOW_END) -> pd.DataFrame:
    """First and last day, repeat days, and the mean value of those, by customer."""
    known = spend[spend["day"] <= end].sort_values(["customer_id", "day"])
    by = known.groupby("customer_id")
    found = pd.DataFrame({"first": by["day"].min(), "last": by["day"].max(), "x": by.size() - 1})
    later = known[known["day"] > known["customer_id"].map(found["first"])]
    return found.assign(z=later.groupby("customer_id")["revenue"].mean())


def rows_of(known: pd.DataFrame, end: int = published.CDNOW_END) -> Histories:
    return histories.distinct(known["x"], known["last"] - known["first"], end - known["first"])


def as_printed(found, *texts: str) -> bool:
    """Whether each number is what was printed, to the last digit there."""
    return [f"{value:.{len(text.split('.')[1])}f}" for value, text in zip(found, texts, strict=True)] == list(texts)


def values_of(known: pd.DataFrame) -> gamma_gamma.Values:
    again = known[(known["x"] > 0) & (known["z"] > 0)]
    return gamma_gamma.Values(again["x"].to_numpy(float), again["z"].to_numpy(float), np.ones(len(again)))


@pytest.fixture(scope="module")
def sample(shared: Path) -> pd.DataFrame:
    return table(published.cdnow(shared))


@pytest.fixture(scope="module")
def full(shared: Path) -> pd.DataFrame:
    return table(published.cdnow(shared, full=True))


@pytest.fixture(scope="module")
def fits(sample) -> dict[str, fit.Fit]:
    return {name: fit.orders_fit(name, rows_of(sample)) for name in fit.MODELS}


# --- published numbers ---
PUBLISHED = {  # parameters as published, as recomputed with other packages; the log-likelihood
    bgnbd.NAME: (
        ("0.243", "4.414", "0.793", "2.426"), ("0.2425945", "4.413602", "0.792922", "2.425906"), -9582.4292
    ),
    paretonbd.NAME: (("0.553", "10.578", "0.606", "11.669"), None, -9594.976),
    mbgnbd.NAME: (("0.525", "6.183", "0.891", "1.614"), ("0.52484", "6.18308", "0.89136", "1.61400"), None),
}  # fmt: skip


@pytest.mark.parametrize("name", PUBLISHED)
def test_parameters_of_the_cdnow_sample_are_the_published_ones(fits, name):
    printed, recomputed, value = PUBLISHED[name]
    found = np.exp(fits[name].log_parameters)
    assert as_printed(found, *printed)
    assert fits[name].converged
    assert fits[name].findings == ()
    if recomputed:  # their optimisers stop a digit or so before the last
        assert found == pytest.approx([float(text) for text in recomputed], rel=7e-6)
    if value:
        assert fits[name].log_likelihood == pytest.approx(value, rel=1e-6)


def test_cdnow_is_2357_customers_in_1016_rows_and_23570_in_8685(sample, full):
    assert [(rows_of(known).customers, len(rows_of(known).x)) for known in (sample, full)] == [
        (2_357, 1_016), (23_570, 8_685)
    ]  # fmt: skip


def test_bgnbd_and_gamma_gamma_of_all_cdnow_customers_are_the_recomputed_ones(full):
    orders, values = fit.orders_fit(bgnbd.NAME, rows_of(full)), fit.values_fit(values_of(full))
    assert np.exp(orders.log_parameters) == pytest.approx((0.2516239, 4.788942, 0.723434, 2.161088), rel=1e-6)
    assert orders.log_likelihood == pytest.approx(-95368.4439, rel=1e-6)
    assert np.exp(values.log_parameters) == pytest.approx((6.27534, 3.62444, 14.98371), rel=1e-5)
    assert values.log_likelihood == pytest.approx(-40763.4763, rel=1e-6)
    assert len(values_of(full).x) == 9_450


def test_gamma_gamma_of_the_946_repeaters_is_that_of_note_025(sample):
    found = fit.values_fit(values_of(sample))
    assert len(values_of(sample).x) == 946
    assert as_printed(np.exp(found.log_parameters), "6.25", "3.74", "15.44")
    assert as_printed(np.exp(found.log_parameters), "6.24957", "3.74422", "15.44352")
    assert found.log_likelihood == pytest.approx(-4055.917695, rel=1e-9)


def test_mean_spend_of_the_first_ten_customers_is_that_of_the_spreadsheet(sample):
    ten = sample.iloc[:10]
    found = gamma_gamma.expected_value(
        gamma_gamma.Parameters(6.25, 3.74, 15.44), ten["x"].to_numpy(), ten["z"].fillna(1).to_numpy()
    )
    assert found == pytest.approx([24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17], abs=0.1)


def test_conditional_and_unconditional_expectations_are_the_papers(fits):
    found = fits[bgnbd.NAME].parameters
    assert bgnbd.expected_orders(found, 39, one(2, 30.43, 38.86))[0] == pytest.approx(1.226, abs=5e-4)
    assert bgnbd.p_alive(found, one(2, 30.43, 38.86))[0] == pytest.approx(0.7266, abs=5e-5)
    weeks = np.array([0.1429, 1, 3, 31.8571, 32, 78])
    assert np.round(bgnbd.expected_orders_of_new(found, weeks), 4).tolist() == pytest.approx(
        [0.0078, 0.0532, 0.1506, 1.0405, 1.0437, 1.8580], abs=5e-5
    )
    assert bgnbd.expected_orders_of_new(found, weeks) == pytest.approx(
        [0.00782, 0.05318, 0.15063, 1.04049, 1.04373, 1.85796], abs=5e-6
    )


def test_probabilities_of_counts_are_those_of_other_packages():
    assert bgnbd.probability(PAPER, np.array([0]), 39)[0] == pytest.approx(0.5737864, abs=5e-8)
    assert bgnbd.probability(PAPER, np.array([10]), 2)[0] == pytest.approx(1.07869e-07, rel=5e-6)
    assert bgnbd.probability(PAPER, np.arange(11, 21), 30) == pytest.approx(
        [0.0019995214, 0.0015170236, 0.0011633150, 0.0009003148, 0.0007023638, 0.0005517902, 0.0004361913,
         0.0003467171, 0.0002769613, 0.0002222260], abs=5e-11,
    )  # fmt: skip
    assert bgnbd.probability(PAPER, np.arange(400), 39).sum() == pytest.approx(1, abs=1e-6)


def test_a_customer_of_200_orders_does_not_overflow():
    found = bgnbd.Parameters(0.25, 4, 0.8, 2.5)
    assert bgnbd.log_likelihood(found, one(0, 0, 40))[0] == pytest.approx(-0.59947382, abs=5e-9)
    assert bgnbd.log_likelihood(found, one(200, 38, 40))[0] == pytest.approx(100.7957, abs=5e-5)


def test_pareto_expectations_are_those_of_btyd(fits):
    found, much = fits[paretonbd.NAME].parameters, one(26, 30.86, 31)
    assert paretonbd.expected_orders(found, 52, much)[0] == pytest.approx(25.46, abs=5e-3)
    assert paretonbd.p_alive(found, much)[0] == pytest.approx(0.9979, abs=5e-5)
    assert float(paretonbd.expected_orders_of_new(found, np.array(52.0))) == pytest.approx(1.473, abs=5e-4)


def test_further_customers_of_the_papers_parameters():
    assert bgnbd.p_alive(PAPER, one(7, 29.43, 38.86))[0] == pytest.approx(0.6417563, abs=5e-8)
    assert bgnbd.expected_orders(PAPER, 39, one(7, 29.43, 38.86))[0] == pytest.approx(3.337053, abs=5e-7)
    assert bgnbd.expected_orders(PAPER, 39, one(0, 0, 38.86))[0] == pytest.approx(0.1950981, abs=5e-8)
    assert bgnbd.p_alive(PAPER, one(23, 39, 39))[0] == pytest.approx(0.9685555, abs=5e-8)


def test_tracking_and_correlation_on_the_next_39_weeks_are_the_papers(shared, sample, fits):
    spend, rows = published.cdnow(shared), rows_of(sample)
    repeats = spend[spend["day"] > spend["customer_id"].map(sample["first"])]
    end = published.CDNOW_END + 273
    came = repeats[(repeats["day"] > published.CDNOW_END) & (repeats["day"] <= end)].groupby("customer_id").size()
    came = came.reindex(sample.index).fillna(0).to_numpy()
    assert came.sum() == 1_882
    for name, error, correlation, zero, total in (
        (bgnbd.NAME, -0.0411, 0.6256, 0.23, 1653.4), (paretonbd.NAME, -0.0159, 0.6302, 0.14, 1665.5)
    ):  # fmt: skip
        model, p = fits[name].model, fits[name].parameters
        weeks = (end - sample["first"].to_numpy()) / 7
        assert model.expected_orders_of_new(p, weeks).sum() / (repeats["day"] <= end).sum() - 1 == pytest.approx(
            error, abs=5e-5
        )
        expected = model.expected_orders(p, 39.0, rows)[rows.row]
        assert np.corrcoef(expected, came)[0, 1] == pytest.approx(correlation, abs=5e-5)
        assert expected[sample["x"] == 0].mean() == pytest.approx(zero, abs=5e-3)
        assert expected.sum() == pytest.approx(total, abs=0.1)
    assert came[sample["x"] == 0].mean() == pytest.approx(0.24, abs=5e-3)


def test_every_customer_of_the_sample_is_as_lifetimes_sees_them(shared, sample, fits):
    theirs = pd.read_csv(shared / "published" / "cdnow_sample_lifetimes.csv.gz")
    rows = rows_of(sample)
    for name, orders, living in (
        (bgnbd.NAME, "exp_purchases", "p_alive"), (mbgnbd.NAME, "mbg_exp_purchases", "mbg_p_alive"),
        (paretonbd.NAME, "pnbd_exp_purchases", "pnbd_p_alive"),
    ):  # fmt: skip
        model, p = fits[name].model, fits[name].parameters
        assert model.expected_orders(p, 39.0, rows)[rows.row] == pytest.approx(
            theirs[orders].to_numpy(), rel=1e-3, abs=1e-4
        )
        assert model.p_alive(p, rows)[rows.row] == pytest.approx(theirs[living].to_numpy(), rel=1e-3, abs=1e-4)
    worth = gamma_gamma.expected_value(
        fit.values_fit(values_of(sample)).parameters, sample["x"].where(sample["z"] > 0, 0).to_numpy(),
        sample["z"].fillna(1).to_numpy(),
    )  # fmt: skip
    assert worth == pytest.approx(theirs["exp_value"].to_numpy(), rel=1e-3)


def test_online_retail_shows_no_dropout_and_gives_finite_predictions(shared):
    known = table(published.online_retail(shared), published.RETAIL_END)
    rows = rows_of(known, published.RETAIL_END)
    for name in fit.ORDERS:
        found = fit.orders_fit(name, rows)
        assert found.converged
        assert found.name == nbd.NAME
        assert [one.code for one in found.findings] == ["no_dropout"]
        assert found.log_likelihood == pytest.approx(-13357.4054, rel=1e-6)
        # Ours is the top. The published value is likelier by 4e-4 than any is: BG/NBD with b beyond 1e7, where
        # differences of log-gammas lose their digits, gives it, and the likelihood is nearly flat along r / alpha.
        assert (found.parameters.r, found.parameters.alpha) == pytest.approx((0.7436, 8.774), rel=5e-4)
        expected = found.model.expected_orders(found.parameters, 26.0, rows)
        limit = 26 * (found.parameters.r + rows.x) / (found.parameters.alpha + rows.T)
        assert expected == pytest.approx(limit, rel=1e-12)


# --- what must hold ---
parameter = st.floats(0.05, 8)
history = st.tuples(st.integers(0, 60), st.floats(0, 1), st.floats(0, 150))


def rows_from(drawn: list[tuple[int, float, float]]) -> Histories:
    x, share, t = (np.array(column, dtype=float) for column in zip(*drawn, strict=True))
    return Histories(x, np.where(x > 0, share * t, 0), t, np.ones(len(x)), np.arange(len(x)))


def parameters(name: str, drawn: tuple[float, float, float, float]):
    kind = fit.MODELS[name].Parameters
    return kind(drawn[0], 10 * drawn[1]) if name == nbd.NAME else kind(drawn[0], 10 * drawn[1], *drawn[2:])


@pytest.mark.parametrize("name", fit.MODELS)
@given(drawn=st.tuples(parameter, parameter, parameter, parameter), seen=st.lists(history, min_size=1, max_size=8))
def test_expectations_keep_their_bounds(name, drawn, seen):
    model, p, rows = fit.MODELS[name], parameters(name, drawn), rows_from(seen)
    living = model.p_alive(p, rows)
    assert ((living >= 0) & (living <= 1)).all()
    assert model.expected_orders(p, 0.0, rows) == pytest.approx(np.zeros(len(rows.x)), abs=1e-12)
    grown = np.array([model.expected_orders(p, weeks, rows) for weeks in (1.0, 26.0, 52.0, 104.0)])
    assert np.isfinite(grown).all()
    assert (np.diff(grown, axis=0) >= -1e-7 * (1 + grown[1:])).all()
    assert (grown <= np.array([1, 26, 52, 104])[:, None] * (p.r + rows.x) / (p.alpha + rows.T) * (1 + 1e-9)).all()
    chance = model.chance_of_order(p, 52.0, rows)
    assert ((chance >= 0) & (chance <= 1)).all()
    assert (model.orders_square(p, 52.0, rows) >= grown[2] ** 2 * (1 - 1e-6)).all()


@pytest.mark.parametrize("name", fit.MODELS)
@given(drawn=st.tuples(parameter, parameter, parameter, parameter), seen=st.lists(history, min_size=1, max_size=8))
def test_slopes_are_those_of_the_likelihood(name, drawn, seen):
    model, p, rows = fit.MODELS[name], parameters(name, drawn), rows_from(seen)
    _, slopes = model.gradient(p, rows)
    logs = np.log([getattr(p, field) for field in p.__dataclass_fields__])
    for i in range(len(logs)):
        step = np.zeros(len(logs))
        step[i] = 1e-5
        ends = [model.log_likelihood(type(p)(*np.exp(logs + side * step)), rows) for side in (1, -1)]
        scale = 1 + np.abs(ends[0])
        assert (ends[0] - ends[1]) / 2e-5 / scale == pytest.approx(slopes[i] / scale, abs=2e-6)


@pytest.mark.parametrize("name", fit.MODELS)
@settings(max_examples=8)
@given(factor=st.sampled_from([1 / 52, 1.0, 7.0, 24 * 7.0]))
def test_no_result_depends_on_the_unit_of_time(name, factor):
    random = np.random.default_rng(5)
    x = random.negative_binomial(1, 0.3, 300)
    t = random.integers(100, 700, 300)
    rows = histories.distinct(x, np.where(x > 0, (random.random(300) * t).astype(int), 0), t)
    plain, other = fit.orders_fit(name, rows), fit.orders_fit(name, rows.scaled(factor))
    assert plain.name == other.name
    assert other.log_likelihood == pytest.approx(
        plain.log_likelihood - float(rows.weight @ rows.x) * np.log(factor), rel=1e-8
    )
    times = {"alpha", "beta"}
    for field in plain.parameters.__dataclass_fields__:
        scale = factor if field in times else 1.0
        assert getattr(other.parameters, field) == pytest.approx(getattr(plain.parameters, field) * scale, rel=1e-4)
    model = plain.model
    assert model.expected_orders(other.parameters, 52 * factor, rows.scaled(factor)) == pytest.approx(
        model.expected_orders(plain.parameters, 52.0, rows), rel=1e-4
    )


def test_rates_are_the_slope_of_expectations_and_discount_nodes_integrate_them(sample, fits):
    rows = rows_of(sample)
    for found in fits.values():
        model, p = found.model, found.parameters
        times, weights = given_alive.discount_nodes(260.0, 0.0)
        whole = sum(w * model.order_rate(p, t, rows) for t, w in zip(times, weights, strict=True))
        assert whole == pytest.approx(model.expected_orders(p, 260.0, rows), rel=1e-8)


def test_discounted_orders_of_a_whole_life_are_the_papers_derl(sample, fits):
    """Fader, Hardie & Lee (2005), "RFM and CLV", equation 2 with Tricomi's function."""
    from scipy.special import hyperu

    rows, p, delta = rows_of(sample), fits[paretonbd.NAME].parameters, np.log(1.10) / (365.25 / 7)
    times, weights = given_alive.discount_nodes(np.log(1e9) / delta, delta)
    ours = sum(w * paretonbd.order_rate(p, t, rows) for t, w in zip(times, weights, strict=True))
    later = p.beta + rows.T
    derl = paretonbd.p_alive(p, rows) * (p.r + rows.x) / (p.alpha + rows.T)
    derl = derl * delta ** (p.s - 1) * later**p.s * hyperu(p.s, p.s, delta * later)
    assert ours == pytest.approx(derl, rel=1e-6)


def test_the_discounted_sum_of_twelve_months_is_that_of_lifetimes(shared, sample, fits):
    theirs = pd.read_csv(shared / "published" / "cdnow_sample_lifetimes.csv.gz")
    rows, p = rows_of(sample), fits[bgnbd.NAME].parameters
    month = 4.345  # weeks, as there
    upto = [bgnbd.expected_orders(p, n * month, rows) for n in range(13)]
    orders = sum((upto[n] - upto[n - 1]) / 1.01**n for n in range(1, 13))
    assert orders[rows.row] * theirs["exp_value"].to_numpy() == pytest.approx(
        theirs["clv12m_d1pct"].to_numpy(), rel=1e-3
    )


def test_beta_geometric_expectations_agree_with_a_fine_sum_over_p():
    for s, h, a, b, t in ((0.5, 5.0, 1.0, 2.0, 52.0), (3.0, 40.0, 3.9, 0.7, 26.0), (3.0, 40.0, 4.1, 0.7, 26.0),
                          (1.2, 9.0, 200.0, 900.0, 104.0), (20.0, 60.0, 0.02, 5.0, 52.0)):  # fmt: skip
        odds = np.linspace(-45 / min(a, 1), 45 / min(b, 1), 2_000_001)
        p = np.maximum(np.exp(-np.logaddexp(0, -odds)), 1e-300)
        logs = -a * np.logaddexp(0, -odds) - b * np.logaddexp(0, odds)
        weight = np.exp(logs - logs.max())
        weight /= weight.sum()
        given_p = (np.array([value]) for value in (s, h))
        found = given_alive.expected_orders(*given_p, a, np.array([b]), t=t)
        assert found[0] == pytest.approx(float(weight @ (-np.expm1(-s * np.log1p(p * t / h)) / p)), rel=1e-5)
        rate = given_alive.order_rate(np.array([s]), np.array([h]), a, np.array([b]), t=t)
        assert rate[0] == pytest.approx(float(weight @ (s / h * np.exp(-(s + 1) * np.log1p(p * t / h)))), rel=1e-5)


def test_the_median_wait_is_when_an_order_is_as_likely_as_not(sample, fits):
    rows = rows_of(sample)
    for found in fits.values():
        model, p = found.model, found.parameters
        wait = model.time_of_next_order(p, rows)
        near = wait < 500
        chance = np.array([model.chance_of_order(p, t, one(*row))[0] for t, *row in zip(
            wait[near][:40], rows.x[near], rows.t_x[near], rows.T[near], strict=False)])  # fmt: skip
        assert chance == pytest.approx(np.full(len(chance), 0.5), abs=1e-4)


# --- limits ---
def test_customers_of_the_last_day_say_nothing_and_break_nothing():
    rows = histories.distinct([0, 3, 1, 0], [0, 40, 20, 0], [0, 90, 80, 70])
    without = histories.distinct([3, 1, 0], [40, 20, 0], [90, 80, 70])
    for name in fit.MODELS:
        found = fit.orders_fit(name, rows)
        assert np.isfinite(found.model.expected_orders(found.parameters, 52.0, rows)).all()
    assert fit.orders_fit(nbd.NAME, rows).log_likelihood == pytest.approx(
        fit.orders_fit(nbd.NAME, without).log_likelihood, rel=1e-6
    )


def test_without_repeat_orders_no_rate_is_made_up():
    with pytest.raises(ValueError, match="two repeat order days"):
        fit.orders_fit(bgnbd.NAME, histories.distinct([0, 0], [0, 0], [90, 80]))
    with pytest.raises(ValueError, match="two customers"):
        fit.values_fit(gamma_gamma.Values(np.array([1.0]), np.array([10.0]), np.array([1.0])))


def test_a_history_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match="t_x <= T"):
        histories.distinct([1], [20], [10])


def test_a_value_without_a_mean_is_not_given_one():
    heavy = gamma_gamma.Parameters(2.0, 0.9, 10.0)
    assert heavy.mean == float("inf")
    assert np.isnan(gamma_gamma.expected_value(heavy, np.array([0.0]), np.array([0.0]))).all()


def test_a_fit_that_does_not_settle_says_so():
    random = np.random.default_rng(0)
    rows = histories.distinct(random.integers(0, 4, 30), np.zeros(30, int), np.full(30, 100))
    found = [fit.orders_fit(name, rows) for name in fit.ORDERS]
    for one_fit in found:
        assert one_fit.converged == ("not_converged" not in [said.code for said in one_fit.findings])
