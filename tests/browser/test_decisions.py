"""What an owner types into a table holds on every page, and is there when they come back."""

from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def _type(person: Any, *, row: int, text: str) -> None:
    """Write into the last column of the table that is shown last, as a person does: click, type, enter."""
    grid = person.page.get_by_test_id("stDataFrame").locator("visible=true").last
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    person.page.mouse.click(box["x"] + 0.95 * box["width"], box["y"] + 35 * (row + 1.5))
    person.page.wait_for_timeout(300)
    person.page.keyboard.press("Enter")
    person.page.wait_for_timeout(300)
    person.page.keyboard.type(text, delay=80)
    person.page.keyboard.press("Enter")
    person.settled()


@pytest.fixture
def owner(person: Any) -> Any:
    one = person().arrive()
    one.page.get_by_role("button", name="Try the sample shop").click()
    one.page.get_by_text("This is a Shopify export").first.wait_for(timeout=60_000)
    return one.settled()


def test_a_margin_typed_for_a_product_makes_value_profit(owner: Any) -> None:
    owner.go("Customer value")
    assert "customers have paid" in owner.text()
    owner.go("Your orders").open("Settings")
    owner.page.get_by_text("Margins differ by product").click()
    _type(owner.settled(), row=0, text="30")
    assert "customers have earned you" in owner.go("Customer value").text()
    # Another page and back: the table forgets, the session does not.
    owner.go("Your orders").go("Overview").go("Your orders").open("Settings")
    _type(owner, row=1, text="10")
    earned = owner.go("Customer value").text()
    owner.go("Your orders").open("Settings")
    owner.page.get_by_text("Margins differ by product").click()
    owner.settled()
    assert "customers have paid" in owner.go("Customer value").text()
    assert "customers have earned you" in earned


def test_what_customers_cost_by_month_is_typed_into_a_table(owner: Any) -> None:
    owner.go("Repeat purchases")
    owner.page.get_by_role("tab", name="By month they came").click()
    owner.settled().page.get_by_text("It differed by month").click()
    _type(owner.settled(), row=0, text="25")
    assert "A customer who costs $25.00 pays back within" in owner.text()


def test_two_days_are_kept_as_a_page_with_what_was_changed(owner: Any, tmp_path: Path) -> None:
    owner.go("Then and now")
    owner.page.get_by_role("textbox", name="What we changed in between").fill("Free shipping <b>from $30</b>")
    owner.page.keyboard.press("Control+Enter")
    owner.settled()
    with owner.page.expect_download() as got:
        owner.page.get_by_role("button", name="Download this comparison").click()
    got.value.save_as(tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "Free shipping &lt;b&gt;from $30&lt;/b&gt;" in page
    assert "Why revenue changed" in page
