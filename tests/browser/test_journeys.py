"""Journeys through the app in a browser: from the upload to the bytes of the download, and what others see of it."""

import gzip
import io
import re
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import clvapp
from clvapp import sample
from clvapp.export import csv
from clvapp.read import Source
from clvapp.story import targets

from .conftest import PAGES, Person

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
New = Callable[..., Person]


@pytest.fixture(scope="module")
def made() -> sample.Shop:
    return sample.shop(seed=3, customers=1500)


@pytest.fixture(scope="module")
def orders(made: sample.Shop, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("upload") / "orders_export.csv"
    path.write_bytes(made.orders_csv)
    return path


def _metric(person: Person, label: str) -> str:
    return str(
        person.page.get_by_test_id("stMetric").filter(has_text=label).get_by_test_id("stMetricValue").inner_text()
    )


def _uploaded_bytes(address: str) -> int:
    """What the server keeps of uploads, as it says itself."""
    with urllib.request.urlopen(f"{address}/_stcore/metrics", timeout=5) as answer:
        told = answer.read().decode()
    found = re.findall(r'cache_memory_bytes\{cache_type="UploadedFileManager"[^}]*\} (\d+)', told)
    return sum(map(int, found))


def test_from_an_uploaded_export_to_the_bytes_of_a_filtered_list(
    person: New, server: str, made: sample.Shop, orders: Path
) -> None:
    owner = person().arrive()
    assert "Drop your shop's order export here" in owner.text()
    before = _uploaded_bytes(server)  # of those who were here before
    owner.upload(orders)
    assert "This is a Shopify export:" in owner.text()
    assert owner.page.get_by_test_id("stFileUploaderFile").count() == 0, "the uploader is empty again"
    assert _uploaded_bytes(server) <= before, "the file's bytes were given back"
    for title in PAGES:
        owner.go(title)
        assert owner.page.locator("h4").first.inner_text()
        owner.page.get_by_test_id("stVegaLiteChart").first.locator("canvas, svg").first.wait_for()

    owner.go("Upsell targets").open("Filter the lists")
    owner.page.get_by_label("At most").fill("12")
    owner.page.get_by_label("At most").press("Enter")
    owner.settled()
    owner.page.get_by_role("tab", name="Win back first").click()
    with owner.page.expect_download() as caught:
        owner.page.get_by_role("button", name="Download 12 people").locator("visible=true").click()
    got = Path(caught.value.path()).read_bytes()

    expected = targets.chosen(_analysed(made).targets.table, name="win_back", most=12)
    assert re.fullmatch(r"win-back-[0-9a-f]{10}\.csv", caught.value.suggested_filename)
    mine = pd.read_csv(io.BytesIO(csv.csv_file(expected).content))
    pd.testing.assert_frame_equal(pd.read_csv(io.BytesIO(got)), mine, check_exact=False, rtol=1e-6)


def _analysed(made: sample.Shop) -> clvapp.Analysis:
    shop = clvapp.load([Source("orders_export.csv", made.orders_csv)])
    return clvapp.Analysis(shop, locale="en-US")


def test_another_person_at_the_same_time_sees_nothing_of_it(person: New, orders: Path) -> None:
    owner = person().arrive().upload(orders)
    assert "This is a Shopify export:" in owner.text()
    stranger = person().arrive()
    assert "Drop your shop's order export here" in stranger.text()
    assert orders.name not in stranger.page.content()
    for title in PAGES[1:]:
        stranger.go(title)
        assert stranger.page.get_by_role("button", name="Try the sample shop").is_visible()
        assert stranger.page.get_by_test_id("stMetric").count() == 0
    assert "This is a Shopify export:" in owner.go("Customer value").go("Your orders").text()


def test_a_fresh_servers_first_request_for_a_page_ends_at_the_start(fresh_server: str, person: New) -> None:
    visitor = person(fresh_server).arrive("/targets")
    visitor.page.get_by_role("heading", name="Your orders", level=1).wait_for(timeout=15_000)
    assert "Drop your shop's order export here" in visitor.settled().text()
    titles = visitor.page.get_by_test_id("stSidebarNav").get_by_role("link").all_inner_texts()
    assert [title.strip() for title in titles] == list(PAGES)


def test_online_retail_is_recognised_and_its_figures_shown(person: New, shared: Path, tmp_path: Path) -> None:
    path = tmp_path / "online_retail.csv"
    path.write_bytes(gzip.decompress((shared / "data" / "online_retail.csv.gz").read_bytes()))
    owner = person().arrive().upload(path)
    assert "This is a" in owner.text()
    assert "Online Retail" in owner.text()
    assert int(_metric(owner, "Customers").replace(",", "")) > 4000
    assert int(_metric(owner, "Orders").replace(",", "")) > 18_000
    owner.go("Customer value")
    assert "A customer is worth" in owner.text()


def test_no_page_is_wider_than_its_window_on_a_phone_or_in_the_dark(person: New, orders: Path) -> None:
    reader = person(color_scheme="dark", viewport={"width": 400, "height": 860}).arrive()
    background = "() => getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
    assert sum(map(int, re.findall(r"\d+", reader.page.evaluate(background))[:3])) < 200, "dark as the reader wants it"
    assert reader.overflow() <= 0
    reader.upload(orders)
    for title in PAGES:
        reader.go(title)
        for width in (1280, 400):
            reader.page.set_viewport_size({"width": width, "height": 860})
            reader.page.wait_for_timeout(400)
            assert reader.overflow() <= 0, (title, width)


def test_a_bad_file_after_a_good_one_is_refused_and_the_orders_stay(
    person: New, server: str, orders: Path, tmp_path: Path
) -> None:
    picture = tmp_path / "picture.csv"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)
    owner = person().arrive().upload(orders)
    before = _metric(owner, "Revenue")
    owner.open("Load other orders").upload(picture)
    assert "'picture.csv' is a picture, not a CSV" in owner.page.get_by_test_id("stAlert").inner_text()
    assert _metric(owner, "Revenue") == before
    assert _uploaded_bytes(server) >= picture.stat().st_size, "kept until its owner removes it"
    owner.go("Customer value")
    assert "A customer is worth" in owner.text()


HOSTILE = "<img src=http://evil.example/a.png onerror=alert(1)> ![x](http://evil.example/b.png) **b** $x^2$ :red[x]"


def test_text_of_a_file_neither_acts_nor_loads_anything(person: New, made: sample.Shop, tmp_path: Path) -> None:
    """`person` finds every request to another host, whatever part of the page made it."""
    table = pd.read_csv(io.BytesIO(made.orders_csv), dtype="str", keep_default_na=False)
    for heading in ("Lineitem name", "Billing Name", "Source", "Shipping Country"):
        table[heading] = table[heading].where(table[heading] == "", HOSTILE + " " + table[heading])
    path = tmp_path / "![x](http:).csv"
    table.to_csv(path, index=False)
    owner = person().arrive().upload(path)
    for title in PAGES:
        owner.go(title)
        main = owner.page.get_by_test_id("stMain")
        assert main.locator("img[src*=evil], a[href*='://evil'], .katex").count() == 0
        assert main.locator("strong", has_text=re.compile("^b$")).count() == 0
    owner.page.get_by_test_id("stVegaLiteChart").first.hover()
    owner.page.wait_for_timeout(300)
