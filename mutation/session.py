"""Test files -> what pytest finds in this very process: which functions each test enters, or which test fails first.

A test is known by its file, below the project or below the copy of its source, and its name.
"""

import functools
import os
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import pytest


class Files:
    """Where the tests are, and the copy of the source that they run on."""

    def __init__(self, root: Path, copied: Path) -> None:
        self.root, self.copied = root, copied

    def path(self, file: str) -> Path:
        """A test file: of the project, or a module with doctests, which is the copy's."""
        there = self.copied / file
        return there if there.exists() else self.root / file

    def name(self, item: pytest.Item) -> str:
        """What a test is known by, wherever the copy is."""
        own = item.path.is_relative_to(self.copied)
        file = item.path.relative_to(self.copied if own else self.root).as_posix()
        return f"{file}::{item.nodeid.partition('::')[2]}"

    def run(self, files: Sequence[str], plugin: object, *options: str) -> int:
        """Pytest's answer."""
        os.chdir(self.root)
        always = (
            "-q", "-p", "no:cacheprovider", "--tb=short", f"--rootdir={self.root}", f"-c{self.root / 'pyproject.toml'}",
            "-m", "not prove and not verify",  # what is too long after each change is too long for each fault
            # It is so on purpose: what is imported once need not be imported again.
            "-W", "ignore:Module already imported:pytest.PytestAssertRewriteWarning",
        )  # fmt: skip
        return int(pytest.main([*always, *options, *(str(self.path(file)) for file in files)], plugins=[plugin]))


class Watched:
    """A plugin that learns which functions each test may enter.

    Attributes
    ----------
    tests
        of each: `name`, `seconds`, the functions it `entered` ("story/value.py:answer"), and those that it `may` enter:
        what it shares with others of its file (a shop that is loaded once) may have kept what they asked of it, so that
        it only seems not to
    failed
        what the failing ones say
    """

    def __init__(self, files: Files, package: str) -> None:
        self.files, self.package, self.inside = files, package, f"{files.copied / package}{os.sep}"
        self.entered: set[str] = set()
        self.at_import: set[str] = set()
        self.tests: list[dict[str, Any]] = []
        self.failed: list[str] = []

    def begin(self) -> None:
        """Watch from here on."""
        sys.settrace(self._enter)
        threading.settrace(self._enter)

    def _enter(self, frame: FrameType, _event: str, _of: object) -> None:
        code = frame.f_code
        if code.co_filename.startswith(self.inside):
            module = code.co_filename.removeprefix(self.inside).replace(os.sep, "/")
            self.entered.add(f"{module}:{code.co_qualname.partition('.<locals>')[0]}")

    def pytest_collection_finish(self) -> None:
        """What was entered so far was entered by an import: all tests depend on it."""
        self.at_import = set(self.entered)
        imported = getattr(sys.modules.get(self.package), "__file__", None)
        if imported and not imported.startswith(self.inside):
            self.failed.append(f"The tests import {imported}, where no fault is planted.")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Watch a test."""
        self._forget()
        self.entered = set()
        began = time.perf_counter()
        outcome = yield
        seconds = time.perf_counter() - began
        entered = sorted(self.entered | self.at_import)
        name = self.files.name(item)
        self.tests.append({"name": name, "seconds": seconds, "entered": entered, "shares": _shared(item)})
        return outcome

    def _forget(self) -> None:
        """Empty every `functools.cache` of the project: what is kept is not entered again."""
        for module in list(sys.modules.values()):
            file = getattr(module, "__file__", None) or ""
            if file.startswith((self.inside, str(self.files.root))) and "site-packages" not in file:
                for value in list(vars(module).values()):
                    if isinstance(value, functools._lru_cache_wrapper):
                        value.cache_clear()

    def pytest_sessionfinish(self) -> None:
        """Tests that share something may enter what the others entered."""
        for test in self.tests:
            others = [other for other in self.tests if set(other["shares"]) & set(test["shares"])]
            test["may"] = sorted({name for other in [test, *others] for name in other["entered"]})

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test that fails."""
        if report.failed:
            self.failed.append(f"{report.nodeid}\n{report.longreprtext}")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file that cannot be imported."""
        if report.failed:
            self.failed.append(report.longreprtext)


def _shared(item: pytest.Item) -> list[str]:
    """The fixtures of a test that live longer than a test."""
    known = getattr(getattr(item, "_fixtureinfo", None), "name2fixturedefs", {})
    return [
        name
        for name, made in known.items()
        if any(one.scope != "function" and not one.func.__module__.startswith("_pytest") for one in made)
    ]


class Chosen:
    """A plugin that runs only some tests, in their order as far as files allow, and keeps the first that fails."""

    def __init__(self, files: Files, names: Sequence[str]) -> None:
        self.files, self.places = files, {name: place for place, name in enumerate(names)}
        self.failed = ""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Files stay together: a fixture of a file is made once."""
        kept = [(self.places[name], item) for item in items if (name := self.files.name(item)) in self.places]
        first: dict[Path, int] = {}
        for place, item in kept:
            first[item.path] = min(place, first.get(item.path, place))
        kept.sort(key=lambda one: (first[one[1].path], one[0]))
        items[:] = [item for _, item in kept]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """The test that noticed."""
        if report.failed and not self.failed:
            self.failed = report.nodeid

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A test file that cannot even be imported."""
        if report.failed and not self.failed:
            self.failed = report.nodeid
