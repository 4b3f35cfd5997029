import csv
import gzip
import io
import random
import time
import zipfile
from contextlib import nullcontext, suppress
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clvapp import problems, read
from clvapp.database import Engine
from clvapp.problems import Problem

CELL = st.text(st.sampled_from("ab 1,.;\t|'ü€") | st.sampled_from('"\n'), max_size=6)
HEADER = "Order,Date,Email,Note,Total\n"
MAPPING = {"order_id": (0,), "ordered_at": (1,), "customer_email": (2,), "order_total": (4,)}
TWO = HEADER + "A-1,2026-01-05,ada@example.com,,10.00\nA-2,2026-01-06,bo@example.com,,7.50\n"


def source(text, name="orders.csv", encoding="utf-8"):
    return read.Source(name, text if isinstance(text, bytes) else text.encode(encoding))


def loaded(engine, text, mapping=MAPPING, **options):
    result = read.load(read.look(source(text)), mapping, engine.con, **options)
    return result, rows(engine)


def rows(engine, columns="record, order_id, order_total"):
    return engine.con.sql(f"SELECT {columns} FROM raw ORDER BY file, record").fetchall()


# --- what a file is ---------------------------------------------------------------------------------
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_separator_is_found(delimiter):
    sheet = read.look(source(TWO.replace(",", delimiter)))
    assert (sheet.delimiter, sheet.headings) == (delimiter, ("Order", "Date", "Email", "Note", "Total"))


def test_a_decimal_comma_does_not_make_the_comma_a_separator():
    sheet = read.look(source("Bestellung;Datum;Betrag\nB-1;01.03.2026;1.234,50 €\nB-2;02.03.2026;7,00 €\n"))
    assert (sheet.delimiter, len(sheet.headings)) == (";", 3)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_each_encoding_reads_the_same(engine, encoding):
    text = TWO.replace("Note", "Größe").replace("ada@", "jörg@")
    sheet = read.look(source(text, encoding=encoding))
    assert (sheet.headings[0], sheet.headings[3]) == ("Order", "Größe")
    read.load(sheet, MAPPING, engine.con)
    assert rows(engine, "customer_email, order_total")[0] == ("jörg@example.com", "10.00")


def test_a_bad_character_far_inside_a_file_is_read_as_western_european(engine):
    text = HEADER + "".join(f"A-{i},2026-01-05,müller{i}@example.com,,10.00\n" for i in range(40_000))
    sheet = read.look(source(text.encode() + "A-x,2026-01-05,jörg@example.com,,1.00\n".encode("cp1252")))
    assert sheet.encoding == "utf-8"
    assert read.load(sheet, MAPPING, engine.con).rows_in == 40_001
    emails = engine.con.sql("SELECT customer_email FROM raw ORDER BY record").fetchall()
    assert (emails[0][0], emails[-1][0]) == ("müller0@example.com", "jörg@example.com")


def test_another_alphabet_is_recognised():
    text = "Заказ;Дата;Покупатель;Сумма\n" + "".join(
        f"{i};2026-01-0{i};Анна Иванова, улица Ленина;{i}0.00\n" for i in range(1, 9)
    )
    assert read.look(source(text, encoding="cp1251")).headings[0] == "Заказ"


def test_a_packed_file_is_known_by_its_bytes_and_not_by_its_name(engine):
    sheet = read.look(source(gzip.compress(TWO.encode())))
    assert read.load(sheet, MAPPING, engine.con).rows_in == 2
    assert read.look(source(TWO, "orders.csv.gz")).headings == sheet.headings


def test_a_path_reads_like_bytes(engine, tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text(TWO)
    assert read.load(read.look(read.Source("orders.csv", path)), MAPPING, engine.con).rows_in == 2


def test_the_separator_line_of_a_spreadsheet_is_passed_over():
    sheet = read.look(source("sep=;\n" + TWO.replace(",", ";")))
    assert (sheet.header_row, sheet.headings[0], sheet.delimiter) == (2, "Order", ";")


@pytest.mark.parametrize("told", ["sep=^", "SEP=^", '"sep=^"', "\ufeffsep=^"])
def test_a_separator_that_the_file_itself_names_is_used_whatever_it_is(engine, told):
    _, table = loaded(engine, f"{told}\r\n" + TWO.replace(",", "^").replace("10.00", "10,00;1"))
    assert table == [(3, "A-1", "10,00;1"), (4, "A-2", "7.50")]


def test_a_separator_that_the_file_no_longer_has_is_not_believed(engine):
    _, table = loaded(engine, "sep=,\n" + TWO.replace(",", ";").replace("7.50", "7,50"))
    assert table == [(3, "A-1", "10.00"), (4, "A-2", "7,50")]


@pytest.mark.parametrize("mark", ["\ufeff", "\ufeff\ufeff", "ï»¿", "\ufeffï»¿"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_byte_order_mark_is_no_part_of_a_cell_wherever_it_stands(engine, mark, encoding):
    quoted = '"A-1, part 1",2026-01-05,ada@example.com,,10.00\n'
    text = f'{mark}"Order"' + HEADER.removeprefix("Order") + mark + quoted + mark + quoted.replace("A-1", "A-2")
    result, table = loaded(engine, text.encode(encoding))
    assert table == [(2, "A-1, part 1", "10.00"), (3, "A-2, part 1", "10.00")]
    assert result.unreadable.empty


def test_a_preamble_with_a_date_is_no_header(engine):
    sheet = read.look(source("Sales report\nPeriod: 01/03/2026 - 30/06/2026,,,,\n\n" + TWO))
    assert sheet.header_row == 4
    read.load(sheet, MAPPING, engine.con)
    assert rows(engine) == [(5, "A-1", "10.00"), (6, "A-2", "7.50")]


def test_headings_may_occur_twice_or_be_blank_or_of_two_lines(engine):
    sheet = read.look(source('Total,,Date,"Total\nnet",Total\n1,x,2026-01-05,2,3\n'))
    assert sheet.headings == ("Total", "", "Date", "Total\nnet", "Total")
    read.load(sheet, {"ordered_at": (2,), "order_total": (4,)}, engine.con)
    assert rows(engine, "record, ordered_at, order_total") == [(2, "2026-01-05", "3")]


def test_rows_that_end_with_a_separator_still_fit_their_header(engine):
    text = TWO.replace("10.00\n", "10.00,\n").replace("7.50\n", "7.50,\n")
    result, table = loaded(engine, text)
    assert (len(result.unreadable), len(table)) == (0, 2)


def test_row_numbers_that_r_writes_without_a_heading_do_not_shift_the_columns():
    text = "Order,Date,Total\n1,A-1,2026-01-05,10.00\n2,A-2,2026-01-06,11.00\n"
    assert read.look(source(text)).headings == ("", "Order", "Date", "Total")


def test_a_workbook_reads_like_the_csv_of_its_sheet_with_orders(engine):
    book = openpyxl.Workbook()
    book.active.append(["Read me"])
    sheet = book.create_sheet("Orders")
    for row in [["Sales"], [], HEADER.strip().split(","), [1001, "2026-01-05", "a@b.co", None, 12.5]]:
        sheet.append(row)
    packed = io.BytesIO()
    book.save(packed)
    found = read.look(source(packed.getvalue()))
    assert (found.sheet_name, found.other_sheets, found.header_row) == ("Orders", ("Sheet",), 3)
    assert read.load(found, MAPPING, engine.con).rows_in == 1
    assert rows(engine) == [(4, "1001", "12.5")]


# --- what is refused --------------------------------------------------------------------------------
def zipped(entries):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return packed.getvalue()


REFUSED = {
    "empty": (b"", problems.EmptyFile),
    "blank": (b"\xef\xbb\xbf \r\n\r\n", problems.EmptyFile),
    "empty, packed": (gzip.compress(b""), problems.EmptyFile),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), problems.NotATable),
    "pdf": (b"%PDF-1.7\n" + b"x,y\n" * 50, problems.NotATable),
    "picture, packed": (gzip.compress(b"\x89PNG\r\n\x1a\n" + bytes(100)), problems.NotATable),
    "archive": (zipped({"orders.csv": TWO}), problems.NotATable),
    "broken archive": (b"PK\x03\x04" + bytes(50), problems.DamagedFile),
    "broken gzip": (gzip.compress(TWO.encode())[:40], problems.DamagedFile),
    "very old excel": (b"\x09\x08\x08\x00" + bytes(100), problems.NotATable),
    "web page": (b"\n<html><table><tr><td>Order</td></tr></table>", problems.NoSheet),
    "other xml": (b'<?xml version="1.0"?><orders><order id="1"/></orders>', problems.NotATable),
    "json": (b'[{"order": 1, "total": 2}]', problems.NotATable),
    "zeros": (b"Order,Date,Total\n\x00\x01\x02 1,2,3\n" * 9, problems.NotATable),
    "noise": (random.Random(1).randbytes(5000).replace(b"\x00", b"\x01"), problems.NotATable),
    "letter": (b"Dear Ada\nthank you for your order\nBest\n", problems.NoTable),
    "one column": (b"Order\nA-1\nA-2\n", problems.NoTable),
    "data only": (
        b"A-1,2026-01-05,ada@example.com,10.00\nA-2,2026-01-06,bo@example.com,1\n",
        problems.NoHeader,
    ),
    "numbers only": (b"1,17,10.00\n2,18,11.00\n", problems.NoHeader),
    "no line break": (b"a" * 1_100_000, problems.EndlessLine),
    "40,000 columns": (b",".join([b"a"] * 40_000) + b"\n1,2\n", problems.TooManyColumns),
    "wide below a preamble": (b"Report\n" + b",".join([b"a"] * 40_000) + b"\n", problems.TooManyColumns),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_table_of_orders_is_refused_in_words(case):
    content, problem = REFUSED[case]
    start = time.perf_counter()
    with pytest.raises(problem) as caught:
        read.look(read.Source("mine.csv", content))
    assert "mine.csv" in str(caught.value)
    assert time.perf_counter() - start < 0.5  # all other users wait meanwhile


def test_size_is_bounded_before_and_after_unpacking(engine):
    small = replace(read.LIMITS, bytes=100, unpacked=5_000)
    with pytest.raises(problems.TooLarge):
        read.look(source(TWO * 3), limits=small)
    bomb = gzip.compress((HEADER + "A-1,2026-01-05,,,1\n" * 500_000).encode())
    sheet, limits = read.look(source(bomb)), replace(read.LIMITS, unpacked=2_000_000)
    with pytest.raises(problems.TooLarge, match="once unpacked"):
        read.load(sheet, MAPPING, engine.con, limits=limits)
    workbook = zipped({"xl/workbook.xml": " " * 9_000})
    with pytest.raises(problems.TooLarge, match="once unpacked"):
        read.look(source(workbook), limits=replace(small, bytes=9_000, whole=5_000))


def test_rows_are_bounded(engine):
    sheet = read.look(source(HEADER + "A-1,2026-01-05,,,1\n" * 50))
    with pytest.raises(problems.TooManyRows):
        read.load(sheet, MAPPING, engine.con, limits=replace(read.LIMITS, rows=49))


def test_a_packed_file_cut_off_far_inside_is_a_problem_in_words(engine):
    noise = random.Random(3)
    text = HEADER + "".join(f"A-{i},2026-01-05,{noise.random()},,1\n" for i in range(100_000))
    packed = gzip.compress(text.encode())
    with pytest.raises(problems.DamagedFile):
        read.load(read.look(source(packed[:-2_000])), MAPPING, engine.con)


@pytest.mark.verify
def test_any_bytes_give_a_table_or_a_problem(engine):
    noise = random.Random(7)
    for _ in range(150):
        content = bytearray((HEADER + 'A-1,2026-01-05,"x, y",,10.00\n' * 20).encode())
        for _ in range(noise.randint(1, 12)):
            content[noise.randrange(len(content))] = noise.choice(b'",;\n\r\t\x00\xff\xe9 a1')
        with suppress(Problem):
            sheet = read.look(source(bytes(content)))
            mapping = {"ordered_at": (1,), "order_total": (len(sheet.headings) - 1,)}
            read.load(sheet, mapping, engine.con)


# --- rows -------------------------------------------------------------------------------------------
def test_a_row_number_is_the_one_a_spreadsheet_shows(engine):
    text = 'A-1,2026-01-05,,"two\nlines",1\nA-2,2026-01-06,,,2,,9\n\nA-3,2026-01-07,,,3\n,,,,\n'
    text += "A-4,2026-01-08,,,4\n\n\n"
    result, table = loaded(engine, HEADER + text)
    assert table == [(2, "A-1", "1"), (4, None, None), (5, "A-3", "3"), (6, None, None), (7, "A-4", "4")]
    assert result.rows_in == 6
    assert result.unreadable.to_dict("records") == [
        {
            "file": 0,
            "record": 3,
            "text": "A-2,2026-01-06,,,2,,9",
            "why": "it has 7 cells where the header has 5",
        }
    ]


def test_numbers_hold_over_many_blocks_and_many_ragged_rows(engine):
    lines = [f"A-{i},2026-01-05,,{'x' * 40},{i}" + ",more" * (i % 1_000 == 7) for i in range(120_000)]
    result, table = loaded(engine, HEADER + "\n".join(lines))
    assert table == [(i + 2, f"A-{i}", str(i)) for i in range(120_000) if i % 1_000 != 7]
    assert list(result.unreadable["record"][:3]) == [9, 1009, 2009]
    assert result.rows_in == 120_000


def test_a_footer_of_one_cell_is_kept_as_a_remark_for_the_report(engine):
    text = TWO + 'Total,,,,17.50\n\n"Generated Friday, July 3, 2026"\n'
    result, _ = loaded(engine, text)
    assert rows(engine, "record, first_cell, ordered_at")[-3:] == [
        (4, "Total", None),
        (5, None, None),
        (6, "Generated Friday, July 3, 2026", None),
    ]
    assert (result.rows_in, len(result.unreadable)) == (5, 0)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_ends_of_all_systems_read_the_same(engine, ending):
    _, table = loaded(engine, TWO.replace("\n", ending).encode())
    assert table == [(2, "A-1", "10.00"), (3, "A-2", "7.50")]


def test_a_header_without_rows_is_an_empty_table(engine):
    result, table = loaded(engine, HEADER)
    assert (result.rows_in, table) == (0, [])


def test_cells_are_trimmed_and_freed_of_a_guard_and_else_keep_their_text(engine):
    loaded(
        engine,
        HEADER + '000123,2026-01-05, Ada@Example.com ,,"1,234.50"\n5.76912E+17,NA,null,,\'-18\n',
    )
    assert rows(engine, "order_id, ordered_at, customer_email, order_total") == [
        ("000123", "2026-01-05", "Ada@Example.com", "1,234.50"),
        ("5.76912E+17", "NA", "null", "-18"),
    ]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_an_open_quote_costs_its_own_row_whatever_ends_a_line(engine, ending):
    text = HEADER + 'A-1,2026-01-05,,,1\nA-2,2026-01-06,"open,,2\nA-3,2026-01-07,,"two, parts",3\n'
    result, table = loaded(engine, text.replace("\n", ending))
    assert [row[1] for row in table] == ["A-1", "A-3"]
    assert list(result.unreadable["record"]) == [3]


@pytest.mark.parametrize("blank", ["\n", ",,,,\n"])
def test_blank_rows_to_no_end_are_refused_before_they_fill_the_memory(engine, blank):
    text = TWO + 9_000_000 * blank + "A-3,2026-01-07,,,3\n"
    with pytest.raises(problems.TooManyBlankRows, match="3,000,000 blank rows"):
        read.load(read.look(source(text)), MAPPING, engine.con)


def test_inches_are_no_quotes(engine):
    text = HEADER + 'A-1,2026-01-05,,5" pipe,1\nA-2,2026-01-06,,3" pipe,2\nA-3,2026-01-06,,9" x,3\n'
    result, table = loaded(engine, text)
    assert [row[1] for row in table] == ["A-1", "A-2", "A-3"]
    assert len(result.unreadable) == 0


@pytest.mark.parametrize("broken", ['A-x,2026-01-05,"open,,9', 'A-x,2026-01-05,,,"9', '"A-x,2026-01-05,,,9'])
@pytest.mark.parametrize("count", [3, pytest.param(60_000, marks=pytest.mark.verify)])
def test_a_quote_that_never_closes_costs_its_own_row_only(engine, broken, count):
    before = [f"A-{i},2026-01-05,,,{i}" for i in range(count)]
    after = [f'B-{i},2026-01-05,,"a note\nof two lines",{i}' for i in range(count)]
    result, table = loaded(engine, HEADER + "\n".join([*before, broken, *after]) + "\n")
    assert [row[1] for row in table] == [f"A-{i}" for i in range(count)] + [f"B-{i}" for i in range(count)]
    assert result.unreadable[["record", "text"]].values.tolist() == [[count + 2, broken]]
    assert "never closes" in result.unreadable["why"][0]
    assert table[-1][0] == 2 * count + 2
    assert result.rows_in == 2 * count + 1


def test_quotes_that_open_again_and_again_keep_nobody_waiting(engine):
    good = [f"A-{i},2026-01-05,,,1\n" for i in range(40)]
    started = time.perf_counter()
    result, table = loaded(engine, HEADER + "".join(good[:30]) + 20_000 * '"a",x,"b\n' + "".join(good[30:]))
    assert (len(result.unreadable), len(table)) == (20_000, 40)
    assert time.perf_counter() - started < 30  # minutes, when each is looked for through the same lines again


@pytest.mark.parametrize(
    "long", ["x" * 3_000_000, '"' + "x," * 1_500_000, '"a""b' * 700_000], ids=["long", "open", "quotes"]
)
def test_a_cell_too_long_for_the_parser_costs_its_own_row_only(engine, long):
    result, table = loaded(engine, HEADER + f"A-1,2026-01-05,,,1\nA-2,{long}\nA-3,2026-01-07,,,3\n")
    assert [row[1] for row in table] == ["A-1", "A-3"]
    assert list(result.unreadable["record"]) == [3]


@pytest.mark.parametrize("before", ["", 'A-2,2026-01-05,"open,,9\n'])
def test_a_row_that_looks_like_our_own_mark_is_only_a_row(engine, before):
    result, table = loaded(engine, HEADER + f"{before}A-1,2026-01-05,,,1\n\x01\nA-3,2026-01-07,,,3\n")
    assert [row[1] for row in table if row[1]] == ["A-1", "A-3"]
    assert result.rows_in == 3 + bool(before)


def test_a_small_file_that_unpacks_to_no_end_is_refused_early():
    bomb = gzip.compress(HEADER.encode()) + 101 * gzip.compress(b"\n" * 1_000_000)
    with pytest.raises(problems.TooLarge, match="16 MB once unpacked"):
        for _ in read.source.chunks(source(bomb), "gzip"):
            pass


FAR = "<row r='1048576'><c r='XFD1048576'{}</row>"


@pytest.mark.parametrize(
    ("cell", "refused"),
    [("><v>1</v></c>", True), (" t='n' z='/>'><v>1</v></c>", True), (" s='1'/>", False)],
    ids=["held", "quoted", "formatted"],
)
def test_a_stray_cell_at_a_sheets_end_is_refused_before_room_is_made_for_all_between(cell, refused):
    book, packed = openpyxl.Workbook(), io.BytesIO()
    for row in csv.reader(TWO.splitlines()):
        book.active.append(row)
    book.save(packed)
    with zipfile.ZipFile(packed) as plain, zipfile.ZipFile(changed := io.BytesIO(), "w") as archive:
        for name in plain.namelist():
            end = b"</sheetData>"
            archive.writestr(name, plain.read(name).replace(end, FAR.format(cell).encode() + end))
    with pytest.raises(problems.FarCell, match="1,048,576") if refused else nullcontext():
        read.look(source(changed.getvalue(), "orders.xlsx"))


def test_two_open_quotes_do_not_swallow_what_lies_between(engine):
    text = 'A-1,2026-01-05,"open,,1\nA-2,2026-01-06,,,2\nA-3,2026-01-07,,"open,3\nA-4,2026-01-08,,,4\n'
    result, table = loaded(engine, HEADER + text)
    assert [row[1] for row in table] == ["A-2", "A-4"]
    assert list(result.unreadable["record"]) == [2, 4]


def test_open_quotes_are_found_in_rows_longer_than_what_is_shown_of_them(engine):
    long = "x" * 300
    text = f'A-1,2026-01-05,"{long},,1\nA-2,2026-01-06,,,2\nA-3,2026-01-07,,"open,3\nA-4,2026-01-08,,,4\n'
    result, table = loaded(engine, HEADER + text)
    assert [row[1] for row in table] == ["A-2", "A-4"]
    assert [len(text) for text in result.unreadable["text"]] == [200, 23]


@settings(max_examples=60, deadline=None)
@given(
    body=st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=12),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    ending=st.sampled_from(["\n", "\r\n"]),
)
def test_what_was_written_is_what_is_read(body, delimiter, encoding, ending):
    body[-1][0] = "end"  # a last line of nothing is no row
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=delimiter, lineterminator=ending)
    writer.writerows([["Created at", "Name", "Total", "Lineitem name"], *(["", *row] for row in body)])
    sheet = read.look(source(written.getvalue(), encoding=encoding))
    with Engine() as engine:
        result = read.load(sheet, {"order_id": (1,), "order_total": (2,), "product": (3,)}, engine.con)
        table = rows(engine, "record, order_id, order_total, product")
    tidy = [[cell.strip().lstrip("'") or None for cell in row] for row in body]
    assert table == [(number, *row) for number, row in enumerate(tidy, start=2)]
    assert (result.rows_in, len(result.unreadable)) == (len(body), 0)


def test_a_file_whose_rows_do_not_fit_its_header_at_all_is_refused(engine):
    sheet = read.look(source(HEADER + "A-2,2026-01-06,,,1\n" * 40 + "A-3,2026-01-05,1\n" * 150_000))
    with pytest.raises(problems.TooManyUnreadable, match=r"row 42, it has 3 cells where the header has 5"):
        read.load(sheet, MAPPING, engine.con)


def test_several_files_stand_in_one_table_with_the_roles_of_all(engine):
    read.load(read.look(source(TWO)), MAPPING, engine.con, file=0)
    other = "Placed,Paid,First,Last\n2026-02-01,5.00,Ada,Example\n2026-02-02,6.00,Bo,\n"
    mapping = {"ordered_at": (0,), "order_total": (1,), "customer_name": (2, 3)}
    read.load(read.look(source(other)), mapping, engine.con, file=1)
    assert rows(engine, "file, record, order_id, customer_name, order_total, first_cell") == [
        (0, 2, "A-1", None, "10.00", "A-1"),
        (0, 3, "A-2", None, "7.50", "A-2"),
        (1, 2, None, "Ada Example", "5.00", "2026-02-01"),
        (1, 3, None, "Bo", "6.00", "2026-02-02"),
    ]
