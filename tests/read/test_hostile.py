"""Files made to do harm end in a table or in one sentence: no traceback, no hang, no flood of memory, no stray file.

`make test` loads a hundredth of the damaged files, `make verify` a thirtieth and some bombs, `make prove` all. Time is
work, not waiting: other work on the machine does not count.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import bombs
import hostile
import pytest

import clvapp
from clvapp import analysis, read
from clvapp.problems import LONGEST, Problem

COUNTS = {
    "text": 1_500, "encoded": 500, "surrogates": 300, "header": 2_500, "bytes": 6_000, "quotes": 2_500, "gzip": 500,
    "zip": 2_500, "xlsx": 600, "sheet": 1_500, "html": 400, "xml": 1_000, "ods": 100, "xls": 100, "parquet": 100,
}  # fmt: skip
assert set(COUNTS) == set(hostile.KINDS)
assert sum(COUNTS.values()) >= 20_000
MOST_SECONDS, MOST_MEGABYTES, MOST_MORE = 10, 1_000, 500
VERIFIED = {"newlines, then a row", "zip that lies", "shared texts", "far cells of XLS", "repeated ODS", "deep page"}
assert set(bombs.BOMBS) > VERIFIED

_WRITES: list[str] = []
_WATCHED: list[Path] = []
_CHANGES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.symlink", "os.link", "os.truncate", "os.chmod"}


def _watch(event, arguments):
    """Note what is written outside the one folder where that is allowed."""
    if not _WATCHED or (event != "open" and event not in _CHANGES):
        return
    path = arguments[0]
    if event == "open" and not (arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        return
    if event in {"os.remove", "os.rmdir"} and arguments[1] >= 0:  # inside a folder that is open
        path = Path(f"/proc/self/fd/{arguments[1]}").resolve() / path
    allowed = (str(_WATCHED[0]), os.devnull, "/proc/self/")
    if isinstance(path, str | Path) and not str(path).startswith(allowed):
        _WRITES.append(f"{event} {path}")


sys.addaudithook(_watch)


@pytest.fixture
def spill(tmp_path, monkeypatch):
    """The one folder where anything may be written, watched."""
    _ = load_and_clean("warm", b"Order,Date,E-mail,Total\nA-1,2026-01-05,a@b.co,5\n")  # imports write, perhaps
    folder = tmp_path / "spill"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    _WRITES.clear()
    _WATCHED.append(folder)
    yield folder
    _WATCHED.clear()


def load_and_clean(name, content):
    """How it ends."""
    try:
        shop = clvapp.load([read.Source(name, content)])
        try:
            found = clvapp.Analysis(shop)
            cleaned = found.cleaned
            assert cleaned.rows_in == cleaned.rows_used + cleaned.report["rows"].sum()
            assert len(found.left_out) == cleaned.report["rows"].sum()
        finally:
            shop.close()
    except Problem as problem:
        assert str(problem).isprintable(), name
        assert len(str(problem)) <= LONGEST, name
        return type(problem).__name__
    return "loaded"


def megabytes(what):
    return int(Path("/proc/self/status").read_text(encoding="ascii").split(f"{what}:")[1].split()[0]) / 1024


SHARE = {"a hundredth": 100, "a thirtieth": 30, "all": 1}
PARTS = [
    "a hundredth",
    pytest.param("a thirtieth", marks=pytest.mark.verify),
    pytest.param("all", marks=pytest.mark.prove),
]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=pytest.mark.apart) if kind in hostile.APART else kind for kind in COUNTS]
)
def test_a_damaged_file_gives_a_table_or_a_sentence(kind, part, spill):
    ends, slowest, before = Counter(), (0.0, ""), memory_now()
    for number in range(COUNTS[kind] // SHARE[part]):
        name, content = hostile.mangled(kind, number)
        started = time.process_time()
        try:
            ends[load_and_clean(name, content)] += 1
        except Exception as fault:
            raise AssertionError(f"{name}: {fault!r}") from fault
        slowest = max(slowest, (time.process_time() - started, name))
        assert list(spill.iterdir()) == [], name
        assert _WRITES == [], name
    print(kind, f"slowest {slowest[0]:.1f} s of work ({slowest[1]})", dict(ends.most_common()))
    assert slowest[0] < MOST_SECONDS, slowest
    assert memory_peak() - before < MOST_MORE


def memory_now():
    """What this process holds, from where its peak is counted anew."""
    if not Path("/proc/self/clear_refs").exists():
        return 0
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return megabytes("VmRSS")


def memory_peak():
    return megabytes("VmHWM") if Path("/proc/self/status").exists() else 0


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=pytest.mark.verify if name in VERIFIED else pytest.mark.prove) for name in bombs.BOMBS],
)
def test_a_bomb_is_refused_or_read_within_its_time_and_memory(name, tmp_path):
    path, spill = tmp_path / "bomb", tmp_path / "spill"
    path.write_bytes(bombs.BOMBS[name]())
    spill.mkdir()
    paths = os.pathsep.join([str(Path(analysis.__file__).parents[1]), str(Path(bombs.__file__).parent)])
    done = subprocess.run(
        [sys.executable, bombs.__file__, path], capture_output=True, text=True, check=False, timeout=300, cwd=spill,
        env=os.environ | {"PYTHONPATH": paths, "TMPDIR": str(spill), "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2_000:]
    ended, seconds, own, children = json.loads(done.stdout)
    print(f"{path.stat().st_size / 1e6:.1f} MB: {ended}, {seconds:.1f} s of work, {own:.0f} and {children:.0f} MB")
    assert seconds < MOST_SECONDS
    assert max(own, children) < MOST_MEGABYTES
    assert list(spill.iterdir()) == []
