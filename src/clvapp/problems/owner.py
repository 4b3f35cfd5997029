"""What the owner gave or asked besides the orders: attributes, dates, their own tables, options."""

from collections.abc import Sequence

from clvapp.problems.base import Problem


class NoKeyInAttributes(Problem):
    """A file about customers has no column that says which customer a row is about."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"'{name}' has no column with e-mail addresses or customer numbers, so its rows cannot be joined to "
            "orders. Add one of them and load it again."
        )


class NoCustomerMatches(Problem):
    """A file about customers matches none of the shop's customers."""

    def __init__(self, name: str, heading: str) -> None:
        super().__init__(
            f"None of the customers in '{name}' (by '{heading}') has an order in the orders that were loaded. "
            "Check that both files are of the same shop."
        )


class ObservationEndOutside(Problem):
    """The look-back day lies before the first order."""

    def __init__(self, day: str, first: str) -> None:
        super().__init__(
            f"The day to look back from ({day}) lies before the first order ({first}). Choose a later day."
        )


class ObservationEndTooLate(Problem):
    """The look-back day lies years after the last order."""

    def __init__(self, day: str, last: str, latest: str) -> None:
        super().__init__(
            f"The day to look back from ({day}) lies more than five years after the last day of the file ({last}). "
            f"Choose a day up to {latest}."
        )


class WrongAcquisitionCost(Problem):
    """The cost of winning a customer is negative, or unknown for some month."""

    def __init__(self, value: str, missing: Sequence[str] = ()) -> None:
        super().__init__(
            f"Winning a customer cannot cost {value}: give an amount of 0 or more."
            if value
            else f"There is no cost of winning a customer for {', '.join(missing[:6])}"
            f"{' and others' if len(missing) > 6 else ''}. Give one for every month in which customers came, or one "
            "figure for all."
        )


class DamagedSegments(Problem):
    """A table of segments is unusable."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"The segments in '{name}' cannot be used: {why}")


class WrongDates(Problem):
    """Two dates to compare that do not make a "then" and a "now"."""

    def __init__(self, then: str, now: str, *, first: str, last: str) -> None:
        super().__init__(
            f"{then} and {now} cannot be compared: choose two different days from {first} to {last}, the earlier one "
            "as 'then'."
        )


class WrongOption(Problem):
    """An option of the command line cannot be used."""

    def __init__(self, option: str, given: str, wanted: str) -> None:
        super().__init__(f"{option} cannot be '{given}': it takes {wanted}.")


class CannotOpen(Problem):
    """A file or folder cannot be opened."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"'{path}' cannot be opened ({why}). Check the path and its permissions.")


class NotWritten(Problem):
    """The results cannot be written to the place that was asked for."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"No results can be written to '{path}' ({why}). Check the path and the room on its disk.")
