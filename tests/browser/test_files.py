"""Files as owners have them, in a browser: what is asked, what is read, what is refused."""

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest

from clvapp import sample

from .conftest import Person

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
New = Callable[..., Person]


def _written(path: Path, rows: Sequence[Sequence[object]], delimiter: str = ",") -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def _own(first: int = 0, count: int = 60) -> list[list[object]]:
    """Rows of an export that no format knows; every day could be a month."""
    headings: list[object] = ["Wer", "Wann", "Beleg", "Euro"]
    numbers = range(first, first + count)
    return [
        headings,
        *([f"p{i % 7}@example.org", f"{i % 12 + 1:02d}/{i % 9 + 1:02d}/2025", f"B{i}", "20.50"] for i in numbers),
    ]


def _choose(owner: Person, place: int, role: str) -> None:
    box = owner.page.get_by_test_id("stSelectbox").nth(place).locator("input")
    box.click()
    box.fill(role)
    owner.page.get_by_role("option", name=role).first.click()
    owner.settled()


def test_columns_and_the_order_of_day_and_month_are_asked_once_and_saved_for_the_next_export(
    person: New, tmp_path: Path
) -> None:
    owner = person().arrive().upload(_written(tmp_path / "bills.csv", _own()))
    assert "Which column is which?" in owner.text()
    roles = [
        "the buyer's e-mail address",
        "when the order was placed",
        "the order's number, as",
        "the order's total, as",
    ]
    for place, role in enumerate(roles):
        _choose(owner, place, role)
    owner.page.get_by_role("button", name="Use these columns").click()
    owner.settled()
    assert "can be read two ways" in owner.page.get_by_test_id("stAlert").inner_text()
    owner.page.get_by_text("Day first", exact=True).click()
    owner.settled()
    assert "60 orders by 7 customers" in owner.text()
    with owner.page.expect_download() as found:
        owner.page.get_by_role("button", name="Save which column is which").click()
    saved = tmp_path / "columns.json"
    found.value.save_as(saved)
    again = person().arrive().upload([_written(tmp_path / "later.csv", _own(60, 40)), saved])
    assert "40 orders by 7 customers" in again.text()


@pytest.fixture(scope="module")
def made() -> sample.Shop:
    return sample.shop(seed=5, customers=300)


def _months(made: sample.Shop) -> tuple[str, str, int]:
    """Two exports of the shop that share orders, and how many orders there are."""
    head, *rows = list(csv.reader(io.StringIO(made.orders_csv.decode())))
    name = head.index("Name")
    numbers = list(dict.fromkeys(row[name] for row in rows))
    third = len(numbers) // 3
    parts = []
    for some in (set(numbers[: 2 * third]), set(numbers[third:])):
        text = io.StringIO()
        csv.writer(text).writerows([head, *(row for row in rows if row[name] in some)])
        parts.append(text.getvalue())
    return parts[0], parts[1], third


def test_two_overlapping_months_are_one_shop_as_files_and_in_a_zip(
    person: New, made: sample.Shop, tmp_path: Path
) -> None:
    whole = tmp_path / "whole.csv"
    whole.write_bytes(made.orders_csv)
    first, second, shared = _months(made)
    files = [tmp_path / "first.csv", tmp_path / "second.csv"]
    for path, text in zip(files, (first, second), strict=True):
        path.write_text(text, encoding="utf-8")
    packed = tmp_path / "exports.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("2025/orders_1.csv", first)
        archive.writestr("2025/orders_2.csv", second)
        archive.writestr("__MACOSX/._orders_1.csv", b"\x00\x05\x16\x07")
    figures = []
    for given in ([whole], files, [packed]):
        owner = person().arrive().upload(given)
        owner.page.get_by_test_id("stMetricValue").first.wait_for(timeout=60_000)
        owner.settled()
        figures.append(owner.page.get_by_test_id("stMetricValue").all_inner_texts()[:3])
        if len(given) == 2:
            assert f"{shared} orders found in more than one file" in owner.text().replace(",", "")
    assert figures[0] == figures[1] == figures[2]


def _workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def _plain(count: int) -> list[list[object]]:
    rows = [[f"{i}", f"2025-0{1 + i % 6}-1{i % 9}", f"p{i % 5}@example.org", 12.5] for i in range(count)]
    return [["Order number", "Order date", "Customer email", "Order total"], *rows]


def test_of_a_workbooks_sheets_the_one_with_orders_is_found_and_of_two_it_is_asked(person: New, tmp_path: Path) -> None:
    notes: list[list[object]] = [["Notes"], ["call the printer"]]
    one = _workbook(tmp_path / "one.xlsx", {"Read me": notes, "Orders": _plain(30)})
    owner = person().arrive().upload(one)
    owner.page.get_by_role("button", name="Use these columns").click()
    assert "30 orders by 5 customers" in owner.settled().text()
    two = _workbook(tmp_path / "two.xlsx", {"North": _plain(30), "South": _plain(20)})
    asked = person().arrive().upload(two)
    assert "North" in asked.page.get_by_test_id("stAlert").inner_text()
    asked.page.get_by_text("South", exact=True).click()
    asked.settled().page.get_by_role("button", name="Use these columns").click()
    assert "20 orders by 5 customers" in asked.settled().text()


def test_a_look_alike_is_refused_by_its_name_with_the_export_to_make_instead(person: New) -> None:
    payouts = Path(__file__).parents[1] / "formats" / "lookalikes" / "shopify_payouts.csv"
    owner = person().arrive().upload(payouts)
    said = owner.page.get_by_test_id("stAlert").inner_text()
    assert "payout" in said
    assert "Orders" in said
    assert "Export" in said
