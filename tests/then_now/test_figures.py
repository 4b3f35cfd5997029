"""The key figures, what they are made of and why revenue changed, by hand and at every edge of the days asked for."""

import numpy as np
import pandas as pd
import pytest
from spend_frames import spend_of

from clvapp import then_now
from clvapp.customers.order_days import order_days
from clvapp.then_now.bridge import shapley
from clvapp.then_now.figures import BY_KEY, is_known, values
from clvapp.then_now.history import SUMS, active, sums, totals

NAN = float("nan")


@pytest.fixture(scope="module", autouse=True)
def one_return_is_enough():
    """Hand frames have a handful of returns; that a shop needs 20 is tested in tests/customers/test_rhythm.py."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("clvapp.customers.rhythm.RETURNS_NEEDED", 1)
        patch.setattr("clvapp.customers.rhythm.WATCHED", 1)
        yield


def seen(*rows, **more):
    """Rows of customer, day and money; a fourth number is how many orders, if not one."""
    return then_now.history(order_days(spend_of(*rows)), **more)


def of_nobody(*rows):
    """Rows of day, money and orders that no customer can be named for."""
    return pd.DataFrame(rows, columns=["day", "revenue", "orders"])


def test_each_figure_is_what_it_is():
    """Its unit, and whether it grows with the history, asks who is new, and covers the days up to the date."""
    told = [(one.key, one.unit, one.cumulative, one.newness, one.window) for one in then_now.FIGURES]
    assert told == [
        ("customers", "customers", True, False, False),
        ("revenue_so_far", "money", True, False, False),
        ("average_value", "money", True, False, False),
        ("clv", "money", True, False, False),
        ("revenue", "money", False, False, True),
        ("orders", "orders", False, False, True),
        ("order_value", "money", False, False, True),
        ("buyers", "customers", False, False, True),
        ("orders_each", "orders each", False, False, True),
        ("new_customers", "customers", False, True, True),
        ("existing_share", "share", False, True, True),
        ("second_purchase", "share", False, True, True),
        ("active", "customers", False, False, False),
        ("kept_share", "share", False, False, True),
    ]
    assert list(BY_KEY) == [one.key for one in then_now.FIGURES]
    assert all(BY_KEY[key].key == key for key in BY_KEY)


def figures_of(**known):
    found = values(np.array([float(known.get(name, 0)) for name in SUMS]))
    return dict(zip(BY_KEY, found.tolist(), strict=True))


def test_figures_of_sums_by_hand():
    """Each sum is another prime, so each figure can be of its own sums alone."""
    primes = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61)
    names = (
        "customers", "revenue_so_far", "shop_revenue", "shop_orders", "revenue", "orders", "buyers", "new",
        "existing_revenue", "asked", "came_again", "active", "active_before", "kept", "worth_revenue", "exposure",
        "years", "worth_customers",
    )  # fmt: skip
    assert names == SUMS
    assert figures_of(**dict(zip(names, primes, strict=True))) == pytest.approx({
        "customers": 2, "revenue_so_far": 3, "average_value": 3 / 2, "clv": 47 / 53 * 59 / 61, "revenue": 5,
        "orders": 7, "order_value": 5 / 7, "buyers": 17, "orders_each": 13 / 17, "new_customers": 19,
        "existing_share": 1.0, "second_purchase": 31 / 29, "active": 37, "kept_share": 43 / 41,
    })  # fmt: skip


def test_of_nothing_there_is_no_average():
    nothing = figures_of(revenue_so_far=5, shop_revenue=5, orders=5, came_again=5, kept=5, existing_revenue=5)
    unknown = {key for key, value in nothing.items() if np.isnan(value)}
    assert unknown == {
        "average_value", "clv", "order_value", "orders_each", "existing_share", "second_purchase", "kept_share"
    }  # fmt: skip
    assert np.isnan(figures_of(revenue=-3, existing_revenue=5)["existing_share"])  # more given back than paid
    assert figures_of(revenue=0.5, existing_revenue=0.25)["existing_share"] == 0.5
    assert figures_of(revenue=11, existing_revenue=23)["existing_share"] == 1  # the new gave back more than they paid


# --- what each customer adds ------------------------------------------------------------------------------------------
def added(history, day, days):
    return {name: np.asarray(found, float).tolist() for name, found in sums(history, day, days).items()}


def test_what_each_customer_and_each_day_of_nobody_adds_by_hand():
    """The 30 days up to day 60 begin with day 31. Everybody's gap is a month at most, and the shop's limit 30.

    ann came on day 0, 30 and 60: her thirtieth day is day 30, a day too early to be asked about. bo came on day 1, and
    again on day 31, his thirtieth. cy came on day 30 and has been silent since. di came on day 31, dan on day 61.
    """
    history = seen(
        ("ann", 0, 1.0), ("ann", 30, 2.0), ("ann", 60, 4.0), ("bo", 1, 8.0), ("bo", 31, 16.0), ("bo", 40, -3.0, 0),
        ("cy", 30, 32.0), ("di", 31, 64.0, 2), ("dan", 61, 128.0),
        unnamed=of_nobody((30, 256.0, 1), (31, 512.0, 3), (60, 1024.0, 1), (61, 2048.0, 1)),
    )  # fmt: skip
    assert history.units == 5 + 4
    assert history.bought.ids.tolist() == ["ann", "bo", "cy", "di", "dan"]
    found = added(history, 60, 30)
    worth = {name: found.pop(name) for name in ("worth_revenue", "exposure", "years", "worth_customers")}
    assert found == {
        "customers": [1, 1, 1, 1, 0], "revenue_so_far": [7, 21, 32, 64, 0],
        "shop_revenue": [4, 13, 0, 64, 0, 0, 512, 1024, 0], "shop_orders": [1, 1, 0, 2, 0, 0, 3, 1, 0],
        "revenue": [4, 13, 0, 64, 0], "orders": [1, 1, 0, 2, 0], "buyers": [1, 1, 0, 1, 0], "new": [0, 0, 0, 1, 0],
        "existing_revenue": [4, 13, 0, 0, 0], "asked": [0, 1, 1, 0, 0], "came_again": [0, 1, 0, 0, 0],
        "active": [1, 1, 1, 1, 0], "active_before": [1, 1, 1, 0, 0], "kept": [1, 1, 0, 0, 0],
    }  # fmt: skip
    # Watched from day 0 on: 61, 60, 31 and 30 days of 365. Day 60 is 2 March 1970, days 0, 1, 30 and 31 are 1, 2 and
    # 31 January and 1 February: 2 months and a day, 2 months, 2 months less 29 days, 1 month and a day.
    assert worth["worth_revenue"] == [7, 21, 32, 64, 0]
    assert worth["exposure"] == pytest.approx([61 / 365, 60 / 365, 31 / 365, 30 / 365, 0])
    months = [2 + 1 / 30.4375, 2, 2 - 29 / 30.4375, 1 + 1 / 30.4375, 0]
    assert worth["years"] == pytest.approx([of / 12 for of in months])
    assert worth["worth_customers"] == [1, 1, 1, 1, 0]
    assert totals(history, 60, 30).tolist() == pytest.approx([sum(of) for of in added(history, 60, 30).values()])


@pytest.mark.parametrize(
    ("day", "days", "asked", "came"),
    [
        (30, 1, [1, 0, 0], [1, 0, 0]), (31, 1, [0, 1, 0], [0, 0, 0]), (30, 30, [1, 0, 0], [1, 0, 0]),
        (31, 2, [1, 1, 0], [1, 0, 0]), (31, 30, [1, 1, 0], [1, 0, 0]), (29, 30, [0, 0, 0], [0, 0, 0]),
        (60, 29, [0, 0, 0], [0, 0, 0]), (60, 30, [0, 1, 0], [0, 0, 0]),
    ],
)  # fmt: skip
def test_a_second_purchase_is_asked_about_on_the_thirtieth_day_and_counts_up_to_it(day, days, asked, came):
    """ann's thirtieth day is day 30, on which she came again; bo's is day 31, a day before he did."""
    history = seen(("ann", 0, 1.0), ("ann", 30, 1.0), ("bo", 1, 1.0), ("bo", 32, 1.0), ("cy", 80, 1.0))
    found = added(history, day, days)
    assert (found["asked"], found["came_again"]) == (asked, came)


def test_who_bought_in_the_twelve_months_is_worth_something_and_who_did_not_is_not():
    """Day 500 is 16 May 1971: the twelve months begin with 17 May 1970, day 136."""
    history = seen(("zoe", 0, 9.0), ("ann", 135, 1.0), ("bo", 136, 2.0), ("cy", 10, 4.0), ("cy", 500, 8.0),
                   ("di", 501, 16.0), ("eve", 300, 0.0), ("fay", 20, 5.0), ("fay", 300, -1.0, 0))  # fmt: skip
    found = added(history, 500, 30)
    assert history.bought.ids.tolist() == ["zoe", "ann", "bo", "cy", "di", "eve", "fay"]
    assert found["worth_revenue"] == [0, 0, 2, 8, 0, 0, 0]
    assert found["worth_customers"] == [0, 0, 1, 1, 0, 1, 0]
    assert found["exposure"] == pytest.approx([0, 0, 1, 1, 0, 201 / 365, 0])
    assert found["years"][2] == pytest.approx((12 - 1 / 30.4375) / 12)


def test_before_the_first_order_nobody_is_worth_anything_and_on_its_day_somebody_is():
    history = seen(("ann", 10, 5.0), unnamed=of_nobody((5, -2.0, 0)))
    assert history.first_day == 10
    assert added(history, 9, 30)["worth_customers"] == [0]
    assert added(history, 10, 30)["worth_revenue"] == [5]
    assert then_now.figures_at(history, 9, 30).isna().all()
    assert then_now.figures_at(history, 10, 1)["revenue"] == 5


def test_active_is_who_is_silent_for_no_longer_than_nine_in_ten_gaps_of_orders_that_had_come_by_then():
    """By day 20 the only gap is ann's 20 days; from day 90 on there is bo's 60 too, and nine in ten take up to that."""
    history = seen(("ann", 0, 1.0), ("ann", 20, 1.0), ("bo", 30, 1.0), ("bo", 90, 1.0), unnamed=of_nobody((70, 1.0, 1)))
    on = {day: active(history, day).tolist() for day in (0, 19, 20, 40, 41, 50, 51, 89, 90, 150, 151)}
    assert on == {
        0: [False, False], 19: [False, False], 20: [True, False], 40: [True, True], 41: [False, True],
        50: [False, True], 51: [False, False], 89: [False, False], 90: [False, True], 150: [False, True],
        151: [False, False],
    }  # fmt: skip


def test_money_is_told_oldest_first_and_days_of_nobody_come_after_the_customers():
    history = seen(("ann", 7, 1.0), ("bo", 3, 2.0), unnamed=of_nobody((5, 3.0, 2), (5, 4.0, 1), (1, 5.0, 1)))
    assert history.day.tolist() == [1, 3, 5, 5, 7]
    assert history.who.tolist() == [2, 1, 3, 3, 0]
    assert history.revenue.tolist() == [5, 2, 3, 4, 1]
    assert history.orders.tolist() == [1, 1, 2, 1, 1]
    assert (history.units, history.first_day) == (4, 1)


def test_the_second_order_day_of_each_customer_is_told():
    history = seen(*(("ann", day, 1.0) for day in (0, 30, 40, 60)), ("bo", 5, 1.0), ("bo", 6, 1.0), ("cy", 9, 1.0))
    assert history.second.tolist() == pytest.approx([30, 6, NAN], nan_ok=True)


# --- what can be told -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("day", "days", "key", "known"),
    [
        (39, 40, "revenue", True), (38, 40, "revenue", False), (0, 40, "customers", True),
        (-1, 40, "customers", False), (0, 1, "revenue", True), (109, 60, "new_customers", True),
        (108, 60, "new_customers", False), (108, 60, "revenue", True), (139, 60, "second_purchase", True),
        (138, 60, "second_purchase", False), (138, 60, "existing_share", True),
    ],
)  # fmt: skip
def test_what_can_be_told_of_a_day(day, days, key, known):
    """The file begins on day 0. Up to day 49 customers may be old ones who only look new."""
    history = seen(("ann", 0, 1.0), ("ann", 60, 1.0), burn_in_end=50)
    assert is_known(history, day, days, key) == known
    assert is_known(seen(("ann", 0, 1.0)), day, days, key) == (known or day >= 100)


def test_who_was_active_can_be_told_from_enough_returns_on():
    """The first return is on day 60, and the 40 days up to day 100 begin after it."""
    history = seen(("ann", 0, 1.0), ("ann", 60, 1.0))
    assert [is_known(history, day, 40, "active") for day in (59, 60)] == [False, True]
    assert [is_known(history, day, 40, "kept_share") for day in (99, 100)] == [False, True]


def test_the_way_there_has_every_end_of_a_month_and_today_once():
    history = seen(("ann", 10, 1.0), ("bo", 40, 2.0))
    ways = {end: then_now.trend(history, end_day=end, days=30) for end in (57, 58, 59)}
    ends = {end: way["date"].drop_duplicates().dt.strftime("%d %b").tolist() for end, way in ways.items()}
    assert ends == {
        57: ["31 Jan", "27 Feb"], 58: ["31 Jan", "28 Feb"], 59: ["31 Jan", "28 Feb", "01 Mar"],
    }  # fmt: skip
    way = ways[59]
    assert way.columns.tolist() == ["date", "key", "label", "unit", "value"]
    assert way["key"].tolist() == list(BY_KEY) * 3
    assert way["label"].tolist() == [one.label for one in then_now.FIGURES] * 3
    assert way["unit"].tolist() == [one.unit for one in then_now.FIGURES] * 3
    so_far = way[way["key"] == "revenue_so_far"]
    assert so_far["value"].tolist() == [1, 3, 3]
    assert way.loc[way["key"] == "revenue", "value"].tolist() == pytest.approx([NAN, 2, 2], nan_ok=True)


# --- why revenue changed ----------------------------------------------------------------------------------------------
def test_the_bridge_by_hand():
    """In the 30 days up to day 39, 40 customers come, one order of 5 each; up to day 69 as many others, two of 5."""
    early = [(f"a{i}", 10 + i % 30, 5.0) for i in range(40)]
    late = [(f"b{i}", 40 + i % 30, 10.0, 2) for i in range(40)]
    history = seen(("zoe", 0, 1.0), ("zoe", 9, 1.0), *early, *late, unnamed=of_nobody((20, 7.0, 1), (50, 4.0, 1)))
    found = then_now.bridge(history, 39, 69)
    assert list(found[["part", "why", "label"]].itertuples(index=False, name=None)) == [
        ("new", "More customers", "New customers"), ("back", "More customers", "Customers back after a silence"),
        ("before", "More customers", "New and active customers to begin with"),
        ("kept", "Fewer leaving", "New and active customers who bought again"),
        ("orders_each", "More orders each", "Orders a buyer"), ("order_value", "Larger orders", "Value of an order"),
        ("unnamed", "Without a customer", "Money that no customer can be named for"),
    ]  # fmt: skip
    assert found["then"].tolist() == [40, 0, 1, 0, 1, 5, 7]  # zoe was active on day 9
    # zoe's gap is 9 days: on day 39 those of the last nine days are active still, and of 30 days ten have one or two.
    assert found["now"].tolist() == [40, 0, sum(10 + i % 30 >= 30 for i in range(40)), 0, 2, 5, 4]
    assert found["change"].tolist() == pytest.approx([0, 0, 0, 0, 200, 0, -3])


def test_where_nobody_bought_and_nobody_was_active_the_factors_are_nothing():
    """On day 60 nobody had bought for 30 days; before day 2 nobody had come back, and nobody tells who was active."""
    history = seen(("ann", 0, 3.0), ("bo", 1, 5.0), ("bo", 2, 5.0), ("cy", 100, 7.0))
    found = then_now.bridge(history, 60, 100, days=30).set_index("part")
    assert found["then"].tolist() == [0, 0, 0, 0, 0, 0, 0]
    assert found["now"].tolist() == [1, 0, 0, 0, 1, 7, 0]
    assert found["change"].tolist() == pytest.approx([7 / 3, 0, 0, 0, 7 / 3, 7 / 3, 0])
    first = then_now.bridge(history, 1, 32, days=2).set_index("part")
    assert first["then"].to_dict() == {"buyers": 2, "orders_each": 1, "order_value": 4, "unnamed": 0}


def test_who_comes_back_after_a_silence_is_neither_new_nor_kept():
    """The shop's limit is a day, zoe's gap and bo's first three, so ann, silent since day 40, comes back on day 90."""
    bo = (("bo", day, 5.0) for day in (40, 41, 42, 43, 69, 70))
    history = seen(("zoe", 0, 1.0), ("zoe", 1, 1.0), ("ann", 40, 3.0), ("ann", 90, 4.0), *bo)
    found = then_now.bridge(history, 69, 99, days=30).set_index("part")
    assert found.loc[["new", "back", "before", "kept"], "then"].tolist() == [2, 0, 0, 0]
    assert found.loc[["back", "before", "kept"], "now"].tolist() == [1, 1, 1]


def test_without_knowing_who_was_new_there_are_three_factors_and_each_part_is_by_hand():
    """2 buyers of 1 order of 3 become 4 of 2 of 5. One after another in each of the six orders, and the average."""
    parts = shapley(np.array([2.0, 1, 3]), np.array([4.0, 2, 5]))
    # Buyers add 2 x each x value: 2 x (1 x 3 in two orders, 2 x 3 and 1 x 5 in one each, 2 x 5 in two) / 6.
    assert parts.tolist() == pytest.approx([
        2 * (2 * 3 + 6 + 5 + 2 * 10) / 6, 1 * (2 * 6 + 12 + 10 + 2 * 20) / 6, 2 * (2 * 2 + 4 + 4 + 2 * 8) / 6
    ])  # fmt: skip
    assert parts.sum() == pytest.approx(4 * 2 * 5 - 2 * 1 * 3)


def test_customers_who_were_kept_are_those_active_before_times_their_share():
    """Of 10 active ones 2 in 10 buy, then of 20 the half: of 8 more, 4.5 are by their share, 3.5 by their number."""
    parts = shapley(np.array([1.0, 2, 10, 0.2, 1, 1]), np.array([3.0, 1, 20, 0.5, 1, 1]))
    assert parts.tolist() == pytest.approx([2, -1, 10 * 0.35, 0.3 * 15, 0, 0])


# --- moves ------------------------------------------------------------------------------------------------------------
def test_moves_stand_largest_first_and_then_by_their_names():
    def of(who, then, now):
        return pd.DataFrame({"customer_id": who, "then": then, "now": now})

    people = pd.concat([of(["a", "b"], "Z", "Z"), of(["c"], "Z", "B"), of(["d"], "Z", "A"), of(["e"], "A", "C")])
    found = then_now.moves(people)
    assert found.to_numpy().tolist() == [
        ["Z", "Z", 2, True, 0.5], ["A", "C", 1, False, 1.0], ["Z", "A", 1, False, 0.25], ["Z", "B", 1, False, 0.25],
    ]  # fmt: skip
    assert then_now.behind(people, "Z", "Z").tolist() == ["a", "b"]
    assert then_now.behind(people, "Z", "C").empty
