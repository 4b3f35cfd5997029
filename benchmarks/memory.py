"""A server of our own, and people who use it together -> how much memory all of it takes, against the 1 GB it may have.

Where the machine allows it (Linux, as root, with memory control groups), the server really has no more than that, and
is killed beyond it. Elsewhere its memory is sampled. `python -m benchmarks.memory [STORY ...] [--megabytes N]`.
"""

import argparse
import contextlib
import io
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread

from benchmarks import shopify_lines
from benchmarks.visitor import PAGES, Visitor, served

GIGABYTE = 1_000_000_000
_GROUPS = Path("/sys/fs/cgroup/memory"), Path("/sys/fs/cgroup")
_LIMITS = "memory.limit_in_bytes", "memory.max"
Server = tuple[str, "subprocess.Popen[bytes]"]


@contextlib.contextmanager
def group() -> Iterator[Path | None]:
    """A control group with 1 GB, or None where there can be none."""
    for root, limit in zip(_GROUPS, _LIMITS, strict=True):
        made = root / f"clvapp-{os.getpid()}"
        try:
            made.mkdir()
            (made / limit).write_text(str(GIGABYTE))
        except OSError:
            with contextlib.suppress(OSError):
                made.rmdir()
            continue
        try:
            yield made
        finally:
            with contextlib.suppress(OSError):
                made.rmdir()
        return
    yield None


def resident(process: int) -> int:
    """The bytes that a process and its children hold, without what the machine only caches for them."""
    held, children = 0, [process]
    while children:
        one = children.pop()
        with contextlib.suppress(OSError):
            held += 1024 * sum(
                int(line.split()[1])
                for line in Path(f"/proc/{one}/status").read_text().splitlines()
                if line.startswith(("RssAnon", "RssShmem"))
            )
            children += map(int, Path(f"/proc/{one}/task/{one}/children").read_text().split())
    return held


class Watch:
    """The most that a process held while we watched."""

    def __init__(self, process: int) -> None:
        self.most, self._over = 0, Event()
        self._thread = Thread(target=self._sample, args=(process,), daemon=True)
        self._thread.start()

    def _sample(self, process: int) -> None:
        while not self._over.wait(0.05):
            self.most = max(self.most, resident(process))

    def stop(self) -> int:
        """Stop watching. Returns the most."""
        self._over.set()
        self._thread.join()
        return self.most


def orders(megabytes: float, seed: int = 0) -> bytes:
    """A Shopify export of about that size."""
    lines = int(megabytes * 5_000)
    content = shopify_lines.path(lines).read_bytes()
    return content.replace(b"@example", f"@{seed}.example".encode())  # no two people drop the same bytes


def visit(address: str, name: str, content: bytes, pages: tuple[str, ...] = PAGES) -> Visitor:
    """Somebody who drops a file and opens pages."""
    somebody = Visitor(address).drop("orders_0", (name, content))
    if "orders_1" not in somebody.ids:
        print(f"    not loaded: {somebody.said[-1:]}", flush=True)
        return somebody
    for page in pages:
        somebody.go(page)
    return somebody


def largest(address: str, megabytes: float) -> None:
    """One visitor with the largest file that is let in, and every page."""
    visit(address, "orders.csv", orders(megabytes)).leave()


def zipped(address: str, megabytes: float) -> None:
    """One visitor with a zip of ten times as much, and every page."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("orders.csv", orders(5 * megabytes))
    visit(address, "orders.zip", held.getvalue()).leave()


def ten(address: str, megabytes: float) -> None:
    """Ten visitors with 20 MB each, all still there at the end."""
    somebody = [
        visit(address, "orders.csv", orders(min(20, megabytes), one), ("overview", "value")) for one in range(10)
    ]
    for one in somebody:
        one.leave()


def in_and_out(address: str, megabytes: float) -> None:
    """Fifteen visitors, one after the other, twice."""
    for turn in range(30):
        visit(address, "orders.csv", orders(4, turn), ("overview",)).leave()


STORIES: dict[str, Callable[[str, float], None]] = {
    "largest": largest, "zipped": zipped, "ten": ten, "in_and_out": in_and_out,
}  # fmt: skip


def told(story: str, megabytes: float, flags: list[str]) -> bool:
    """Tell one story to a fresh server, and print what it took. Returns whether the server outlived it."""
    with group() as held:
        before = ["sh", "-c", f'echo $$ > {held}/cgroup.procs; exec "$@"', "sh"] if held else []
        with served(*flags, before=["nice", "-n", "10", *before]) as (address, process):
            time.sleep(2)
            start, watch = resident(process.pid), Watch(process.pid)
            fault = ""
            try:
                STORIES[story](address, megabytes)
            except Exception as found:  # noqa: BLE001 - whatever a dying server does to its visitors
                fault = f"{type(found).__name__}: {found}"[:200]
            most = watch.stop()
            time.sleep(8)
            alive = process.poll() is None
            print(
                f"  {story:<12} begins at {start / 1e6:>5.0f} MB, most {most / 1e6:>6.0f} MB, then "
                f"{resident(process.pid) / 1e6:>5.0f} MB; {'alive' if alive else 'KILLED'} {fault}", flush=True,
            )  # fmt: skip
        time.sleep(0.5)
    return alive and not fault


def main() -> int:
    """Tell the stories that were asked for, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stories", nargs="*", default=list(STORIES), metavar="STORY")
    parser.add_argument("--megabytes", type=float, default=None, help="the largest file; else what the settings allow")
    parser.add_argument("--flag", action="append", default=[], help="of Streamlit, such as --server.maxUploadSize=200")
    options = parser.parse_args()
    from streamlit import config

    size = options.megabytes or 0.97 * config.get_option("server.maxUploadSize")
    with group() as held:
        print(f"A server with 1 GB ({'in a control group' if held else 'sampled only'}), files up to {size:.0f} MB")
    return 0 if all([told(story, size, options.flag) for story in options.stories]) else 1  # noqa: C419 - tell them all


if __name__ == "__main__":
    sys.exit(main())
