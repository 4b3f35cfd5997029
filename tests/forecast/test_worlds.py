"""What the forecast must show in shops outside its models' own family, whose next year is known.

A figure meets its bar when it lies inside it, or outside by no more than two standard errors, which are printed beside
it. No setting was chosen on these seeds. `make prove` runs 400 shops a world, split between its kinds of shop; `make
verify` six of each kind, for a tenth of all would take ten minutes of one core.
"""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks import ranges
from benchmarks import worlds as figures
from tests.forecast import worlds

SEEDS = 820_000
PROVED, VERIFIED, PRINTED = 400, 6, 40  # shops a world; of each kind; of a slump, which has no bar
KINDS = {kind: worlds.KINDS[kind] for kinds in worlds.WORLDS.values() for kind in kinds}
NOT_KNOWABLE = ("christmas 13", "christmas 20", "price break", "closure, recent", "established 6", "established 12")
KNOWABLE = [kind for kind in KINDS if kind not in NOT_KNOWABLE]
NARROWER = ("christmas 30", "christmas 40", "erlang gaps", "growth")
WIDTHS = Path(__file__).parent / "widths_before.csv"  # of the forecast as it stood before levels were told apart

LEVEL, HELD, SEASON_UNKNOWN = 0.03, (0.92, 0.98), 0.85
BESIDE_BEST, BESIDE_BEST_OF_WORLD, NARROW = 1.05, 1.1, 0.80
UNIFORM = {"share": (0.08, 0.12), "mean": (0.47, 0.53), "held": HELD}  # the last two by tenth of expected orders

# Bars that the forecast does not meet, with the figure it has, of 14 shops a kind.
UNMET = {
    "level": {
        "weibull gaps": "-.05", "erlang gaps": "-.16", "lives": "-.05", "wholesale": "+.17", "yearly": "-.08",
        "subscribers": "-.05", "established 30": "-.05",
    },
    "beside the best": {
        "erlang gaps": "1.30", "christmas 13": "1.28", "christmas 20": "1.25", "christmas 40": "1.13",
        "price break": "1.12", "established 6": "1.35", "established 12": "1.23",
    },
    "narrower": {"christmas 40": ".99", "erlang gaps": ".89", "growth": "1.04"},
    "segments": {
        "weibull gaps": "80 %", "erlang gaps": "81 %", "lives": "81 %", "christmas 30": "77 %", "christmas 40": "80 %",
        "growth": "77 %", "inflation": "86 %", "promotions": "86 %", "wholesale": "71 %", "yearly": "88 %",
        "closure, old": "74 %", "subscribers": "83 %", "established 30": "89 %",
    },
}  # fmt: skip

verified_and_proved = pytest.mark.parametrize(
    "part", [pytest.param("a part", marks=pytest.mark.verify), pytest.param("all", marks=pytest.mark.prove)]
)


def of_each(kinds, bar=None):
    """One test a kind of shop; those that are known to miss the bar may."""
    unmet = UNMET.get(bar, {})
    return pytest.mark.parametrize(
        "kind",
        [
            pytest.param(
                kind,
                marks=[
                    pytest.mark.xdist_group(worlds.world_of(kind)),
                    *([pytest.mark.xfail(reason=unmet[kind], strict=False)] if kind in unmet else []),
                ],
            )
            for kind in kinds
        ],
    )


@pytest.fixture(scope="module")
def shops(tmp_path_factory):
    """The rows of a kind of shop, measured once: processes that test other bars of it find them on the disk."""
    base = tmp_path_factory.getbasetemp()
    folder = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base

    def of(kind, part):
        file = folder / f"worlds, {kind}, {part}.csv"
        if not file.exists():
            size = VERIFIED if part == "a part" else PROVED // len(worlds.WORLDS.get(worlds.world_of(kind), "?"))
            seeds = range(SEEDS, SEEDS + (size if kind in KINDS else PRINTED))
            done = file.with_suffix(f".{os.getpid()}")
            figures.rows([kind], seeds).to_csv(done, index=False)
            done.replace(file)
        return pd.read_csv(file)

    return of


def meets(name, found, *, least=-np.inf, most=np.inf):
    """Whether a figure (with its standard error) lies within, give or take two of those."""
    value, error = found
    print(f"{name}: {value:.3f} +- {error:.3f}, to be within [{least}, {most}]")
    return least - 2 * error <= value <= most + 2 * error


# --- the bars ---
@verified_and_proved
@of_each(KNOWABLE, "level")
def test_what_came_of_all_shops_of_a_world_is_what_was_forecast(shops, kind, part):
    assert meets(kind, figures.level(shops(kind, part)), least=-LEVEL, most=LEVEL)


@verified_and_proved
@of_each(KNOWABLE)
def test_ranges_hold_19_of_20_years_ahead_where_the_past_could_tell(shops, kind, part):
    assert meets(kind, figures.coverage(shops(kind, part)), least=HELD[0], most=HELD[1])


@verified_and_proved
@of_each([kind for kind in KINDS if kind in ("christmas 13", "christmas 20")])
def test_ranges_hold_most_years_ahead_where_the_season_is_not_known(shops, kind, part):
    assert meets(kind, figures.coverage(shops(kind, part)), least=SEASON_UNKNOWN)


@verified_and_proved
@of_each(KINDS, "beside the best")
def test_what_is_shown_is_little_worse_than_the_best_single_method_of_the_world(shops, kind, part):
    assert meets(kind, figures.beside_best(shops(kind, part)), most=BESIDE_BEST_OF_WORLD)


@verified_and_proved
@of_each(NARROWER, "narrower")
def test_ranges_are_narrower_than_they_were_by_a_fifth(shops, kind, part):
    now, before = shops(kind, part), pd.read_csv(WIDTHS)
    assert meets(kind, figures.narrower(now, before), most=NARROW)


@verified_and_proved
@of_each(KNOWABLE, "segments")
def test_ranges_of_segments_hold_19_of_20(shops, kind, part):
    assert meets(kind, ranges.segments_held(shops(kind, part)), least=HELD[0], most=HELD[1])


@verified_and_proved
@pytest.mark.xdist_group("all worlds")
def test_over_all_shops_what_is_shown_is_no_worse_than_the_best_single_method(shops, part):
    everything = pd.concat([shops(kind, part) for kind in KINDS])
    print(figures.HEAD, *(figures.line(*one) for one in figures.pooled(everything).items()), sep="\n")
    assert meets("all", figures.beside_best(everything), most=BESIDE_BEST)


@verified_and_proved
@pytest.mark.xdist_group("all worlds")
@pytest.mark.parametrize("target", ranges.TARGETS)
@pytest.mark.parametrize("part_of", UNIFORM)
def test_single_customers_bring_less_than_any_share_of_chance_that_often(shops, target, part_of, part):
    knowable = pd.concat([shops(kind, part) for kind in KNOWABLE])
    found = zip(*ranges.by_tenth(knowable, f"{target} {part_of}"), strict=True)
    least, most = UNIFORM[part_of]
    met = [meets(f"{target} {part_of} {i}", one, least=least, most=most) for i, one in enumerate(found)]
    assert all(met)


@pytest.mark.prove
def test_a_slump_that_no_past_tells_of_is_printed(shops):
    found = shops("slump", "all")
    print(figures.HEAD, figures.line("slump", found), sep="\n")
    assert len(found) == PRINTED


# --- the judges themselves ---
def test_a_shop_is_the_same_whenever_it_is_asked_for():
    one, again = (worlds.shop("wholesale", 7) for _ in range(2))
    assert one.spend.equals(again.spend)
    assert not one.spend.equals(worlds.shop("wholesale", 8).spend)


@pytest.mark.parametrize("kind", worlds.KINDS)
def test_every_kind_of_shop_is_knowable_or_not_as_its_tests_take_it(kind):
    of = worlds.KINDS[kind](np.random.default_rng(1))
    assert of.knowable == (kind in KNOWABLE)
    assert of.season_unknown == (kind in ("christmas 13", "christmas 20"))


def test_what_customers_bring_is_counted_from_the_day_after_the_end_for_a_year_and_of_no_others():
    frame = pd.DataFrame(
        [("a", 10, 5.0), ("a", 11, 7.0), ("a", 375, 9.0), ("a", 376, 100.0), ("b", 10, 1.0), ("late", 11, 50.0)],
        columns=["customer_id", "day", "revenue"],
    )
    of = worlds.Plan(10, 10, 2, (), np.ones(0), np.ones(0))
    came = worlds.Shop(frame, of).came()
    assert came.to_dict("index") == {"a": {"orders": 2.0, "revenue": 16.0}, "b": {"orders": 0.0, "revenue": 0.0}}


@pytest.mark.parametrize(("kind", "evenness"), [("weibull", 0.7), ("weibull", 2.0), ("gamma", 4.0)])
def test_gaps_are_one_on_average_however_even_they_are(kind, evenness):
    people = worlds.People(clock=kind, evenness=evenness)
    gaps = worlds._gaps(people, 200_000, np.random.default_rng(3))
    assert gaps.mean() == pytest.approx(1, abs=4 * gaps.std() / np.sqrt(len(gaps)))


def test_no_one_orders_while_the_shop_is_shut():
    pace = np.where((np.arange(1_465) >= 400) & (np.arange(1_465) < 460), 0.0, 1.0)
    of = worlds.Plan(1_099, 1_100, 500, (worlds.People(gap=20.0),), pace, np.ones(1_465))
    day = worlds.opened(of, np.random.default_rng(5)).spend["day"]
    assert day.between(300, 399).any()
    assert not day.between(401, 459).any()
    assert day.between(461, 560).any()


def test_the_level_scales_each_shop_by_its_own_forecast():
    of = pd.DataFrame({"came": [300.0, 1.0], "forecast": [100.0, 1.0]})
    value, error = figures.level(of)
    assert value == pytest.approx(np.log(2))  # (3 + 1) / 2
    assert error == pytest.approx(0.5)  # sqrt(2) / sqrt(2) / 2


def test_the_interval_score_is_the_width_and_forty_times_what_was_missed():
    score = figures.interval_score(*(np.array(part) for part in ([1.0, 1.0, 1.0], [3.0, 3.0, 3.0], [2.0, 0.5, 4.0])))
    assert score == pytest.approx([2.0, 2.0 + 0.5 * 40, 2.0 + 1.0 * 40])


def test_the_best_single_method_is_no_blend():
    assert figures.best_single({figures.SHOWN: 0.1, "a blend": 0.1, "own rate": 0.3, "last 13 weeks": 0.2}) == (
        "last 13 weeks"
    )


def test_the_transform_of_money_as_forecast_is_uniform():
    random = np.random.default_rng(11)
    none, size = np.full(50_000, 0.4), 50_000
    came = np.where(random.random(size) < none, 0.0, random.gamma(2.0, 5.0, size))  # mean 6, square 0.6 x 150
    less, upto = ranges._of_money(np.full(size, 6.0), np.full(size, 90.0 - 36.0), none, came)
    u = less + random.random(size) * (upto - less)
    assert np.bincount((u * 10).astype(int), minlength=10) / size == pytest.approx(np.full(10, 0.1), abs=0.006)


def test_the_transform_of_counts_as_forecast_is_uniform():
    random = np.random.default_rng(12)
    none, size = np.full(50_000, 0.4), 50_000
    came = np.where(random.random(size) < none, 0, 1 + random.poisson(random.gamma(2.0, 1.0, size)))
    mean, square = 0.6 * 3.0, 0.6 * (9.0 + 4.0)  # one more than a count of mean 2 and variance 4
    less, upto = ranges._of_counts(np.full(size, mean), np.full(size, square - mean**2), none, came)
    u = less + random.random(size) * (upto - less)
    assert np.bincount((u * 10).astype(int), minlength=10) / size == pytest.approx(np.full(10, 0.1), abs=0.006)
