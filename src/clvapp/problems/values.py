"""Columns that cannot be read, or can be read in two ways, and orders of which none counts."""

from collections.abc import Mapping
from dataclasses import dataclass

from clvapp.problems.base import Problem, Question


class DateOrderUnknown(Question):
    """Every date of a column could be read day first or month first."""

    setting = "date_order"

    def __init__(self, heading: str, example: str) -> None:
        super().__init__(
            f"The dates in '{heading}' can be read two ways (first: '{example}'): say whether the day or the month "
            "comes first",
            option="--date-order day-first or --date-order month-first",
            choices={"Day first": "day-first", "Month first": "month-first"},
        )
        self.heading, self.example = heading, example


class DatesMixed(Problem):
    """Some dates of a column only make sense day first, others only month first."""

    def __init__(self, heading: str, day_first: str, month_first: str) -> None:
        super().__init__(
            f"The dates in '{heading}' follow two orders: '{day_first}' has the day first, '{month_first}' the month. "
            "Load the exports they came from one by one, or correct the dates."
        )


class OtherCalendar(Problem):
    """The years of the dates are those of a calendar that we do not convert."""

    def __init__(self, heading: str, example: str, calendar: str) -> None:
        super().__init__(
            f"The dates in '{heading}' are written in the {calendar} calendar (first: '{example}'). Export the orders "
            "with dates such as 2026-09-30."
        )


class DatesAhead(Problem):
    """Most orders lie about 43 years ahead, as years of two digits do that count from the Buddha's."""

    def __init__(self, heading: str, first: str) -> None:
        super().__init__(
            f"Most dates in '{heading}' lie in the future (first: {first}): their years may be those of another "
            "calendar. Export the orders with dates such as 2026-09-30."
        )


class DecimalSignUnknown(Question):
    """In every number of a column, the point could be a decimal sign or a thousands sign."""

    setting = "decimal_sign"

    def __init__(self, role: str, example: str) -> None:
        super().__init__(
            f"The numbers for {role.replace('_', ' ')} can be read two ways (first: '{example}'): say whether the "
            "point is the decimal sign",
            option="--decimal-sign point or --decimal-sign comma",
            choices={"The point is the decimal sign": ".", "The point groups thousands": ","},
        )


class CentsUnclear(Question):
    """All amounts are whole numbers that look like cents, and no heading says what they are."""

    setting = "cents"

    def __init__(self, heading: str, first: int) -> None:
        super().__init__(
            f"Nothing tells whether the amounts in '{heading}' are cents: say whether {first} is {first / 100:.2f}",
            option="--cents yes or --cents no",
            choices={f"Cents: {first} is {first / 100:.2f}": True, f"Whole: {first} is {first}.00": False},
        )
        self.heading = heading


class InThousands(Problem):
    """The heading of an amount says thousands or more."""

    def __init__(self, heading: str) -> None:
        super().__init__(
            f"The amounts in '{heading}' are in thousands or more, which is too coarse for single orders. Export them "
            "in whole units, or give the column another name if they are."
        )


class NoDateReadable(Problem):
    """The date column has no readable date at all."""

    def __init__(self, heading: str, example: str) -> None:
        super().__init__(
            f"None of the dates in '{heading}' can be read (first: '{example}'). Choose the column that holds the "
            "order's date, or export it again with dates such as 2026-09-30."
        )


class NoOrderCounts(Problem):
    """Rows were read, but none of their orders counts."""

    def __init__(self, rows: int, reasons: str) -> None:
        super().__init__(
            f"None of the {rows:,} rows belongs to an order that counts ({reasons}). Export all orders, paid ones "
            "included, or check which column is which."
        )


@dataclass(frozen=True)
class UnknownWord:
    """A word that no list knows: how many orders have it, their money, and the first ones' numbers."""

    word: str
    orders: int
    money: float
    examples: tuple[str, ...]

    def described(self) -> str:
        """Its orders, their money, and the first numbers.

        >>> UnknownWord("Blue", 2, 30.0, ("A1", "A2")).described()
        '2 orders, 30.00 together: A1, A2'
        """
        orders, together = ("order", "") if self.orders == 1 else ("orders", " together")
        return f"{self.orders:,} {orders}, {self.money:,.2f}{together}: {', '.join(self.examples)}"


_NAMED = 5
_LONGEST_WORD = 60


class WordsUnknown(Question):
    """Words whose meaning only the owner knows. `choices` are the meanings; the answer is word -> meaning."""

    def __init__(
        self, asked: str, words: tuple[UnknownWord, ...], *, option: str, choices: Mapping[str, object]
    ) -> None:
        super().__init__(f"{asked}: say what each means", option=option, choices=choices)
        self.opening, self.words = asked, words


class StatusesUnknown(WordsUnknown):
    """Statuses that no list knows: a word that we take for paid and is not moves every figure."""

    setting = "statuses"

    def __init__(self, headings: tuple[str, ...], words: tuple[UnknownWord, ...], meanings: Mapping[str, str]) -> None:
        columns = " and ".join(f"'{heading}'" for heading in headings)
        super().__init__(
            f"Nothing tells whether orders with {_listed(words)} in {columns} count",
            words,
            option=f"--status WORD=MEANING, once for each; a meaning is one of {', '.join(meanings)}",
            choices={label: meaning for meaning, label in meanings.items()},
        )


class KindsUnknown(WordsUnknown):
    """Words for what a row is that no list knows: a sale, or money back."""

    setting = "kinds"

    def __init__(self, heading: str, words: tuple[UnknownWord, ...], meanings: Mapping[str, str]) -> None:
        super().__init__(
            f"Nothing tells whether rows with {_listed(words)} in '{heading}' are sales",
            words,
            option=f"--kind WORD=MEANING, once for each; a meaning is one of {', '.join(meanings)}",
            choices={label: meaning for meaning, label in meanings.items()},
        )


def _listed(words: tuple[UnknownWord, ...]) -> str:
    """The first words, each with its orders and their numbers."""
    named = [f"'{one.word[:_LONGEST_WORD]}' ({one.described()})" for one in words[:_NAMED]]
    more = len(words) - _NAMED
    return ", ".join(named) + (f" and {more:,} more word{'' if more == 1 else 's'}" if more > 0 else "")
