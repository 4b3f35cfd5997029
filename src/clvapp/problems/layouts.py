"""Tables whose columns are not those of orders, or cannot be identified."""

from clvapp.problems.base import Problem, Question


class FormatUnclear(Question):
    """Two known exports fit a header equally well."""

    setting = "format"

    def __init__(self, names: tuple[str, ...]) -> None:
        listed = " or ".join(f"'{name}'" for name in names)
        super().__init__(
            f"The column names fit {listed} equally well: say which export it is",
            option="--format NAME",
            choices={name: name for name in names},
        )


class LookAlike(Problem):
    """A table that looks like orders but is known to be something else."""

    def __init__(self, name: str, what: str, instead: str, *, menu_path: str) -> None:
        super().__init__(
            f"This file is '{name}', which {what}, and it holds no orders: make the export '{instead}' instead "
            f"({menu_path}) and give that file."
        )
        self.name, self.instead = name, instead


class NoSales(Problem):
    """A known export with rows of several kinds, none of them a sale."""

    def __init__(self, format_name: str, rows: int, kinds: str, *, hint: str, menu_path: str) -> None:
        super().__init__(
            f"This looks like '{format_name}', but none of its {rows:,} rows is a sale (they are: {kinds}): {hint}; "
            f"make the export again with your shop's sales in it ({menu_path})."
        )


class OrdersMissing(Problem):
    """Companion files without the file that holds the orders."""

    def __init__(self, format_name: str, part: str, *, menu_path: str) -> None:
        super().__init__(
            f"This is the file of {part} of '{format_name}', which has no orders of its own. Give it together with the "
            f"file of orders ({menu_path})."
        )


class AmountsMissing(Problem):
    """Orders whose amounts are in another file, which is missing."""

    def __init__(self, format_name: str, parts: str, *, menu_path: str) -> None:
        super().__init__(
            f"This is the file of orders of '{format_name}'; what was paid stands in another file. Give it together "
            f"with the file of {parts} ({menu_path})."
        )


class UnknownFormat(Problem):
    """A name that no known export has."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"No export is known by the name '{name}'. The known ones: {', '.join(known)}.")


class MissingColumn(Question):
    """A known export that lacks a column it needs, or another table that only looks like it."""

    setting = "format"

    def __init__(self, format_name: str, heading: str, meaning: str, *, menu_path: str) -> None:
        again = f" ({menu_path})" if menu_path else ""
        super().__init__(
            f"This looks like '{format_name}', but its column '{heading}' ({meaning}) is missing: export it again with "
            f"that column{again}, or say that it is another table",
            option="--format general",
            choices={"It is another table": "general"},
        )
        self.heading = heading


class DamagedMapping(Problem):
    """A saved column mapping that has changed since it was saved."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"'{name}' is a column mapping that cannot be read: it was changed or cut off. Load the export without "
            "it, choose the columns, and save them again."
        )


class OnlyMappings(Problem):
    """A saved column mapping, without an export to use it on."""

    def __init__(self, name: str) -> None:
        super().__init__(f"'{name}' says which column is which. Drop it together with the export that it is for.")


class HeadingNotFound(Problem):
    """The owner asked for a column by a heading that the file does not have."""

    def __init__(self, heading: str, role: str, headings: tuple[str, ...]) -> None:
        listed = ", ".join(f"'{known}'" for known in headings[:30] if known)
        super().__init__(f"There is no column '{heading}' (wanted for {role}). The file's columns: {listed}.")


class UnknownRole(Problem):
    """The owner gave a column a role that does not exist."""

    def __init__(self, role: str, known: tuple[str, ...]) -> None:
        super().__init__(f"A column cannot be used for '{role}'. What a column can be: {', '.join(known)}.")


class NoDateColumn(Problem):
    """No column says when."""

    def __init__(self, headings: tuple[str, ...]) -> None:
        listed = ", ".join(f"'{heading}'" for heading in headings[:30] if heading)
        super().__init__(
            f"No column says when an order was placed. Choose it among {listed} (on the command line: --map "
            "ordered_at=HEADING)."
        )


class NoAmountColumn(Problem):
    """No column says how much."""

    def __init__(self, headings: tuple[str, ...]) -> None:
        listed = ", ".join(f"'{heading}'" for heading in headings[:30] if heading)
        super().__init__(
            "No column says what was paid: an order's total, a line's, or a quantity with a unit price. "
            f"Choose it among {listed} (on the command line: --map order_total=HEADING)."
        )


class ColumnUsedTwice(Problem):
    """One column has two roles that cannot go together."""

    def __init__(self, heading: str, first: str, second: str) -> None:
        super().__init__(
            f"The column '{heading}' is used as {first} and as {second}, which cannot both be right. "
            "Choose another column for one of them."
        )


class AmountUnclear(Question):
    """A lone amount beside pieces, whose heading and rows do not say what it is of."""

    setting = "amount_is"

    def __init__(self, heading: str, example: str) -> None:
        super().__init__(
            f"Nothing tells whether the amounts in '{heading}' (first: '{example}') are of one piece, of all pieces of "
            "a line, or of the whole order: say which",
            option="--amount-is piece, --amount-is line or --amount-is order",
            choices={"One piece": "piece", "All pieces of the line": "line", "The whole order": "order"},
        )
        self.heading = heading


class AmountsSeveral(Problem):
    """The owner said what the amount is of, and there are several amounts, or none."""

    def __init__(self, headings: tuple[str, ...]) -> None:
        listed = " and ".join(f"'{heading}'" for heading in headings) or "none"
        super().__init__(
            f"What the amount is of can be said where a file has one column of amounts, and this one has {listed}. "
            "Say which column is which instead (on the command line: --map order_total=HEADING)."
        )


class MoneyBackUnclear(Question):
    """A column of amounts that may be refunds, and that no heading explains."""

    setting = "mapping"

    def __init__(self, heading: str, example: str, *, beside: str = "") -> None:
        role = "charged_back" if beside else "refunded"
        what = "money given back" + (f" on top of '{beside}'" if beside else "")
        super().__init__(
            f"Nothing tells what the amounts in '{heading}' are, which few orders have (first: '{example}'): say if "
            f"they are {what}",
            option=f"--map '{role}={heading}' if they are, --map 'other={heading}' if not",
            choices={"Money given back": {role: [heading]}, "Something else": {"other": [heading]}},
        )
        self.heading = heading


class StatusUnclear(Question):
    """A column of a few words that come and go with the orders may say which of them count."""

    setting = "mapping"

    def __init__(self, heading: str, words: tuple[str, ...], *, beside: tuple[str, ...] = ()) -> None:
        listed = ", ".join(f"'{word[:40]}'" for word in words[:6])
        columns = [*beside, heading]
        opening = "Say" if beside else "No column of statuses was found: say"
        options = " ".join(f"--map 'status={one}'" for one in columns)
        super().__init__(
            f"{opening} whether '{heading}' (with {listed}) tells which orders count",
            option=f"{options} if it does, --map 'other={heading}' if not",
            choices={"It does": {"status": columns}, "It says something else": {"other": [heading]}},
        )
        self.heading = heading


class BuyerUnclear(Question):
    """No column was taken for the buyer, and some could say who bought."""

    setting = "mapping"

    def __init__(self, headings: tuple[str, ...]) -> None:
        listed = " or ".join(f"'{heading}'" for heading in headings[:30])
        super().__init__(
            f"No column was found that says who bought: say whether {listed} does",
            option=f"--map 'customer_name={headings[0]}' if it does, --map 'other={headings[0]}' if none does",
            choices={
                **{heading: {"customer_name": [heading]} for heading in headings[:30]},
                "No column does": {"other": list(headings)},
            },
        )
        self.headings = headings
