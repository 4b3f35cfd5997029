"""Every kind of file that an owner may drop reads like the CSV of the same table."""

import contextlib
import datetime as dt
import io
import random
import zipfile
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet
import pytest
from containers import KINDS, csv_file, html, ods, parquet, spreadsheet_ml, xls, xlsx, xlsx_of_xml, zipped

import clvapp
from clvapp import findings, problems, read
from clvapp.database import Engine
from clvapp.sandbox import span

moment = dt.datetime.fromisoformat
HEAD = ["Order", "Date", "E-mail", "Total"]
ROWS = [
    HEAD,
    ["A-1", moment("2026-01-05 10:30"), "jörg@example.com", 1234.5],
    ["A-2", moment("2026-01-06 08:00"), "bo@example.com", 7],
]
READ = [(2, "A-1", "2026-01-05 10:30:00", "jörg@example.com", "1234.5")]
READ += [(3, "A-2", "2026-01-06 08:00:00", "bo@example.com", "7")]
CUSTOMERS = [["Customer", "E-mail", "City"], ["1", "jörg@example.com", "Ulm"], ["2", "bo@example.com", "Bonn"]]
OLDER = [HEAD, ["A-0", moment("2025-12-30"), "bo@example.com", 5]]
MAPPING = {"order_id": (0,), "ordered_at": (1,), "customer_email": (2,), "order_total": (3,)}
BOOKS = {"xlsx": xlsx, "ods": ods, "xls": xls, "spreadsheet ml": spreadsheet_ml, "html": html}


def table(source, mapping=MAPPING):
    """Its rows as they are loaded."""
    with Engine() as engine:
        read.load(read.look(source), mapping, engine.con)
        return engine.con.sql(f"SELECT record, {', '.join(mapping)} FROM raw ORDER BY record").fetchall()


def only(content, name="orders.xls"):
    (source,) = read.files([read.Source(name, content)]).sources
    return source


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_file_reads_like_the_csv_of_its_table(kind):
    source = only(KINDS[kind](ROWS))
    assert read.look(source).headings == tuple(HEAD)
    assert table(source) == READ


@pytest.mark.apart
@pytest.mark.parametrize("kind", KINDS)
def test_a_path_reads_like_bytes(kind, tmp_path):
    path = tmp_path / "orders.xls"
    path.write_bytes(KINDS[kind](ROWS))
    assert table(only(path)) == READ


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in {"csv", "zip of xlsx", "zip"}])
def test_each_kind_of_file_reads_inside_an_archive(kind):
    assert table(only(zipped({"a/b/orders.xls": KINDS[kind](ROWS)}))) == READ


@pytest.mark.parametrize("book", BOOKS)
def test_a_title_above_and_blank_rows_between_do_not_move_row_numbers(book):
    rows = [["Sales"], [], *ROWS[:2], [], ROWS[2], [], []]
    found = table(only(BOOKS[book]({"Orders": rows})))
    assert [row[:2] for row in found] == [(4, "A-1"), (5, None), (6, "A-2")]


@pytest.mark.verify
def test_all_kinds_of_files_load_together():
    sources = [read.Source(f"orders.{kind}", KINDS[kind](ROWS)) for kind in KINDS]
    shop = clvapp.load(sources)
    found = clvapp.Analysis(shop)
    assert (found.cleaned.orders, len(found.customers)) == (2, 2)
    assert found.cleaned.rows_in == 2 * len(KINDS)
    assert shop.file_names[-2:] == ("orders.html", "orders.parquet")
    shop.close()


# --- which sheet ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("book", BOOKS)
def test_the_sheet_with_the_orders_is_found_by_its_headings(book):
    sheet = read.look(only(BOOKS[book]({"Customers": CUSTOMERS, "Orders": ROWS})))
    assert sheet.headings == tuple(HEAD)
    assert len(sheet.other_sheets) == 1


@pytest.mark.parametrize(
    "book", ["xlsx", *(pytest.param(one, marks=pytest.mark.verify) for one in BOOKS if one != "xlsx")]
)
def test_several_sheets_that_fit_are_asked_about_and_the_answer_is_read(book):
    source = read.Source("orders.xls", BOOKS[book]({"Year 2025": OLDER, "Year 2026": ROWS, "Customers": CUSTOMERS}))
    with pytest.raises(problems.SheetUnclear) as caught:
        read.look(source)
    older, newer, every = caught.value.choices.values()
    assert list(caught.value.choices)[2] == "All of them"
    assert every == (*older, *newer)
    assert caught.value.option == "--sheet NAME, once for each"
    one = read.files([source], newer).sources
    assert [row[1] for row in table(*one)] == ["A-1", "A-2"]
    both = read.files([source], every).sources
    assert [[row[1] for row in table(sheet)] for sheet in both] == [["A-0"], ["A-1", "A-2"]]


def test_sheets_of_which_none_is_clear_are_asked_about():
    goods = [["Ware", "Farbe"], ["Hut", "rot"], ["Schal", "blau"]]
    with pytest.raises(problems.SheetUnclear, match="'Customers', 'Goods'"):
        read.look(read.Source("orders.xlsx", xlsx({"Customers": CUSTOMERS, "Goods": goods})))


def test_a_hidden_sheet_comes_last():
    content = xlsx({"Old": [["a"]], "Orders": ROWS}, hidden=["Old"])
    assert read.look(read.Source("orders.xlsx", content)).other_sheets == ("Old",)


def test_a_sheet_that_is_not_there_is_a_problem_that_names_those_that_are():
    with pytest.raises(problems.SheetNotFound, match="'Orders'"):
        read.files([read.Source("orders.xlsx", xlsx({"Orders": ROWS}))], ["Bestellungen"])
    with pytest.raises(problems.SheetNotFound, match="None of the files is a workbook"):
        read.files([read.Source("orders.csv", csv_file(ROWS))], ["Orders"])


def test_what_was_not_read_is_said():
    archive = zipped(
        {"orders.csv": csv_file(ROWS), "picture.png": b"\x89PNG\r\n", "Orders.xlsx": xlsx({"O": ROWS, "C": CUSTOMERS})}
    )
    found = clvapp.Analysis(clvapp.load([read.Source("all.zip", archive)]))
    said = " ".join(findings.of_orders(found))
    assert "'picture.png (in all.zip)'" in said
    assert "sheet 'O' was read; not read: 'C'" in said
    found.shop.close()


def test_the_chosen_sheets_are_read_each_as_a_file_of_its_own():
    source = read.Source("orders.xlsx", xlsx({"2025": OLDER, "2026": ROWS}))
    shop = clvapp.load([source], clvapp.Reading(sheets=("2025", "2026")))
    assert shop.file_names == ("orders.xlsx: 2025", "orders.xlsx: 2026")
    assert (clvapp.Analysis(shop).cleaned.orders, shop.not_read) == (3, ())
    shop.close()


# --- archives -------------------------------------------------------------------------------------------------------
def test_an_archive_gives_each_of_its_tables_and_no_junk():
    archive = zipped(
        {
            "orders_1.csv": csv_file(ROWS),
            "more/orders_2.csv": csv_file(OLDER),
            "__MACOSX/._orders_1.csv": b"\x00\x05\x16\x07",
            "more/.DS_Store": b"\x00\x00\x00\x01",
            "empty.csv": b"",
            "README.md": b"Dear Ada, these are your orders.\n",
        }
    )
    found = read.files([read.Source("all.zip", archive)])
    assert [one.name for one in found.sources] == ["orders_1.csv (in all.zip)", "more/orders_2.csv (in all.zip)"]
    assert found.passed_over == ("README.md (in all.zip)",)


@pytest.mark.parametrize(
    "name", ["../../orders.csv", "/etc/orders.csv", "C:\\orders.csv", "a\x1b[2J\n.csv", "x" * 900 + ".csv"]
)
def test_a_name_inside_an_archive_is_never_a_path(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    source = only(zipped({name: csv_file(ROWS)}))
    assert table(source) == READ
    assert source.name.isprintable()
    assert list(tmp_path.iterdir()) == []


def test_two_files_of_one_name_are_two_files():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("orders.csv", csv_file(ROWS))
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("orders.csv", csv_file(OLDER))
    sources = read.files([read.Source("all.zip", packed.getvalue())]).sources
    assert [len(table(one)) for one in sources] == [2, 1]


ARCHIVES = {
    "no table": (zipped({"picture.png": b"\x89PNG\r\n"}), problems.NoFileInside),
    "nothing": (zipped({}), problems.NotATable),
    "an archive": (zipped({"more.zip": zipped({"orders.csv": csv_file(ROWS)})}), problems.NoFileInside),
    "too many": (zipped({f"{i}.csv": b"a,b" for i in range(300)}), problems.TooManyFiles),
    "a bomb": (zipped({"orders.csv": b"0" * 50_000_000}), problems.TooLarge),
    "cut off": (zipped({"orders.csv": csv_file(ROWS)})[:-30], problems.DamagedFile),
    "binary workbook": (zipped({"xl/workbook.bin": b"x"}), problems.NotATable),
    "letter": (zipped({"word/document.xml": b"<x/>"}), problems.NotATable),
}


@pytest.mark.parametrize("case", ARCHIVES)
def test_an_archive_that_holds_no_orders_is_refused_in_words(case):
    content, problem = ARCHIVES[case]
    with pytest.raises(problem, match=r"mine\.zip"):
        [read.look(one) for one in read.files([read.Source("mine.zip", content)]).sources]


def test_an_archive_with_a_password_is_refused_in_words():
    content = bytearray(zipped({"orders.csv": csv_file(ROWS)}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1
    with pytest.raises(problems.Locked, match="password"):
        read.files([read.Source("mine.zip", bytes(content))])


def test_the_list_of_an_archive_is_not_read_when_it_is_too_long():
    content = bytearray(zipped({"orders.csv": csv_file(ROWS)}))
    at = content.rindex(b"PK\x05\x06") + 12
    content[at : at + 4] = (100_000_000).to_bytes(4, "little")
    with pytest.raises(problems.TooManyFiles):
        read.files([read.Source("mine.zip", bytes(content))])


# --- workbooks ------------------------------------------------------------------------------------------------------
def test_a_formula_without_its_result_reads_as_the_formula():
    rows = [*ROWS, ["A-3", moment("2026-01-07"), "bo@example.com", "=10+2"]]
    found = table(only(xlsx({"Orders": rows})))
    assert found[-1][-1] == "=10+2"


SHEET = (
    "<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>{}</sheetData></worksheet>"
)
FORMULAS = {
    "with result": ('<c r="B2"><f>1+1</f><v>2</v></c>', "2"),
    "without": ('<c r="B2"><f>1+1</f></c>', "=1+1"),
    "blank text": ('<c r="B2" t="str"><f>A1</f><v></v></c>', None),
    "shared": ('<c r="B2"><f t="shared" si="0"/><v/></c>', "="),
    "odd quotes": ("<c r='B2'><f>1+1</f></c>", "=1+1"),
    "blank text, odd quotes": ("<c r='B2' t='str'><f>A1</f><v></v></c>", None),
}


@pytest.mark.parametrize("case", FORMULAS)
def test_a_formula_is_told_by_its_result_however_it_is_written(case):
    cell, expected = FORMULAS[case]
    rows = "".join(f'<row r="{row}"><c r="A{row}" t="inlineStr"><is><t>{text}</t></is></c>{{}}</row>' for row, text in
                   ((1, "Order"), (2, "A-1")))  # fmt: skip
    sheet = SHEET.format(rows.format('<c r="B1" t="inlineStr"><is><t>Total</t></is></c>', cell))
    assert table(only(xlsx_of_xml(sheet)), {"order_total": (1,)}) == [(2, expected)]


def test_a_sheet_looked_through_as_bytes_reaches_as_far_as_when_it_is_parsed():
    noise, quick = random.Random(5), 0
    forms = [*4 * ["<c r='{}'{}><v>1</v></c>"], "<c r='{}'{}/>", "<c r='{}'{}></c>", "<c r='{}'{} />"]
    for _ in range(500):
        columns = [noise.choice(["A", "Z", "AB", "ZZ", "XFD"]) for _ in range(noise.randrange(1, 6))]
        places = [f"{column}{noise.randrange(1, 10 ** noise.randrange(1, 8))}" for column in columns]
        cells = (noise.choice(forms).format(place, noise.choice(["", " s='3'"])).replace("'", '"') for place in places)
        sheet = SHEET.format("".join(cells)).encode()
        pieces = [sheet[at : at + 50] for at in range(0, len(sheet), 50)]
        found = [span.Span("sheet"), span.Span("sheet")]
        with contextlib.suppress(problems.FarCell):
            quick += (told := span._quickly(found[0], pieces))
            span._parsed(found[1], pieces)
            assert not told or found[0] == found[1], sheet
    assert quick > 200


def test_a_workbook_of_uncomputed_formulas_is_refused_in_words():
    rows = [*ROWS, *([f"A-{i}", moment("2026-01-07"), "bo@example.com", f"=D{i}+1"] for i in range(1_500))]
    with pytest.raises(problems.FormulasWithoutValues, match=r"1,500 cells .*first: D4"):
        table(only(xlsx({"Orders": rows})))


@pytest.mark.verify
def test_only_the_beginning_of_a_large_workbook_is_read_to_know_it():
    rows = [HEAD, *([f"A-{i}", moment("2026-01-07"), f"c{i}@example.com", i + 0.5] for i in range(40_000))]
    source = only(xlsx({"Customers": CUSTOMERS, "Orders": rows}))
    sheet = read.look(source)
    assert (sheet.sheet_name, len(sheet.rows), sheet.rows[-1][0]) == ("Orders", 200, "A-199")
    found = table(source)
    assert (len(found), found[-1]) == (40_000, (40_001, "A-39999", "2026-01-07", "c39999@example.com", "39999.5"))


def test_a_large_workbook_of_shared_texts_is_known_by_its_beginning():
    texts = [*HEAD, *(f"text {i}" for i in range(4, 60_000))]
    shared = "<sst>" + "".join(f"<si><t>{text}</t></si>" for text in texts) + "</sst>"
    rows = "".join(
        f'<row r="{row + 1}">' + "".join(f'<c r="{place}{row + 1}" t="s"><v>{4 * row + i}</v></c>'
        for i, place in enumerate("ABCD")) + "</row>" for row in range(15_000)
    )  # fmt: skip
    sheet = read.look(only(xlsx_of_xml(SHEET.format(rows), shared)))
    assert (sheet.headings, sheet.rows[-1]) == (tuple(HEAD), tuple(f"text {800 + i}" for i in range(4)))


@pytest.mark.apart
def test_a_workbook_that_asks_for_too_much_memory_ends_only_its_own_process():
    text, count = "x" * 30_000, 60_000
    shared = f"<sst><si><t>Order</t></si><si><t>Total</t></si><si><t>{text}</t></si></sst>"
    rows = "".join(
        f'<row r="{i}"><c r="A{i}" t="s"><v>2</v></c><c r="B{i}"><v>{i}</v></c></row>' for i in range(2, count)
    )
    head = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    with pytest.raises(problems.NeedsTooMuch, match="save the sheet with the orders as CSV"):
        table(only(xlsx_of_xml(SHEET.format(head + rows), shared)), {"order_id": (0,), "order_total": (1,)})


@pytest.mark.parametrize("content", [b"PAR1" + bytes(100), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500),
                                     zipped({"xl/workbook.xml": "<nonsense"})])  # fmt: skip
def test_a_damaged_workbook_is_refused_in_words(content):
    with pytest.raises(problems.DamagedFile, match="mine"):
        read.look(read.Source("mine", content))


# --- web pages and XML ----------------------------------------------------------------------------------------------
def page(rows, before=""):
    return f"{before}<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>".encode()


HEADS = "".join(f"<th>{heading}</th>" for heading in HEAD)


def test_cells_that_reach_over_rows_and_columns_keep_the_others_in_place():
    rows = [
        "<td colspan=4>Orders of 2026</td>",
        HEADS,
        "<td rowspan=2>A-1</td><td>2026-01-05</td><td>a@b.co</td><td>5</td>",
        "<td>2026-01-05</td><td>a@b.co</td><td>6</td>",
        "<td>A-2</td><td>2026-01-06</td><td colspan=2>none</td>",
    ]
    assert table(only(page(rows))) == [
        (3, "A-1", "2026-01-05", "a@b.co", "5"),
        (4, "A-1", "2026-01-05", "a@b.co", "6"),
        (5, "A-2", "2026-01-06", "none", None),
    ]


def test_a_page_is_read_in_the_encoding_that_it_names():
    told = '<html><head><meta charset="windows-1251"></head><body>'
    content = page([HEADS, "<td>A-1</td><td>2026-01-05</td><td>Анна</td><td>5</td>"], told).decode().encode("cp1251")
    assert table(only(content)) == [(2, "A-1", "2026-01-05", "Анна", "5")]


@pytest.mark.parametrize(
    "before", ["<div>", "<center><b>Orders</b>", "\ufeff\n <!-- made by hand -->", "<?xml version='1.0'?><html>"]
)
def test_a_page_is_known_however_it_begins(before):
    content = page([HEADS, "<td>A-1</td><td>2026-01-05</td><td>a@b.co</td><td>5</td>"], before)
    assert table(only(content)) == [(2, "A-1", "2026-01-05", "a@b.co", "5")]


def test_tables_around_and_inside_the_orders_are_tables_of_their_own():
    inner = page([HEADS, "<td>A-1</td><td>2026-01-05</td><td>a&amp;b&nbsp;<b>co</b></td><td>5</td>"]).decode()
    content = f"<html><table><tr><td>Menu</td><td>{inner}</td></tr></table></html>".encode()
    assert table(only(content)) == [(2, "A-1", "2026-01-05", "a&b co", "5")]


HOSTILE_MARKUP = {
    "entities": spreadsheet_ml({"O": ROWS}).replace(
        b'<?xml version="1.0"?>', b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    ),
    "outside": spreadsheet_ml({"O": ROWS}).replace(
        b'<?xml version="1.0"?>', b'<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd">'
    ),
    "far row": spreadsheet_ml({"O": ROWS}).replace(b"<Row>", b'<Row ss:Index="99999999">', 1),
    "far cell": spreadsheet_ml({"O": ROWS}).replace(b'ss:Index="2"', b'ss:Index="99999999"', 1),
    "cut off": spreadsheet_ml({"O": ROWS})[:-200],
    "deep xml": b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">'
    + b"<a>" * 10**6,
    "deep tables": b"<table><tr><td>" * 200_000,
    "wide": page([HEADS, "<td>1</td>" * 5_000]),
    "wide cell": page([HEADS, "<td colspan=60000>1</td>"]),
}


@pytest.mark.parametrize("case", HOSTILE_MARKUP)
def test_markup_made_to_do_harm_is_refused_in_words(case):
    with pytest.raises(problems.Problem, match=r"mine\.xls"):
        table(read.Source("mine.xls", HOSTILE_MARKUP[case]))


def test_a_page_of_many_elements_that_never_close_is_read():
    row = "<td>A-1</td><td>2026-01-05</td><td>a@b.co</td><td>5</td>"
    assert table(only(b"<html>" + b"<div>" * 4_000 + page([HEADS, row]))) == [(2, "A-1", "2026-01-05", "a@b.co", "5")]


# --- Parquet --------------------------------------------------------------------------------------------------------
def test_the_columns_of_parquet_read_as_they_would_stand_in_a_csv():
    late = dt.datetime(2026, 1, 5, 23, 30, tzinfo=dt.UTC)
    columns = {
        "number": pa.array([1234567.0, None]),
        "fraction": pa.array([0.1, float("nan")]),
        "money": pa.array([12, 5], pa.decimal128(10, 2)),
        "flag": pa.array([True, None]),
        "day": pa.array([dt.date(2026, 1, 5), None]),
        "local": pa.array([late, None], pa.timestamp("us", "Europe/Berlin")),
        "word": pa.array(["a", "a"]).dictionary_encode(),
        "list": pa.array([[1, 2], None]),
        "bytes": pa.array([b"caf\xc3\xa9", None]),
    }
    packed = io.BytesIO()
    pa.parquet.write_table(pa.table(columns), packed)
    sheet = read.look(read.Source("orders.parquet", packed.getvalue()))
    assert sheet.headings == tuple(columns)
    assert sheet.rows[0] == (
        "1234567", "0.1", "12.00", "true", "2026-01-05", "2026-01-06 00:30:00", "a", "[1, 2]", "café",
    )  # fmt: skip
    assert sheet.rows[1] == ("", "", "5.00", "", "", "", "a", "", "")


def test_columns_of_one_name_in_parquet_are_told_apart():
    packed = io.BytesIO()
    pa.parquet.write_table(pa.table([pa.array(["1"]), pa.array(["2"])], names=["a", "a"]), packed)
    assert table(read.Source("x", packed.getvalue()), {"order_id": (1,), "order_total": (0,)}) == [(2, "2", "1")]


@pytest.mark.apart
def test_rows_of_workbooks_and_parquet_are_bounded():
    for content in (xlsx({"O": ROWS}), parquet(ROWS), html({"O": ROWS})):
        sheet = read.look(read.Source("x", content))
        with Engine() as engine, pytest.raises(problems.TooManyRows):
            read.load(sheet, MAPPING, engine.con, limits=replace(read.LIMITS, rows=1))
