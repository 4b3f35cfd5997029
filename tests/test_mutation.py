"""Faults to plant: what each looks like, which are drawn, and whether a test that should notice one does."""

import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from mutation.equivalent import equivalent, gone
from mutation.modules import CLVAPP, Misplaced, Project
from mutation.mutants import difference, drawn, entry, mutants, source_of

ROOT = Path(__file__).parents[1]


def changes(source, function="f"):
    """What becomes of the code of a function, as (without, with) the fault."""
    return [(one.was, one.now) for one in mutants("m.py", dedent(source)) if one.function == function]


def becomes(body):
    """What becomes of one line in a function."""
    return [now for _, now in changes(f"def f(a, b, words):\n    {body}\n")]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return a < b", ["return a <= b"]),
        ("return a >= b", ["return a > b"]),
        ("return a == b", ["return a != b"]),
        ("return a is None", ["return a is not None"]),
        ("return a in b", ["return a not in b"]),
        ("return a + b", ["return a - b"]),
        ("return a / b", ["return a * b"]),
        ("return a & ~b", ["return a | ~b", "return a & b"]),
        ("a += b", ["a -= b", "pass"]),
        ("return 'about ' + a", []),
        ("return a and b", ["return a or b"]),
        ("return not a", ["return a"]),
        ("return a if b else None", ["return a if not b else None"]),
        ("return [x for x in a if x]", ["return [x for x in a if not x]"]),
        ("return 1", ["return 2"]),
        ("return 0.5", ["return 1.0"]),
        ("return 0.0", ["return 1.0"]),
        ("return a < 1e-9", ["return a <= 1e-09"]),
        ("return -2", ["return -3"]),
        ("return a.sort_values(ascending=False)", ["return a.sort_values(ascending=True)"]),
        ("return zip(a, strict=True)", []),
        ("return a[:-1]", ["return a[:]", "return a[:-2]"]),
        ("return a[b:]", ["return a[:]"]),
        ("return a.min()", ["return a.max()"]),
        ("return a.head(b)", ["return a.tail(b)"]),
        ("return any(a)", ["return all(a)"]),
        ("return abs(a)", ["return a"]),
        ("return a.abs()", ["return a"]),
        ("return a.clip(lower=b)", ["return a.clip(upper=b)"]),
        ("return a.searchsorted(b, side='left')", ["return a.searchsorted(b, side='right')"]),
        ("return a.agg(b=('b', 'sum'))", ["return a.agg(b=('b', 'mean'))"]),
        ("return a(b, words)", ["return a(words, b)"]),
        ("return a(low=b, high=words)", ["return a(low=words, high=b)"]),
        ("return max(a, b)", ["return min(a, b)"]),
        ("return a('x', b)", []),
        ("return a('x', 'y')", []),
        ("return a, b", ["return (b, a)"]),
        ("return f'{a} of {b}'", ["return f'{b} of {a}'"]),
        ("return f'{a:.2f}'", []),
        ("b.append(a)", ["pass"]),
        ("raise ValueError(a + 1)", []),
        ("assert a < b", []),
        ("return 'four of 5'", []),
    ],
)
def test_a_line_becomes_each_of_these_and_nothing_else(body, expected):
    assert becomes(body) == expected


def test_names_that_a_function_reads_of_one_thing_are_taken_for_one_another():
    assert becomes("return words.money(a.forecast) + words.share(a.actual)")[1:] == [
        "return words.share(a.forecast) + words.share(a.actual)",
        "return words.money(a.actual) + words.share(a.actual)",
        "return words.money(a.forecast) + words.money(a.actual)",
        "return words.money(a.forecast) + words.share(a.forecast)",
    ]
    assert becomes("return a['low'] < a['high']")[1:] == ["return a['high'] < a['high']", "return a['low'] < a['low']"]
    assert becomes("return a.sum") == ["return a.mean"]


def test_what_never_decides_anything_is_left_alone():
    source = '''
        """Of 5."""
        from typing import TYPE_CHECKING, Protocol

        if TYPE_CHECKING:
            LIMIT = 1


        class Words(Protocol):
            def number(self, digits: int = 0) -> str: ...


        @once(1)
        def f(a: "int | None" = None) -> "Literal[1]":
            """At most 5."""
            b: Literal[2] = a
            return b
    '''
    assert mutants("m.py", dedent(source)) == []


def test_a_fault_is_known_by_its_function_and_its_words_and_not_by_its_line():
    source = "class A:\n    def f(self, a):\n        if a > 1:\n            return 1\n        return a > 1\n"
    found = mutants("m.py", source)
    assert {one.function for one in found} == {"A.f"}
    assert [(one.was, one.now, one.nth, one.line) for one in found] == [
        ("if a > 1:\n    ...", "if a >= 1:\n    ...", 1, 3),
        ("if a > 1:\n    ...", "if a > 2:\n    ...", 1, 3),
        ("return 1", "return 2", 1, 4),
        ("return a > 1", "return a >= 1", 1, 5),
        ("return a > 1", "return a > 2", 1, 5),
    ]
    moved = mutants("m.py", "import os\n\n\n" + source)
    assert [one.name for one in moved] == [one.name for one in found]
    assert [one.nth for one in mutants("m.py", "def f(a):\n    a(1)\n    a(1)\n") if one.now == "a(2)"] == [1, 2]


def test_a_mutant_is_the_module_with_one_difference():
    source = "def f(a):\n    # why\n    return [a, 1]\n\n\ndef g(a):\n    return [a, 1]\n"
    first, second = mutants("m.py", source)
    assert source_of(first, source) == "def f(a):\n    return [a, 2]\n\ndef g(a):\n    return [a, 1]"
    assert source_of(second, source) == "def f(a):\n    return [a, 1]\n\ndef g(a):\n    return [a, 2]"
    assert difference(second, source).splitlines()[:2] == ["--- m.py:7 g", f"+++ mutant {second.name}"]
    assert difference(second, source).splitlines()[-2:] == ["-    return [a, 1]", "+    return [a, 2]"]


def test_the_same_seed_draws_the_same_mutants_whatever_is_edited_elsewhere():
    functions = [f"def f{i}(a):\n    return a + {i}\n" for i in range(30)]
    before = mutants("m.py", "\n".join(functions))
    drawn_before = {one.name for one in drawn(before, count=20, seed=1)}
    assert len(drawn_before) == 20
    assert {one.name for one in drawn(reversed(before), count=20, seed=1)} == drawn_before
    assert {one.name for one in drawn(before, count=20, seed=2)} != drawn_before
    after = mutants("m.py", "\n".join(["def new(a):\n    return a\n", *functions[:29], "def f29(a):\n    return a\n"]))
    still = {one.name for one in after}
    assert {one.name for one in drawn(after, count=20, seed=1)} >= drawn_before & still


def test_every_line_of_the_table_names_modules_and_tests_that_are_there(tmp_path):
    modules = CLVAPP.modules()
    assert [module for module, tests in modules.items() if not tests and "def " in CLVAPP.text(module)] == []
    (tmp_path / "src" / "toy").mkdir(parents=True)
    for name in ("value.py", "figure.py"):
        (tmp_path / "src" / "toy" / name).touch()
    (tmp_path / "test_value.py").touch()
    table = {"figure.py": ("test_*.py",), "*.py": ("test_{stem}.py",)}
    found = Project(tmp_path, "src/toy", table, tmp_path / "none.toml").modules()
    assert found == {"figure.py": ("test_value.py",), "value.py": ("test_value.py",)}
    with pytest.raises(Misplaced, match=r"No module fits .gone\.py.: correct the table"):
        Project(tmp_path, "src/toy", {"gone.py": ()}, tmp_path / "none.toml").modules()


def test_every_mutant_that_is_listed_as_equivalent_is_still_one():
    found = [one for module in CLVAPP.modules() for one in mutants(module, CLVAPP.text(module))]
    listed = equivalent(CLVAPP.equivalent)
    assert gone(listed, found) == []
    assert all(why.endswith(".") for why in listed.values())


TOY = '''
LIMIT = 3


def within(a, b):
    """
    >>> within(1, 4), within(4, 4)
    (True, False)
    """
    return a < b


def largest(values):
    best = 0
    for value in values:
        best = value if value > best else best
    return best


def few(values):
    return len(values) < LIMIT


def nobody_asks(a):
    return a + 1


def spun(n):
    while n > 0:
        n -= 1
    return n
'''
TOY_TESTS = """
from toy.sums import few, largest, spun


def test_largest():
    assert largest([1, 3, 2]) == 3
    assert largest([]) == 0


def test_few():
    assert few([1, 2])
    assert not few([1, 2, 3])


def test_spun():
    assert spun(3) == 0
"""
RUN = """
import sys
from pathlib import Path
from mutation import __main__, trial
from mutation.modules import Project
trial.PATIENCE, trial.LEAST_PATIENCE = 1.0, 5.0
root = Path(sys.argv[1])
toy = Project(root, "src/toy", {"*.py": ("tests/test_{stem}.py",)}, root / "equivalent.toml")
sys.exit(__main__.main(sys.argv[2:], toy))
"""


@pytest.fixture
def toy(tmp_path):
    """A project of one module, whose mutant of `>` nobody could notice."""
    package, tests = tmp_path / "src" / "toy", tmp_path / "tests"
    package.mkdir(parents=True)
    tests.mkdir()
    (package / "__init__.py").touch()
    (package / "sums.py").write_text(TOY, encoding="utf-8")
    (tests / "test_sums.py").write_text(TOY_TESTS, encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(
        "[tool.pytest.ini_options]\naddopts = '--doctest-modules'\nmarkers = ['prove: long', 'verify: longer']\n"
    )
    same = next(one for one in mutants("sums.py", TOY) if "value >= best" in one.now)
    (tmp_path / "equivalent.toml").write_text(entry(same, "Of two that are equal, either will do."), encoding="utf-8")
    return tmp_path


def run(toy, *arguments):
    return subprocess.run(
        [sys.executable, "-c", RUN, str(toy), *arguments], cwd=ROOT, capture_output=True, text=True, check=False,
        timeout=300,
    )  # fmt: skip


@pytest.mark.verify
def test_a_planted_fault_is_caught_and_those_that_live_are_printed(toy):
    found = run(toy)
    assert found.returncode == 1, found.stderr
    lines = found.stdout.splitlines()
    assert lines[1].split()[:4] == ["sums.py", "11", "9", "82%"]
    survivors = [line.strip() for line in lines if line.startswith("    ")]
    assert {tuple(survivors[:3]), tuple(survivors[3:])} == {
        ("- return a + 1", "+ return a - 1", "none of its tests runs this"),
        ("- return a + 1", "+ return a + 2", "none of its tests runs this"),
    }
    assert lines[-1].startswith("81.8% of 11 mutants were caught, and 90% must be; 1 more are equivalent.")
    assert (toy / "src" / "toy" / "sums.py").read_text(encoding="utf-8") == TOY


@pytest.mark.verify
def test_enough_is_enough_and_one_that_hangs_is_caught(toy):
    hangs = next(one for one in mutants("sums.py", TOY) if one.now == "n += 1")
    found = run(toy, "--only", hangs.name)
    assert found.returncode == 0, found.stderr
    assert found.stdout.splitlines()[-1].startswith("100.0% of 1 mutants were caught")


def test_what_is_drawn_is_listed_with_the_reason_why_one_may_live(toy):
    found = run(toy, "--list")
    assert found.returncode == 0, found.stderr
    assert found.stdout.count("sums.py:") == 12
    assert "    = Of two that are equal, either will do." in found.stdout.splitlines()
    same = next(one for one in mutants("sums.py", TOY) if "value >= best" in one.now)
    shown = run(toy, "--show", same.name).stdout
    assert "+        best = value if value >= best else best" in shown.splitlines()
    assert "[[equivalent]]" in shown.splitlines()


@pytest.mark.verify
def test_tests_that_fail_without_any_fault_are_no_measure(toy):
    with (toy / "tests" / "test_sums.py").open("a", encoding="utf-8") as file:
        file.write("\n\ndef test_fails():\n    assert largest([1]) == 2\n")
    found = run(toy)
    assert found.returncode == 2
    assert "tests/test_sums.py::test_fails" in found.stderr
