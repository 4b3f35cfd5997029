"""A server of its own process, a Chromium, and people who use it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlparse

import pytest

ROOT = Path(__file__).resolve().parents[2]
FLAGS = ("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars")
PAGES = (
    "Your orders", "Overview", "Customer value", "Segments", "Repeat purchases", "High-value profile", "Upsell targets",
    "Then and now",
)  # fmt: skip


@contextmanager
def _serving() -> Iterator[str]:
    """The address of a server that nobody has asked anything yet."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    options = {"port": port, "address": "127.0.0.1", "headless": "true", "fileWatcherType": "none"}
    command = [sys.executable, "-m", "streamlit", "run", "app.py"]
    command += [f"--server.{name}={value}" for name, value in options.items()]
    path = os.pathsep.join(filter(None, [str(ROOT / "src"), os.environ.get("PYTHONPATH")]))
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": path}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )  # fmt: skip
    try:
        _wait_for(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
                if answer.read() == b"ok":
                    return
        except (URLError, OSError):
            time.sleep(0.1)
    pytest.fail("The app did not start.")


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    with _serving() as address:
        yield address


@pytest.fixture
def fresh_server() -> Iterator[str]:
    with _serving() as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A Chromium of this machine's; without one there is nothing to test with, which CI must not overlook."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("There is no Chromium on this machine.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield browser
        browser.close()


@dataclass
class Person:
    """Somebody in front of a page of their own: what they do, and what went wrong meanwhile."""

    page: Any
    address: str
    faults: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda fault: self.faults.append(str(fault)))
        self.page.context.on("request", self._noted)

    def _said(self, message: Any) -> None:
        # At a page's address Streamlit asks beneath it for its own server first, and then at the root.
        looking = "404" in message.text and "/_stcore/" in message.location.get("url", "")
        if message.type == "error" and not looking:
            self.faults.append(message.text)

    def _noted(self, request: Any) -> None:
        asked = urlparse(request.url)
        if asked.scheme not in {"data", "blob"} and asked.netloc != urlparse(self.address).netloc:
            self.elsewhere.append(request.url)

    def arrive(self, path: str = "/") -> "Person":
        self.page.goto(self.address + path)
        return self.settled()

    def settled(self) -> "Person":
        """Wait until nothing runs and all that is shown is of this run; nothing may have failed."""
        # A run that was asked for may start a moment later on a busy machine: quiet counts once it has lasted.
        self.page.evaluate("() => { window.quietSince = Date.now() }")
        self.page.wait_for_function(
            """() => {
                const idle = document.querySelector('[data-testid=stApp][data-test-script-state=notRunning]');
                if (!idle) window.quietSince = Date.now();
                return Date.now() - window.quietSince > 700;
            }""",
            timeout=60_000,
        )
        self.page.wait_for_function("() => !document.querySelector('[data-testid=stSkeleton]')", timeout=20_000)
        assert self.page.get_by_test_id("stException").count() == 0, self.text()
        return self

    def go(self, title: str) -> "Person":
        if self.page.get_by_role("heading", name=title, level=1).count():
            return self
        folded = self.page.get_by_test_id("stExpandSidebarButton")
        if folded.count():
            folded.click()
        self.page.get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=True).click()
        self.page.get_by_role("heading", name=title, level=1).wait_for(timeout=30_000)
        return self.settled()

    def upload(self, path: Path | list[Path], which: int = -1) -> "Person":
        """Hand files to an uploader, and wait until the page answers: a busy machine begins seconds later."""
        inputs = self.page.get_by_test_id("stFileUploader").locator("input[type=file]")
        before = self.text()
        with self.page.expect_response(lambda answer: "/upload_file/" in answer.url, timeout=60_000):
            (inputs.first if which == 0 else inputs.last).set_input_files(path)
        self.page.wait_for_function(
            "before => document.querySelector('[data-testid=stMain]').innerText !== before", arg=before, timeout=60_000
        )
        self.page.wait_for_timeout(500)
        return self.settled()

    def open(self, label: str) -> "Person":
        """Open what is folded under `label`."""
        folded = self.page.get_by_test_id("stExpander").filter(has_text=label).first
        if folded.locator("details").get_attribute("open") is None:
            folded.locator("summary").click()
        return self.settled()

    def text(self) -> str:
        return str(self.page.get_by_test_id("stMain").inner_text())

    def overflow(self) -> int:
        """By how many pixels the page is wider than its window, once a busy machine has drawn it anew."""
        measure = (
            "() => Math.max(...[document.documentElement, document.querySelector('[data-testid=stMain]')]"
            ".map(one => one.scrollWidth - one.clientWidth))"
        )
        for _ in range(10):
            if int(self.page.evaluate(measure)) <= 0:
                break
            self.page.wait_for_timeout(500)
        return int(self.page.evaluate(measure))


@pytest.fixture
def person(chromium: Any, server: str) -> Iterator[Callable[..., Person]]:
    """A new person, in a browser profile of their own; nobody's page may call out or complain."""
    people: list[Person] = []

    def new(address: str = server, **settings: Any) -> Person:
        wanted = {"viewport": {"width": 1280, "height": 900}, "locale": "en-US", "accept_downloads": True, **settings}
        people.append(Person(chromium.new_context(**wanted).new_page(), address))
        return people[-1]

    yield new
    for one in people:
        one.page.context.close()
    assert [fault for one in people for fault in one.faults] == []
    assert [url for one in people for url in one.elsewhere] == []
