"""Numbers and dates as exports write them: what is read as what, what is asked, what is refused."""

from decimal import Decimal

import pytest
from hand_frames import made, order, raw_tables

from clvapp.clean.values import values
from clvapp.database import rows
from clvapp.problems import DateOrderUnknown, DatesMixed, DecimalSignUnknown, NoDateReadable
from clvapp.read.cells import is_number


def numbers(*cells, role="order_total", **options):
    """What a column of `cells` is read as."""
    with raw_tables([order(str(i)) | {role: cell} for i, cell in enumerate(cells)]) as (con, raw):
        understood = values(con, raw.table, raw.roles, **options)
        found = rows(con, f"SELECT {understood.numbers[role]} FROM raw ORDER BY record")
        return [None if number is None else float(number) for (number,) in found]


def moments(*cells, **options):
    """What a column of dates is read as, to the second; None where it cannot be read."""
    with raw_tables([order(str(i), ordered_at=cell) for i, cell in enumerate(cells)]) as (con, raw):
        understood = values(con, raw.table, raw.roles, **options)
        found = rows(con, f"SELECT {understood.ordered_at} FROM raw ORDER BY record")
        return [None if moment is None else str(moment) for (moment,) in found]


# --- numbers --------------------------------------------------------------------------------------

# Each is read in a column whose other cell, 1234.56, says that the point is the decimal sign.
POINT = {
    "12": 12,
    "12.5": 12.5,
    ".5": 0.5,
    "5.": 5,
    "-12.00": -12,
    "12.00-": -12,
    "(12.00)": -12,
    "( 12.00 )": -12,
    "−12.00": -12,
    "+12.00": 12,
    "$1,234.50": 1234.5,
    "-$12.00": -12,
    "$-12.00": -12,
    "($33.62)": -33.62,
    "USD 15.00": 15,
    "15.00 USD": 15,
    "RM 1,234.56": 1234.56,
    "(RM 50.00)": -50,
    "Rs. 1,200.00": 1200,
    "R$ 5.00": 5,
    "৳2,999": 2999,
    "1'234.50": 1234.5,
    "1’234.50": 1234.5,
    "1,23,456.00": 123456,
    "1,234,567.89": 1234567.89,
    "1 234.50": 1234.5,
    "1\u202f234.50": 1234.5,
    "1\u00a0234.50": 1234.5,
    "2,999": 2999,
    "12,345": 12345,
    "0.125": 0.125,
    "1.5E+3": 1500,
    "€0.00": 0,
    "12,50": 12.5,
    "12.5000": 12.5,
    "1234567890.12": 1234567890.12,
}
COMMA = {
    "12": 12,
    "12,5": 12.5,
    "1.234,50 €": 1234.5,
    "1 234,50 €": 1234.5,
    "1\u202f234,50 €": 1234.5,
    "-59,90": -59.9,
    "(1.234,50)": -1234.5,
    "15.000": 15000,
    "1.234.567": 1234567,
    "1.234.567,8": 1234567.8,
    "2,999": 2.999,
    ",5": 0.5,
    "CHF 1'234,50": 1234.5,
    "12.5": 12.5,
    "kr 99,00": 99,
    "99,00 kr.": 99,
    "12,00 zł": 12,
}
REFUSED = (
    "abc", "12 apples", "1.2.3.4,0", "1,2,3", "1.23.4", "12-13", "12.50.10", "--", "n/a", "-", "1,234.5.6", "1 23",
    "12 34 56",
    "#1001", "A-17", "12%", "2026-01-05", "1'2", "twelve", "$", "1,234,56.00", "inf", "nan", "0x10", "1.234.56",
)  # fmt: skip


@pytest.mark.parametrize("text", POINT)
def test_a_number_is_read_in_a_column_with_decimal_points(text):
    assert numbers(text, "1234.56")[0] == pytest.approx(POINT[text])


@pytest.mark.parametrize("text", COMMA)
def test_a_number_is_read_in_a_column_with_decimal_commas(text):
    assert numbers(text, "1234,56")[0] == pytest.approx(COMMA[text])


@pytest.mark.parametrize("text", REFUSED)
@pytest.mark.parametrize("other", ["1234.56", "1234,56"])
def test_what_is_no_number_is_no_number(text, other):
    assert numbers(text, other)[0] is None


def test_each_trap_of_writing_a_number_is_read_right():
    told = [
        "$1,234.50",
        "(12.00)",
        "12.00-",
        "−12.00",
        "'-18",
        "USD 15.00",
        "1 234,50 €",
        "৳2,999",
        "--",
        "$8.00",
        "1'234.50",
    ]
    assert numbers(*told, "1,23,456.00") == [1234.5, -12, -12, -12, -18, 15, 1234.5, 2999, None, 8, 1234.5, 123456]


def test_money_is_exact_to_the_hundredth():
    with raw_tables([order("A", "0.10"), order("B", "0.20")]) as (con, raw):
        sql = values(con, raw.table, raw.roles).numbers["order_total"]
        assert rows(con, f"SELECT sum({sql}) FROM raw") == [(Decimal("0.3000"),)]


def test_three_digits_after_the_only_point_in_a_whole_column_are_asked_about():
    with pytest.raises(DecimalSignUnknown, match=r"order total .*'15.000'.*--decimal-sign"):
        numbers("15.000", "8.000")
    assert numbers("15.000", "8.000", decimal_sign=",") == [15000, 8000]
    assert numbers("15.000", "8.000", decimal_sign=".") == [15, 8]


@pytest.mark.parametrize(
    ("other", "read"),
    [
        ("148.88", 15),
        ("0.500", 15),
        ("12345.678", 15),
        ("1.2345", 15),
        ("1,234.00", 15),
        ("148,88", 15000),
        ("1.234.567,0", 15000),
    ],
)
def test_one_cell_of_the_column_decides_what_three_digits_mean(other, read):
    assert numbers("15.000", other)[0] == read


def test_the_other_columns_of_the_file_decide_when_one_cannot():
    lines = [{**order("A", "148.88"), "quantity": "1.000"}, {**order("B", "20.00"), "quantity": "2.000"}]
    assert made(lines).orders["quantity"].tolist() == [1, 2]
    german = [{**order("A", "148,88"), "quantity": "1.000"}, {**order("B", "20,00"), "quantity": "2.000"}]
    assert made(german).orders["quantity"].tolist() == [1000, 2000]


def test_whole_pieces_with_three_zeros_are_no_question():
    assert numbers("1.000", "2.000", role="quantity") == [1, 2]


def test_zeros_with_three_decimals_are_no_question():
    assert numbers("0.000", "0.000", role="tax") == [0, 0]


def test_thousands_written_with_a_comma_are_no_question():
    assert numbers("2,999", "15,000") == [2999, 15000]


# --- dates ----------------------------------------------------------------------------------------

# Read by themselves.
DATES = {
    "2026-04-05": "2026-04-05 00:00:00",
    "2026-04-05 10:30": "2026-04-05 10:30:00",
    "2026-04-05 10:30:05": "2026-04-05 10:30:05",
    "2026-4-5": "2026-04-05 00:00:00",
    "2026/04/05 10:30:00": "2026-04-05 10:30:00",
    "2026-04-05T10:30:05Z": "2026-04-05 10:30:05",
    "2026-04-05T23:59:59.999Z": "2026-04-05 23:59:59",
    "2026-04-05 23:30:00 -0500": "2026-04-05 23:30:00",
    "2026-04-05 00:30 +0200": "2026-04-05 00:30:00",
    "2026-04-05T00:30:00+02:00": "2026-04-05 00:30:00",
    "2026-04-05 10:30:00 UTC": "2026-04-05 10:30:00",
    "20260405": "2026-04-05 00:00:00",
    "46117": "2026-04-05 00:00:00",
    "46117.4375": "2026-04-05 10:30:00",
    "Sep-30-26": "2026-09-30 00:00:00",
    "Sep-30-26 23:45:00": "2026-09-30 23:45:00",
    "10-Dec-25": "2025-12-10 00:00:00",
    "16-Dec-2023 02:44 AM EST": "2023-12-16 02:44:00",
    "Sep 4, 2026 1:05:07 AM PDT": "2026-09-04 01:05:07",
    "Dec 8, 2024 9:15:51 AM": "2024-12-08 09:15:51",
    "Mar 5, 2024 03:17:42 PM": "2024-03-05 15:17:42",
    "September 4, 2026": "2026-09-04 00:00:00",
    "5 March 2024": "2024-03-05 00:00:00",
    "10-Dez-25": "2025-12-10 00:00:00",
    "5. März 2024": "2024-03-05 00:00:00",
    "3 févr. 2024": "2024-02-03 00:00:00",
    "3 août 2024": "2024-08-03 00:00:00",
    "5 de marzo de 2026": "2026-03-05 00:00:00",
    "1 okt 2024": "2024-10-01 00:00:00",
}


@pytest.mark.parametrize("text", DATES)
def test_a_date_keeps_its_local_day_and_hour(text):
    assert moments(text) == [DATES[text]]


@pytest.mark.parametrize(
    "text", ["soon", "31/02/2024", "2024-02-30", "0000-00-00 00:00:00", "12.50", "2026-13-01", "99/99/2026"]
)
def test_what_is_no_date_is_no_date(text):
    assert moments(text, "2026-04-05") == [None, "2026-04-05 00:00:00"]


@pytest.mark.parametrize(
    ("cells", "days"),
    [
        (["03/04/2026", "25/06/2026"], ["2026-04-03", "2026-06-25"]),
        (["03/04/2026", "06/25/2026"], ["2026-03-04", "2026-06-25"]),
        (["03.04.2026", "25.06.2026 10:00"], ["2026-04-03", "2026-06-25"]),
        (["03-04-2026", "25-06-2026 10:00:00"], ["2026-04-03", "2026-06-25"]),
        (["08/02/25", "08/14/25"], ["2025-08-02", "2025-08-14"]),
        (["8/2/25 9:05 PM", "8/14/25 1:00 AM"], ["2025-08-02", "2025-08-14"]),
        (["1/4/2011 8:26", "12/13/2010 8:26"], ["2011-01-04", "2010-12-13"]),
        (["09/22/2026 10:15:30 AM", "09/03/2026 10:15:30 PM"], ["2026-09-22", "2026-09-03"]),
        (["03/04/2026", "2026-06-25", "13/04/2026"], ["2026-04-03", "2026-06-25", "2026-04-13"]),
    ],
)
def test_one_row_of_the_column_proves_the_order_of_day_and_month(cells, days):
    assert [moment[:10] for moment in moments(*cells)] == days


def test_a_column_that_proves_nothing_is_a_question():
    with pytest.raises(DateOrderUnknown, match=r"'Order Date'.*'03/04/2026'.*--date-order"):
        moments("03/04/2026", "05/06/2026", heading="Order Date")
    assert moments("03/04/2026", date_order="day-first") == ["2026-04-03 00:00:00"]
    assert moments("03/04/2026", date_order="month-first") == ["2026-03-04 00:00:00"]


def test_a_column_of_two_orders_is_refused_with_a_row_of_each():
    with pytest.raises(DatesMixed, match=r"'25/06/2026'.*'06/27/2026'"):
        moments("25/06/2026", "06/27/2026")


def test_a_date_that_cannot_be_proves_no_order():
    assert moments("45/13/2026", "99/99/2026", "06/27/2026")[2] == "2026-06-27 00:00:00"


def test_offsets_that_change_inside_a_file_keep_each_local_day():
    told = made(
        [order("A", ordered_at="2025-02-10 23:12:00 -0500"), order("B", ordered_at="2025-04-02 00:10:00 -0400")]
    )
    assert told.column("date") == ["2025-02-10", "2025-04-02"]


def test_a_compact_date_is_no_serial_number_of_a_spreadsheet():
    assert moments("19970101", "19980630") == ["1997-01-01 00:00:00", "1998-06-30 00:00:00"]


def test_a_column_without_one_readable_date_is_refused():
    with pytest.raises(NoDateReadable, match=r"'Ordered_At'.*'soon'"):
        made([order("A", ordered_at="soon"), order("B", ordered_at="sooner")])


# What people write around money that is the same everywhere; each is what the number beside it says.
AMOUNTS = {
    "49,-": 49,
    "CHF 49.-": 49,
    "49.–": 49,
    "-49,-": -49,
    "1'234.-": 1234,
    "1\N{THIN SPACE}234,50": 1234.5,
    "R 1,284.50": 1284.5,
    "R1,284.50": 1284.5,
    "S/ 45.90": 45.9,
    "S/. 45.90": 45.9,
    "KSh 1,200.00": 1200,
    "1 204,50 руб.": 1204.5,
    "1,200円": 1200,
    "1,204.50 ر.س": 1204.5,
    "د.إ 12.50": 12.5,
    "USD$ 12.50": 12.5,
    "A$12.50": 12.5,
    "NT$1,200.50": 1200.5,
    "\N{RIGHT-TO-LEFT MARK}1,204.50": 1204.5,
    "\N{LEFT-TO-RIGHT EMBEDDING}12.50\N{POP DIRECTIONAL FORMATTING}": 12.5,
    "١٬٢٠٤٫٥٠": 1204.5,
    "۱۲۳۴٫۵": 1234.5,
    "1,23,456.78": 123456.78,
    "12.50-": -12.5,
    "(RM 50.00)": -50,
    "-R 12.50": -12.5,
    "12,50 zł": 12.5,
    "12,50 Kč": 12.5,
    "₺12,50": 12.5,
    "Rs. 1,250.00": 1250,
    "Rp 12.500,00": 12500,
    "49,50 kr.": 49.5,
}


@pytest.mark.parametrize("written", AMOUNTS)
def test_an_amount_is_read_with_any_currency_sign_and_script(written):
    assert numbers(written, "abc") == [AMOUNTS[written], None]
    assert is_number(written)
