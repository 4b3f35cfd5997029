"""Files that are small as given and huge once opened, or slow by design, and what it takes to load one.

`python bombs.py NAME` loads one in this process. It prints, as JSON, how that ended, the seconds and the peak memory.
"""

import gzip
import io
import json
import resource
import sys
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
from containers import html, ods, spreadsheet_ml, xls, xlsx_of_xml, zipped
from hostile import ROWS

import clvapp

HEAD = b"Order,Date,E-mail,Total\n"
ROW = b"A-1,2026-01-05,a@b.co,3\n"
MEGABYTE = 1_000_000
HEADINGS = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>Date</t></is></c><c r="B1" t="inlineStr"><is><t>Total</t></is></c></row>'
    '<row r="2"><c r="A2" t="inlineStr"><is><t>2026-01-05</t></is></c><c r="B2"><v>7.5</v></c></row>'
)


def packed(unit, count, *, before=HEAD + ROW, after=b""):
    """A gzip of `before`, `unit` repeated up to so many bytes, and `after`."""
    whole = io.BytesIO()
    block = unit * (MEGABYTE // len(unit))
    with gzip.GzipFile(fileobj=whole, mode="wb", mtime=0) as stream:
        stream.write(before)
        for _ in range(count // MEGABYTE):
            stream.write(block)
        stream.write(after)
    return whole.getvalue()


def zip_of(unit, count, name="orders.csv"):
    whole = io.BytesIO()
    block = unit * (MEGABYTE // len(unit))
    with (
        zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open(name, "w", force_zip64=True) as member,
    ):
        for _ in range(count // MEGABYTE):
            member.write(block)
    return whole.getvalue()


def lying_zip():
    """A ZIP whose member claims to hold a few bytes."""
    content = bytearray(zip_of(ROW, 200 * MEGABYTE))
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = content.index(mark) + place
        content[at : at + 4] = (1_000).to_bytes(4, "little")
    return bytes(content)


def nested_zip(depth=30):
    content = zip_of(ROW, 10 * MEGABYTE)
    for _ in range(depth):
        content = zipped({"more.zip": content})
    return content


def shared_texts():
    texts = "<sst>" + f"<si><t>{'x' * 32_000}</t></si>" * 2 + "</sst>"
    rows = "".join(f'<row r="{i}"><c r="A{i}" t="s"><v>{i % 2}</v></c></row>' for i in range(3, 200_000))
    return xlsx_of_xml(f"<worksheet><sheetData>{HEADINGS}{rows}</sheetData></worksheet>", texts)


def dense_sheet():
    cells = "".join(f'<c r="{letter}{{0}}"><v>1</v></c>' for letter in "ABCDEFGHIJ")
    rows = "".join(f'<row r="{i}">{cells.format(i)}</row>' for i in range(300, 900_000))
    first = '<row r="3"><c r="A3" t="inlineStr"><is><t>2026-01-05</t></is></c><c r="B3"><v>7.5</v></c></row>'
    rows = 290 * first + rows
    return xlsx_of_xml(f"<worksheet><sheetData>{HEADINGS}{rows}</sheetData></worksheet>")


def far_cells(count):
    cells = "".join(f'<row r="{i}"><c r="XFD{i}"><v>1</v></c></row>' for i in range(3, count))
    return xlsx_of_xml(f"<worksheet><sheetData>{HEADINGS}{cells}</sheetData></worksheet>")


def repeated_ods():
    content = ods({"Orders": ROWS}).replace(b"", b"", 0)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    cell = b'<table:table-cell table:number-columns-repeated="16000" office:value-type="float" office:value="1"/>'
    row = b'<table:table-row table:number-rows-repeated="1000000">' + cell + b"</table:table-row></table:table>"
    parts["content.xml"] = parts["content.xml"].replace(b"</table:table>", row)
    return zipped(parts)


def far_xls():
    """An XLS with cells in the last row and column that the format can name."""
    content = bytearray(xls({"Orders": ROWS}))
    at = content.rindex(b"\x03\x02\x0e\x00") + 4  # the last number
    content[at : at + 4] = b"\xff\xff\xff\xff"
    return bytes(content)


def parquet_of(count, *, text=None):
    whole = io.BytesIO()
    dates = pa.array(["2026-01-05"]).take(pa.array([0] * count, pa.int32()))
    columns = {"Date": dates, "Total": pa.array([1.5]).take(pa.array([0] * count, pa.int32()))}
    if text:
        columns["Note"] = pa.array([text] * count, pa.large_string())
    options = {"compression": "zstd", "use_dictionary": text is None, "data_page_size": 1 << 30}
    pa.parquet.write_table(pa.table(columns), whole, **options)
    return whole.getvalue()


def entities():
    lines = "".join(f'<!ENTITY a{i + 1} "{f"&a{i};" * 10}">' for i in range(9))
    kind = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "lol">{lines}]>'.encode()
    return spreadsheet_ml({"O": ROWS}).replace(b'<?xml version="1.0"?>', kind).replace(b">A-1<", b">&a9;<")


def long_archive():
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as archive:
        for i in range(60_000):
            archive.writestr(str(i), b"")
    return whole.getvalue()


def lying_gzip(unit, count=1_000 * MEGABYTE):
    """A gzip file whose end claims that it holds a few bytes."""
    return packed(unit, count)[:-4] + (1_000).to_bytes(4, "little")


def plain(unit, count=30 * MEGABYTE, *, before=HEAD + ROW, after=b""):
    return before + unit * (count // len(unit)) + after


BOMBS = {
    "1 GB from 1 MB": lambda: packed(ROW, 1_000 * MEGABYTE),
    "1 GB that lies": lambda: lying_gzip(ROW),
    "2.5 GB of newlines": lambda: lying_gzip(b"\n", 2_500 * MEGABYTE),
    "the most that is unpacked": lambda: packed(b",,,1\n", 15 * MEGABYTE),
    "newlines, then a row": lambda: plain(b"\n", after=ROW),
    "blank rows": lambda: plain(b",,,\n"),
    "short rows": lambda: plain(b"1\n"),
    "rows of nothing known": lambda: plain(b"a,b,c,d\n"),
    "good rows": lambda: plain(ROW),
    "good rows, and none": lambda: plain(ROW + HEAD),
    "quotes": lambda: plain(b'"'),
    "a quote a line": lambda: plain(b'"\n'),
    "quotes that open": lambda: plain(b'"a",x,"b\n'),
    "an open quote over all": lambda: plain(ROW, before=HEAD + b'"'),
    "one line": lambda: plain(b"a"),
    "one line of commas": lambda: plain(b",", before=b""),
    "a line of commas inside": lambda: plain(b","),
    "carriage returns": lambda: plain(b"\r"),
    "NULs": lambda: plain(b"\x00"),
    "text, then NULs": lambda: plain(ROW, after=b"\x00" * 20 * MEGABYTE),
    "bytes of no character": lambda: plain(b"\xff\xfe\xc0\x80", before=HEAD + b"\xff" * 100),
    "bytes of two sorts": lambda: plain(b"\xff\xc3\xa9", before=HEAD + b"\xff\xc3\xa9" * 100),
    "UTF-16": lambda: plain(ROW.decode().encode("utf-16-le"), before=HEAD.decode().encode("utf-16")),
    "a header of 30 MB": lambda: plain(b"a,", before=b""),
    "zip, 1 GB": lambda: zip_of(ROW, 1_000 * MEGABYTE),
    "zip that lies": lying_zip,
    "zip in zip": nested_zip,
    "zip of 60,000": long_archive,
    "zip of many bombs": lambda: zipped({f"{i}.csv.gz": packed(ROW, 31 * MEGABYTE) for i in range(12)}),
    "workbook of 1 GB": lambda: zipped({"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": b" " * 310 * MEGABYTE}),
    "shared texts": shared_texts,
    "dense sheet": dense_sheet,
    "far cell": lambda: far_cells(3),
    "far cells": lambda: far_cells(300_000),
    "far cells of XLS": far_xls,
    "repeated ODS": repeated_ods,
    "Parquet of 80 million rows": lambda: parquet_of(80 * MEGABYTE),
    "Parquet of long texts": lambda: parquet_of(20, text="x" * 60 * MEGABYTE),
    "entities": entities,
    "deep XML": lambda: spreadsheet_ml({"O": ROWS}).replace(b"<Table>", b"<Table>" + b"<a>" * 5 * MEGABYTE),
    "deep page": lambda: b"<html>" + b"<div>" * 5 * MEGABYTE + html({"O": ROWS}),
    "page of open tags": lambda: b"<table>" + b"<tr><td " * 2 * MEGABYTE,
    "page of cells": lambda: b"<table><tr><th>Date<th>Total</tr>" + b"<tr><td>2026-01-05<td>1</tr>" * 2 * MEGABYTE,
    "page of attributes": lambda: b"<table><tr><td " + b"a=b " * 4 * MEGABYTE + b">",
    "page of spans": lambda: b"<table>" + b"<tr><td rowspan=65534 colspan=900>x" * 20_000,
    "one cell of 100 MB": lambda: b"<table><tr><td>" + b"x" * 100 * MEGABYTE,
    "XML of rows": lambda: spreadsheet_ml({"O": ROWS}).replace(b"</Table>", b"<Row/>" * 5 * MEGABYTE + b"</Table>"),
    "formulas": lambda: xlsx_of_xml(
        "<worksheet><sheetData>" + HEADINGS
        + "".join(f'<row r="{i}"><c r="A{i}"><f>1+1</f></c></row>' for i in range(3, 300_000))
        + "</sheetData></worksheet>"
    ),
}  # fmt: skip


def peak():
    """The peak memory of this process, and of any that it waited for, in MB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024, resource.getrusage(
        resource.RUSAGE_CHILDREN
    ).ru_maxrss / 1024


def busy():
    """The CPU seconds of this process and of any that it waited for. Other work on the machine hardly changes them."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def main(path):
    from clvapp import read
    from clvapp.problems import Problem

    started, ended = busy(), "loaded"
    try:
        shop = clvapp.load([read.Source("bomb", Path(path))])
        try:
            _ = clvapp.Analysis(shop).cleaned
        finally:
            shop.close()
    except Problem as problem:
        ended = type(problem).__name__
    own, children = peak()
    print(json.dumps([ended, busy() - started, own, children]))


if __name__ == "__main__":
    main(sys.argv[1])
