"""Every fault that an input can have, each with one plain sentence: what, where, what to do."""

from collections.abc import Sequence

LONGEST = 2_000  # characters of a sentence


class Problem(Exception):  # noqa: N818 - a word of the product: shown to people, not only raised
    """A fault in what was given. `str(problem)` is the one sentence to show; it never holds a traceback.

    What a file says may stand in it: signs that a terminal would obey are gone, and the middle of a very long one.
    """

    def __init__(self, sentence: str) -> None:
        plain = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in sentence)
        super().__init__(plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 400]} … {plain[-390:]}")


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


class DatesMixed(Problem):
    """Some dates of a column only make sense day first, others only month first."""

    def __init__(self, heading: str, day_first: str, month_first: str) -> None:
        super().__init__(
            f"The dates in '{heading}' follow two orders: '{day_first}' has the day first, '{month_first}' the month. "
            "Load the exports they came from one by one, or correct the dates."
        )


class DecimalSignUnknown(Question):
    """Every number of a column could be read with its point as decimal or as thousands sign."""

    setting = "decimal_sign"

    def __init__(self, role: str, example: str) -> None:
        super().__init__(
            f"The numbers for {role.replace('_', ' ')} can be read two ways (first: '{example}'): say whether the "
            "point is the decimal sign (on the command line: --decimal-sign point or --decimal-sign comma)."
        )


class NoDateReadable(Problem):
    """Not one date of the date column could be read."""

    def __init__(self, heading: str, example: str) -> None:
        super().__init__(
            f"None of the dates in '{heading}' can be read (first: '{example}'). Choose the column that holds the "
            "order's date, or export it again with dates such as 2026-09-30."
        )


class NoOrderCounts(Problem):
    """Rows were read, but no order among them counts."""

    def __init__(self, rows: int, reasons: str) -> None:
        super().__init__(
            f"None of the {rows:,} rows belongs to an order that counts ({reasons}). Export all orders, paid ones "
            "included, or check which column is which."
        )


# --- reading --------------------------------------------------------------------------------------------------------
class EmptyFile(Problem):
    """Nothing is in the file."""

    def __init__(self, name: str) -> None:
        super().__init__(f"'{name}' is empty. Export the orders again and give that file.")


class NotATable(Problem):
    """The bytes are of something else, whatever the file's name says."""

    def __init__(self, name: str, kind: str, instead: str) -> None:
        super().__init__(f"'{name}' is {kind}, not a CSV or XLSX table of orders. {instead}")
        self.kind = kind


class DamagedFile(Problem):
    """The container opens and then breaks."""

    def __init__(self, name: str, kind: str) -> None:
        super().__init__(
            f"'{name}' is a {kind} file that cannot be read to its end: it is damaged or was cut off. "
            "Export or download it again."
        )


class TooLarge(Problem):
    """More bytes, or more bytes once unpacked, than are taken."""

    def __init__(self, name: str, limit: int, *, unpacked: bool = False) -> None:
        when = " once unpacked" if unpacked else ""
        super().__init__(
            f"'{name}' is larger than {limit / 1e6:,.0f} MB{when}, which is more than can be read here. "
            "Export a shorter period, or several files of one year each."
        )


class TooManyRows(Problem):
    """More rows than are taken."""

    def __init__(self, name: str, limit: int) -> None:
        super().__init__(
            f"'{name}' has more than {limit:,} rows, which is more than can be read here. "
            "Export a shorter period, or several files of one year each."
        )


class TooManyColumns(Problem):
    """A row so wide that it is no order export."""

    def __init__(self, name: str, count: int, *, row: int, limit: int) -> None:
        super().__init__(
            f"Row {row} of '{name}' has {count:,} columns, more than the {limit:,} that an order export has. "
            "Export the orders again with the columns that the shop offers."
        )


class EndlessLine(Problem):
    """No line break where one must be."""

    def __init__(self, name: str, characters: int) -> None:
        super().__init__(
            f"'{name}' has no line break in its first {characters:,} characters: it is no table of one row a "
            "line. Export the orders as CSV and give that file."
        )


class NoTable(Problem):
    """Text, but no two columns anywhere."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"No table was found in '{name}': none of its first rows has two columns or more, separated by "
            "comma, semicolon, tab or bar. Export the orders as CSV and give that file."
        )


class NoHeader(Problem):
    """Rows of data without a row that names the columns."""

    def __init__(self, name: str, *, row: int, value: str) -> None:
        super().__init__(
            f"'{name}' has no row with column names: row {row} already holds data ('{value}'). "
            "Export it again with column names, or write them into a first row."
        )


class NoSheet(Problem):
    """A workbook without a table in it."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"No sheet of '{name}' holds a table with column names. Export the orders as CSV and give that file."
        )


class SheetUnclear(Question):
    """Several sheets of a workbook, or tables of a page, could hold the orders."""

    setting = "sheets"

    def __init__(self, name: str, names: tuple[str, ...]) -> None:
        listed = ", ".join(f"'{one}'" for one in names[:20])
        super().__init__(
            f"Several sheets of '{name}' could hold the orders: {listed}. Say which to read "
            "(on the command line: --sheet NAME, once for each)."
        )
        self.names = names


class SheetNotFound(Problem):
    """A sheet was asked for that no workbook has."""

    def __init__(self, wanted: str, known: tuple[str, ...]) -> None:
        listed = ", ".join(f"'{one}'" for one in known[:20])
        there = f"The sheets that can be read: {listed}." if known else "None of the files is a workbook with sheets."
        super().__init__(f"There is no sheet '{wanted}'. {there}")


class NoFileInside(Problem):
    """An archive without anything that could be orders."""

    def __init__(self, name: str, inside: tuple[str, ...]) -> None:
        listed = ", ".join(f"'{one}'" for one in inside[:10])
        holds = f"it holds only {listed}" if inside else "nothing is in it"
        super().__init__(
            f"'{name}' has no table of orders inside: {holds}. Export the orders as CSV and give that file."
        )


class TooManyFiles(Problem):
    """An archive with more files than any export has."""

    def __init__(self, name: str, count: int, limit: int) -> None:
        super().__init__(
            f"'{name}' holds some {count:,} files, more than the {limit:,} that are read from one archive. "
            "Give the files with the orders alone."
        )


class Locked(Problem):
    """A file that opens only with a password."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"'{name}' is protected by a password, or packed in a way that cannot be opened here. Open it yourself, "
            "save or unpack it without a password, and give that file."
        )


class NeedsTooMuch(Problem):
    """A workbook that its reader could not hold in the memory, or finish in the time, that one session has."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"'{name}' cannot be opened with the memory and the time that one session has here. Open it in a "
            "spreadsheet, save the sheet with the orders as CSV and give that file."
        )


class FormulasWithoutValues(Problem):
    """A workbook whose formulas were never computed."""

    def __init__(self, name: str, count: int, *, cell: str) -> None:
        super().__init__(
            f"{count:,} cells of '{name}' hold formulas without their results (first: {cell}). Open it in a "
            "spreadsheet, save it, and give that file."
        )


class TooManyBlankRows(Problem):
    """More blank rows than any table has between its rows."""

    def __init__(self, name: str, limit: int) -> None:
        super().__init__(
            f"'{name}' has more than {limit:,} blank rows. Delete them, or export the orders again, and give that file."
        )


class FarCell(Problem):
    """A workbook whose cells span more than can be held, mostly because of one stray cell far from the others."""

    def __init__(self, name: str, row: int) -> None:
        super().__init__(
            f"The sheets of '{name}' reach to row {row:,} over so many columns that they cannot be opened here. "
            "Save the sheet with the orders as CSV and give that file."
        )
        self.row = row


class UnreadableText(Problem):
    """The characters, or the rows, could not be made out even on a second try."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The text of '{name}' cannot be read to its end. Open it in a spreadsheet, save it as 'CSV UTF-8' and "
            "give that file."
        )


class TooManyUnreadable(Problem):
    """So many rows do not fit the header that the header, or the separator, must be wrong."""

    def __init__(self, name: str, count: int, *, row: int, why: str) -> None:
        super().__init__(
            f"{count:,} rows of '{name}' do not fit its column names (first: row {row}, {why}). "
            "Export it again, or save it as 'CSV UTF-8' from a spreadsheet."
        )


class OutOfMemory(Problem):
    """More data than this session may hold."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"'{name}' needs more memory than one session has here. Export a shorter period, or run clvapp on your "
            "own computer."
        )


class FormatUnclear(Question):
    """Two known exports fit a header equally well."""

    setting = "format"

    def __init__(self, names: tuple[str, ...]) -> None:
        listed = " or ".join(f"'{name}'" for name in names)
        super().__init__(
            f"The column names fit {listed} equally well: say which export it is (on the command line: --format NAME)."
        )
        self.names = names


class LookAlike(Problem):
    """A table that looks like orders and is known to be something else."""

    def __init__(self, name: str, what: str, instead: str, *, menu_path: str) -> None:
        super().__init__(
            f"This file is '{name}', which {what}, and it holds no orders: make the export '{instead}' instead "
            f"({menu_path}) and give that file."
        )
        self.name, self.instead = name, instead


class NoSales(Problem):
    """A known export whose rows are of several kinds, and not one of them a sale."""

    def __init__(self, format_name: str, rows: int, kinds: str, *, hint: str, menu_path: str) -> None:
        super().__init__(
            f"This looks like '{format_name}', but none of its {rows:,} rows is a sale (they are: {kinds}): {hint}; "
            f"make the export again with your shop's sales in it ({menu_path})."
        )


class OrdersMissing(Problem):
    """Files that belong beside orders, without the file that has them."""

    def __init__(self, format_name: str, part: str, *, menu_path: str) -> None:
        super().__init__(
            f"This is the file of {part} of '{format_name}', which has no orders of its own. Give it together with the "
            f"file of orders ({menu_path})."
        )


class AmountsMissing(Problem):
    """Orders whose amounts stand in another file, which was not given."""

    def __init__(self, format_name: str, parts: str, *, menu_path: str) -> None:
        super().__init__(
            f"This is the file of orders of '{format_name}'; what was paid stands in another file. Give it together "
            f"with the file of {parts} ({menu_path})."
        )


class UnknownFormat(Problem):
    """A name that no known export has."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"No export is known by the name '{name}'. The known ones: {', '.join(known)}.")


class MissingColumn(Problem):
    """A known export without a column that it needs."""

    def __init__(self, format_name: str, heading: str, meaning: str, *, menu_path: str) -> None:
        again = f" ({menu_path})" if menu_path else ""
        super().__init__(
            f"This looks like '{format_name}', but its column '{heading}' ({meaning}) is missing. "
            f"Export it again with that column{again}."
        )
        self.heading = heading


class DamagedMapping(Problem):
    """A saved column mapping that is not as it was saved."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"'{name}' is a column mapping that cannot be read: it was changed or cut off. Load the export without "
            "it, choose the columns, and save them again."
        )


class OnlyMappings(Problem):
    """A saved column mapping, and no export to use it on."""

    def __init__(self, name: str) -> None:
        super().__init__(f"'{name}' says which column is which. Drop it together with the export that it is for.")


class HeadingNotFound(Problem):
    """A column that was asked for by a heading that the file does not have."""

    def __init__(self, heading: str, role: str, headings: tuple[str, ...]) -> None:
        listed = ", ".join(f"'{known}'" for known in headings[:30] if known)
        super().__init__(f"There is no column '{heading}' (wanted for {role}). The file's columns: {listed}.")


class UnknownRole(Problem):
    """A column is to be used for something that nobody has heard of."""

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
    """One column for two roles that cannot be the same thing."""

    def __init__(self, heading: str, first: str, second: str) -> None:
        super().__init__(
            f"The column '{heading}' is used as {first} and as {second}, which cannot both be right. "
            "Choose another column for one of them."
        )


# --- customers ------------------------------------------------------------------------------------------------------
class NoKeyInAttributes(Problem):
    """A file about customers has no column that says whom a row is about."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"'{name}' has no column with e-mail addresses or customer numbers, so its rows cannot be joined to "
            "orders. Add one of them and load it again."
        )


class NoCustomerMatches(Problem):
    """A file about customers knows none of the shop's customers."""

    def __init__(self, name: str, heading: str) -> None:
        super().__init__(
            f"None of the customers in '{name}' (by '{heading}') has an order in the orders that were loaded. "
            "Check that both files are of the same shop."
        )


class ObservationEndOutside(Problem):
    """The day to look back from lies before the first order."""

    def __init__(self, day: str, first: str) -> None:
        super().__init__(
            f"The day to look back from ({day}) lies before the first order ({first}). Choose a later day."
        )


# --- settings and tables of the owner -------------------------------------------------------------------------------
class WrongAcquisitionCost(Problem):
    """What winning a customer costs is below nothing, or is not known for every month."""

    def __init__(self, value: str, missing: Sequence[str] = ()) -> None:
        super().__init__(
            f"Winning a customer cannot cost {value}: give an amount of 0 or more."
            if value
            else f"There is no cost of winning a customer for {', '.join(missing[:6])}"
            f"{' and others' if len(missing) > 6 else ''}. Give one for every month in which customers came, or one "
            "figure for all."
        )


class DamagedSegments(Problem):
    """A table of segments that cannot be used."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"The segments in '{name}' cannot be used: {why}")


class WrongDates(Problem):
    """Two dates to compare that do not make a then and a now."""

    def __init__(self, then: str, now: str, *, first: str, last: str) -> None:
        super().__init__(
            f"{then} and {now} cannot be compared: choose two different days from {first} to {last}, the earlier one "
            "as 'then'."
        )


# --- the command line ------------------------------------------------------------------------------------------------
class WrongOption(Problem):
    """An option of the command line cannot be used."""

    def __init__(self, option: str, given: str, wanted: str) -> None:
        super().__init__(f"{option} cannot be '{given}': it takes {wanted}.")


class CannotWrite(Problem):
    """A file or folder cannot be read or written."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"'{path}' cannot be opened ({why}). Check the path and its permissions.")
