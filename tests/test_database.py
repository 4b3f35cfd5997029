"""A session's folder for what does not fit in memory ends with it, however it ends."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from hand_frames import csv_text

from clvapp import database
from clvapp.database import Engine

OPENED = "from clvapp.database import Engine; e = Engine(); print(e.spill.path, flush=True); input()"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def process(folder, *command):
    environment = os.environ | {"TMPDIR": str(folder), "PYTHONPATH": str(Path(database.__file__).parents[1])}
    return subprocess.Popen(
        [sys.executable, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, env=environment,
    )  # fmt: skip


def ended(running):
    for pipe in (running.stdin, running.stdout, running.stderr):
        pipe.close()
    return running.wait(60)


def test_what_a_killed_process_left_is_removed_by_the_next_and_nothing_else(folder):
    killed, living = (process(folder, "-c", OPENED) for _ in range(2))
    left, used = (Path(one.stdout.readline().strip()) for one in (killed, living))
    killed.kill()
    ended(killed)
    assert left.is_dir()
    others = [folder / "clvapp-notes", folder / "clvapp-benchmarks"]
    for other in others:
        other.mkdir()
        (other / "mine.txt").write_text("mine")
    (folder / "clvapp-link").symlink_to(others[0])
    database._sweep.cache_clear()
    with Engine() as ours:
        assert not left.exists()
        assert used.is_dir()
        assert ours.spill.path.is_dir()
        assert [path.name for path in folder.rglob("mine.txt")] == ["mine.txt"] * 2
    living.kill()
    ended(living)
    assert not ours.spill.path.exists()


def test_a_command_that_is_told_to_end_leaves_no_folder(folder):
    rows = [{"Order": i, "Date": "2026-01-05", "E-mail": f"c{i}@example.org", "Total": "1.00"} for i in range(400_000)]
    orders = folder / "orders.csv"
    orders.write_text(csv_text(rows))
    running = process(folder, "-m", "clvapp", "analyze", str(orders), "--out", str(folder / "out"))
    until = time.monotonic() + 60
    while not list(folder.glob("clvapp-*")) and time.monotonic() < until:
        time.sleep(0.01)
    running.send_signal(signal.SIGTERM)
    assert ended(running) == 128 + signal.SIGTERM
    assert [path.name for path in folder.iterdir()] == ["orders.csv"]
