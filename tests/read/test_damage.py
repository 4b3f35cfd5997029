"""CSV that another program damaged reads like the CSV it was."""

import pytest
from hand_frames import read

from clvapp.read.damage import unwrapped

ROWS = [
    "Order number,Order date,Email,Note,Order total",
    '"K-1","2026-03-02","ida@example.net","Gift for ""Oma"", please","20.50"',
    '"K-2","2026-03-05","ole@example.net","","31.00"',
    '"K-3","2026-04-01","ida@example.net","left at door","8.25"',
]
RIGHT = [("K-1", "ida@example.net", 20.5), ("K-2", "ole@example.net", 31.0), ("K-3", "ida@example.net", 8.25)]


def orders(lines, end="\n"):
    found = read(end.join(lines).encode()).orders.sort_values("order_id")
    return [(number, who, float(money)) for number, who, money in found[["order_id", "customer_id", "revenue"]].values]


def wrapped(line):
    return '"' + line.replace('"', '""') + '"'


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("head", [wrapped, str])
def test_rows_that_a_spreadsheet_took_for_one_cell_each_are_rows_again(head, end):
    assert orders([head(ROWS[0]), *map(wrapped, ROWS[1:])], end) == RIGHT


def test_wrapped_rows_may_end_in_several_ways():
    head, first, second, third = map(wrapped, ROWS)
    assert orders([f"{head}\r\n{first}\r{second}\n{third}\r"]) == RIGHT


def test_quotes_after_backslashes_are_quotes():
    lines = [row.replace('""Oma""', r"\"Oma\"") for row in ROWS]
    assert orders(lines) == RIGHT


def test_a_backslash_that_escapes_nothing_stays():
    """The names of Windows' folders have backslashes; no quote follows them, so nothing is mended."""
    assert orders([*ROWS[:2], ROWS[2].replace('""', r'"C:\shop\new"'), ROWS[3]]) == RIGHT


def test_a_file_as_it_should_be_is_left_alone():
    assert orders(ROWS) == RIGHT
    assert [unwrapped(row) for row in ROWS] == ROWS


def test_a_column_that_is_mostly_the_word_null_is_what_its_other_cells_say():
    rows = [f"N-{i},2026-03-{i:02d},NULL,\\N,{i}.50" for i in range(1, 9)]
    rows += ["N-9,2026-03-09,eva@example.net,4.00,9.50"]
    found = read("\n".join(["order_id,order_date,email,refunded,total", *rows]).encode())
    assert found.orders["customer_id"].dropna().tolist() == ["eva@example.net"]
    assert found.revenue == pytest.approx(sum(i + 0.5 for i in range(1, 10)) - 4)
