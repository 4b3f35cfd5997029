"""Files that are not tables, are damaged, are too large, or hold no table."""

from clvapp.problems.base import Problem, Question


class EmptyFile(Problem):
    """The file is empty."""

    def __init__(self, name: str) -> None:
        super().__init__(f"'{name}' is empty. Export the orders again and give that file.")


class NotATable(Problem):
    """The bytes are something else, whatever the file's name says."""

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
    """More bytes than we take, as given or once unpacked."""

    def __init__(self, name: str, limit: int, *, unpacked: bool = False) -> None:
        when = " once unpacked" if unpacked else ""
        zipped = "" if unpacked else "Give it as a zip (packed, a CSV takes about a tenth), or export"
        super().__init__(
            f"'{name}' is larger than {limit / 1e6:,.0f} MB{when}, which is more than can be read here. "
            f"{zipped or 'Export'} a shorter period, or several files of one year each."
        )


class TooMuchTogether(Problem):
    """Files that are too much together, each small enough alone."""

    def __init__(self, count: int, limit: int) -> None:
        super().__init__(
            f"These {count:,} files are larger than {limit / 1e6:,.0f} MB together, which is more than can be read "
            "here. Give them in one zip: packed, a CSV takes about a tenth."
        )


class ServerFull(Problem):
    """The visitors who are here together fill the memory of the server."""

    def __init__(self) -> None:
        super().__init__(
            "So many shops are open here that the server has no room for another. Try again in a few minutes, or run "
            "clvapp on your own computer."
        )


class TooManyRows(Problem):
    """More rows than we take."""

    def __init__(self, name: str, limit: int) -> None:
        super().__init__(
            f"'{name}' has more than {limit:,} rows, which is more than can be read here. "
            "Export a shorter period, or several files of one year each."
        )


class TooManyColumns(Problem):
    """A row too wide for any order export."""

    def __init__(self, name: str, count: int, *, row: int, limit: int) -> None:
        super().__init__(
            f"Row {row} of '{name}' has {count:,} columns, more than the {limit:,} that an order export has. "
            "Export the orders again with the columns that the shop offers."
        )


class EndlessLine(Problem):
    """No line break where there must be one."""

    def __init__(self, name: str, characters: int) -> None:
        super().__init__(
            f"'{name}' has no line break in its first {characters:,} characters: it is no table of one row a "
            "line. Export the orders as CSV and give that file."
        )


class NoTable(Problem):
    """Text that never has two columns."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"No table was found in '{name}': none of its first rows has two columns or more, separated by "
            "comma, semicolon, tab or bar. Export the orders as CSV and give that file."
        )


class NoHeader(Problem):
    """Rows of data, but no row that names the columns."""

    def __init__(self, name: str, *, row: int, value: str) -> None:
        super().__init__(
            f"'{name}' has no row with column names: row {row} already holds data ('{value}'). "
            "Export it again with column names, or write them into a first row."
        )


class NoSheet(Problem):
    """A workbook with no table in it."""

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
            f"Several sheets of '{name}' could hold the orders: {listed}. Say which to read",
            option="--sheet NAME, once for each",
            choices={one: (one,) for one in names} | {"All of them": names},
        )


class SheetNotFound(Problem):
    """The owner asked for a sheet that no workbook has."""

    def __init__(self, wanted: str, known: tuple[str, ...]) -> None:
        listed = ", ".join(f"'{one}'" for one in known[:20])
        there = f"The sheets that can be read: {listed}." if known else "None of the files is a workbook with sheets."
        super().__init__(f"There is no sheet '{wanted}'. {there}")


class NoFileInside(Problem):
    """An archive with nothing in it that could be orders."""

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


class TooManySheets(Problem):
    """A workbook with more sheets than anybody reads."""

    def __init__(self, name: str, count: int, limit: int) -> None:
        super().__init__(
            f"'{name}' has {count:,} sheets, more than the {limit:,} that are read from one workbook. Save the sheet "
            "with the orders as CSV and give that file."
        )


class Locked(Problem):
    """A file that opens only with a password."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"'{name}' is protected by a password, or packed in a way that cannot be opened here. Open it yourself, "
            "save or unpack it without a password, and give that file."
        )


class NeedsTooMuch(Problem):
    """A workbook that needs more memory, or more time, than one session has."""

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
    """A workbook whose cells span too much to hold, usually because one stray cell is far from the others."""

    def __init__(self, name: str, row: int) -> None:
        super().__init__(
            f"The sheets of '{name}' reach to row {row:,} over so many columns that they cannot be opened here. "
            "Save the sheet with the orders as CSV and give that file."
        )
        self.row = row


class UnreadableText(Problem):
    """The characters, or the rows, were unreadable even on a second try."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The text of '{name}' cannot be read to its end. Open it in a spreadsheet, save it as 'CSV UTF-8' and "
            "give that file."
        )


class TooManyUnreadable(Problem):
    """So many rows do not fit the header that the header or the separator must be wrong."""

    def __init__(self, name: str, count: int, *, row: int, why: str) -> None:
        super().__init__(
            f"{count:,} rows of '{name}' do not fit its column names (first: row {row}, {why}). "
            "Export it again, or save it as 'CSV UTF-8' from a spreadsheet."
        )


class OutOfMemory(Problem):
    """More data than this session may hold, in one file or in all."""

    def __init__(self, name: str = "") -> None:
        what = f"'{name}' needs" if name else "These orders need"
        super().__init__(
            f"{what} more memory than one session has here. Export a shorter period, or run clvapp on your "
            "own computer."
        )
