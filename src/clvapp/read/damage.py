"""CSV that another program damaged on its way -> as it was meant: rows wrapped in quotes, backslashed quotes."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Literal

from clvapp.read import stream

Damage = Literal["", "wrapped", "backslashes"]

_WRAPPED = re.compile(r'"((?:[^"]|"")*)"[;,\t|]*\s*')  # and the empty cells of the columns to its right
_ESCAPED = re.compile(rb'\\(\\|")')
_ONE_END = re.compile(rb"(?<=\r)(?=[^\n])")  # an old Mac's line end, in a file that also has others
_LEAST_SHARE = 0.5


def unwrapped(line: str) -> str:
    """A row that a spreadsheet took for one cell, as it was before. Any other line stays as it is.

    >>> unwrapped('"1001,""Doe, Jane"",12.50"'), unwrapped('"1001,12.50";;;'), unwrapped('"a","b"')
    ('1001,"Doe, Jane",12.50', '1001,12.50', '"a","b"')
    """
    body = line.rstrip("\r\n")
    found = _WRAPPED.fullmatch(body)
    return found[1].replace('""', '"') + line[len(body) :] if found else line


def _without_backslashes(line: bytes) -> bytes:
    """Quotes doubled, as CSV has them, where a backslash stood before each."""
    return _ESCAPED.sub(lambda found: b'""' if found[1] == b'"' else b"\\", line)


def damage(text: str, regularity: Callable[[str], float]) -> Damage:
    """What happened to `text`, judged by whether it becomes more of a table (`regularity`) when that is undone."""
    lines = [line for line in text.splitlines()[:200] if line.strip()]
    wrapped = [line for line in lines if _WRAPPED.fullmatch(line)]
    if len(wrapped) > 1 and len(wrapped) >= _LEAST_SHARE * len(lines) and _better("wrapped", text, regularity):
        return "wrapped"
    return "backslashes" if '\\"' in text and _better("backslashes", text, regularity) else ""


def _better(kind: Damage, text: str, regularity: Callable[[str], float]) -> bool:
    return regularity(b"".join(repaired([text.encode()], kind)).decode()) > regularity(text)


def repaired(pieces: Iterable[bytes], kind: Damage) -> Iterator[bytes]:
    """`pieces` of UTF-8 with the damage undone, line by line."""
    if not kind:
        yield from pieces
        return
    for line in chain.from_iterable(map(_ONE_END.split, stream.lines(pieces))):
        if kind == "wrapped":
            yield unwrapped(line.decode("utf-8", errors="replace")).encode()
        else:
            yield _without_backslashes(line)
