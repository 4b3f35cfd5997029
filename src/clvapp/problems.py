"""Every fault that an input can have, each with one plain sentence: what, where, what to do."""


class Problem(Exception):  # noqa: N818 - a word of the product: shown to people, not only raised
    """A fault in what was given. `str(problem)` is the one sentence to show; it never holds a traceback."""


class Question(Problem):
    """Something only the owner can answer. `setting` is the setting, and the command-line option, that answers it."""

    setting: str = ""


class DateOrderUnknown(Question):
    """Every date of a column could be read day first or month first."""

    setting = "date_order"

    def __init__(self, heading: str, example: str) -> None:
        super().__init__(
            f"The dates in '{heading}' can be read two ways (first: '{example}'): say whether the day or the month "
            "comes first (on the command line: --date-order day-first or --date-order month-first)."
        )
        self.heading, self.example = heading, example
