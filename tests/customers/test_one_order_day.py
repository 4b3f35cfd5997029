"""An order day is the same day in every room: random order books, cleaned for real, and everything that counts them."""

import itertools
from collections import defaultdict

import narwhals as nw
import numpy as np
import pandas as pd
import pytest
from hand_frames import raw_tables
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clvapp import clean, formats, then_now
from clvapp.customers import summary
from clvapp.customers.burn_in import burn_in
from clvapp.customers.order_days import order_days
from clvapp.customers.tables import Tables
from clvapp.days import day_numbers
from clvapp.forecast import snapshot
from clvapp.targets.ages import behaviour, value_at_age
from clvapp.targets.next_year import state

UCI = formats.named("uci_online_retail")
START = int(np.datetime64("2025-11-20", "D").astype("int64"))
END = START + 400  # long enough for the gaps to decide how long the burn-in is
PRICES = {"Cup": 10, "Pot": 25, "Lid": 4}  # no lid is ever sold: giving one back is linked to no sale

_sold = st.tuples(st.sampled_from(["Cup", "Pot"]), st.integers(1, 2))
_back = st.tuples(st.sampled_from(list(PRICES)), st.integers(-8, -1))
_bought = st.lists(st.tuples(st.sampled_from([0, 1, 2, 9, 60, 150]), st.one_of(_sold, _sold, _back)), max_size=8)
# A book is (who, day, (thing, pieces)); one order at least is left of it.
_books = st.lists(_bought, min_size=1, max_size=12).map(
    lambda people: [("one", 3, ("Pot", 1)), *((f"c{i}", *row) for i, rows in enumerate(people) for row in rows)]
)


def random_books(test):
    """The same ones every time. To clean a book takes long, so each is of several customers."""
    some = settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
    return some(given(book=_books)(test))


def _row(number, who, day, thing, pieces, *, minute):
    return {
        "order_id": f"{'C' if pieces < 0 else ''}{number}", "customer_id": who, "product": thing,
        "ordered_at": f"{np.datetime64(START + day, 'D')} 09:{minute:02}:00", "quantity": str(pieces),
        "unit_price": f"{PRICES[thing]}.00",
    }  # fmt: skip


def cleaned(book):
    """The rooms' two ways in, customers and spend, of a `book`; and its orders."""
    rows = [_row(700 + i, who, day, *line, minute=i) for i, (who, day, line) in enumerate(book)]
    with raw_tables(rows, fmt=UCI) as (con, raw):
        clean.orders(con, clean.load(con, [raw], rows_in=len(rows)))
        tables = Tables(nw.from_native(con.table("orders")), nw.from_native(con.table("adjustments")))
        orders = con.execute("SELECT customer_id, day, revenue::DOUBLE AS revenue FROM orders ORDER BY ALL").fetchall()
        return summary.customers(tables, end_day=END), summary.spend(tables, end_day=END), orders


def by_hand(orders):
    """Customer -> day -> what was paid for the day's orders, of those days on which that was above nothing."""
    paid = defaultdict(lambda: defaultdict(float))
    for who, day, revenue in orders:
        paid[who][day] += revenue
    return {who: {day: money for day, money in sorted(days.items()) if money > 0} for who, days in paid.items()}


def told(customers, spend):
    """By room, what each says of every customer, in the order of `customers`: how many order days, or which."""
    ids = customers["customer_id"]
    bought, known = order_days(spend), snapshot.ledger(spend).until(END)
    seen = then_now.history(bought)
    first = pd.Series(day_numbers(customers["first_order"]), ids)
    place = pd.Index(known.ledger.customer_ids[known.place]).get_indexer(ids)
    own = bought.ids.get_indexer(ids)
    return {
        "customers.order_days": customers["order_days"].tolist(),
        "customers.frequency": (customers["frequency"] + (customers["order_days"] > 0)).tolist(),
        "order days": bought.count[own].tolist(),
        "forecast": known.order_days[place].astype(int).tolist(),
        "forecast, x": (known.x + (known.order_days > 0))[place].astype(int).tolist(),
        "forecast, ahead": known.ledger.between(START - 1, END)[0][place].astype(int).tolist(),
        "season": (np.bincount(known.ledger.customer[known.ledger.repeat], minlength=len(ids))[place]
                   + (known.order_days > 0)[place]).astype(int).tolist(),
        "then and now": seen.bought.count[own].tolist(),
        "next year": np.exp(state(first, spend, END)["order_days"]).round().astype(int).tolist(),
    }  # fmt: skip


@random_books
def test_every_room_counts_the_same_order_days(book):
    customers, spend, orders = cleaned(book)
    expected = by_hand(orders)
    count = [len(expected[who]) for who in customers["customer_id"]]
    found = told(customers, spend)
    found["next year"] = [n if c else 0 for n, c in zip(found["next year"], count, strict=True)]  # none stands as one
    assert found == dict.fromkeys(found, count)
    _check_the_beginning(spend, orders, expected)
    _check_the_description(customers, spend, expected)


def _check_the_beginning(spend, orders, expected):
    """The burn-in is as long as nine in ten gaps between order days, and ends with the nearest month."""
    gaps = [b - a for days_of in expected.values() for a, b in itertools.pairwise(days_of)]
    start = min(day for _, day, _ in orders)
    lasts = min(max(np.quantile(gaps, 0.9) if gaps else 0, 30), (END - start + 1) / 3)
    reached = np.datetime64(start + round(lasts), "D")
    months = [reached.astype("datetime64[M]") + i for i in (0, 1)]
    nearest = min(months, key=lambda month: abs(month.astype("datetime64[D]") - reached))
    found = burn_in(spend, end_day=END, answered=False)
    assert found.end == int(nearest.astype("datetime64[D]").astype("int64"))


def _check_the_description(customers, spend, expected):
    """Who has one order day, and how many have more, of everybody above or below the average of their age."""
    found = behaviour(customers, spend, end_day=END).set_index("measure")
    first = pd.Series(day_numbers(customers["first_order"]), customers["customer_id"])
    standing = value_at_age(first, spend, end_day=END)[["below_average_at_age", "above_average_at_age"]]
    days_of = [list(expected[who]) for who in standing.index[standing.fillna(False).any(axis=1)]]
    assert found.loc["Days to the second order day", "customers"] == sum(len(days) > 1 for days in days_of)
    one = found.loc["Share with one order day only"]
    people = np.nansum([one[side] * one[f"customers_{side}"] for side in ("above", "below")])
    assert people == pytest.approx(sum(len(days) == 1 for days in days_of))


@pytest.mark.verify
@random_books
def test_every_room_has_the_same_days_and_what_was_paid_on_them(book):
    customers, spend, orders = cleaned(book)
    expected = by_hand(orders)
    bought, known = order_days(spend), snapshot.ledger(spend).until(END)
    listed = zip(bought.ids[bought.who], bought.day.tolist(), bought.paid.tolist(), strict=True)
    assert sorted(listed) == sorted((who, *of) for who, paid in expected.items() for of in paid.items())
    places = pd.Index(known.ledger.customer_ids[known.place]).get_indexer(customers["customer_id"])
    for row, place in zip(customers.to_dict("records"), places, strict=True):
        days_of, paid = list(expected[row["customer_id"]]), list(expected[row["customer_id"]].values())
        assert known.spent[place] == pytest.approx(sum(paid))
        if paid:
            assert (known.first[place], known.last[place]) == (days_of[0], days_of[-1])
            assert row["recency"] * 7 == pytest.approx(days_of[-1] - days_of[0])
        if len(paid) > 1:
            mean = sum(paid[1:]) / len(paid[1:])
            assert (row["monetary_value"], known.repeat_value[place]) == (pytest.approx(mean), pytest.approx(mean))


def test_a_refund_that_no_sale_explains_never_undoes_the_order_day_it_falls_on():
    """Anna pays 50 on day 0 and 25 on day 9; on day 9 she also gives back ten lids that this file never sold her."""
    customers, spend, _ = cleaned([("a", 0, ("Pot", 2)), ("a", 9, ("Pot", 1)), ("a", 9, ("Lid", -10))])
    assert spend.to_dict("list") == {
        "customer_id": ["a", "a"], "day": [START, START + 9], "revenue": [50.0, -15.0], "orders": [1, 1],
        "paid": [50.0, 25.0],
    }  # fmt: skip
    assert [count for count in told(customers, spend).values() if count != [2]] == []
    assert customers.loc[0, ["revenue", "monetary_value"]].tolist() == [35.0, 25.0]


def test_a_refund_linked_to_its_sale_takes_the_order_day_back_wherever_it_stands():
    """Anna pays 50 on day 0, gives it back on day 9, and pays 20 that day."""
    customers, spend, _ = cleaned([("a", 0, ("Pot", 2)), ("a", 9, ("Pot", -2)), ("a", 9, ("Cup", 2))])
    assert spend[["day", "revenue", "paid"]].to_numpy().tolist() == [[START, 0.0, 0.0], [START + 9, 20.0, 20.0]]
    assert [count for count in told(customers, spend).values() if count != [1]] == []
