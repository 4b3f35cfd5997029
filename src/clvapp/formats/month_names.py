"""The names of months and weekdays, and of the halves of a day, in the languages that shops write (CLDR, by Babel)."""

import unicodedata
from collections.abc import Iterator
from functools import cache

from babel.dates import get_day_names, get_month_names, get_period_names

_ENGLISH = ("en",)
_OTHERS = (
    "de", "fr", "es", "pt", "it", "nl", "pl", "sv", "da", "nb", "cs", "tr", "ar", "ja", "fi", "hu", "ro", "ru", "uk",
    "el", "ko", "zh", "id", "sk", "sl", "bg", "lt", "lv", "ca", "he",
)  # fmt: skip
# What people write and CLDR does not list.
_ALSO = {"sept": 9, "mrz": 3, "jän": 1, "janner": 1, "ene": 1, "ago": 8, "set": 9, "out": 10, "dez": 12, "mrt": 3}


def folded(word: str) -> str:
    """`word`, ready to compare: without accents and points, in lower case.

    >>> folded("Février"), folded("Sept."), folded("MÄRZ")
    ('fevrier', 'sept', 'marz')
    """
    spelled = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in spelled if not unicodedata.combining(sign) and sign not in ".·")


def month(word: str) -> int | None:
    """The number of the month that a folded word names, in English or any other language.

    >>> month("sep"), month("fevrier"), month("grudnia"), month("tuesday")
    (9, 2, 12, None)
    """
    return _months(_ENGLISH).get(word) or _months(_OTHERS).get(word)


def is_weekday(word: str) -> bool:
    """Whether a folded word names a day of the week.

    >>> is_weekday("mon"), is_weekday("dienstag"), is_weekday("march")
    (True, True, False)
    """
    return word in _weekdays(_ENGLISH) or word in _weekdays(_OTHERS)


def half_of_day(word: str) -> str | None:
    """ "am" or "pm", where a folded word names a half of the day.

    >>> half_of_day("pm"), half_of_day("午後"), half_of_day("uhr")
    ('pm', 'pm', None)
    """
    return _halves((*_ENGLISH, *_OTHERS)).get(word)


@cache
def _months(locales: tuple[str, ...]) -> dict[str, int]:
    """Folded word -> month. A word that is another month in another language names none."""
    found: dict[str, set[int]] = {}
    for locale in locales:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, locale).items():
                    for word in _of(name):
                        found.setdefault(word, set()).add(number)
    for word, number in _ALSO.items():
        found.setdefault(folded(word), {number})
    return {word: numbers.pop() for word, numbers in found.items() if len(numbers) == 1}


@cache
def _weekdays(locales: tuple[str, ...]) -> frozenset[str]:
    names = (
        name
        for locale in locales
        for width in ("wide", "abbreviated", "short")
        for context in ("format", "stand-alone")
        for name in get_day_names(width, context, locale).values()
    )
    return frozenset(word for name in names for word in _of(name.replace("-", " ")))


@cache
def _halves(locales: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for locale in locales:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                names = get_period_names(width, context, locale)
                found |= {folded("".join(names[half].split())): half for half in ("am", "pm") if half in names}
    return found


def _of(name: str) -> Iterator[str]:
    """The words of a name. A single Latin letter names nothing."""
    for part in name.split():
        word = folded(part).strip("'’׳")
        if word.isalpha() and (len(word) > 1 or not word.isascii()):
            yield word
