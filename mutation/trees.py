"""Copies of the source, each with a process at a time that works on it."""

import contextlib
import json
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

MEMORY = 4 << 30  # bytes: a fault may ask for any number of them
ANSWER, SAID = "answer.json", "said.txt"
GLANCE = 0.02  # seconds between two looks at who has ended

Job = TypeVar("Job")


class Tree:
    """A copy of a source folder. A fault is planted in it, and goes when the process that ran with it has ended."""

    def __init__(self, folder: Path, source: Path) -> None:
        self.folder, self.source, self.temporary = folder, folder / source.name, folder / "tmp"
        shutil.copytree(source, self.source, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        self.temporary.mkdir()
        self.without: dict[str, str] = {}

    def write(self, path: str, text: str) -> None:
        """Put `text` into a file, whose compiled form is forgotten: it is told by its second, and we are faster."""
        file = self.source / path
        file.write_text(text, encoding="utf-8")
        for compiled in (file.parent / "__pycache__").glob(f"{file.stem}.*"):
            compiled.unlink()

    def plant(self, path: str, text: str) -> None:
        """The same, until `clear`."""
        self.without[path] = (self.source / path).read_text(encoding="utf-8")
        self.write(path, text)

    def clear(self) -> None:
        """Take out what was planted, and throw away the temporary files."""
        for path, text in self.without.items():
            self.write(path, text)
        self.without.clear()
        shutil.rmtree(self.temporary, ignore_errors=True)
        self.temporary.mkdir(exist_ok=True)


@dataclass(frozen=True)
class Ended(Generic[Job]):
    """What came of a job: its answer, None where the process hung or died, what it said, and how long it took."""

    job: Job
    answer: dict[str, Any] | None
    said: str
    seconds: float


@dataclass(frozen=True)
class _Running(Generic[Job]):
    job: Job
    tree: Tree
    began: float
    limit: float


def in_turn(
    jobs: Iterable[Job], trees: Sequence[Tree], work: Callable[[Job, Tree], dict[str, Any]],
    *, limit: Callable[[Job], float], before: Callable[[Job, Tree], None] = lambda job, tree: None,
) -> Iterator[Ended[Job]]:  # fmt: skip
    """Do `work` for each of the `jobs` in a process of its own, one a tree at a time, and end it after its `limit`.

    A process starts as a copy of this one: what is imported here is imported there. `before` is done here.
    """
    waiting, free = deque(jobs), list(trees)
    running: dict[int, _Running[Job]] = {}
    try:
        while waiting or running:
            while waiting and free:
                job, tree = waiting.popleft(), free.pop()
                before(job, tree)
                running[_forked(job, tree, work)] = _Running(job, tree, time.monotonic(), limit(job))
            time.sleep(GLANCE)
            for pid in [pid for pid, of in running.items() if _is_over(pid, of)]:
                done = running.pop(pid)
                ended = Ended(done.job, *_left(done.tree), time.monotonic() - done.began)
                done.tree.clear()
                free.append(done.tree)
                yield ended
    finally:
        for pid in running:
            _end(pid)


def _is_over(pid: int, of: "_Running[Any]") -> bool:
    if os.waitpid(pid, os.WNOHANG)[0] == pid:
        return True
    if time.monotonic() - of.began < of.limit:
        return False
    _end(pid)
    return True


def _end(pid: int) -> None:
    """End a process with all that it started."""
    with contextlib.suppress(ProcessLookupError):  # it may not lead a group yet
        os.killpg(pid, signal.SIGKILL)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def _left(tree: Tree) -> tuple[dict[str, Any] | None, str]:
    """The answer that a process left, and what it said."""
    file, said = tree.folder / ANSWER, tree.folder / SAID
    answer: dict[str, Any] | None = json.loads(file.read_text(encoding="utf-8")) if file.exists() else None
    file.unlink(missing_ok=True)
    return answer, said.read_text(encoding="utf-8", errors="replace") if said.exists() else ""


def _forked(job: Job, tree: Tree, work: Callable[[Job, Tree], dict[str, Any]]) -> int:
    """The number of a new process that does the work; it never comes back to here."""
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        return pid
    try:
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        _move_into(tree)
        whole = json.dumps(work(job, tree))
        (tree.folder / "begun").write_text(whole, encoding="utf-8")
        (tree.folder / "begun").rename(tree.folder / ANSWER)
    except BaseException:  # noqa: BLE001 - read in what it said
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)  # what is the parent's is not tidied up twice


def _move_into(tree: Tree) -> None:
    """From now on this process imports from `tree`, speaks into a file, and has only so much memory."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    said = os.open(tree.folder / SAID, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(said, 1)
    os.dup2(said, 2)
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    sys.path.insert(0, str(tree.source))
    os.environ["PYTHONPATH"] = str(tree.source)  # of processes that a test starts
    os.environ["TMPDIR"] = tempfile.tempdir = str(tree.temporary)
