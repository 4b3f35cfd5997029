"""Mutants -> which of them a test notices.

First every test is run once without a fault, to learn which functions it enters and how long it takes. Then each mutant
is given only those tests of its module that enter its function, the quickest first, until one fails.
"""

import ast
import contextlib
import importlib
import os
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, settings

from mutation.modules import Project
from mutation.mutants import Mutant, source_of
from mutation.session import Chosen, Files, Watched
from mutation.trees import Tree, in_turn

TOGETHER = 2  # processes at a time
# A busy machine is no hang: so many times as long as without a fault, and so many seconds more.
PATIENCE, LEAST_PATIENCE = 5.0, 20.0
MOST_OF_A_FILE = 900.0  # seconds for all tests of a file, without a fault
PASSED = {int(pytest.ExitCode.OK), int(pytest.ExitCode.NO_TESTS_COLLECTED)}


class Failing(Exception):  # noqa: N818 - it is the tests that fail
    """Tests fail before anything was planted."""


@dataclass(frozen=True)
class Known:
    """What was learned of a test without a fault: its seconds, the functions that it entered, and that it may enter."""

    name: str
    seconds: float
    entered: frozenset[str]
    may: frozenset[str]


@dataclass(frozen=True)
class Verdict:
    """Whether a mutant was caught, by which test, how many tests it was given, and the seconds it took."""

    mutant: Mutant
    caught: bool
    by: str = ""
    tests: int = 0
    seconds: float = 0.0


class Trial:
    """The tests of a project's `modules`, made ready to be run on mutants."""

    def __init__(self, project: Project, modules: Mapping[str, Sequence[str]]) -> None:
        self.project, self.modules = project, modules
        self.package = Path(project.package).name
        self.known: dict[str, list[Known]] = {}  # by test file

    def verdicts(self, mutants: Sequence[Mutant]) -> Iterator[Verdict]:
        """As they come."""
        _the_same_every_time()
        with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
            trees = [Tree(Path(folder) / str(number), self.project.source) for number in range(TOGETHER)]
            for tree in trees:
                for module in self.modules:  # laid out as a mutant is, so that only the fault tells them apart
                    tree.write(self._file(module), ast.unparse(ast.parse(self.project.text(module))))
            self._learn(mutants, trees)
            yield from self._try(mutants, trees)

    def _learn(self, mutants: Sequence[Mutant], trees: Sequence[Tree]) -> None:
        """Run every test file that is needed, and import here what it imported of others: once for all that follow."""
        files = {file: None for mutant in mutants for file in self._tests_of(mutant.module)}

        def work(file: str, tree: Tree) -> dict[str, Any]:
            where = Files(self.project.root, tree.source)
            watched = Watched(where, self.package)
            watched.begin()
            code = where.run([file], watched)
            if code not in PASSED and not watched.failed:
                watched.failed.append(f"{file} cannot be run: pytest ends with {code}.")
            return {"tests": watched.tests, "failed": watched.failed, "imported": _libraries()}

        failing: list[str] = []
        for ended in in_turn(files, trees, work, limit=lambda _: MOST_OF_A_FILE):
            if ended.answer is None:
                failing.append(f"{ended.job} hung, or ended its process.\n{ended.said}")
                continue
            failing += ended.answer["failed"]
            self.known[ended.job] = [
                Known(test["name"], test["seconds"], frozenset(test["entered"]), frozenset(test["may"]))
                for test in ended.answer["tests"]
            ]
            for library in ended.answer["imported"]:
                with contextlib.suppress(ImportError):
                    importlib.import_module(library)
        if failing:
            raise Failing("\n".join(["Without any fault:", *failing]))

    def _try(self, mutants: Sequence[Mutant], trees: Sequence[Tree]) -> Iterator[Verdict]:
        given = {mutant: self._given(mutant) for mutant in mutants}
        yield from (Verdict(mutant, caught=False) for mutant in mutants if not given[mutant])

        def plant(mutant: Mutant, tree: Tree) -> None:
            tree.plant(self._file(mutant.module), source_of(mutant, self.project.text(mutant.module)))

        def work(mutant: Mutant, tree: Tree) -> dict[str, Any]:
            where = Files(self.project.root, tree.source)
            chosen = Chosen(where, [test.name for test in given[mutant]])
            files = dict.fromkeys(test.name.partition("::")[0] for test in given[mutant])
            return {"code": where.run(list(files), chosen, "-x"), "by": chosen.failed}

        def patience(mutant: Mutant) -> float:
            return LEAST_PATIENCE + PATIENCE * sum(test.seconds for test in given[mutant])

        tried = [mutant for mutant in mutants if given[mutant]]
        for ended in in_turn(tried, trees, work, limit=patience, before=plant):
            answer = ended.answer or {"code": 1, "by": "hung, or ended its process"}
            tests = len(given[ended.job])
            yield Verdict(ended.job, answer["code"] not in PASSED, answer["by"], tests, ended.seconds)

    def _given(self, mutant: Mutant) -> list[Known]:
        """The tests that a mutant is given: the nearest first, and of these the quickest.

        What stands outside of functions works when it is imported, and may be read from anywhere: all of them.
        """
        known = [test for file in self._tests_of(mutant.module) for test in self.known[file]]
        place = f"{mutant.module}:{mutant.function}"
        if mutant.function:
            known = [test for test in known if place in test.may]

        def far(test: Known) -> bool:
            return not any(name.startswith(place) for name in test.entered)

        return sorted(known, key=lambda test: (far(test), test.seconds))

    def _tests_of(self, module: str) -> list[str]:
        """The test files of a module, and the module itself where it has doctests."""
        doctests = [self._file(module)] if ">>> " in self.project.text(module) else []
        return [*self.modules[module], *doctests]

    def _file(self, module: str) -> str:
        return f"{self.package}/{module}"


def _the_same_every_time() -> None:
    """A mutant must not be caught today and live tomorrow; nobody reads the smallest example that fails either.

    Libraries that count on several cores would count on all of them in each process.
    """
    os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"))
    phases = (Phase.explicit, Phase.generate)
    settings.register_profile("mutation", derandomize=True, database=None, deadline=None, phases=phases)
    settings.load_profile("mutation")


def _libraries() -> list[str]:
    """What is imported now and is nobody's code here: of Python itself and of its packages."""
    paths = sysconfig.get_paths()
    there = tuple(paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib"))
    files = {name: str(getattr(module, "__file__", None) or "") for name, module in sys.modules.items()}
    return [name for name, file in files.items() if file.startswith(there) and name != "__main__"]
