"""Numbers -> words: money, shares, counts and dates as the reader's locale writes them.

Everything here is plain text. Some places read Markdown (Streamlit's titles, metrics, errors, labels), where two dollar
signs make a formula. `markdown_safe` makes these words, or any text from a file, safe to put there.
"""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date as Day  # noqa: N812 - `date` is the method
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any, Literal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, get_month_names
from babel.numbers import (
    format_currency,
    format_decimal,
    format_percent,
    get_currency_precision,
    get_decimal_symbol,
    get_group_symbol,
)

UNKNOWN = "unknown"
HORIZONS = {365: 12, 182: 6, 91: 3, 730: 24}  # days -> months: how far ahead an owner may look
_LOCALE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}")
_CURRENCY = re.compile(r"[A-Za-z]{3}")
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_TRIGGER = re.compile(r"(?<=[:@])(?=\S)|(?<=www)(?=\.)", re.IGNORECASE)
_WORD_JOINER = "\N{WORD JOINER}"


@lru_cache(maxsize=256)
def _known_locale(text: str) -> Locale:
    """The locale that `text`, from a browser or a caller, names; American English if it names none."""
    if isinstance(text, str) and _LOCALE.fullmatch(text):
        for name in (text, text[: re.search(r"[-_]|$", text).start()]):  # type: ignore[union-attr]
            try:
                return Locale.parse(name.replace("-", "_"))
            except (UnknownLocaleError, ValueError):
                continue
    return Locale("en", "US")


def _missing(value: float | None) -> bool:
    return value is None or not math.isfinite(value)


def _rounded(value: float, digits: int) -> float:
    """Round `value` as people do, halves away from zero. A loss that rounds to nothing is 0, not "-0"."""
    if abs(value) >= 1e15:
        return float(value)
    return float(Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)) + 0.0


@lru_cache(maxsize=4096)  # a list repeats the same few counts and months for thousands of people
def _decimal(value: float, pattern: str, locale: Locale) -> str:
    return str(format_decimal(value, pattern, locale=locale))


@lru_cache(maxsize=4096)
def _month(value: Day, skeleton: str, locale: Locale) -> str:
    return str(format_skeleton(skeleton, value, locale=locale))


def as_sentences_round(value: float, digits: int) -> float:
    """Round a table's number the way the sentences beside it do. A missing one stays missing.

    >>> as_sentences_round(12.5, 0), as_sentences_round(0.125, 2), as_sentences_round(float("nan"), 0)
    (13.0, 0.13, nan)
    """
    return value if _missing(value) else _rounded(value, digits)


def share_digits(value: float, digits: int = 0) -> int:
    """Decimals of a share in percent, up to 3: as many as keep what is neither nothing nor all from reading as that."""
    while digits < 3 and 0 < abs(value) < 1 and abs(_rounded(value, digits + 2)) in (0, 1):
        digits += 1
    return digits


def markdown_safe(text: object) -> str:
    """`text` on one line, with everything that Markdown, HTML, LaTeX or Streamlit would act on made inert.

    A backslash is enough for what is parsed as Markdown. Streamlit looks for emoji and icon codes, web and e-mail
    addresses later, in the finished text, so a word joiner (no width, no break) splits those.

    >>> markdown_safe("$5 for **all**")
    '\\\\$5 for \\\\*\\\\*all\\\\*\\\\*'
    """
    parted = _TRIGGER.sub(_WORD_JOINER, " ".join(str(text).split()))
    return _PUNCTUATION.sub(r"\\\1", parted)


@dataclass(frozen=True)
class Of:
    """What a number is of: a column's, a figure's or a state's name, of how many people, and of what time.

    Two numbers with the same name, `group` and `period` are the same number, wherever they stand. `people` is how many
    an average or a share was worked out over; `group` the segment, country or month where it is not all of them.
    """

    name: str
    people: int | None = None
    period: str = "so far"
    group: str = ""


GIVEN = Of("given")  # nobody measured it: a setting, a window of ours, a point of reference
_UNNAMED = Of("")


@dataclass(frozen=True)
class Said:
    """A number as it was said: what it is of, its value, and the words."""

    of: Of
    value: float | None
    text: str


@dataclass(frozen=True)
class Wording:
    """Writes numbers for one reader: `locale` as their browser names it, `currency` as an ISO code if known.

    Each number comes with what it is `of`, which a listener (`heard`) is told: so tests compare all pages.

    >>> Wording(currency="USD").money(1234.5)
    '$1,235'
    >>> Wording(currency="USD").about_money(41237, 35100, 47900)
    'about $41,000 (35,000–48,000)'
    """

    locale: str = "en_US"
    currency: str | None = None
    heard: Callable[[Said], object] | None = field(default=None, repr=False)

    @property
    def money_unit(self) -> str:
        """The unit that an axis of money counts in."""
        return self._code or "the shop's currency"

    @property
    def _code(self) -> str | None:
        known = isinstance(self.currency, str) and _CURRENCY.fullmatch(self.currency)
        return self.currency.upper() if known and self.currency else None

    @property
    def _babel(self) -> Locale:
        return _known_locale(self.locale)

    def number(self, value: float | None, digits: int | None = 0, *, of: Of = _UNNAMED) -> str:
        """`value` with exactly this many `digits` after the decimal sign. None: enough for six significant figures."""
        return self._said(self._number(value, digits), value, of)

    def count(self, value: float | None, one: str = "", many: str = "", *, of: Of = _UNNAMED) -> str:
        """A whole number, with a noun if given: "1 customer", "1,012 customers"."""
        return self._said(self._count(value, one, many), value, of)

    def horizon(self, days: int) -> str:
        """A number of days, in months if they come close to whole ones: "12 months", "100 days"."""
        months = HORIZONS.get(days)
        return self._count(days, "day") if months is None else self._count(months, "month")

    def money(self, value: float | None, *, of: Of = _UNNAMED) -> str:
        """`value` in the shop's currency: without decimals from 100 on, with the currency's usual ones below."""
        return self._said(self._money(value), value, of)

    def about_money(
        self, value: float | None, low: float | None = None, high: float | None = None, *, of: Of = _UNNAMED
    ) -> str:
        """`value` to two significant figures, with its range if known."""
        return self._said(self._about_money(value, low, high), value, of)

    def share(self, value: float | None, digits: int = 0, *, of: Of = _UNNAMED) -> str:
        """A fraction as a percentage. One that would read as nothing or as all gets decimals until it does not."""
        return self._said(self._share(value, digits), value, of)

    def of_100(self, value: float | None, *, of: Of = _UNNAMED) -> str:
        """A fraction as a number of people: "14 of 100". Rare things are counted out of 1,000."""
        return self._said(self._of_100(value), value, of)

    def times(self, value: float | None, *, of: Of = _UNNAMED) -> str:
        """A ratio as "3 times" or "2.6 times". Nearly whole or large ones are rounded to whole."""
        return self._said(self._times(value), value, of)

    def _said(self, text: str, value: float | None, of: Of) -> str:
        if self.heard is not None:
            self.heard(Said(of, value, text))
        return text

    def _number(self, value: float | None, digits: int | None = 0) -> str:
        if value is None or _missing(value):
            return UNKNOWN
        if digits is None:
            digits = max(0, -int(Decimal(f"{value:.6g}").normalize().as_tuple().exponent))
        whole = self._babel.decimal_formats[None].pattern.partition(".")[0]  # in India 12,34,567
        pattern = whole + ("." + "0" * digits if digits else "")
        return _decimal(_rounded(value, digits), pattern, self._babel)

    def _count(self, value: float | None, one: str = "", many: str = "") -> str:
        noun = one if value == 1 else many or f"{one}s"
        return f"{self._number(value)} {noun}" if one else self._number(value)

    def _money(self, value: float | None) -> str:
        if value is None or _missing(value):
            return UNKNOWN
        digits = get_currency_precision(self._code) if self._code else 2
        digits = 0 if abs(value) >= 99.995 or value == 0 else digits
        return self._amount(_rounded(value, digits), digits)

    def _amount(self, value: float, digits: int) -> str:
        if not self._code:
            return self._number(value, digits)
        pattern = re.sub(
            r"\.0+", "." + "0" * digits if digits else "", self._babel.currency_formats["standard"].pattern
        )
        return str(format_currency(value, self._code, pattern, locale=self._babel, currency_digits=False))

    def _about_money(self, value: float | None, low: float | None, high: float | None) -> str:
        if value is None or _missing(value):
            return UNKNOWN
        about = f"about {self._amount(*self._two_figures(value))}"
        if low is None or high is None or _missing(low) or _missing(high):
            return about
        ends = [self._number(*self._two_figures(end)) for end in (low, high)]
        return f"{about} ({(' to ' if min(low, high) < 0 else '–').join(ends)})"

    @staticmethod
    def _two_figures(value: float) -> tuple[float, int]:
        rounded = _rounded(value, 1 - math.floor(math.log10(abs(value)))) if value else 0.0
        return rounded, 0 if rounded == round(rounded) else 2

    def _share(self, value: float | None, digits: int) -> str:
        if value is None or _missing(value):
            return UNKNOWN
        digits = share_digits(value, digits)
        pattern = self._babel.percent_formats[None].pattern.replace(
            "#,##0", "#,##0" + ("." + "0" * digits if digits else "")
        )
        return str(format_percent(_rounded(value, digits + 2), pattern, locale=self._babel))

    def _of_100(self, value: float | None) -> str:
        if value is None or _missing(value):
            return UNKNOWN
        for whole in (100, 1000):
            if value <= 0 or value >= 1 or 1 - 1e-9 <= value * whole < whole - 0.5 + 1e-9:
                return f"{self._number(value * whole)} of {self._number(whole)}"
        rarely, thousand = value < 0.5, self._number(1000)
        return f"fewer than 1 of {thousand}" if rarely else f"more than {self._number(999)} of {thousand}"

    def _times(self, value: float | None) -> str:
        if value is None or _missing(value):
            return UNKNOWN
        digits = 0 if value >= 10 or abs(value - round(value)) < 0.05 else 1
        return f"{self._number(value, digits)} times"

    def date(self, value: Day | None) -> str:
        """A day as the reader writes it."""
        return UNKNOWN if value is None or value != value else str(format_date(value, "medium", locale=self._babel))

    def month(self, value: Day | None, *, in_full: bool = False) -> str:
        """A month and its year as the reader writes them: short, for charts, or in full."""
        if value is None or value != value:
            return UNKNOWN
        return _month(value.replace(day=1), "yMMMM" if in_full else "yMMM", self._babel)

    @property
    def vega_locale(self) -> dict[str, Any]:
        """The locale for Vega, so that a chart's axes are written like the rest of the page."""
        locale = self._babel
        last, others = locale.decimal_formats[None].grouping  # 3 and 3; in India 3 and 2
        months = [
            [str(get_month_names(w, "stand-alone", locale)[m]) for m in range(1, 13)] for w in ("wide", "abbreviated")
        ]
        days = [[str(locale.days["stand-alone"][w][(d + 6) % 7]) for d in range(7)] for w in ("wide", "abbreviated")]
        return {
            "number": {
                "decimal": get_decimal_symbol(locale),
                "thousands": get_group_symbol(locale),
                "grouping": [last] if last == others else [last, *[others] * 5],
                "currency": ["", ""],
            },
            "time": {
                "dateTime": "%x, %X", "date": "%x", "time": "%X", "periods": ["AM", "PM"],
                "days": days[0], "shortDays": days[1], "months": months[0], "shortMonths": months[1],
            },
        }  # fmt: skip


def listed(words: Sequence[str], last: Literal["and", "or"] = "and") -> str:
    """Join words the way people do: "a, b and c"."""
    return f" {last} ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)
