"""How people write dates: the shape of a cell, with 9 for each digit -> where its year, month, day and time stand.

A column has few shapes, however many rows it has: "19 Jan 2026, 14:05" and "07 Jan 2026, 09:30" are both
"99 Jan 9999, 99:99". So we understand a shape once, and a database reads all of its rows by place.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache

from clvapp.formats.month_names import folded, half_of_day, is_weekday, month

# Digits of other scripts, in an order that pairs each with its value.
OTHER_DIGITS = "".join(chr(start + i) for start in (0x0660, 0x06F0, 0xFF10) for i in range(10))
PLAIN_DIGITS = "0123456789" * 3
LONGEST = 80  # characters of a cell that may be a date

Place = tuple[int, int]  # the first character, counted from 1, and how many


@dataclass(frozen=True)
class Shape:
    """Where the parts of a moment stand. `month` is a number where a name says it.

    Where day and month are both numbers and the year comes last, `first` and `second` hold them instead: only the
    whole column tells which is which. `number` is a shape of digits alone: "epoch", "milliseconds" or "serial".
    """

    year: Place | None = None
    month: Place | int | None = None
    day: Place | None = None
    first: Place | None = None
    second: Place | None = None
    hour: Place | None = None
    minute: Place | None = None
    second_of_minute: Place | None = None
    half: str | None = None  # "am", "pm", or None on a clock of 24 hours
    number: str | None = None


# How a time looks. A point only parts hours from minutes after a whole date.
_TIMES = (
    re.compile(r"(?<![9:.])(9{1,2}) ?: ?(99)(?: ?: ?(99)(?:[.,:]9+)?)?(?![9:])"),
    re.compile(r"(?<!9)(9{1,2}) ?[時时點点시] ?(?:(9{1,2}) ?[分분] ?)?(?:(9{1,2}) ?[秒초])?"),
    re.compile(r"(?<![9.])(9{1,2}) ?h ?(99)(?: ?(?:m|min)? ?(99) ?s?)?(?!9)"),
    re.compile(r"(?<![9.,])(9{1,2})()() ?(?=[ap]\.?m)"),
    re.compile(r"(?<=[9 ]t)(99)(99)(99)?(?!9)"),
    re.compile(r"(?<=^9{8} )(99)(99)(99)?$"),
)
_POINTED = re.compile(r"(?<=[ ,t])(9{1,2})\.(99)(?:\.(99))?(?![9.])")
_OFFSET = re.compile(r"^ ?(?:(?:utc|gmt) ?)?[+−-] ?99?(?::?99)?(?!9)|^ ?z(?!\w)")
_BRACKETS = re.compile(r"\([^()]*\)")
_AM_PM = re.compile(r"^ ?(a|p) ?[.]? ?m(?![^\W\d_])[.]?|^ ?(a|p)(?![^\W\d_])[.]?")
# Words of a date and time that say nothing about either.
_FILLERS = frozenset((
    "at", "um", "uhr", "hs", "h", "hrs", "hr", "kl", "klo", "a", "as", "alle", "om", "o", "ora", "ore", "godz", "saat",
    "pukul", "jam", "the", "of", "de", "del", "den", "d", "di", "le", "il", "lo", "el", "la", "las", "los", "st", "nd",
    "rd", "th", "er", "eme", "г", "год", "года", "в", "t", "z", "utc", "gmt",
))  # fmt: skip
_ZONE = re.compile(r"^[a-z]{1,5}$")
_YEAR_FIRST = re.compile(r"(9999) ?[-/.年년 ] ?(9{1,2}) ?[-/.月월 ] ?(9{1,2}) ?[日일.]?")
_YEAR_LAST = re.compile(r"(9{1,2}) ?([-/.–]|(?<=9) (?=9)) ?(9{1,2}) ?\2 ?(9999|99)\.?")
_TOGETHER = re.compile(r"(9999)(99)(99)(?:(99)(99)(99)?)?")
_JUNK = " ,'.،"


def plain_digits(text: str) -> str:
    """`text` with the digits of other scripts as ours.

    >>> plain_digits("٢٠٢٦/٠١/١٩")
    '2026/01/19'
    """
    return text if text.isascii() else text.translate(str.maketrans(OTHER_DIGITS, PLAIN_DIGITS))


def shape_of(text: str) -> str:
    """The shape of one cell: each digit is a 9.

    >>> shape_of("19 Jan 2026, 14:05")
    '99 Jan 9999, 99:99'
    """
    return re.sub("[0-9]", "9", plain_digits(text[:LONGEST]))


@lru_cache(20_000)
def understood(shape: str) -> Shape | None:
    """Where the parts of a moment stand in `shape`, or None where it is no date.

    >>> understood("99 Jan 9999, 99:99").month, understood("99/99/9999").first, understood("Room 99")
    (1, (1, 2), None)
    """
    if "9" not in shape:
        return None
    bare = shape.strip(" '")
    if re.fullmatch(r"9+(?:\.9*)?", bare):
        return _of_digits(bare, shape.index(bare) + 1)
    text = _BRACKETS.sub(lambda found: " " * len(found[0]), "".join(map(_one_sign, shape)))
    timed, rest = _time(text, _TIMES)
    found = _date(rest, after_time=timed is not None)
    if found is None and timed is None:
        timed, rest = _time(text, (_POINTED,))
        found = _date(rest, after_time=True) if timed else None
    if found is None or timed is None:
        return found
    return replace(
        found, hour=timed.hour, minute=timed.minute, second_of_minute=timed.second_of_minute, half=timed.half
    )


def _one_sign(sign: str) -> str:
    """A sign as we compare it: spaces of all kinds and invisible signs are blanks. It stays one sign."""
    if sign.isspace() or unicodedata.category(sign) in {"Cf", "Cc"}:
        return " "
    lower = sign.lower()
    return lower if len(lower) == 1 else sign


def _of_digits(bare: str, start: int) -> Shape | None:
    """A cell of digits alone: a day without signs, the seconds since 1970, or a spreadsheet's day."""
    if (whole := _TOGETHER.fullmatch(bare)) is not None:
        places = [_place(whole, i, start - 1) for i in range(1, 7)]
        year, number, day, hour, minute, second = places
        return Shape(year, number, day, hour=hour, minute=minute, second_of_minute=second)
    known = {"9" * 10: "epoch", "9" * 13: "milliseconds", "9" * 5: "serial"}.get(bare.partition(".")[0])
    return Shape(number=known) if known and bare.count(".") <= (known != "milliseconds") else None


def _place(found: re.Match[str], group: int, before: int = 0) -> Place | None:
    start, end = found.span(group)
    return (before + start + 1, end - start) if start < end else None


def _time(text: str, patterns: tuple[re.Pattern[str], ...]) -> tuple[Shape | None, str]:
    """The time in `text`, and the text with blanks in its place."""
    found = next((one for pattern in patterns if (one := pattern.search(text))), None)
    if found is None:
        return None, text
    start, end = found.span()
    half, end = _half_after(text, end)
    if half is None:
        half, start = _half_before(text, start)
    if offset := _OFFSET.match(text[end:]):
        end += offset.end()
    if start > 0 and text[start - 1] == "t" and text[max(start - 2, 0)] == "9":
        start -= 1
    time = Shape(hour=_place(found, 1), minute=_place(found, 2), second_of_minute=_place(found, 3), half=half)
    return time, text[:start] + " " * (end - start) + text[end:]


def _half_after(text: str, end: int) -> tuple[str | None, int]:
    if latin := _AM_PM.match(text[end:]):
        return ("am" if (latin[1] or latin[2]) == "a" else "pm"), end + latin.end()
    word = re.match(r" ?([^\W\d_][^\W\d_.]*(?:\.[^\W\d_]+)*\.?)", text[end:])
    half = half_of_day(folded(word[1])) if word else None
    return half, end + word.end() if word and half else end


def _half_before(text: str, start: int) -> tuple[str | None, int]:
    word = re.search(r"([^\W\d_]+) ?$", text[:start])
    half = half_of_day(folded(word[1])) if word and not word[1].isascii() else None
    return half, word.start() if word and half else start


def _date(text: str, *, after_time: bool) -> Shape | None:
    """The date in `text`, which holds nothing else but words that say nothing."""
    words = [(folded(one[0]), one) for one in re.finditer(r"[^\W\d_年月日년월일]+", text)]
    months = [(number, one) for word, one in words if word not in _FILLERS and (number := month(word))]
    if len(months) > 1:  # "mar" is a Tuesday in Spanish too
        months = [(number, one) for number, one in months if not is_weekday(folded(one[0]))][:1] or months[:1]
    named = months[0][1] if months else None
    for word, one in words:
        if one is not named and not (word in _FILLERS or is_weekday(word) or (after_time and _ZONE.match(word))):
            return None
        text = text[: one.start()] + " " * len(one[0]) + text[one.end() :]
    return _by_name(text, months[0][0], named.start()) if named else _by_numbers(text)


def _by_name(text: str, number: int, at: int) -> Shape | None:
    """The day and the year around a month's name."""
    groups = [(one.start() + 1, len(one[0])) for one in re.finditer("9+", text)]
    if len(groups) != 2 or re.sub(r"9+|[-/ºª]", "", text).strip(_JUNK + "-"):
        return None
    years = [one for one in groups if one[1] == 4]
    year = years[0] if len(years) == 1 else groups[1]
    day = groups[0] if year == groups[1] else groups[1]
    if day[1] > 2 or year[1] not in {2, 4}:
        return None
    return Shape(year=year, month=number, day=day) if years or year[0] > at else None


def _by_numbers(text: str) -> Shape | None:
    inner = text.strip(_JUNK)
    before = text.index(inner) if inner else 0
    if found := _YEAR_FIRST.fullmatch(inner):
        return Shape(_place(found, 1, before), _place(found, 2, before), _place(found, 3, before))
    if found := _YEAR_LAST.fullmatch(inner):
        if found[2] == " " and len(found[4]) == 2:
            return None
        return Shape(_place(found, 4, before), first=_place(found, 1, before), second=_place(found, 3, before))
    if found := _TOGETHER.fullmatch(inner):
        return Shape(_place(found, 1, before), _place(found, 2, before), _place(found, 3, before))
    return None
