"""Bytes in any encoding -> a stream of UTF-8 that a CSV parser can take, with broken quotes mended on request."""

import codecs
import csv
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from threading import Lock

import charset_normalizer

from clvapp.read import code_pages

MIXED = "utf-8, else cp1252"  # any character that is not UTF-8 is read as Windows' Western European
UNREADABLE = b"\x01"  # stands alone on its line, in place of a row whose quote never closes
BLANKS = " "  # the separator of columns of fixed width: any number of blanks
_LONGEST_RECORD = 400  # lines: if a note runs longer, we assume that its quote was never closed
_SHORT_RECORD = 10  # lines, once we have looked through so many bytes in vain that the whole file must be broken
_SEARCHED_IN_VAIN = 1 << 23
_LEAST = 1 << 18
_LONGEST_LINE = _LEAST  # bytes: the parser may refuse a longer line
_LONGEST_TAIL = 8  # pieces of blank lines that we hold back to see whether anything follows
_MANY_BAD, _MOST_BAD = 1_000, 2_000_000  # bytes that are not UTF-8: in one piece, and in a file that is otherwise UTF-8
_LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HANDLER = "clvapp-cp1252"
_LINE_END = re.compile(rb"\r\n|\r|\n")
_IN_WORDS = re.compile(rb"[\x80-\xff]{2,}|(?<=[A-Za-z])[\x80-\xff]|[\x80-\xff](?=[A-Za-z])")  # and no lone signs
_MARKS = ("\ufeff", "ï»¿")  # the mark itself, and what it becomes when read as Western European and stored again


def _as_cp1252(fault: UnicodeError) -> tuple[str, int]:
    if not isinstance(fault, UnicodeDecodeError):
        raise fault
    return fault.object[fault.start : fault.end].decode("cp1252", errors="replace"), fault.end


codecs.register_error(_HANDLER, _as_cp1252)


def encoding(sample: bytes, *, whole: bool) -> str | None:
    """The encoding of `sample`, which is the beginning of a file or all of it. None when it is not text."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if sample.startswith(mark):
            return name
    zeros = sample.count(0)
    if zeros:
        if zeros < 0.3 * len(sample):  # in UTF-16, every second byte of Western text is zero
            return None
        return "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample, final=whole)
    except UnicodeDecodeError:
        return _legacy(sample)
    return "utf-8"


def _legacy(sample: bytes) -> str | None:
    """Which older encoding it is. All Western ones are read as `MIXED`."""
    if sum(sample.count(bytes([sign])) for sign in range(1, 9)) > len(sample) // 100:
        return None
    if page := code_pages.told_by_words(sample):
        return page
    telling = b"\n".join(line for line in sample.splitlines() if not line.isascii())[:20_000]
    best = charset_normalizer.from_bytes(telling).best()
    western = {"cp1250", "cp1252", "cp1254", "cp437", "cp850", "iso8859_15", "latin_1", "mac_roman", "utf_8", "ascii"}
    # A short sample can look like anything, so we believe in another alphabet only when there is enough of it.
    letters = sum(map(len, _IN_WORDS.findall(telling)))
    unmarked = best is not None and best.encoding.startswith(("utf_16", "utf_32", "utf_7"))
    if best is None or unmarked or best.encoding in western or letters < 30:
        return MIXED
    return best.encoding


def decoded(pieces: Iterable[bytes], name: str) -> Iterator[str]:
    """`pieces` as text, without byte-order marks. What `name` cannot decode is read as cp1252, or marked."""
    codec, errors = ("utf-8-sig", _HANDLER) if name in {"utf-8", MIXED} else (name, "replace")
    decoder = codecs.getincrementaldecoder(codec)(errors)
    for piece in pieces:
        text = decoder.decode(piece)
        for mark in _MARKS:
            text = text.replace(mark, "")
        yield text
    yield decoder.decode(b"", final=True)


def as_utf8(pieces: Iterable[bytes], name: str) -> Iterator[bytes]:
    """`pieces` as pure UTF-8, without byte-order marks. A character that is not UTF-8 is read as cp1252."""
    if name not in {"utf-8", MIXED}:
        yield from (text.encode("utf-8", errors="replace") for text in decoded(pieces, name) if text)
        return
    rest, bad = b"", 0
    source = iter(pieces)
    beginning = next(source, b"").removeprefix(codecs.BOM_UTF8)
    for fresh in chain([beginning], source):
        piece = rest + fresh if rest else fresh
        if piece.isascii():
            used = len(piece)
            yield piece
        else:
            good, used, worse = _good(piece, final=False)
            if b"\xbf" in good:  # all marks end in it, and searching for one byte costs next to nothing
                for mark in _MARKS:
                    good = good.replace(mark.encode(), b"")
            yield good
            bad += worse
            if bad > _MOST_BAD:
                raise UnicodeError("neither UTF-8 nor Western European")
        rest = piece[used:]
    if rest:
        yield _good(rest, final=True)[0]


def _good(piece: bytes, *, final: bool) -> tuple[bytes, int, int]:
    """`piece` in UTF-8 up to any character it cuts in two, how many bytes that took, and how many were not UTF-8."""
    try:
        used = codecs.utf_8_decode(piece, "strict", final)[1]
    except UnicodeDecodeError:
        bad = len(piece) - len(piece.decode("utf-8", errors="ignore").encode())
        if bad > _MANY_BAD and not _LETTER.search(piece):  # no letter in it is UTF-8, so all are in the older encoding
            return piece.decode("cp1252", errors="replace").encode(), len(piece), 0
        text, used = codecs.utf_8_decode(piece, _HANDLER, final)
        return text.encode("utf-8", errors="replace"), used, bad
    return piece[:used], used, 0


class Feed:
    """A file-like stream for the parser. It counts quotes as they pass, and drops blank lines at the end.

    An odd number of quotes means that one was never closed, or that somebody wrote inches. No parser reports it.
    """

    closed = False

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self.quotes = 0
        self._pieces = _without_blank_tail(pieces)
        self._rest = b""
        self._reading = Lock()
        self._stopped = False

    def read(self, size: int) -> bytes:
        """Up to `size` bytes. Only the last answer may be short: the parser makes a block of each."""
        with self._reading:
            return b"" if self._stopped else self._read(size)

    def stop(self) -> None:
        """Give nothing more, and wait until the current read is done.

        The parser reads ahead on its own thread, even when nobody wants the rest. A thread that comes back while the
        interpreter shuts down takes the process down.
        """
        self._stopped = True
        with self._reading:
            self._pieces, self._rest = iter(()), b""

    def _read(self, size: int) -> bytes:
        held, length = [self._rest] if self._rest else [], len(self._rest)
        while length < min(size, _LEAST) and (piece := next(self._pieces, b"")):
            held.append(piece)
            length += len(piece)
        whole = held[0] if len(held) == 1 else b"".join(held)
        taken, self._rest = (whole, b"") if length <= size else (whole[:size], whole[size:])
        if b'"' in taken:  # searching takes a twentieth of the time of counting
            self.quotes += taken.count(b'"')
        return taken

    def readable(self) -> bool:
        """Yes."""
        return True

    def writable(self) -> bool:
        """No."""
        return False

    def seekable(self) -> bool:
        """No."""
        return False

    def close(self) -> None:
        """There is nothing to release: the pieces close what they opened."""


def single_spaced(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Lines whose cells are separated by one blank each, however many stood between them."""
    for line in lines(pieces):
        yield BLANKS.encode().join(line.split()) + b"\n"


def after_lines(pieces: Iterable[bytes], count: int) -> Iterator[bytes]:
    """`pieces` without their first `count` lines, whatever ends a line."""
    source = iter(pieces)
    if not count:
        yield from source
        return
    head = b""
    for piece in source:
        head += piece
        ends = [end.end() for end in islice(_LINE_END.finditer(head), count)]
        # A carriage return at the very end may be half of a line ending.
        if len(ends) == count and not (ends[-1] == len(head) and head.endswith(b"\r")):
            yield head[ends[-1] :]
            yield from source
            return
    if len(ends := [end.end() for end in islice(_LINE_END.finditer(head), count)]) == count:
        yield head[ends[-1] :]


def _without_blank_tail(pieces: Iterable[bytes]) -> Iterator[bytes]:
    held: list[bytes] = []
    for piece in pieces:
        body = piece.rstrip(b"\r\n")
        if body or len(held) > _LONGEST_TAIL:
            yield from held
            held = []
        if body:
            yield body
        if len(body) < len(piece):
            held.append(piece[len(body) :])


def mended(pieces: Iterable[bytes], *, width: int, delimiter: str, report: Callable[[str], None]) -> Iterator[bytes]:
    """The same lines, but a row whose quote never closes becomes `UNREADABLE`, and `report` is told of it.

    We believe a record of several lines if it closes within 400 lines and then has `width` cells. Otherwise we give
    up its first line and go on at its second. We also give up a line that is too long for the parser.
    """
    waiting = deque[bytes]()
    source = lines(pieces)
    in_vain = 0
    while line := waiting.popleft() if waiting else next(source, b""):
        hopeless = len(line) > _LONGEST_LINE or line.strip() == UNREADABLE
        if b'"' not in line and not hopeless:
            yield line
            continue
        most = 1 if hopeless else _LONGEST_RECORD if in_vain < _SEARCHED_IN_VAIN else _SHORT_RECORD
        record, cells = _record(line, _drained(waiting, source), delimiter=delimiter, most=most)
        if hopeless or not cells or (len(record) > 1 and cells != width):
            report(_text(line).removesuffix("\n"))
            waiting.extendleft(reversed(record[1:]))
            in_vain += sum(map(len, record))
            yield UNREADABLE + b"\n"
        else:
            yield b"".join(record)


def _drained(waiting: deque[bytes], source: Iterator[bytes]) -> Iterator[bytes]:
    while line := waiting.popleft() if waiting else next(source, b""):
        yield line


def _record(line: bytes, following: Iterator[bytes], *, delimiter: str, most: int) -> tuple[list[bytes], int]:
    """The lines of the record that starts with `line`, and how many cells it has.

    There are no cells when its last quote is still open after `most` lines, or when the record has several lines
    and a quote closes where none may.
    """
    record = [line]
    room = _LONGEST_LINE - len(line)
    is_open = False

    def text() -> Iterator[str]:
        nonlocal is_open, room
        yield _text(line)
        for more in islice(following, most - 1):
            record.append(more)
            room -= len(more)
            if room < 0:
                break
            yield _text(more)
        is_open = True  # the reader asks for more than there is only while a quote is open

    try:
        cells = len(next(csv.reader(text(), delimiter=delimiter), []))
        if len(record) > 1 and not is_open:
            next(csv.reader([_text(b"".join(record))], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return record, 0
    return record, 0 if is_open else cells


def _text(line: bytes) -> str:
    return line.decode("utf-8", errors="replace").rstrip("\r\n") + "\n"


def lines(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """`pieces`, cut after each line feed. Of a line that is too long, we keep little more than `_LONGEST_LINE`."""
    held: list[bytes] = []
    room = _LONGEST_LINE
    for piece in pieces:
        if b"\n" not in piece:  # on an old Mac, lines end with a carriage return alone
            piece = piece.replace(b"\r", b"\n")
        *whole, rest = piece.split(b"\n")
        for line in whole:
            yield b"".join([*held, line, b"\n"])
            held, room = [], _LONGEST_LINE
        if rest and room >= 0:
            held.append(rest)
            room -= len(rest)
    if held:
        yield b"".join(held) + b"\n"
