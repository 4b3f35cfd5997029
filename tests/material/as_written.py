"""Numbers as a page writes them: checked against the number itself, and turned into German.

It imports nothing from clvapp: it says what a number looks like a second time, on its own.
"""

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

_GERMAN_MONTHS = {
    "Jan": "Jan.", "Feb": "Feb.", "Mar": "März", "Apr": "Apr.", "May": "Mai", "Jun": "Juni", "Jul": "Juli",
    "Aug": "Aug.", "Sep": "Sept.", "Oct": "Okt.", "Nov": "Nov.", "Dec": "Dez.",
}  # fmt: skip
_PLACE = {name: place for place, name in enumerate(_GERMAN_MONTHS, start=1)}
_SWAPPED = str.maketrans(",.", ".,")


def written(number: float, text: str) -> str:
    """`text`, once it proves to be `number` as an American page writes it: "$238", "4.50", "58%". Halves round up.

    >>> written(238.318, "$238"), written(7 / 12, "58%"), written(71.875, "$71.88")
    ('$238', '58%', '$71.88')
    """
    digits = text.strip("$%").replace(",", "")
    exact = Decimal(repr(float(number))) * (100 if text.endswith("%") else 1)
    places = len(digits.partition(".")[2])
    assert exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) == Decimal(digits), (number, text)
    return text


def dollars(number: float) -> str:
    """`number` as an American page writes money: no cents from 100 up."""
    cents = Decimal(repr(float(number))).quantize(Decimal("0.01"), ROUND_HALF_UP)
    whole = cents == 0 or cents >= 100
    return f"${Decimal(repr(float(number))).quantize(Decimal(1), ROUND_HALF_UP) if whole else cents:,}"


def percent(share: float) -> str:
    """`share` as an American page writes it, from half a percent up."""
    return f"{(Decimal(repr(float(share))) * 100).quantize(Decimal(1), ROUND_HALF_UP)}%"


def in_german(numbers: str | Iterable[str]) -> list[str]:
    """What an American page writes, as a German page writes it. A text is split at its blanks.

    >>> in_german(["$1,204.50", "85%", "Dec 31, 2024", "Jun 2024", "4.5"])
    ['1.204,50\\xa0$', '85\\xa0%', '31.12.2024', 'Juni 2024', '4,5']
    """
    return [_german(one) for one in (numbers.split() if isinstance(numbers, str) else numbers)]


def _german(text: str) -> str:
    if day := re.fullmatch(r"(\w{3}) (\d+), (\d{4})", text):
        return f"{int(day[2]):02}.{_PLACE[day[1]]:02}.{day[3]}"
    if month := re.fullmatch(r"(\w{3}) (\d{4})", text):
        return f"{_GERMAN_MONTHS[month[1]]} {month[2]}"
    swapped = text.translate(_SWAPPED)
    if swapped.startswith("$"):
        return f"{swapped[1:]}\u00a0$"
    return f"{swapped[:-1]}\u00a0%" if swapped.endswith("%") else swapped
