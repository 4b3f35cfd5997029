"""Then and now: the figures of any day, equal to what a load up to that day shows, and changes told from chance."""

import datetime as dt

import narwhals as nw
import numpy as np
import pandas as pd
import pytest
import returning_shops
from hand_frames import order, raw_tables
from hypothesis import given, settings
from hypothesis import strategies as st
from spend_frames import all_paid, spend_of

import clvapp
from clvapp import clean, sample, segments, then_now
from clvapp.customers import sales, summary
from clvapp.customers.order_days import order_days
from clvapp.customers.rhythm import ACTIVE, NEW, rhythm, states
from clvapp.customers.tables import Tables, span
from clvapp.problems import WrongDates
from clvapp.read import Source
from clvapp.story import then_now as then_now_story
from clvapp.then_now.bridge import FACTORS, _revenue, shapley
from clvapp.then_now.compare import _dealt
from clvapp.then_now.history import active
from clvapp.value import simple
from clvapp.wording import Wording

WORDS = Wording("en_US", "USD")
THIRTY = dt.timedelta(days=30)
ROWS = [
    ("ann", 0, 10.0, 1), ("ann", 20, 20.0, 1), ("ann", 50, 30.0, 2), ("ann", 80, 40.0, 1),
    ("bo", 40, 8.0, 1), ("bo", 62, -3.0, 0), ("cy", 65, 5.0, 1), ("cy", 70, 5.0, 1), ("di", 90, 0.0, 1),
    ("eve", 85, -7.0, 0),
]  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def one_return_is_enough():
    """Hand frames have a handful of returns; that a shop needs 20 is tested in tests/customers/test_rhythm.py."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("clvapp.customers.rhythm.RETURNS_NEEDED", 1)
        patch.setattr("clvapp.customers.rhythm.WATCHED", 1)
        yield


def seen(rows=ROWS, **more):
    return then_now.history(order_days(spend_of(*rows)), **more)


def test_the_key_figures_of_a_day_by_hand():
    unnamed = pd.DataFrame({"day": [55, 99], "revenue": [100.0, 50.0], "orders": [2, 1]})
    found = then_now.figures_at(seen(unnamed=unnamed), 90, 40)
    # The window holds days 51 to 90: ann 40, bo -3, cy 10, di 0, eve -7 (no customer), and 100 of nobody.
    assert found["customers"] == 4
    assert found["revenue_so_far"] == 100 + 5 + 10
    assert found["average_value"] == 115 / 4
    assert (found["revenue"], found["orders"]) == (40 - 3 + 10 - 7 + 100, 6)
    assert found["order_value"] == 140 / 6
    assert (found["buyers"], found["orders_each"]) == (3, 4 / 3)
    assert found["new_customers"] == 2
    assert found["existing_share"] == 37 / 47
    assert np.isnan(found["second_purchase"])  # bo alone had his thirtieth day, day 70; cy's is day 95
    assert found["active"] == 2  # ann and cy; bo is past the shop's limit of 30 days, di gave everything back
    assert np.isnan(found["kept_share"])  # ann and bo were active on day 50: of two no share is given


def test_who_came_on_the_day_before_the_days_up_to_the_date_is_an_existing_customer():
    """The window of 40 days up to day 90 begins with day 51: ann came on day 50, bo on day 51."""
    rows = [("ann", 50, 10.0, 1), ("ann", 60, 30.0, 1), ("bo", 51, 10.0, 1)]
    found = then_now.figures_at(seen([("zoe", 0, 1.0, 1), *rows]), 90, 40)
    assert (found["revenue"], found["new_customers"], found["existing_share"]) == (40, 1, 0.75)


def test_who_is_active_by_hand():
    """Gaps by day 90: ann 20, 30, 30; cy 5. The shop's limit is 30 days, ann's own as well."""
    history = seen()
    assert active(history, 90).tolist() == [True, False, True, False]
    assert active(history, 50).tolist() == [True, True, False, False]
    assert not active(history, -1).any()


# By customer and day, the orders, what was paid for them less what they gave back, and a refund of no sale known.
moved = st.sampled_from(
    [(orders, paid, back) for orders, paid in ((0, 0), (1, 0), (1, 5), (2, 5)) for back in (0, 3, 9)]
)
moves = st.dictionaries(st.tuples(st.integers(0, 5), st.integers(0, 150)), moved, min_size=1, max_size=60)


@given(moves, st.integers(0, 160))
def test_who_is_active_and_how_long_they_may_be_silent_is_what_a_load_up_to_that_day_says(moves, day):
    frame = pd.DataFrame(
        [(f"c{who}", on, paid - back, n, paid) for (who, on), (n, paid, back) in moves.items()],
        columns=["customer_id", "day", "revenue", "orders", "paid"],
    )
    whole, cut = order_days(frame), order_days(frame, end_day=day)
    history = then_now.history(whole)
    then = rhythm(whole, end_day=day).limit
    assert then[whole.ids.get_indexer(cut.ids)].tolist() == pytest.approx(rhythm(cut, end_day=day).limit.tolist())
    alive = active(history, day)[whole.ids.get_indexer(cut.ids)]
    assert alive.tolist() == np.isin(states(cut, end_day=day), [NEW, ACTIVE]).tolist()
    assert active(history, day).sum() == alive.sum()


START = int(np.datetime64("2023-01-01", "D").astype("int64"))
row = st.fixed_dictionaries(
    {
        "who": st.sampled_from(["ann", "bo", "cy", "di", None]), "day": st.integers(0, 800),
        "cents": st.integers(100, 9999), "back": st.sampled_from([0, 0, 0.5, 1]),
        "adjusts": st.sampled_from([True, *[False] * 5]),
    }
)  # fmt: skip


def loaded(rows, day=None):
    """What a load of `rows` knows: its tables' spend and unnamed money, and what the live figures are made of."""
    cells = []
    for number, one in enumerate(rows):
        total = f"-{one['cents'] / 400:.2f}" if one["adjusts"] else f"{one['cents'] / 100:.2f}"
        back = None if one["adjusts"] or not one["back"] else f"{one['cents'] * one['back'] / 100:.2f}"
        email = one["who"] and f"{one['who']}@example.org"
        date = str(np.datetime64(START + one["day"], "D"))
        cells.append(order(str(number), total, ordered_at=date, customer_email=email, refunded=back))
    with raw_tables(cells) as (con, raw):
        clean.orders(con, clean.load(con, [raw], rows_in=len(cells)))
        tables = Tables(nw.from_native(con.table("orders")), nw.from_native(con.table("adjustments")))
        return {
            **{part.__name__: part(tables, end_day=START + 900) for part in
               (summary.spend, sales.unnamed, summary.customers, sales.totals)},
            "bought": None if day is None else _bought(tables, day),
        }  # fmt: skip


def _bought(tables, day):
    """The simple formula's frame of `day`."""
    start, year, _ = simple.window_start(span(tables)[0], day)
    known = summary.first_orders(tables, end_day=day).set_index("customer_id")["day"]
    frame = summary.window(tables, start_day=start, end_day=day)
    frame = frame.assign(first_day=frame["customer_id"].map(known))
    return simple.exposures(frame, start_day=start, end_day=day, year_days=year)


@pytest.mark.verify
@settings(max_examples=15, deadline=None)
@given(
    st.lists(row, min_size=3, max_size=40),
    st.sampled_from(range(START + 100, START + 901, 100)),
    st.sampled_from([28, 90, 365]),
)
def test_then_is_what_loading_the_orders_up_to_that_date_shows(rows, day, days):
    """Statuses and refunds of those orders are as they are known today; nothing later is looked at."""
    upto = [one for one in rows if START + one["day"] <= day]
    if not any(one["who"] and not one["adjusts"] for one in upto):
        return
    whole, cut = loaded(rows), loaded(upto, day)
    then = then_now.figures_at(then_now.history(order_days(whole["spend"]), unnamed=whole["unnamed"]), day, days)
    now = then_now.figures_at(then_now.history(order_days(cut["spend"]), unnamed=cut["unnamed"]), day, days)
    pd.testing.assert_series_equal(then, now)
    assert_live(now, cut)


def assert_live(found, load):
    """The figures that the other pages show of the same load."""
    assert found["customers"] == len(load["customers"])
    assert found["revenue_so_far"] == pytest.approx(load["customers"]["revenue"].sum())
    clv = simple.simple_clv(load["bought"])
    assert (np.isnan(found["clv"]) and clv is None) or found["clv"] == pytest.approx(clv.clv, nan_ok=True)


@settings(max_examples=8, deadline=None)
@given(st.lists(row, min_size=3, max_size=40))
def test_now_over_the_whole_history_is_the_shops_own_totals(rows):
    if not any(one["who"] and not one["adjusts"] for one in rows):
        return
    load = loaded(rows)
    history = then_now.history(order_days(load["spend"]), unnamed=load["unnamed"])
    count, revenue, _ = load["totals"]
    total = then_now.figures_at(history, START + 900, START + 901 - history.first_day)
    assert total["orders"] == count
    before = load["unnamed"][load["unnamed"]["day"] < history.first_day]["revenue"].sum()
    before += load["spend"][load["spend"]["day"] < history.first_day]["revenue"].sum()
    assert total["revenue"] == pytest.approx(revenue - before)


def test_now_on_the_day_looked_back_from_equals_the_figures_of_the_other_pages():
    shop = clvapp.load([Source("orders.csv", sample.shop(customers=200).orders_csv)])
    try:
        live = clvapp.Analysis(shop)
        unnamed = sales.unnamed(live.tables, end_day=live.end_day)
        history = then_now.history(order_days(live.spend, end_day=live.end_day), unnamed=unnamed)
        whole = live.end_day + 1 - history.first_day
        found = then_now.figures_at(history, live.end_day, whole)
        assert (found["orders"], found["revenue"]) == (live.totals[0], pytest.approx(live.totals[1]))
        assert found["customers"] == len(live.customers)
        assert found["average_value"] == pytest.approx(live.customers["revenue"].mean())
        assert found["clv"] == pytest.approx(live.simple_clv.clv)
        silent, gave_back = live.silent, live.customers["order_days"] == 0
        assert found["active"] == (~silent.to_numpy() & ~gave_back.to_numpy()).sum()
        month = then_now.figures_at(history, live.end_day, 30)
        assert month["new_customers"] == (live.customers["first_order"].dt.date > live.observation_end - THIRTY).sum()
        assert then_now.trend(history, end_day=live.end_day, days=30)["value"].tolist()[-len(month) :] == pytest.approx(
            month.tolist(), nan_ok=True
        )
    finally:
        shop.close()


def test_a_shop_whose_orders_name_nobody_has_its_revenue_and_no_crash():
    spend = pd.DataFrame({"customer_id": pd.Series([], dtype="str"), "day": [], "revenue": [], "orders": []})
    unnamed = pd.DataFrame({"day": [0, 40, 80], "revenue": [5.0, 6.0, 9.0], "orders": [1, 1, 1]})
    history = then_now.history(order_days(all_paid(spend)), unnamed=unnamed)
    found = then_now.compare(history, 40, 80, days=40).set_index("key")
    assert found.loc["revenue", ["then", "now", "change"]].tolist() == [6, 9, 3]
    assert found.loc["customers", "now"] == 0
    assert not found["more_than_chance"].any()
    assert then_now.bridge(history, 40, 80, days=40)["change"].sum() == 3


# --- comparing --------------------------------------------------------------------------------------------------------


def shop(seed=1, **more):
    rates = returning_shops.Rates(shape=3.0, alpha=120.0)
    spend, end_day = returning_shops.unchanged(seed, rates, **more)
    return then_now.history(order_days(spend)), end_day


def test_a_comparison_shows_both_days_their_change_and_the_same_season_a_year_before():
    history, end_day = shop()
    found = then_now.compare(history, end_day - 90, end_day).set_index("key")
    for name, day in (("then", end_day - 90), ("now", end_day)):
        pd.testing.assert_series_equal(
            found[name], then_now.figures_at(history, day, 90).rename_axis("key"), check_names=False
        )
        year = then_now.figures_at(history, then_now.year_before(day), 90)
        pd.testing.assert_series_equal(found[f"last_year_{name}"], year.rename_axis("key"), check_names=False)
    assert found["change"].tolist() == pytest.approx((found["now"] - found["then"]).tolist())
    assert ((found["low"] <= found["change"]) & (found["change"] <= found["high"])).all()


def test_a_cumulative_figure_is_never_more_than_chance():
    history, end_day = shop(a_day=3.0)
    found = then_now.compare(history, end_day - 365, end_day)
    grown = found[found["cumulative"]]
    assert (grown["low"].iloc[:2] > 0).all()  # customers and revenue so far can only grow
    assert grown["p_value"].isna().all()
    assert not grown["more_than_chance"].any()


def test_a_real_change_is_more_than_chance():
    history, end_day = shop(a_day=3.0)
    spend = pd.DataFrame(
        {
            "customer_id": history.bought.ids[history.who],
            "day": history.day,
            "revenue": history.revenue,
            "orders": history.orders,
        }
    )
    dearer = spend.assign(revenue=spend["revenue"].where(spend["day"] <= end_day - 90, spend["revenue"] * 1.5))
    found = then_now.compare(then_now.history(order_days(all_paid(dearer))), end_day - 90, end_day).set_index("key")
    assert found.loc["order_value", "more_than_chance"]
    assert not found.loc["buyers", "more_than_chance"]


def test_the_same_seed_gives_the_same_intervals():
    history, end_day = shop(a_day=0.5)
    first, again, other = (then_now.compare(history, end_day - 90, end_day, seed=seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert not first["low"].equals(other["low"])


def test_few_buyers_are_not_tested():
    found = then_now.compare(seen(), 50, 90)
    assert found["p_value"].isna().all()
    assert "too few customers" in then_now_story.opening_sentence(found, WORDS, then=pd.Timestamp("1970-02-20"))


def test_who_is_new_is_not_told_in_the_burn_in():
    history = seen(burn_in_end=30)
    found = then_now.compare(history, 60, 90, days=40).set_index("key")
    assert np.isnan(found.loc["new_customers", "then"])
    assert found.loc["new_customers", "reason"].startswith("The file begins in the middle")
    assert found.loc["buyers", "change"] == 3 - 2
    early = then_now.compare(history, 20, 90, days=40).set_index("key")
    assert early.loc["revenue", "reason"].startswith("The days before the earlier date reach back")
    assert np.isfinite(early.loc["customers", "change"])


@pytest.mark.parametrize(("then", "now"), [(90, 90), (90, 50), (-1, 90)])
def test_two_days_that_make_no_then_and_now_are_a_problem(then, now):
    with pytest.raises(WrongDates, match="cannot be compared: choose two different days from 1970-01-01 to"):
        then_now.compare(seen(), then, now)


def test_windows_are_as_long_as_the_time_between_within_bounds():
    assert [then_now.window_days(0, days) for days in (1, 28, 90, 365, 900)] == [28, 28, 90, 365, 365]


def test_hands_hold_all_that_their_customers_did_and_spread_as_they_do():
    random = np.random.default_rng(3)
    units = random.lognormal(0, 1, (5000, 2))
    dealt = _dealt(list(units.T), len(units), np.random.default_rng(4))
    assert len(dealt) < len(units)
    assert dealt.sum(axis=0) == pytest.approx(units.sum(axis=0))
    alone, dealt_spread = (
        np.sqrt((part**2).sum(axis=0) - part.sum(axis=0) ** 2 / len(part)) for part in (units, dealt)
    )
    assert dealt_spread == pytest.approx(alone, rel=0.08)


def test_changes_in_words():
    history, end_day = shop(a_day=2.0)
    found = then_now.compare(history, end_day - 90, end_day)
    for one in found.itertuples():
        said = then_now_story.change_in_words(one, WORDS)
        assert said.endswith(".")
        assert ("chance" in said) == bool(np.isfinite(one.p_value))
        assert "in the same season last year" in said
    said = then_now_story.opening_sentence(found, WORDS, then=pd.Timestamp("2024-03-01"))
    assert said == (
        "Since Mar 1, 2024 nothing changed by more than chance does: 10 figures looked at, each with its interval "
        "below."
    )
    sure = found.assign(more_than_chance=found["key"] == "active", change=12.0)
    assert then_now_story.opening_sentence(sure, WORDS, then=pd.Timestamp("2024-03-01")) == (
        "Since Mar 1, 2024, by more than chance: new and active customers 12 more."
    )
    young = then_now_story.opening_sentence(
        sure.assign(last_year_change=np.nan), WORDS, then=pd.Timestamp("2024-03-01")
    )
    assert young.endswith(
        "The file does not reach back to the same season a year before: part of it may be the season."
    )


# --- why revenue changed ----------------------------------------------------------------------------------------------


def test_the_parts_of_a_change_by_hand():
    """Two orders a buyer become three at the same value, and buyers 10 instead of 8: each part is an average."""
    before, after = np.array([8.0, 0, 0, 0, 2, 5]), np.array([10.0, 0, 0, 0, 3, 5])
    found = dict(zip(FACTORS, shapley(before, after), strict=True))
    assert found["orders_each"] == pytest.approx(9 * 1 * 5)  # one more order of 5, for 8 to 10 buyers
    assert found["new"] == pytest.approx(2 * 2.5 * 5)
    assert found["order_value"] == found["kept"] == 0


positive = st.floats(0, 1000)


@given(st.lists(positive, min_size=6, max_size=6), st.lists(positive, min_size=6, max_size=6))
def test_the_parts_add_up_and_what_does_not_change_has_none(before, after):
    before, after = np.array(before), np.array([*after[:5], before[5]])
    parts = shapley(before, after)
    whole = float(_revenue(after) - _revenue(before))
    scale = max(abs(float(_revenue(np.maximum(before, after)))), 1.0)
    assert parts.sum() == pytest.approx(whole, abs=1e-9 * scale)
    assert abs(parts[5]) <= 1e-9 * scale


def test_the_bridge_adds_up_to_the_change_of_the_shops_revenue():
    unnamed = pd.DataFrame({"day": [55, 85], "revenue": [100.0, 40.0], "orders": [2, 1]})
    history = seen(unnamed=unnamed)
    found = then_now.bridge(history, 60, 90, days=30)
    change = then_now.compare(history, 60, 90, days=30).set_index("key").loc["revenue", "change"]
    assert found["change"].sum() == pytest.approx(change)
    parts = found.set_index("part")
    # In days 31 to 60 ann (active before) and bo (new) bought; in 61 to 90 ann, cy (new) and di (new, all refunded).
    assert parts.loc["new", ["then", "now"]].tolist() == [1, 2]
    assert parts.loc["before", ["then", "now"]].tolist() == [1, 2]
    assert parts.loc["kept", ["then", "now"]].tolist() == [1.0, 0.5]
    assert parts.loc["orders_each", ["then", "now"]].tolist() == [3 / 2, 4 / 3]
    assert parts.loc["order_value", ["then", "now"]].tolist() == [38 / 3, 47 / 4]
    assert parts.loc["unnamed", ["then", "now"]].tolist() == [100, 33]  # 40 of nobody, and eve's 7 given back
    said = then_now_story.bridge_sentence(found, WORDS)
    assert said.startswith(
        "Revenue is $58.00 less (too few customers bought to tell that from chance): sales without a customer −$67.00, "
        "number of customers +$"
    )
    fell = then_now_story.bridge_sentence(found, WORDS, sure=True)
    assert fell.startswith("Revenue fell by $58.00, more than chance does: ")
    within = then_now_story.bridge_sentence(found, WORDS, sure=False)
    assert within.startswith("Revenue is $58.00 less, within what chance does: ")


def test_where_the_days_begin_before_the_file_no_bridge_is_told():
    assert then_now.bridge(seen(), 20, 90, days=30).empty


def test_where_nobody_can_tell_who_was_new_buyers_are_one_part_of_the_bridge():
    history = seen(burn_in_end=45)
    found = then_now.bridge(history, 60, 90, days=30)
    figures = then_now.compare(history, 60, 90, days=30).set_index("key")
    assert np.isnan(figures.loc["new_customers", "then"])
    assert found["part"].tolist() == ["buyers", "orders_each", "order_value", "unnamed"]
    assert found["change"].sum() == pytest.approx(figures.loc["revenue", "change"])
    assert found.set_index("part").loc["buyers", ["then", "now"]].tolist() == [
        figures.loc["buyers", "then"], figures.loc["buyers", "now"],
    ]  # fmt: skip


# --- moves ------------------------------------------------------------------------------------------------------------


def test_moves_by_hand_with_the_customers_behind_them():
    then = pd.DataFrame({"customer_id": ["a", "b", "c"], "segment": ["Loyal", "Loyal", "Lost"]})
    now = pd.DataFrame({"customer_id": ["a", "b", "c", "d"], "segment": ["Loyal", "At risk", "Loyal", "New customers"]})
    people = then_now.then_and_now(then, now)
    found = then_now.moves(people)
    assert found[["then", "now", "customers", "stayed", "share"]].to_numpy().tolist() == [
        ["Lost", "Loyal", 1, False, 1.0],
        ["Loyal", "At risk", 1, False, 0.5],
        ["Loyal", "Loyal", 1, True, 0.5],
        [then_now.NOT_YET, "New customers", 1, False, 1.0],
    ]
    assert then_now.behind(people, "Loyal", "At risk").tolist() == ["b"]
    assert then_now_story.moves_sentence(found, WORDS).startswith("2 customers moved to another segment")
    assert found["customers"].sum() == len(now)


def test_segments_then_are_recomputed_from_the_orders_up_to_that_day():
    spend, end_day = returning_shops.unchanged(7, returning_shops.Rates(shape=3.0, alpha=120.0), a_day=0.5)
    then = end_day - 180

    def placed(frame, day):
        bought = order_days(frame, end_day=day)
        customers = pd.DataFrame(
            {"customer_id": bought.ids, "order_days": bought.count, "orders": bought.count,
             "days_since_last_order": day - bought.last, "revenue": np.bincount(bought.who, weights=bought.paid)}
        )  # fmt: skip
        return segments.segmented(customers, bought, end_day=day).people

    before, after = placed(spend, then), placed(spend, end_day)
    pd.testing.assert_frame_equal(before, placed(spend[spend["day"] <= then], then))
    people = then_now.then_and_now(before, after, by="state")
    assert (people["then"] == then_now.NOT_YET).sum() == len(after) - len(before)


# --- the way there ----------------------------------------------------------------------------------------------------


def test_the_trend_is_computed_as_the_figures_of_each_day_are_and_ends_now():
    history, end_day = shop(a_day=0.5, years=2.0)
    found = then_now.trend(history, end_day=end_day, days=90)
    dates = found["date"].drop_duplicates()
    assert dates.is_monotonic_increasing
    assert dates.iloc[:-1].dt.is_month_end.all()
    for date in (dates.iloc[7], dates.iloc[-1]):
        day = int(date.to_datetime64().astype("datetime64[D]").astype("int64"))
        part = found[found["date"] == date].set_index("key")["value"]
        pd.testing.assert_series_equal(part, then_now.figures_at(history, day, 90), check_names=False)
    assert day == end_day
    early = found[(found["date"] == dates.iloc[0]) & (found["key"] == "revenue")]
    assert early["value"].isna().all()  # a window that reaches back before the file begins
