"""Files made to do harm, each from a kind and a number, so that they are the same on every machine.

`mangled` damages the proofs of the known exports in every way that is cheap to try. `BOMBS` are huge once opened: load
them in a separate process.
"""

import codecs
import gzip
import io
import random
import struct
import zipfile
from pathlib import Path

from containers import csv_file, html, ods, parquet, spreadsheet_ml, xls, xlsx, xlsx_of_xml, zipped

PROOFS = sorted((Path(__file__).parents[1] / "formats" / "exports").glob("*/*.csv"))
ROWS = [
    ["Order", "Date", "E-mail", "Product", "Quantity", "Total"],
    *(
        [f"A-{i}", f"2026-01-{i % 28 + 1:02}", f"c{i % 7}@example.com", f'Hut "{i}"', i % 3 + 1, i + 0.5]
        for i in range(40)
    ),
]
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-32", "utf-7", "cp037")
BYTES = b"\",;\t|\n\r\x00\x01\x1a\xff\xfe\xef\xbb\xbf\x80\xe9 'a1=-+@<>&/\\"
MAGIC = [b"", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1f\x8b\x08\x00", b"PK\x03\x04", b"PK\x05\x06", b"<html>"]
MAGIC += [b"<?xml version='1.0'?>", b"sep=,\n", b"Order,Date,Total\n"]
WORDS = [
    b'"',
    b'""',
    b'"""',
    b"\n",
    b"\r",
    b"\r\n",
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"sep=;\n",
    b",,,,\n",
    b'","',
    b"=1+1",
    b"=cmd|' /C calc'!A0",
    b"'",
    b"'''",
    b"9" * 400,
    b"1e999",
    b"-1e308",
    b"nan",
    b"inf",
    b"0x1F",
    b"99/99/9999",
    b"31/02/2024",
    b"0000-00-00",
    b"2026-13-45",
    b"12/31/9999 25:61",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xc0\xaf",
    "\u202e".encode(),
    "\u0660\u0661".encode(),
    "١٢٣,٤٥".encode(),
    b"%s%n%x",
    b"${jndi:ldap://x}",
    b"../../etc/passwd",
    b"'; DROP TABLE raw; --",
    b"a" * 5_000,
    b"," * 3_000,
    b'"' * 3_000,
    b"(((((((1)))))))",
    b"1,2,3,4.5.6,7",
    b"\x1b[2J",
]
TAGS = [
    b"<table>",
    b"</table>",
    b"<tr>",
    b"<td>",
    b"</td>",
    b"<td rowspan=65534>",
    b"<td colspan=65534>",
    b"<script>",
    b"<!--",
    b"-->",
    b"<![CDATA[",
    b"]]>",
    b"<?xml?>",
    b"&amp;",
    b"&#0;",
    b"&#x110000;",
    b"&lol;",
    b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
    b'ss:Index="1"',
    b'ss:Index="1048576"',
    b'ss:Index="-5"',
    b'ss:MergeAcross="99999"',
    b"<Row>",
    b"<Cell>",
    b"<Data>",
    b"</Row>",
    b"</Workbook>",
    b"<Worksheet>",
    b"<a" + b" b='c'" * 300 + b">",
    b"<" * 50,
    b"\x00",
    b"\xff",
    b"\xed\xa0\x80",
]
SHEET_TAGS = [
    b'<c r="XFD1048576"><v>1</v></c>',
    b'<c r="A0"><v>1</v></c>',
    b'<c r="ZZZZ99999999"><v>1</v></c>',
    b'<c r=""/>',
    b"<c><v>1</v></c>",
    b'<c r="B2" t="s"><v>99999999</v></c>',
    b'<c r="B2" t="s"><v>-1</v></c>',
    b'<c t="e"><v>#N/A</v></c>',
    b'<c r="C3"><f>1+1</f></c>',
    b'<row r="0">',
    b'<row r="99999999999">',
    b"</row>",
    b"</sheetData>",
    b"<sheetData>",
    b'<c r="D4" t="d"><v>2026-99-99</v></c>',
    b'<c r="D4" s="99999"><v>1</v></c>',
    b'<c r="D4" t="b"><v>7</v></c>',
    b"<v>1e400</v>",
    b"<v>nan</v>",
    b"<is><t>",
    b"&bad;",
    b"<!DOCTYPE x>",
    b"\x00",
    b"\xff",
    b'<c r="A&#49;"><v>1</v></c>',
]


def mangled(kind, number):
    """The file for that kind and number: a name and its bytes."""
    noise = random.Random(f"{kind} {number}")
    return f"{kind}-{number}", KINDS[kind](noise)


# --- text -----------------------------------------------------------------------------------------------------------
def _proof(noise):
    return noise.choice(PROOFS).read_bytes() if noise.random() < 0.8 else csv_file(ROWS)


def damaged(noise, content, words=WORDS, most=8):
    """`content` with bytes changed, words inserted, pieces cut, doubled or moved, or its end cut off."""
    content = bytearray(content)
    for _ in range(noise.randint(1, most)):
        at, end = sorted(noise.randrange(len(content) + 1) for _ in range(2))
        end = min(end, at + noise.choice([1, 20, 400, 5_000]))
        match noise.randrange(7):
            case 0:
                content[at : at + 1] = bytes([noise.choice(BYTES)])
            case 1:
                content[at:at] = noise.choice(words) * noise.choice([1, 1, 1, 3, 40])
            case 2:
                del content[at:end]
            case 3:
                content[at:at] = content[at:end] * noise.randint(1, 5)
            case 4:
                piece = content[at:end]
                del content[at:end]
                place = noise.randrange(len(content) + 1)
                content[place:place] = piece
            case 5:
                content[at:end] = noise.randbytes(end - at)
            case 6 if noise.random() < 0.3:
                del content[at:]
    return bytes(content)


def _text(noise):
    return damaged(noise, _proof(noise))


def _encoded(noise):
    text = _proof(noise).decode("utf-8", errors="replace")
    content = text.encode(noise.choice(ENCODINGS), errors="replace")
    return damaged(noise, content, most=3) if noise.random() < 0.7 else content


def _surrogates(noise):
    text = list(_proof(noise).decode("utf-8", errors="replace"))
    for _ in range(noise.randint(1, 30)):
        text[noise.randrange(len(text))] = chr(noise.randrange(0xD800, 0xE000))
    name, mark = noise.choice([("utf-8", b""), ("utf-16-le", codecs.BOM_UTF16_LE), ("utf-16-be", codecs.BOM_UTF16_BE)])
    return mark + "".join(text).encode(name, errors="surrogatepass")


def _header(noise):
    """A header with odd names, of an odd width, or none at all, over rows that do not fit it."""
    odd = [b"", b'"', b"a" * 2_000, b"1", b"=x", b"Total", b"\x00"][: noise.choice([1, 3, 6, 6, 7])]
    names = [b"Order", b"Date", b"E-mail", b"Total"] if noise.random() < 0.6 else []
    names += [noise.choice(odd) for _ in range(noise.choice([0, 1, 5, 60, 900, 1_100, 20_000]))]
    noise.shuffle(names)
    delimiter = noise.choice([b",", b";", b"\t", b"|"])
    rows = [
        delimiter.join(noise.choice([b"1", b"2026-01-05", b"a@b.co", b"x", b""]) for _ in range(noise.randint(1, 70)))
        for _ in range(noise.randint(0, 300))
    ]
    return noise.choice([b"\n", b"\r\n", b"\r"]).join([delimiter.join(names), *rows])


def _bytes(noise):
    magic = noise.choice(MAGIC)
    content = noise.randbytes(noise.choice([0, 1, 3, 50, 3_000, 60_000]))
    if noise.random() < 0.3:
        content = bytes(byte % 96 + 32 for byte in content)
    return magic + content


def _quotes(noise):
    """Quotes that open, close and nest where they must not."""
    cells = [
        noise.choice(
            [b'"', b'""', b'"a', b'a"', b'"a"', b'"a""', b'"\n', b"x", b"1.50", b"2026-01-05", b'"a,b"', b"\n", b","]
        )
        for _ in range(noise.choice([20, 400, 6_000]))
    ]
    return b"Order,Date,Total\nA-1,2026-01-05,10.00\n" + noise.choice([b",", b"\n", b""]).join(cells)


# --- archives -------------------------------------------------------------------------------------------------------
def _gzip(noise):
    packed = gzip.compress(_proof(noise), mtime=0)
    return noise.choice(
        [
            damaged(noise, packed, most=3),
            packed[: noise.randrange(len(packed))],
            packed + noise.randbytes(40),
            packed * 3,
        ]
    )


_NAMES = [
    "orders.csv",
    "../orders.csv",
    "/etc/passwd",
    "a/" * 200 + "b.csv",
    "\x00.csv",
    "con.csv",
    "ü.csv",
    "__MACOSX/._a",
    "orders.csv/",
    "~/.ssh/x.txt",
    "\n.csv",
    "x.zip",
    ".hidden",
    "orders.xlsx",
    "a\\..\\b.csv",
]


def _zip(noise):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", noise.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])) as archive:
        for place in range(noise.randint(0, 5)):
            content = noise.choice([_proof, _text, _bytes, _gzip, lambda _: zipped({"orders.csv": csv_file(ROWS)})])(
                noise
            )
            archive.writestr(f"{place}{noise.choice(_NAMES)}" if noise.random() < 0.5 else f"{place}.csv", content)
    return _wrecked(noise, packed.getvalue())


def _wrecked(noise, packed):
    """An archive, either intact or damaged: anywhere, or in what it says about its files."""
    content = bytearray(packed)
    fate = noise.random()
    if fate < 0.3:
        return packed
    if fate < 0.6:
        return damaged(noise, packed, most=3)
    if fate < 0.7:
        return packed[: noise.randrange(len(packed) + 1)]
    for mark, length in ((b"PK\x03\x04", 30), (b"PK\x01\x02", 46), (b"PK\x05\x06", 22)):
        at = content.find(mark)
        if at >= 0 and at + length <= len(content) and noise.random() < 0.6:
            place = at + noise.randrange(4, length - 4)
            content[place : place + 4] = struct.pack("<I", noise.choice([0, 1, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF]))
    return bytes(content)


# --- workbooks ------------------------------------------------------------------------------------------------------
def _xlsx(noise):
    """A workbook, either damaged as a file, or with damaged parts that are then packed again properly."""
    packed = _CACHE.setdefault("xlsx", xlsx({"Orders": ROWS, "Notes": [["a", "b"], ["=1", 2]]}))
    if noise.random() < 0.25:
        return _wrecked(noise, packed)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for _ in range(noise.randint(1, 2)):
        name = noise.choice([name for name in parts if "theme" not in name and "docProps" not in name])
        parts[name] = damaged(noise, parts[name], SHEET_TAGS, most=2)
    return zipped(parts)


def _sheet(noise):
    """One sheet of odd cells."""
    cells = b"".join(noise.choice(SHEET_TAGS[:13]) for _ in range(noise.randint(0, 6)))
    rows = b"".join(
        b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>%s</t></is></c>'
        b'<c r="B%d" t="inlineStr"><is><t>%s</t></is></c></row>'
        % (i, i, b"2026-01-05" if i > 1 else b"Date", i, b"7.50" if i > 1 else b"Total")
        for i in range(1, noise.choice([2, 30]))
    )
    last = b"<row>" + cells + (b"</row>" if noise.random() < 0.9 else b"")
    return xlsx_of_xml(
        b"<worksheet><sheetData>" + rows + last + b"</sheetData></worksheet>", b"<sst><si><t>a</t></si></sst>"
    )


def _html(noise):
    return damaged(noise, _CACHE.setdefault("html", html({"Orders": ROWS[:12]})), TAGS)


def _xml(noise):
    return damaged(
        noise, _CACHE.setdefault("xml", spreadsheet_ml({"Orders": ROWS[:12]})), TAGS, most=noise.choice([1, 4])
    )


def _outside(write):
    """A damaged file for the separate reading process."""

    def kind(noise):
        whole = _CACHE.setdefault(str(write), write())
        if noise.random() < 0.2:
            return whole[: noise.randrange(len(whole))]
        content = bytearray(whole)
        for _ in range(noise.choice([1, 1, 2, 6])):
            at = noise.randrange(len(content) - 8)
            content[at : at + 4] = noise.choice([noise.randbytes(4), b"\xff\xff\xff\x7f", b"\xff" * 4, bytes(4)])
        return bytes(content)

    return kind


def _wrecked_ods(noise):
    packed = _CACHE.setdefault("ods", ods({"Orders": ROWS}))
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    repeated = [
        b'<table:table-cell table:number-columns-repeated="16384"/>',
        b'table:number-rows-repeated="1048576" ',
        b'<table:table-cell table:number-columns-repeated="999999999" office:value-type="float" office:value="1"/>',
        b"<table:table-row>",
        b"<text:p>",
        b"office:value='x'",
    ]
    parts["content.xml"] = damaged(noise, parts["content.xml"], repeated, most=3)
    return zipped(parts)


_CACHE: dict[str, bytes] = {}
KINDS = {
    "text": _text,
    "encoded": _encoded,
    "surrogates": _surrogates,
    "header": _header,
    "bytes": _bytes,
    "quotes": _quotes,
    "gzip": _gzip,
    "zip": _zip,
    "xlsx": _xlsx,
    "sheet": _sheet,
    "html": _html,
    "xml": _xml,
    "ods": _wrecked_ods,
    "xls": _outside(lambda: xls({"Orders": ROWS})),
    "parquet": _outside(lambda: parquet([ROWS[0], *ROWS[1:] * 60])),
}
APART = ("ods", "xls", "parquet")  # their readers may kill the process
