"""Columns that cannot be read, or can be read in two ways, and orders of which none counts."""

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
