"""Test files -> what pytest finds in this very process: which functions each test enters, or which test fails first.

A test is known by its file, below the project or below the copy of its source, and its name.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol


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
            # It is so on purpose: what is imported once need not be imported again.
            "-W", "ignore:Module already imported:pytest.PytestAssertRewriteWarning",
        )  # fmt: skip
        return int(pytest.main([*always, *options, *(str(self.path(file)) for file in files)], plugins=[plugin]))


class Watched:
    """A plugin that runs each test in a process of its own, so that none finds done what another has asked for before.

    Attributes
    ----------
    tests
        of each: `name`, `seconds`, and the functions it `entered`, "module:function" with the module below the package
    failed
        what the failing ones say
    """

    def __init__(self, files: Files, package: str) -> None:
        self.files, self.inside = files, f"{files.copied / package}{os.sep}"
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

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file that cannot be imported."""
        if report.failed:
            self.failed.append(report.longreprtext)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> bool:
        """Run a test elsewhere, and hear of it."""
        answer = _elsewhere(lambda: self._run(item))
        self.failed += answer.pop("failed", [f"{item.nodeid} ended its process"])
        self.tests.append({"name": self.files.name(item), "seconds": 0.0, "entered": [], **answer})
        return True

    def _run(self, item: pytest.Item) -> dict[str, Any]:
        self.entered = set(self.at_import)
        began = time.perf_counter()
        reports = runtestprotocol(item, log=False, nextitem=None)
        seconds = time.perf_counter() - began
        failed = [f"{item.nodeid}\n{report.longreprtext}" for report in reports if report.failed]
        return {"seconds": seconds, "entered": sorted(self.entered), "failed": failed}


def _elsewhere(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The answer of a process that starts as a copy of this one; {} if it has none."""
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            os.close(reading)
            with os.fdopen(writing, "w", encoding="utf-8") as pipe:
                json.dump(work(), pipe)
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        told = pipe.read()
    os.waitpid(pid, 0)
    answer: dict[str, Any] = json.loads(told) if told.endswith("}") else {}
    return answer


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
