"""Sentences out of numbers: money, shares, counts and dates in the reader's locale, and each page's opening.

Everything here is plain text. `markdown_safe` makes any of it, and any text of a file, fit for a place that
reads Markdown (Streamlit's titles, metrics, errors, labels), where two dollar signs are a formula.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
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
HORIZONS = {365: 12, 182: 6, 91: 3, 730: 24}  # days -> months, what an owner may look ahead
_LOCALE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}")
_CURRENCY = re.compile(r"[A-Za-z]{3}")
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_TRIGGER = re.compile(r"(?<=[:@])(?=\S)|(?<=www)(?=\.)", re.IGNORECASE)
_WORD_JOINER = "\N{WORD JOINER}"
_VOWEL = re.compile(r"[aeiou]", re.IGNORECASE)


@lru_cache(maxsize=256)
def _known_locale(text: str) -> Locale:
    """The locale that a browser's or a caller's `text` names; American English when it names none."""
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
    """`value` as people round, halves away from zero; a rounded-off loss is nothing, not "-0"."""
    if abs(value) >= 1e15:
        return float(value)
    return float(Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)) + 0.0


def markdown_safe(text: object) -> str:
    """`text` on one line, with everything that Markdown, HTML, LaTeX or Streamlit would act on made inert.

    A backslash is enough for what is parsed as Markdown. Emoji and icon codes, web and e-mail addresses are
    looked for after that, in the finished text, so a word joiner (no width, no break) parts them.

    >>> markdown_safe("$5 for **all**")
    '\\\\$5 for \\\\*\\\\*all\\\\*\\\\*'
    """
    parted = _TRIGGER.sub(_WORD_JOINER, " ".join(str(text).split()))
    return _PUNCTUATION.sub(r"\\\1", parted)


@dataclass(frozen=True)
class Wording:
    """How this reader reads numbers: `locale` as their browser says it, `currency` as an ISO code if known.

    >>> Wording(currency="USD").money(1234.5)
    '$1,235'
    >>> Wording(currency="USD").about_money(41237, 35100, 47900)
    'about $41,000 (35,000–48,000)'
    """

    locale: str = "en_US"
    currency: str | None = None

    @property
    def money_unit(self) -> str:
        """What an axis of money is counted in."""
        return self._code or "the shop's currency"

    @property
    def _code(self) -> str | None:
        known = isinstance(self.currency, str) and _CURRENCY.fullmatch(self.currency)
        return self.currency.upper() if known and self.currency else None

    @property
    def _babel(self) -> Locale:
        return _known_locale(self.locale)

    def number(self, value: float | None, digits: int = 0) -> str:
        """`value` with exactly so many `digits` after the decimal sign."""
        if value is None or _missing(value):
            return UNKNOWN
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return str(format_decimal(_rounded(value, digits), pattern, locale=self._babel))

    def count(self, value: float | None, one: str = "", many: str = "") -> str:
        """A whole number, with its noun if given: "1 customer", "1,012 customers"."""
        noun = one if value == 1 else many or f"{one}s"
        return f"{self.number(value)} {noun}" if one else self.number(value)

    def horizon(self, days: int) -> str:
        """So many days, in months where they are as good as whole ones: "12 months", "100 days"."""
        months = HORIZONS.get(days)
        return self.count(days, "day") if months is None else self.count(months, "month")

    def money(self, value: float | None) -> str:
        """`value` in the shop's currency: no decimals from 100 on, the currency's own below."""
        if value is None or _missing(value):
            return UNKNOWN
        digits = get_currency_precision(self._code) if self._code else 2
        digits = 0 if abs(value) >= 99.995 or value == 0 else digits
        return self._money(_rounded(value, digits), digits)

    def _money(self, value: float, digits: int) -> str:
        if not self._code:
            return self.number(value, digits)
        pattern = re.sub(
            r"\.0+", "." + "0" * digits if digits else "", self._babel.currency_formats["standard"].pattern
        )
        return str(format_currency(value, self._code, pattern, locale=self._babel, currency_digits=False))

    def about_money(self, value: float | None, low: float | None = None, high: float | None = None) -> str:
        """`value` to two figures, with the range it lies in where that is known."""
        if value is None or _missing(value):
            return UNKNOWN
        about = f"about {self._money(*self._two_figures(value))}"
        if low is None or high is None or _missing(low) or _missing(high):
            return about
        ends = [self.number(*self._two_figures(end)) for end in (low, high)]
        return f"{about} ({(' to ' if min(low, high) < 0 else '–').join(ends)})"

    @staticmethod
    def _two_figures(value: float) -> tuple[float, int]:
        rounded = _rounded(value, 1 - math.floor(math.log10(abs(value)))) if value else 0.0
        return rounded, 0 if rounded == round(rounded) else 2

    def share(self, value: float | None, digits: int = 0) -> str:
        """A fraction as a percentage; below half a percent with a digit, lest it read as nothing."""
        if value is None or _missing(value):
            return UNKNOWN
        if digits == 0 and 0 < abs(value) < 0.005:
            digits = 1
        pattern = self._babel.percent_formats[None].pattern.replace(
            "#,##0", "#,##0" + ("." + "0" * digits if digits else "")
        )
        return str(format_percent(_rounded(value, digits + 2), pattern, locale=self._babel))

    def of_100(self, value: float | None) -> str:
        """A fraction as people: "14 of 100"; rare things are counted among 1,000."""
        if value is None or _missing(value):
            return UNKNOWN
        for whole in (100, 1000):
            if value <= 0 or value * whole >= 1 - 1e-9:
                return f"{self.number(value * whole)} of {self.number(whole)}"
        return f"fewer than 1 of {self.number(1000)}"

    def times(self, value: float | None) -> str:
        """A ratio as "3 times" or "2.6 times"; whole where it is nearly whole or large."""
        if value is None or _missing(value):
            return UNKNOWN
        digits = 0 if value >= 10 or abs(value - round(value)) < 0.05 else 1
        return f"{self.number(value, digits)} times"

    def date(self, value: Day | None) -> str:
        """A day, as the reader writes it."""
        return UNKNOWN if value is None or value != value else str(format_date(value, "medium", locale=self._babel))

    def month(self, value: Day | None) -> str:
        """A month with its year, as the reader writes it."""
        missing = value is None or value != value
        return UNKNOWN if missing else str(format_skeleton("yMMM", value, locale=self._babel))

    @property
    def vega_locale(self) -> dict[str, Any]:
        """What a Vega chart needs for its axes to be written like the rest of the page."""
        locale = self._babel
        months = [
            [str(get_month_names(w, "stand-alone", locale)[m]) for m in range(1, 13)] for w in ("wide", "abbreviated")
        ]
        days = [[str(locale.days["stand-alone"][w][(d + 6) % 7]) for d in range(7)] for w in ("wide", "abbreviated")]
        return {
            "number": {
                "decimal": get_decimal_symbol(locale),
                "thousands": get_group_symbol(locale),
                "grouping": [3],
                "currency": ["", ""],
            },
            "time": {
                "dateTime": "%x, %X", "date": "%x", "time": "%X", "periods": ["AM", "PM"],
                "days": days[0], "shortDays": days[1], "months": months[0], "shortMonths": months[1],
            },
        }  # fmt: skip


def listed(words: Sequence[str], last: Literal["and", "or"] = "and") -> str:
    """Words as a person lists them: "a, b and c"."""
    return f" {last} ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def _article(word: str) -> str:
    return f"{'an' if _VOWEL.match(word) else 'a'} {word}"


def orders_sentence(
    words: Wording, *, export: str | None, orders: int, customers: int, first: Day, last: Day, revenue: float,
    refunded: float = 0, rows_left_out: int = 0,
) -> str:  # fmt: skip
    """What was read. `export` is the format's label ("Shopify"), None when the columns were named by hand."""
    opening = f"This is {_article(export)} export:" if export else "Your file holds"
    refunds = f" after {words.money(refunded)} of refunds" if refunded else ""
    left_out = f"{words.count(rows_left_out, 'row')} {'was' if rows_left_out == 1 else 'were'} left out."
    return (
        f"{opening} {words.count(orders, 'order')} by {words.count(customers, 'customer')}, {words.date(first)} to "
        f"{words.date(last)}, {words.money(revenue)}{refunds}. {left_out if rows_left_out else 'Every row was used.'}"
    )


def formula_sentence(words: Wording, *, clv: float, aov: float, orders_per_year: float, years: float) -> str:
    """The simple formula with the shop's own numbers in it."""
    return (
        f"A customer is worth {words.money(clv)}: {words.money(aov)} an order × {words.number(orders_per_year, 1)} "
        f"orders a year × {words.number(years, 1)} years."
    )


def value_sentence(
    words: Wording, *, clv: float, aov: float, orders_per_year: float, years: float, average: float,
    customers: int, above: int, revenue_share_above: float, margin: float = 1.0, cut: str = "that",
    of_revenue: str = "of revenue",
) -> str:  # fmt: skip
    """What a customer is worth by the formula, and who has been worth more than the average so far.

    With a `margin`, `average` is money earned rather than money paid. `cut` is what those above are above, where it is
    not the average itself.
    """
    so_far = "So far customers have paid" if margin == 1 else "That is revenue; so far customers have earned you"
    formula = formula_sentence(words, clv=clv, aov=aov, orders_per_year=orders_per_year, years=years)
    return (
        f"{formula} {so_far} {words.money(average)} on average; {words.count(above)} of them "
        f"({words.share(above / customers if customers else None)}) {'is' if above == 1 else 'are'} above {cut} and "
        f"{'brings' if above == 1 else 'bring'} {words.share(revenue_share_above)} {of_revenue}."
    )


def worth_sentence(
    words: Wording, *, clv: float, aov: float, orders_per_year: float, years: float, average: float, customers: int
) -> str:
    """Overview, first sentence: what a customer is worth."""
    return (
        f"A customer is worth {words.money(clv)}: {words.money(aov)} an order, {words.number(orders_per_year, 1)} "
        f"times a year, for {words.number(years, 1)} years so far. The {words.count(customers, 'customer')} in this "
        f"file {'has' if customers == 1 else 'have'} paid "
        f"{words.money(average)}{'' if customers == 1 else ' on average'}."
    )


def concentration_sentence(
    words: Wording,
    *,
    share_of_customers: float,
    share_of_revenue: float,
    customers: int,
    of_revenue: str = "of revenue",
) -> str:
    """Overview, second: who brings the money."""
    return (
        f"The best {words.share(share_of_customers)} of customers ({words.count(customers, 'person', 'people')}) "
        f"bring {words.share(share_of_revenue)} {of_revenue}."
    )


def return_sentence(words: Wording, *, share: float, days: int, customers: int, third: float | None = None) -> str:
    """Overview, third: who comes back. `share` bought again within `days`; of those, `third` once more."""
    again = "" if third is None or _missing(third) else f"; of those, {words.of_100(third)} buy a third time"
    return (
        f"{words.of_100(share)} customers buy again within {words.number(days)} days{again} "
        f"({words.count(customers, 'customer')} looked at)."
    )


def silence_sentence(words: Wording, *, silent: int, customers: int, days: float | None, revenue: float) -> str:
    """Overview, fourth: who is slipping. `silent` customers spent `revenue`, and then nothing for unusually long.

    Unusually long is over `days`, or over what their own rhythm says where they have one; None where nobody came back.
    """
    if days is None:
        return "Nobody has come back yet, so nobody can be said to have gone silent."
    long = f"nine in ten returns take: {words.count(days, 'day')}, or by their own rhythm where they have one"
    if not silent:
        return f"No customer has been silent for longer than {long}."
    return (
        f"{words.count(silent, 'customer')} of {words.count(customers)} ({words.share(silent / customers)}) "
        f"{'has' if silent == 1 else 'have'} been silent for longer than {long}; until then they had spent "
        f"{words.money(revenue)}."
    )


def week_sentence(words: Wording, *, thank: int, offer: int, win_back: int) -> str:
    """Overview, fifth: what to do this week."""
    steps = [
        f"{verb} {words.count(people)}{rest}"
        for verb, people, rest in (
            ("thank", thank, ""), ("offer", offer, " something better"), ("win back", win_back, ""),
        )
        if people
    ]  # fmt: skip
    return f"This week: {listed(steps)}." if steps else "This week there is nobody to write to."


def profile_sentence(
    words: Wording, *, start: str, share_high: float, share_others: float, top_decile_lift: float
) -> str:
    """What high-value customers have in common. `start` completes "Customers who ..."."""
    often = ""
    if share_others > 0 and share_high > share_others:
        often = f" {words.times(share_high / share_others)} as often"
    return (
        f"Customers who {start} become high-value{often} ({words.of_100(share_high)} against "
        f"{words.number(share_others * 100)}). The profile finds them better than chance: the top tenth holds "
        f"{words.times(top_decile_lift)} as many."
    )


def no_profile_sentence(
    words: Wording, *, reason: str | None = None, customers: int | None = None, tested: bool = True
) -> str:
    """What to say when the profile is not usable; `reason` is a sentence of the profile's own.

    Where nothing could be `tested`, nothing is claimed of what tells them apart.
    """
    if not tested:
        unknown = "The file cannot tell yet what your high-value customers have in common."
        return f"{unknown} {reason}" if reason else unknown
    looked = f" ({words.count(customers, 'customer')} looked at)" if customers else ""
    why = f" {reason}" if reason else ""
    return f"Nothing known early tells your high-value customers from the others{looked}.{why}"


def targets_sentence(
    words: Wording, *, targets: int, share_like_them: float, share_all: float, win_back: int = 0
) -> str:
    """Who to offer an upgrade, and what the score is not.

    Of customers whose first orders looked like the targets', `share_like_them` became high-value, of everyone
    `share_all`.
    """
    if not targets:
        return "Nobody stands out this week: no customer below the average for their age started like your best."
    one = targets == 1
    below = f"{words.count(targets, 'customer')} {'is' if one else 'are'} below the average for their age, "
    looks = "and the first order looks" if one else "and their first orders look"
    silent = f" Another {words.count(win_back)} like them went silent: win those back first." if win_back else ""
    return (
        f"{below}{looks} like those of your best: {words.number(share_like_them * 100)} in 100 such customers became "
        f"high-value, against {words.number(share_all * 100)} of all.{silent} What an offer earns, only a control "
        "group can tell."
    )


def filtered_sentence(words: Wording, *, targets: int, of: int, share_like_them: float, share_all: float) -> str:
    """How many of those to offer an upgrade are left by the page's filters; shares as in `targets_sentence`."""
    fit = "fits" if targets == 1 else "fit"
    left = f"{words.number(targets)} of the {words.count(of, 'customer')} to offer an upgrade {fit}"
    if not targets:
        return f"{left} the filters."
    return (
        f"{left} the filters: {words.number(share_like_them * 100)} in 100 such customers became high-value, against "
        f"{words.number(share_all * 100)} of all."
    )


def defused_sentence(words: Wording, *, defused: int) -> str:
    """What a download's cells were spared; nothing to say when none was dangerous."""
    if not defused:
        return ""
    begins, them = ("begins", "it") if defused == 1 else ("begin", "them")
    return (
        f"{words.count(defused, 'cell')} {begins} with an apostrophe: without it, a spreadsheet would run "
        f"{them} as a formula."
    )
