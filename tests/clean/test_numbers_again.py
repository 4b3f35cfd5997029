"""Order numbers that begin again: another day and another customer is another order; a late line or refund is not."""

import pytest
from hand_frames import made, order

DAY = "ordered_at"


def of(number, day, who, total="10.00", **cells):
    return order(number, total, ordered_at=day, customer_email=who and f"{who}@example.org", **cells)


def money(found):
    return sorted(zip(found.orders["order_id"], found.orders["date"], found.orders["value"], strict=True))


YEARS = [
    of("1", "2024-01-05", "ann", "5.00"), of("2", "2024-02-05", "bo"), of("1", "2025-01-07", "cy", "6.00"),
    of("2", "2025-02-09", "bo"), of("2", "2025-02-09", "bo"),
]  # fmt: skip
OF_YEARS = [("1", "2024-01-05", 5), ("1", "2025-01-07", 6), ("2", "2024-02-05", 10), ("2", "2025-02-09", 10)]


def test_a_number_of_another_year_and_customer_is_another_order():
    assert money(made(YEARS)) == OF_YEARS


@pytest.mark.parametrize("turned", [False, True])
def test_numbers_begin_again_in_a_second_file(turned):
    first, second = YEARS[:2], YEARS[2:]
    found = made(second, first) if turned else made(first, second)
    assert (money(found), found.reasons) == (OF_YEARS, {})


def test_both_years_in_one_file_and_the_second_again_in_another_count_once():
    found = made(YEARS, YEARS[2:])
    assert (money(found), found.reasons) == (OF_YEARS, {"duplicate": 3})


def test_a_till_that_begins_each_day_is_known_without_customers():
    rows = [of(str(n), f"2026-01-0{day}", None, f"{n}.00") for day in (5, 6, 7) for n in (1, 2, 3)]
    assert len(made(rows).orders) == 9


def test_tills_of_two_days_in_two_files_are_other_orders():
    rows = [[of(str(n), f"2026-01-0{day}", None, f"{n + day}.00") for n in (1, 2, 3)] for day in (5, 6)]
    assert len(made(*rows).orders) == 6


def test_lines_with_days_of_their_own_stay_one_order():
    rows = [of("A", "2026-01-05", "ann"), of("A", "2026-01-08", "ann"), of("B", "2026-01-06", "bo")]
    assert money(made(rows)) == [("A", "2026-01-05", 10), ("B", "2026-01-06", 10)]


def test_a_refund_under_the_sales_number_stays_with_it():
    rows = [*YEARS[:4], of("1", "2025-01-20", "cy", "-6.00")]
    found = made(rows)
    assert [(d, v) for n, d, v in money(found) if n == "1"] == [("2024-01-05", 5), ("2025-01-07", 6)]
    assert found.revenue == 25


def test_a_state_with_the_same_moment_is_the_same_order_whoever_it_names():
    found = made([of("A", "2026-01-05", "ann", "10.00")], [of("A", "2026-01-05", "bo", "12.00")])
    assert (money(found), found.reasons) == ([("A", "2026-01-05", 12)], {"duplicate": 1})


def test_a_day_that_moved_with_nothing_else_is_the_same_order():
    found = made([of("A", "2026-01-05", "ann")], [of("A", "2026-01-06", "ann"), of("B", "2026-01-09", "bo")])
    assert (money(found), found.reasons) == ([("A", "2026-01-06", 10), ("B", "2026-01-09", 10)], {"duplicate": 1})
