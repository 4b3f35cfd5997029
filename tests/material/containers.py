"""One table, written as each kind of file that an owner may drop. Cells are texts, numbers, moments or blank."""

import csv
import datetime as dt
import gzip
import io
import struct
import zipfile
from xml.sax.saxutils import escape, quoteattr

import openpyxl
import pyarrow as pa
import pyarrow.parquet

ODS = "urn:oasis:names:tc:opendocument:xmlns:"


def csv_file(rows, *, delimiter=",", encoding="utf-8"):
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter).writerows(rows)
    return written.getvalue().encode(encoding)


def zipped(entries, method=zipfile.ZIP_DEFLATED):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return packed.getvalue()


def xlsx(sheets, *, hidden=()):
    """A workbook of `sheets`, name -> rows. A text that begins with = becomes a formula without a result."""
    book, packed = openpyxl.Workbook(), io.BytesIO()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if name in hidden:
            sheet.sheet_state = "hidden"
    book.save(packed)
    return packed.getvalue()


def xlsx_of_xml(sheet, shared=None):
    """A workbook with one sheet, "Orders", whose XML is `sheet`, and optionally a table of shared texts."""
    main, rels = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://schemas.openxmlformats.org/"
    office = rels + "officeDocument/2006/relationships"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{rels}package/2006/content-types"></Types>',
        "_rels/.rels": f'<Relationships xmlns="{rels}package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="Orders" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{rels}package/2006/relationships"><Relationship '
        f'Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" '
        f'Type="{office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet,
    }
    return zipped(parts | ({"xl/sharedStrings.xml": shared} if shared else {}))


def ods(sheets):
    tables = "".join(
        f"<table:table table:name={quoteattr(name)}>{''.join(map(_ods_row, rows))}</table:table>"
        for name, rows in sheets.items()
    )
    content = (
        f'<office:document-content xmlns:office="{ODS}office:1.0" xmlns:table="{ODS}table:1.0" '
        f'xmlns:text="{ODS}text:1.0"><office:body><office:spreadsheet>{tables}'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = f'<manifest:manifest xmlns:manifest="{ODS}manifest:1.0"></manifest:manifest>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})


def _ods_row(row):
    return f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>"


def _ods_cell(cell):
    if cell in {None, ""}:
        return "<table:table-cell/>"
    if isinstance(cell, dt.datetime):
        return f'<table:table-cell office:value-type="date" office:date-value="{cell.isoformat()}"/>'
    if isinstance(cell, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{cell}"/>'
    return f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'


def spreadsheet_ml(sheets):
    tables = "".join(
        f"<Worksheet ss:Name={quoteattr(name)}><Table>{''.join(map(_ml_row, rows))}</Table></Worksheet>"
        for name, rows in sheets.items()
    )
    namespace = "urn:schemas-microsoft-com:office:spreadsheet"
    return f'<?xml version="1.0"?>\n<Workbook xmlns="{namespace}" xmlns:ss="{namespace}">{tables}</Workbook>'.encode()


def _ml_row(row):
    cells = [
        f'<Cell ss:Index="{place}"><Data ss:Type="{_ml_type(cell)}">{escape(_ml_text(cell))}</Data></Cell>'
        for place, cell in enumerate(row, start=1)
        if cell not in {None, ""}
    ]
    return f"<Row>{''.join(cells)}</Row>"


def _ml_type(cell):
    return "DateTime" if isinstance(cell, dt.datetime) else "Number" if isinstance(cell, int | float) else "String"


def _ml_text(cell):
    return cell.isoformat(timespec="milliseconds") if isinstance(cell, dt.datetime) else str(cell)


def html(tables):
    """A page of `tables`, like those that shop plug-ins write and call .xls."""
    rows = [
        "<table border=1>"
        + "".join("<tr>" + "".join(f"<td>{escape(_plain(cell))}</td>" for cell in row) + "</tr>\n" for row in table)
        + "</table>"
        for table in tables.values()
    ]
    return f"<html><head><style>td {{ color: red }}</style></head><body>{'<p>'.join(rows)}</body></html>".encode()


def _plain(cell):
    return "" if cell is None else str(cell)


def parquet(rows):
    header, *body = rows
    columns = [pa.array(values) for values in zip(*body, strict=True)]
    packed = io.BytesIO()
    pa.parquet.write_table(pa.table(columns, names=header), packed)
    return packed.getvalue()


# --- the binary workbook of Excel 97 to 2003 ------------------------------------------------------------------------
def xls(sheets):
    """A BIFF8 workbook in its compound file, at most 60,000 bytes."""
    bodies = {name: _xls_sheet(rows) for name, rows in sheets.items()}
    # Styles: one plain, one for moments.
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 1997, 0, 0x0600)) + _record(0x42, b"\xb0\x04")
    start += b"".join(_record(0xE0, struct.pack("<HH", 0, form) + bytes(16)) for form in (0, 22))
    end = _record(0x0A, b"")
    length = len(start) + sum(12 + len(name) for name in bodies) + len(end)
    bounds = b""
    for name, body in bodies.items():
        bounds += _record(0x85, struct.pack("<IBBBB", length, 0, 0, len(name), 0) + name.encode("ascii"))
        length += len(body)
    return _compound(start + bounds + end + b"".join(bodies.values()))


def _xls_sheet(rows):
    width = max(map(len, rows))
    parts = [_record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 1997, 0, 0x0600))]
    parts.append(_record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0)))
    parts += [_xls_cell(*at, cell) for at, cell in _places(rows)]
    return b"".join(parts) + _record(0x0A, b"")


def _places(rows):
    return (((i, j), cell) for i, row in enumerate(rows) for j, cell in enumerate(row) if cell not in {None, ""})


def _xls_cell(row, column, cell):
    if isinstance(cell, dt.datetime):
        days = (cell - dt.datetime.fromisoformat("1899-12-30")) / dt.timedelta(days=1)
        return _record(0x0203, struct.pack("<HHHd", row, column, 1, days))
    if isinstance(cell, int | float):
        return _record(0x0203, struct.pack("<HHHd", row, column, 0, cell))
    text = cell.encode("utf-16-le")
    return _record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text) // 2, 1) + text)


def _record(kind, data):
    return struct.pack("<HH", kind, len(data)) + data


def _compound(stream):
    stream += bytes(max(4096, -(-len(stream) // 512) * 512) - len(stream))
    sectors = len(stream) // 512
    assert sectors <= 125
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<I", 0) + b"\xff" * 4 * 108
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, sectors + 2), 0xFFFFFFFE]
    table = struct.pack(f"<{len(chain)}I", *chain) + b"\xff" * 4 * (128 - len(chain))
    entries = _entry("Root Entry", 5, child=1, start=0xFFFFFFFE, size=0)
    entries += _entry("Workbook", 2, child=0xFFFFFFFF, start=2, size=len(stream)) + bytes(256)
    return header + table + entries + stream


def _entry(name, kind, *, child, start, size):
    text = (name + "\0").encode("utf-16-le")
    entry = text + bytes(64 - len(text)) + struct.pack("<HBB", len(text), kind, 1)
    entry += struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child) + bytes(36)
    return entry + struct.pack("<IQ", start, size)


KINDS = {
    "csv": lambda rows: csv_file(rows),
    "tsv": lambda rows: csv_file(rows, delimiter="\t", encoding="utf-16"),
    "gz": lambda rows: gzip.compress(csv_file(rows)),
    "zip": lambda rows: zipped({"exports/orders.csv": csv_file(rows)}),
    "zip of xlsx": lambda rows: zipped({"orders.xlsx": xlsx({"Orders": rows})}),
    "xlsx": lambda rows: xlsx({"Orders": rows}),
    "ods": lambda rows: ods({"Orders": rows}),
    "xls": lambda rows: xls({"Orders": rows}),
    "spreadsheet ml": lambda rows: spreadsheet_ml({"Orders": rows}),
    "html": lambda rows: html({"Orders": rows}),
    "parquet": parquet,
}
