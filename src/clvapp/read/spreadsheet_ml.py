"""XML that claims to be a workbook (SpreadsheetML) -> the rows of its sheets."""

from collections.abc import Iterable, Iterator, Mapping
from xml.parsers import expat

from clvapp.problems import DamagedFile
from clvapp.read.open_table import Reader, Row, Table, taken


class Book(Reader):
    """Takes the elements of an Excel 2003 XML workbook, whatever their prefixes."""

    kind = formula = ""

    @property
    def table(self) -> "Table | None":
        """The open sheet."""
        return self.open[0] if self.open else None

    def refuse(self, *_: object) -> None:
        """Refuse definitions: no spreadsheet program writes any."""
        raise DamagedFile(self.source.name, "XML")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self.deeper("xml")
        known = {name.rpartition(":")[2]: value for name, value in attributes.items()}
        match tag.rpartition(":")[2]:
            case "Worksheet":
                self.count += 1
                self.open = [Table(self.source, known.get("Name", f"Table {self.count}"), self.limits)]
            case "Row" if self.table:
                self.table.row(_place(known))
            case "Cell" if self.table:
                self.another_cell()
                place = _place(known)
                across, down = (taken(known.get(name)) if name in known else 0 for name in ("MergeAcross", "MergeDown"))
                self.table.cell(place and place - 1, across=across + 1, down=down + 1)
                self.table.text = None  # until its data begins
                self.kind, self.formula = "", known.get("Formula", "")
            case "Data" if self.table:
                self.table.text, self.kind = [], known.get("Type", "String")

    def data(self, text: str) -> None:
        """Text of the open cell."""
        if self.table:
            self.table.data(text)

    def end(self, tag: str) -> None:
        """An element ends."""
        self.depth -= 1
        if self.table is None:
            return
        match tag.rpartition(":")[2]:
            case "Data":
                self.formula = ""
                self.table.close(_value("".join(self.table.text or []), self.kind))
                self.kind = "read"
            case "Cell" if self.kind != "read":
                self.table.close(self.formula)  # a formula without a result reads as the formula
            case "Row" if self.table.in_row:
                self.done.append(self.table.row_read())
            case "Worksheet":
                self.open = []


def _place(attributes: Mapping[str, str]) -> int | None:
    index = attributes.get("Index", "")
    return int(index) if index.isascii() and index.isdigit() and len(index) < 9 and int(index) else None


def _value(text: str, kind: str) -> str:
    """A cell's text as a CSV would hold it.

    >>> _value("2026-01-05T10:00:00.000", "DateTime"), _value("1", "Boolean"), _value("1", "Number")
    ('2026-01-05 10:00:00', 'true', '1')
    """
    if kind == "DateTime":
        return text.strip().replace("T", " ").removesuffix(".000")
    if kind == "Boolean":
        return "true" if text.strip() == "1" else "false"
    return text


def workbook(book: Book, pieces: Iterable[bytes]) -> Iterator[tuple[str, int, Row]]:
    """The rows in `pieces`, as they come."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = book.start, book.end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = book.data, book.refuse
    try:
        for piece in pieces:
            parser.Parse(piece)
            while book.done:
                yield book.done.popleft()
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError) as fault:
        raise DamagedFile(book.source.name, "XML") from fault
    yield from book.done
