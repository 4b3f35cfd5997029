"""What was worked out by hand of the two shops is what the code makes of them."""

import hand_shop as hand
import numpy as np
import pandas as pd
import pattern_shop as large
import pytest

from clvapp import results

NEAR = {"rel": 1e-9, "abs": 1e-9}


def by_who(frame, column):
    """A column of a frame of the small shop's customers, by their short names; a missing value is left out."""
    values = frame.assign(who=frame["customer_id"].str.removesuffix("@example.org")).set_index("who")[column]
    return values.dropna().to_dict()


# --- the small shop ---------------------------------------------------------------------------------------------------
def test_what_was_worked_out_agrees_with_itself():
    assert sum(hand.REVENUE_OF.values()) == hand.CUSTOMERS_REVENUE
    assert sum(hand.ORDERS_OF.values()) == hand.CUSTOMERS_ORDERS
    assert sum(map(len, hand.GAPS.values())) == sum(hand.FREQUENCY.values()) == hand.RETURNS
    assert {who: tuple(np.diff(days)) for who, days in hand.ORDER_DAYS.items() if len(days) > 1} == hand.GAPS
    assert [sum(row[place] for row in hand.MONTHS.values()) for place in (0, 1, 3)] == [hand.REVENUE, hand.ORDERS, 12]
    for parts in (hand.PRODUCTS,):
        assert tuple(map(sum, zip(*parts.values(), strict=True))) == (hand.ORDERS, hand.REVENUE)
    for parts in (hand.COUNTRIES, hand.CHANNELS):
        assert sum(money for _, money in parts.values()) in (hand.CUSTOMERS_REVENUE, hand.REVENUE)
    for parts in (hand.STATES, hand.SEGMENTS, hand.COHORTS):
        assert tuple(map(sum, zip(*parts.values(), strict=True))) == (12, hand.CUSTOMERS_REVENUE)
    for parts, placed in ((hand.STATES, hand.STATE), (hand.SEGMENTS, hand.SEGMENT)):
        for name, (people, money) in parts.items():
            inside = [who for who in hand.WHO if placed[who] == name]
            assert (len(inside), sum(hand.REVENUE_OF[who] for who in inside)) == (people, money), name
    assert sum(hand.A_BRIDGE.values()) == pytest.approx(hand.A_END - hand.A_START)
    assert sum(hand.B_BRIDGE.values()) == pytest.approx(hand.B_END - hand.B_START)
    assert hand.day(730) == hand.LAST_DAY
    assert hand.since_1970(0) == (hand.FIRST_DAY - hand.dt.date(1970, 1, 1)).days


def test_every_row_is_used_or_left_out_under_one_reason(plain):
    found = plain.cleaned
    assert (found.rows_in, found.rows_used) == (hand.ROWS_IN, hand.ROWS_USED)
    counted = sorted(found.report[["rows", "orders", "money"]].itertuples(index=False, name=None))
    assert counted == sorted(hand.LEFT_OUT.values())
    assert plain.shop.format_name == "Shopify orders"
    assert found.currency == "USD"


def test_totals(plain, shop):
    assert plain.totals == (hand.ORDERS, hand.REVENUE, hand.REFUNDED)
    assert plain.not_attributable == (hand.NOBODYS_ORDERS, hand.NOBODYS_REVENUE)
    assert (plain.first_order, plain.last_order) == (hand.FIRST_DAY, hand.LAST_DAY)
    assert plain.burn_in.end is None
    assert shop(count_shipping=False).totals[1] == hand.WITHOUT_SHIPPING
    assert shop(count_tax=False).totals[1] == hand.WITHOUT_TAX


@pytest.mark.parametrize(("word", "found"), [("product", hand.PRODUCTS), ("country", hand.COUNTRIES),
                                             ("channel", hand.CHANNELS)])  # fmt: skip
def test_sales(plain, word, found):
    assert list(plain.sales_by(word).itertuples(index=False, name=None)) == [
        (name, *row) for name, row in found.items()
    ]


def test_months(plain):
    frame = plain.months.assign(month=plain.months["month"].dt.strftime("%Y-%m"))
    rows = frame[["month", "revenue", "orders", "buyers", "new_customers"]].itertuples(index=False, name=None)
    assert list(rows) == [(month, *row) for month, row in hand.MONTHS.items()]
    assert frame["complete"].all()


def test_customers(plain):
    people = plain.customers
    for column, expected in (
        ("orders", hand.ORDERS_OF), ("revenue", hand.REVENUE_OF), ("frequency", hand.FREQUENCY),
        ("days_since_last_order", hand.DAYS_SINCE_LAST_ORDER), ("monetary_value", hand.MONETARY_VALUE),
        ("recency", {who: days / 7 for who, days in hand.RECENCY_DAYS.items()}),
        ("T", {who: days / 7 for who, days in hand.TENURE_DAYS.items()}),
        ("order_days", {who: len(days) for who, days in hand.ORDER_DAYS.items()}),
    ):  # fmt: skip
        assert by_who(people, column) == pytest.approx(expected, **NEAR), column
    assert by_who(people, "accepts_marketing") == {who: who != "ben" for who in hand.WHO if who != "gus"}


def test_the_simple_formula(plain):
    found = plain.simple_clv
    assert (found.customers, found.orders, found.whole_year) == (hand.BOUGHT_IN_YEAR, hand.ORDERS_IN_YEAR, True)
    assert found.aov == pytest.approx(hand.AOV, **NEAR)
    assert found.orders_per_year == pytest.approx(hand.ORDERS_PER_YEAR, **NEAR)
    assert found.years == pytest.approx(hand.YEARS, **NEAR)
    assert found.clv == pytest.approx(hand.CLV, **NEAR)


def test_above_and_below(plain, at_margin, shop):
    above = plain.customers.loc[plain.customers["value_segment"] == "above_average", "customer_id"]
    assert tuple(above.str.removesuffix("@example.org")) == hand.ABOVE_AVERAGE
    for analysis, line, count, share in (
        (plain, hand.AVERAGE_VALUE, 3, hand.SHARE_OF_THOSE_ABOVE),
        (at_margin, hand.AVERAGE_EARNED, 3, hand.SHARE_OF_THOSE_ABOVE),
        (shop(threshold="median"), hand.MEDIAN_VALUE, hand.ABOVE_MEDIAN, hand.SHARE_ABOVE_MEDIAN),
        (shop(threshold="top"), hand.TOP_FIFTH_BEGINS, 3, hand.SHARE_OF_ONE_IN_FOUR),
    ):
        parts = analysis.segments
        assert (parts.threshold, parts.revenue_share_above) == pytest.approx((line, share), **NEAR)
        assert (parts.above, parts.below) == (count, 12 - count)


def test_cohorts_by_value(plain):
    frame = plain.cohorts
    found = dict(
        zip(frame["month"].dt.strftime("%Y-%m"), zip(frame["customers"], frame["value"], strict=True), strict=True)
    )
    assert found == hand.COHORTS


def test_the_triangle_of_cohorts(plain):
    cells = plain.returning.cohort_table
    cells = cells[(cells["active"] > 0) | (cells["revenue"] != 0) | (cells["month"] == 0)]
    found: dict = {}
    for cohort, month, active, revenue in cells[["cohort", "month", "active", "revenue"]].itertuples(index=False):
        found.setdefault(f"{cohort:%Y-%m}", {})[month] = (active, revenue)
    assert found == hand.TRIANGLE


def test_payback(plain):
    paid = plain.returning.payback(hand.WINNING_COSTS)
    asked = paid[paid["months"] >= 6]
    assert len(asked) == hand.COHORTS_ASKED
    assert asked["paid_back_in"].isna().sum() == hand.NOT_PAID_BACK
    assert sorted(asked["paid_back_in"].dropna()) == [1, 1, 2, 3, 3, 12]
    assert asked["ltv_cac_year"].dropna().median() == pytest.approx(hand.FIRST_YEAR_TIMES_COST)


def test_segments_and_states(plain):
    found = plain.returning.segmented()
    cuts = found.cuts
    assert (cuts.days, cuts.times, cuts.money) == (hand.CUT_DAYS, hand.CUT_TIMES, hand.CUT_MONEY)
    people = found.people
    scores = people.assign(scores=list(people[["recency", "frequency", "money"]].itertuples(index=False, name=None)))
    assert by_who(scores, "scores") == hand.SCORES
    assert by_who(people, "segment") == hand.SEGMENT
    assert by_who(people, "state") == hand.STATE
    assert plain.silent.sum() == hand.SILENT


def test_what_is_due(plain):
    due = plain.returning.due
    found = {who: (day.date() - hand.FIRST_DAY).days for who, day in by_who(due, "due").items()}
    assert found == hand.DUE
    assert (due["overdue_days"] > 0).sum() == hand.OVERDUE


def test_repeat_purchases(plain):
    rows = plain.returning.figures.set_index("key")
    assert rows.loc["second_purchase_30", ["share", "low", "high"]].tolist() == pytest.approx(
        [hand.SECOND_WITHIN_30, *hand.SECOND_WITHIN_30_BAND], rel=1e-6
    )
    assert rows.loc["second_purchase_90", ["share", "low", "high"]].tolist() == pytest.approx(
        [hand.SECOND_WITHIN_90, *hand.SECOND_WITHIN_90_BAND], rel=1e-6
    )
    assert rows.loc["third_purchase_90", ["share", "low", "high"]].tolist() == pytest.approx(
        [hand.THIRD_WITHIN_90, *hand.THIRD_WITHIN_90_BAND], rel=1e-6
    )
    assert rows.loc["third_purchase_30", "share"] == hand.THIRD_WITHIN_30
    assert rows.loc["not_back", ["share", "low", "high"]].tolist() == pytest.approx(
        [hand.NOT_BACK, *hand.NOT_BACK_BAND], rel=1e-6
    )
    assert rows.loc["existing_customers", "share"] == pytest.approx(hand.EXISTING_SHARE)
    assert rows.loc["repeat_first_months", "share"] == hand.REPEAT_SHARE_OF_FIRST_MONTHS
    asked = {"second_purchase_30": hand.SECOND_ASKED, "second_purchase_90": hand.SECOND_ASKED,
             "third_purchase_90": hand.THIRD_ASKED, "third_purchase_30": hand.THIRD_WITHIN_30_ASKED,
             "not_back": hand.NOT_BACK_ASKED}  # fmt: skip
    assert rows["customers"].reindex(list(asked)).to_dict() == asked


def test_the_ladder(plain):
    rows = plain.returning.repeat_rate_by_order
    known = rows[rows["share"].notna()]
    assert dict(zip(known["number"], zip(known["customers"], known["came"], strict=True), strict=True)) == hand.LADDER


def test_the_first_steps_of_the_ladder(plain):
    rows = plain.returning.repeat_rate_by_order
    for place, number in enumerate((2, 3)):
        assert (rows["number"][place], (rows["customers"][place], rows["came"][place])) == (number, hand.LADDER[number])
    second = rows.iloc[0]
    assert (second["returns"], second["quarter"], second["median"], second["three_quarters"]) == hand.DAYS_TO_SECOND


def test_refunds_of_first_orders(plain):
    rows = plain.returning.regretted
    found = {row.product: (row.customers, row.refunds, row.money_share) for row in rows.itertuples()}
    assert found == hand.REGRETTED


def test_a_state_has_the_same_number_everywhere(plain, with_expected):
    counts = {state: people for state, (people, _) in hand.STATES.items()}
    assert results.summary(plain)["states"] == counts
    assert plain.states.value_counts().to_dict() == counts
    assert plain.returning.segmented().people["state"].value_counts().to_dict() == counts
    assert plain.silent.sum() == counts["slipping"] + counts["lapsed"]
    now = plain.returning.compare(hand.since_1970(699), hand.since_1970(730)).set_index("key")["now"]
    assert now["active"] == counts["new"] + counts["active"]
    early = results.summary(with_expected)
    assert early["states"] is None
    assert with_expected.no_states in early["findings"]
    assert with_expected.no_states.startswith("Only one return was seen, so nobody is called active")


@pytest.mark.parametrize("pair", ["A", "B"])
def test_two_days_compared(plain, pair):
    then, now, figures, bridge = (getattr(hand, f"{pair}_{name}") for name in ("THEN", "NOW", "FIGURES", "BRIDGE"))
    rows = plain.returning.compare(hand.since_1970(then), hand.since_1970(now)).set_index("key")
    for key, ends in figures.items():
        assert (rows.loc[key, "then"], rows.loc[key, "now"]) == pytest.approx(ends, nan_ok=True, **NEAR), key
    parts = plain.returning.bridge(hand.since_1970(then), hand.since_1970(now))
    found = parts.groupby("why")["change"].sum().drop("Without a customer").to_dict()
    assert found == pytest.approx(bridge, **NEAR)


def test_twelve_customers_carry_no_profile(plain):
    found = plain.profile
    assert not found.usable
    assert found.customers_learned_from == hand.OLD_ENOUGH_TO_LEARN_FROM
    table = plain.targets.table
    assert tuple(table["customer_id"].str.removesuffix("@example.org")) == hand.THANKED
    assert plain.targets.left_out.empty


def test_behaviour_above(plain):
    rows = plain.behaviour.set_index("measure")
    assert rows["above"].to_dict() == pytest.approx({measure: above for measure, (above, _) in hand.BEHAVIOUR.items()})


def test_behaviour_below(plain):
    rows = plain.behaviour.set_index("measure")
    assert rows["below"].to_dict() == pytest.approx({measure: below for measure, (_, below) in hand.BEHAVIOUR.items()})


def test_looked_back(looked_back):
    assert looked_back.totals[:2] == (hand.LOOK_BACK_ORDERS, hand.LOOK_BACK_REVENUE)
    assert not looked_back.months["complete"].iloc[-1]
    found = looked_back.simple_clv
    assert found.aov == pytest.approx(hand.LOOK_BACK_AOV)
    assert found.orders_per_year == pytest.approx(hand.LOOK_BACK_ORDERS_PER_YEAR)
    assert found.years == pytest.approx(hand.LOOK_BACK_YEARS)
    assert looked_back.customers["frequency"].sum() == hand.LOOK_BACK_RETURNS
    asked = looked_back.returning.figures.set_index("key").loc["third_purchase_90", "customers"]
    assert asked == hand.LOOK_BACK_THIRD_ASKED


def test_rows_after_the_day_looked_back_from_have_a_reason_of_their_own(looked_back):
    report = looked_back.cleaned.report
    assert looked_back.cleaned.rows_used == hand.LOOK_BACK_ROWS_USED
    counted = sorted(report[["rows", "orders", "money"]].itertuples(index=False, name=None))
    assert counted == sorted(hand.LOOK_BACK_LEFT_OUT.values())


def test_too_early_for_a_forecast(too_early):
    assert too_early.customers["frequency"].sum() == hand.TOO_EARLY_RETURNS
    assert len(too_early.customers) == hand.TOO_EARLY_CUSTOMERS
    assert not too_early.forecast.enough.total


def test_a_forecast_by_hand(with_expected):
    found = with_expected.forecast
    assert len(found.customers) == hand.EARLIEST_CUSTOMERS
    assert found.totals.orders == pytest.approx(hand.EARLIEST_ORDERS_AHEAD)
    assert found.totals.revenue == pytest.approx(hand.EARLIEST_REVENUE_AHEAD)
    assert found.totals.value == pytest.approx(hand.EARLIEST_VALUE_AHEAD)
    assert not found.enough.total
    assert with_expected.segments.threshold == 300 / 4  # so what is expected does not count
    clv = with_expected.simple_clv
    assert clv.whole_year
    assert (clv.aov, clv.orders_per_year) == pytest.approx((hand.EARLIEST_AOV, hand.EARLIEST_ORDERS_PER_YEAR))


# --- the shop by a pattern --------------------------------------------------------------------------------------------
def test_totals_of_the_pattern(pattern):
    found = pattern()
    assert found.totals == (large.ORDERS, large.REVENUE, 0.0)
    assert len(found.customers) == large.CUSTOMERS
    assert found.customers["frequency"].sum() == large.RETURNS
    assert found.burn_in.end is None
    assert (found.segments.above, found.segments.revenue_share_above) == (
        large.ABOVE_AVERAGE, pytest.approx(large.SHARE_OF_THOSE_ABOVE),
    )  # fmt: skip
    assert found.segments.threshold == pytest.approx(large.AVERAGE_VALUE)
    sales = found.sales_by("product").itertuples(index=False, name=None)
    assert list(sales) == [(name, *row) for name, row in large.PRODUCTS.items()]
    value = found.customers.groupby(found.first_orders["product"].to_numpy())["revenue"].agg(["size", "mean"])
    for product, row in large.VALUE_BY_FIRST_PRODUCT.items():
        assert tuple(value.loc[product]) == pytest.approx(row)
    clv = found.simple_clv
    assert (clv.customers, clv.orders) == (large.BOUGHT_IN_YEAR, large.ORDERS_IN_YEAR)
    assert (clv.aov, clv.orders_per_year) == pytest.approx((large.AOV, large.ORDERS_PER_YEAR))


def test_who_comes_back_in_the_pattern(pattern):
    seen = pattern().returning
    rows = seen.figures.set_index("key")
    for key, share in (
        ("second_purchase_30", large.SECOND_WITHIN_30), ("second_purchase_90", large.SECOND_WITHIN_90),
        ("third_purchase_90", large.THIRD_WITHIN_90), ("not_back", large.NOT_BACK),
        ("first_month", large.FIRST_MONTH_OF_YEAR), ("cross_buying", large.CROSS_BUYING_WITHIN_90),
    ):  # fmt: skip
        assert rows.loc[key, "share"] == pytest.approx(share), key
    assert rows.loc["third_purchase_90", "customers"] == large.THIRD_ASKED
    assert rows.loc["cross_buying", "customers"] == large.CROSS_BUYERS
    again = seen.again_by("product").set_index("group")
    for group, (people, share) in large.SECOND_WITHIN_90_BY_FIRST_PRODUCT.items():
        assert (again.loc[group, "customers"], again.loc[group, "share"]) == (people, pytest.approx(share))
    states = seen.segmented().people["state"].value_counts()
    assert {state: int(states.get(state, 0)) for state in large.STATES} == large.STATES


def test_who_becomes_high_value_in_the_pattern(pattern):
    found = pattern().profile
    assert found.usable
    assert (found.customers_learned_from, found.customers_tested) == (large.LEARNED_FROM, large.TESTED)
    assert (found.threshold, found.base_rate) == pytest.approx((large.THRESHOLD, large.BASE_RATE))
    assert found.top_decile_lift == pytest.approx(large.TOP_TENTH_LIFT)
    kit = found.contrasts.iloc[0]
    assert kit["words"] == "First order held 'Starter kit'"
    assert (kit["share_high"], kit["share_others"]) == pytest.approx((large.KIT_OF_HIGH, large.KIT_OF_OTHERS))
    # The kit is also a rule, and a rule has one rate: 24 of the 31 who had no part in shaping it; of all 60 it is 45.
    assert kit["hit_rate"] == found.rules.iloc[0]["hit_rate"] == 24 / 31
    assert found.rules["customers"].sum() == large.RULES_COUNTED


def test_the_lists_of_the_pattern(pattern):
    found = pattern().targets
    assert found.counts == {"upgrade": large.UPGRADE, "win_back": large.WIN_BACK, "thank": large.THANK}
    table = found.table
    by_list = {name: set(part["customer_id"]) for name, part in table.groupby("list")}
    assert by_list["upgrade"] == set(large.UPGRADE_IDS)
    assert by_list["win_back"] == set(large.WIN_BACK_IDS)
    assert list(found.left_out.itertuples(index=False, name=None)) == [("no marketing consent", large.NO_CONSENT)]
    offered = table[table["list"] != "thank"]
    gaps = dict(zip(offered["customer_id"].str[1:4].astype(int), offered["gap"], strict=True))
    assert gaps == pytest.approx({i: large.gap_of(i) for i in gaps})


def test_the_forecasts_own_test_in_the_pattern(pattern):
    test = pattern().forecast.backtest.reported
    assert (test.prepared.day, test.prepared.horizon) == (large.since_1970(large.CUT), large.CUT_DAYS)
    assert float(test.revenue_came.sum()) == pytest.approx(large.CAME)


def test_days_are_counted_as_the_calendar_does():
    assert large.day(large.LAST) == hand.LAST_DAY
    assert pd.Timestamp(large.day(0)).value // 86_400_000_000_000 == large.since_1970(0)
