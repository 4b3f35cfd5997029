"""Which modules faults are planted in, and which tests must notice."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

# Modules (below the package) -> their tests (below the root). The first line that fits a module holds; `{stem}` stands
# for the module's name without ".py", and both sides may hold wildcards. A module's own doctests are always run too.
TESTS = {
    "story/*.py": ("tests/story/test_{stem}.py", "tests/story/test_any_shop.py"),
    "wording.py": ("tests/test_wording.py",),
    "targets/*.py": ("tests/targets/test_*.py", "tests/story/test_targets.py"),
    "repeat/*.py": ("tests/repeat/test_*.py", "tests/story/test_repeat.py"),
    "cohorts/*.py": ("tests/cohorts/test_*.py", "tests/story/test_repeat.py"),
    "segments/*.py": ("tests/segments/test_*.py", "tests/story/test_segments.py"),
    "then_now/*.py": ("tests/then_now/test_*.py", "tests/story/test_then_now.py"),
    "customers/*.py": ("tests/customers/test_*.py", "tests/story/test_shop.py"),
}


class Misplaced(Exception):  # noqa: N818 - what the table names and nobody finds
    """A line of the table names modules or tests that do not exist."""


@dataclass(frozen=True)
class Project:
    """Where code, tests and the list of equivalent mutants are; `tests` is a table like `TESTS`."""

    root: Path
    package: str
    tests: Mapping[str, tuple[str, ...]]
    equivalent: Path

    @property
    def source(self) -> Path:
        """The folder that is imported from."""
        return (self.root / self.package).parent

    def modules(self) -> dict[str, tuple[str, ...]]:
        """Each module below the package, "story/value.py", with its test files."""
        found: dict[str, tuple[str, ...]] = {}
        top = self.root / self.package
        for pattern, tests in self.tests.items():
            modules = sorted(path.relative_to(top).as_posix() for path in top.glob(pattern))
            if not modules:
                raise Misplaced(f"No module fits {pattern!r}: correct the table in mutation/modules.py.")
            for module in modules:
                if module not in found:
                    found[module] = self._files(tests, Path(module).stem)
        return found

    def _files(self, tests: tuple[str, ...], stem: str) -> tuple[str, ...]:
        patterns = [test.format(stem=stem) for test in tests]
        return tuple(
            sorted({path.relative_to(self.root).as_posix() for one in patterns for path in self.root.glob(one)})
        )

    def text(self, module: str) -> str:
        """The source of a module."""
        return (self.root / self.package / module).read_text(encoding="utf-8")


ROOT = Path(__file__).parents[1]
CLVAPP = Project(ROOT, "src/clvapp", TESTS, ROOT / "mutation" / "equivalent.toml")
