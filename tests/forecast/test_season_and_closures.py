"""What one year tells of a season, and the days on which a whole shop was shut."""

import numpy as np
import pandas as pd
import pytest
from forecast_shops import World, shop
from spend_frames import all_paid

from clvapp.forecast import closures, data_warnings, forecast, intervals, one_year, season, snapshot

JANUARY = 19_358  # 1 January 2023


def book(days: dict[str, list[int]]) -> snapshot.Ledger:
    rows = [(who, day, 10.0, 1) for who, at in days.items() for day in at]
    return snapshot.ledger(all_paid(pd.DataFrame(rows, columns=["customer_id", "day", "revenue", "orders"])))


def every(gap: int, *, of: int = 1, until: int = 1_000, shut: tuple[tuple[int, int], ...] = ()) -> snapshot.Ledger:
    """`of` customers who order every `gap` days from day 0 on, but for the days from `shut` on until its end."""
    at = [day for day in range(0, until, gap) if not any(first <= day < end for first, end in shut)]
    return book({f"c{i}": [JANUARY + day for day in at] for i in range(of)})


def known(of: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({"customer_id": of["customer_id"].unique()})


# --- closures ---
def test_a_silence_of_a_whole_busy_shop_is_a_closure_of_the_days_between_its_orders():
    found = closures.closures(every(2, of=5, shut=((600, 700),)), JANUARY + 1_000)
    assert found == (closures.Closure(JANUARY + 598, JANUARY + 700),)
    assert found[0].days == 101


def test_a_closure_that_is_not_over_is_none_and_neither_is_one_of_a_shop_with_few_orders():
    shut = ((600, 700),)
    assert closures.closures(every(2, of=5, shut=shut), JANUARY + 698) == ()
    assert closures.closures(every(20, shut=shut), JANUARY + 1_000) == ()  # 91 days hold 5 of its orders


def test_a_shop_that_shuts_every_summer_has_a_season_and_no_closure():
    shut = ((180, 240), (545, 605), (910, 970))
    assert closures.closures(every(2, of=5, until=1_400, shut=shut), JANUARY + 1_400) == ()


def test_a_silence_no_longer_than_five_times_another_is_no_closure():
    shut = ((120, 150), (600, 700))
    found = closures.closures(every(2, of=5, shut=shut), JANUARY + 1_000)
    assert [one.days for one in found] == [31, 101]
    weekly = closures.closures(every(7, of=50, shut=((600, 630),)), JANUARY + 1_000)
    assert weekly == ()  # 35 days between orders, and 7 else: as far as five times, which is not beyond


def test_the_clock_stands_still_while_the_shop_is_shut_and_goes_on_after():
    shop_clock = season.clock(every(2, of=5, shut=((600, 700),)), JANUARY + 1_000)
    at = shop_clock.at(np.array([598, 599, 699, 700, 800]) + JANUARY)
    assert np.diff(at).tolist() == [0, 0, 1, 100] if shop_clock.season is None else np.diff(at)[:2].tolist() == [0, 0]
    open_only = season.Clock(None, JANUARY, JANUARY + 1_000, shop_clock.closed)
    assert (open_only.at(JANUARY + 1_000) - open_only.at(JANUARY)) == 1_000 - 101
    assert open_only.day_of(np.array([float(open_only.at(JANUARY + 598)) + 1])) == [JANUARY + 700]


def test_a_reopened_shop_is_forecast_as_one_that_was_open_and_says_so():
    made = shop(World(), customers=900, days=900, random=np.random.default_rng(700_001))
    cut = made.end_day - 30
    seen = made.seen[(made.seen["day"] <= cut - 90) | (made.seen["day"] > cut)]
    shut = forecast.forecast(seen, known(seen), end_day=made.end_day)
    open_ = forecast.forecast(made.seen, known(made.seen), end_day=made.end_day)
    assert 0.8 < shut.totals.revenue / open_.totals.revenue < 1.3
    said = next(one.sentence for one in shut.findings if one.code == "closed")
    assert said.startswith(
        ("Nobody ordered in the 90 days", "Nobody ordered in the 91 days", "Nobody ordered in the 92")
    )
    assert said.endswith("so the range is wider.")
    (low, high), (narrow, wide) = (intervals.intervals(one).total for one in (shut, open_))
    assert low < made.next_year < high
    assert high / low > wide / narrow


def test_a_last_month_that_breaks_off_is_named_and_a_quieter_one_is_not():
    def said(kept: int) -> list[str]:
        at = [*range(0, 400, 2), *range(400, 428, kept)]
        of = book({f"c{i}": [JANUARY + day for day in at] for i in range(5)}).until(JANUARY + 427)
        return [one.sentence for one in data_warnings.remarks(of, season.PLAIN) if one.code == "thin_end"]

    # 5 customers every other day: 225 order days in 91 days make 69 in 28, and 20 are left of them, or 35.
    assert said(4) == []
    assert said(8)[0].startswith("The last 28 days hold 20 orders, where about 69 are usual")


# --- one year ---
def test_months_are_compared_at_equal_customers_and_drawn_towards_one_another():
    # One customer a day of January, each orders again once in every month but twice in December.
    days = {
        f"c{i}": [JANUARY + i, *(JANUARY + 31 * m + 5 + i % 20 for m in range(1, 11)), JANUARY + 340, JANUARY + 350]
        for i in range(28)
    }
    logs = one_year.monthly_logs(book(days), JANUARY + 364, season.PLAIN)
    assert 0.3 < logs[11] - logs[5] < np.log(2)
    few = one_year.monthly_logs(book({"c0": days["c0"]}), JANUARY + 364, season.PLAIN)
    assert 0 < few[11] - few[5] < 0.2


def test_with_one_year_a_busy_month_does_not_stand_for_the_year():
    made = shop(World(season=0.6), customers=1_500, days=390, random=np.random.default_rng(700_002))
    busy = season.clock(snapshot.ledger(made.seen), made.end_day)
    assert busy.season is not None
    assert busy.season.agreement is None
    assert not busy.season_known
    factor = busy.season.factor
    assert np.argmax(factor) in {10, 11, 0}
    year = busy.at(made.end_day + 365) - busy.at(made.end_day)
    assert year == pytest.approx(365, abs=2)


def test_under_a_year_time_is_the_calendars():
    made = shop(World(season=0.6), customers=1_500, days=330, random=np.random.default_rng(700_003))
    now = season.clock(snapshot.ledger(made.seen), made.end_day)
    assert now.plain
    assert not now.season_known


def test_a_christmas_shop_asked_in_december_is_not_forecast_as_if_it_were_always_december():
    off = []
    for seed in range(4):
        random = np.random.default_rng(700_010 + seed)
        made = shop(World(season=0.7), customers=1_200, days=(375, 690)[seed % 2], random=random)
        found = forecast.forecast(made.seen, known(made.seen), end_day=made.end_day)
        said = next(one.sentence for one in found.findings if one.code == "season_unknown")
        assert said.startswith("The season of the year is not known")
        off.append(np.log(found.totals.revenue / made.next_year))
    assert abs(np.mean(off)) < 0.15
