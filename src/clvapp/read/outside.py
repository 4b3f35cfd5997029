"""Workbooks and Parquet files -> their rows, read by a separate process."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import IO

import pyarrow as pa

from clvapp import sandbox
from clvapp.problems import DamagedFile, FarCell, FormulasWithoutValues, Locked, NeedsTooMuch, Problem, TooManyRows
from clvapp.read.source import LIMITS, Container, Limits, Source
from clvapp.sandbox import Answer, Request

KINDS: tuple[Container, ...] = ("xlsx", "xls", "ods", "parquet")
SECONDS = 90  # from the request to the last row, including the time to store the rows
_NAMES = {"xlsx": "XLSX", "xls": "XLS", "ods": "ODS", "parquet": "Parquet"}


def heads(source: Source, kind: Container, count: int, limits: Limits = LIMITS) -> dict[str, list[tuple[str, ...]]]:
    """The first `count` rows of each sheet that has any, by sheet name. Raises a Problem."""
    with _asked(source, _request(source, kind, limits, count=count), limits) as (answer, _):
        return {name: [tuple(row) for row in rows] for name, rows in answer["heads"].items()}


@contextmanager
def batches(
    source: Source, kind: Container, sheet: str, *, after: int, columns: Sequence[int], limits: Limits = LIMITS
) -> Iterator[Iterator[pa.RecordBatch]]:
    """The rows of `sheet` below row `after`: `record` and the text of `columns`. Raises a Problem."""
    request = _request(source, kind, limits, sheet=sheet, after=after, columns=columns)
    with _asked(source, request, limits) as (_, asked):
        yield _checked(source, kind, asked)


def _checked(source: Source, kind: Container, asked: "Asked") -> Iterator[pa.RecordBatch]:
    try:
        with pa.ipc.open_stream(asked.stream) as reader:
            yield from reader
    except (pa.ArrowException, OSError, ValueError) as fault:  # the stream broke off
        raise (NeedsTooMuch(source.name) if asked.failed() else DamagedFile(source.name, _NAMES[kind])) from fault


def _request(
    source: Source, kind: Container, limits: Limits, *, count: int = 0, sheet: str = "", after: int = 0,
    columns: Sequence[int] = (),
) -> Request:  # fmt: skip
    path = str(source.content.resolve()) if isinstance(source.content, Path) else ""
    return Request(
        kind=kind,
        path=path,
        count=count,
        sheet=sheet,
        after=after,
        columns=list(columns),
        memory=limits.beside,
        most_rows=limits.rows,
    )


@contextmanager
def _asked(source: Source, request: Request, limits: Limits) -> Iterator[tuple[Answer, "Asked"]]:
    """The answer to `request`, and the stream that follows it. Raises a Problem when no answer comes."""
    with _process(source, request, limits) as asked:
        line = asked.stream.readline()
        if not line:  # the process was killed: it hit its limit of memory or of time
            raise NeedsTooMuch(source.name)
        answer: Answer = json.loads(line)
        if "fault" in answer:
            raise _problem(source.name, request, answer)
        yield answer, asked


@dataclass(frozen=True)
class Asked:
    """What the process says, and whether it ended before it had said everything."""

    stream: IO[bytes]
    failed: Callable[[], bool]


@contextmanager
def _process(source: Source, request: Request, limits: Limits) -> Iterator[Asked]:
    """A process that has the request and the whole file. It ends with the context."""
    here = str(Path(sandbox.__file__).parents[2])
    paths = os.pathsep.join(filter(None, [here, os.environ.get("PYTHONPATH", "")]))
    environment = os.environ | {"PYTHONPATH": paths, "ARROW_DEFAULT_MEMORY_POOL": "system", "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module; a file's name is only data
        [sys.executable, "-P", "-m", "clvapp.sandbox", json.dumps(request)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment,
    )  # fmt: skip
    assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 - both are pipes
    timer = Timer(SECONDS, process.kill)
    timer.daemon = True
    timer.start()
    try:
        _give(source, request, process.stdin, limits)
        yield Asked(process.stdout, lambda: process.wait(SECONDS) != 0)
    finally:
        timer.cancel()
        process.kill()
        process.stdout.close()
        process.wait()


def _give(source: Source, request: Request, to: IO[bytes], limits: Limits) -> None:
    """Hand over the bytes. If the process has already ended, its answer says why, or there is none."""
    try:
        if not request["path"]:
            with source.seekable(limits) as given:
                while piece := given.read(1 << 20):
                    to.write(piece)
    except BrokenPipeError:
        pass
    finally:
        with suppress(BrokenPipeError):
            to.close()


def _problem(name: str, request: Request, answer: Answer) -> Problem:
    match answer["fault"]:
        case "rows":
            return TooManyRows(name, request["most_rows"])
        case "far":
            return FarCell(name, answer["row"])
        case "locked":
            return Locked(name)
        case "formulas":
            return FormulasWithoutValues(name, answer["count"], cell=answer["cell"])
        case "memory":
            return NeedsTooMuch(name)
    return DamagedFile(name, _NAMES[request["kind"]])
