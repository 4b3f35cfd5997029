"""The first lines of the Shopify export -> an XLSX as a spreadsheet saves it: shared strings, no blank cells."""

import csv
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from xml.sax.saxutils import escape

from benchmarks import shopify_lines

ROWS = 150_000
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    "_rels/.rels": f'<Relationships xmlns="{_LINKS}"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="orders" sheetId="1" '
    'r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_LINKS}"><Relationship Id="rId1" Type="{_OFFICE}/worksheet" '
    f'Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{_OFFICE}/sharedStrings" '
    'Target="sharedStrings.xml"/></Relationships>',
}


def path(rows: int = ROWS) -> Path:
    """The workbook, in a cache folder outside the repository. Written once."""
    target = shopify_lines.CACHE / f"shopify-{rows}-{shopify_lines.EDITION}.xlsx"
    if not target.exists():
        partial = target.with_suffix(".partial")
        _write(partial, rows)
        partial.replace(target)
    return target


def _write(target: Path, rows: int) -> None:
    texts: dict[str, int] = {}
    with (
        shopify_lines.path(1_000_000).open(encoding="utf-8", newline="") as lines,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name, content in _PARTS.items():
            archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            for number, row in enumerate(islice(csv.reader(lines), rows + 1), start=1):
                sheet.write(f'<row r="{number}">{"".join(_cells(row, number, texts))}</row>'.encode())
            sheet.write(b"</sheetData></worksheet>")
        shared = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{_MAIN}">{shared}</sst>')


def _cells(row: list[str], number: int, texts: dict[str, int]) -> Iterator[str]:
    for place, text in enumerate(row):
        if not text:
            continue
        at = f"{_letters(place)}{number}"
        if text.replace(".", "", 1).isdigit() and number > 1:
            yield f'<c r="{at}"><v>{text}</v></c>'
        else:
            yield f'<c r="{at}" t="s"><v>{texts.setdefault(text, len(texts))}</v></c>'


def _letters(place: int) -> str:
    return (chr(ord("A") + place // 26 - 1) if place >= 26 else "") + chr(ord("A") + place % 26)
