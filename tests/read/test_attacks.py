"""One file can neither stop the server nor keep it busy: it is read, or refused in a sentence."""

import gzip
import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hand_frames import csv_text

from clvapp import Analysis, Source, database, load, problems
from clvapp.__main__ import main
from clvapp.database import Engine, in_memory, rows
from clvapp.read.tidy import LONGEST_CELL
from clvapp.shop import prepared


def orders(count, **more):
    return [
        {"Order": 100 + i, "Date": f"2024-{1 + i % 12:02d}-{1 + i % 27:02d}", "E-mail": f"c{i % 9}@example.org",
         "Total": f"{20 + i}.50"} | more
        for i in range(count)
    ]  # fmt: skip


def test_a_name_that_is_far_too_long_is_cut_and_the_cut_is_said():
    content = csv_text(orders(30, Product="x" * 200_000) + orders(30, Product="Tea")).encode()
    shop = load([Source("orders.csv", content)])
    try:
        assert shop.not_read == (
            "30 cells of 'orders.csv' are longer than 2,000 characters: only their beginning was read.",
        )
        assert set(Analysis(shop).first_orders["product"].str.len()) <= {LONGEST_CELL, 3}
    finally:
        shop.close()


def test_a_cell_of_exactly_the_most_characters_is_not_cut():
    shop = load([Source("orders.csv", csv_text(orders(3, Product="ä" * LONGEST_CELL)).encode())])
    assert shop.not_read == ()
    shop.close()
    shop = load([Source("orders.csv", csv_text(orders(1, Product="ä" * (LONGEST_CELL + 1)) + orders(2)).encode())])
    assert shop.not_read == ("1 cell of 'orders.csv' is longer than 2,000 characters: only its beginning was read.",)
    shop.close()


@pytest.mark.parametrize("length", [140_000, 600_000, 3_000_000])
def test_rows_with_a_long_note_are_shown_when_the_columns_are_asked_about(length):
    sheet = prepared([Source("orders.csv", csv_text(orders(4, Note="x" * length)).encode())]).understood[0].sheet
    assert sheet.rows[0][:4] == ("100", "2024-01-01", "c0@example.org", "20.50")


def test_an_engine_that_runs_out_of_memory_ends_in_a_sentence(tmp_path):
    said = "These orders need more memory"
    with Engine(30_000_000) as engine, pytest.raises(problems.OutOfMemory, match=said), in_memory():
        rows(engine.con, "SELECT string_agg(repeat('x', 1000) || i::VARCHAR, '') FROM range(10000000) t(i)")


def test_tables_at_rest_are_on_disk_and_come_back():
    with Engine() as engine:
        rows(engine.con, "CREATE TABLE kept AS SELECT i, md5(i::VARCHAR) AS word FROM range(300000) t(i)")
        used = "SELECT sum(memory_usage_bytes)::BIGINT, sum(temporary_storage_bytes)::BIGINT FROM duckdb_memory()"
        before, said = rows(engine.con, used)[0], rows(engine.con, "SELECT count(*), max(word) FROM kept")
        engine.rest()
        after = rows(engine.con, used)[0]
        assert before[0] > 10_000_000 > after[0]
        assert before[1] == 0 < after[1]
        assert rows(engine.con, "SELECT count(*), max(word) FROM kept") == said


def test_a_gzip_of_several_members_is_read_whole():
    text = csv_text(orders(60))
    parts = [text[:40], text[40:300], "", text[300:]]
    source = Source("orders.csv.gz", b"".join(gzip.compress(part.encode()) for part in parts))
    assert len(prepared([source]).understood[0].sheet.rows) == 60
    shop = load([source])
    assert shop.loaded.rows_in == 60
    shop.close()


def test_a_workbook_with_hundreds_of_sheets_is_refused_before_it_is_opened():
    book = openpyxl.Workbook()
    for number in range(220):
        book.create_sheet(f"Month {number}").append(["Order", "Date", "Total"])
    content = io.BytesIO()
    book.save(content)
    with pytest.raises(problems.TooManySheets, match="has 221 sheets, more than the 200"):
        prepared([Source("orders.xlsx", content.getvalue())])


def test_so_is_an_opendocument_workbook_wherever_its_sheets_are_cut_by_a_block():
    sheet = b'<table:table table:name="M"><table:table-row/></table:table>' + b" " * 9_000
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr("content.xml", b"<office:spreadsheet>" + 221 * sheet + b"</office:spreadsheet>")
    with pytest.raises(problems.TooManySheets, match="has 221 sheets, more than the 200"):
        prepared([Source("orders.ods", content.getvalue())])


@pytest.mark.skipif(os.name == "nt", reason="names of files are Unicode there")
def test_a_name_that_is_not_text_is_shown_with_a_question_mark(tmp_path, capsys):
    path = tmp_path / os.fsdecode(b"ord\xffers.csv")
    path.write_text(csv_text(orders(40)))
    assert main(["analyze", str(path), "--out", str(tmp_path / "out")]) == 0
    assert (tmp_path / "out" / "summary.json").exists()
    path.write_text("")
    assert main(["analyze", str(path), "--out", str(tmp_path / "none")]) == 2
    assert capsys.readouterr().err.startswith("'ord?ers.csv' is empty.")


def test_an_interrupt_ends_with_130_and_leaves_nothing(tmp_path):
    file = tmp_path / "orders.csv"
    file.write_text(csv_text(orders(300_000)))
    path = os.pathsep.join([str(Path(database.__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    running = subprocess.Popen(
        [sys.executable, "-m", "clvapp", "analyze", str(file), "--out", str(tmp_path / "out")],
        stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": path, "TMPDIR": str(tmp_path)},
    )  # fmt: skip
    until = time.monotonic() + 60
    while not list(tmp_path.glob("clvapp-*")) and time.monotonic() < until:
        time.sleep(0.01)
    running.send_signal(signal.SIGINT)
    said = running.communicate(timeout=60)[1]
    assert (running.returncode, said) == (130, "")
    assert [path.name for path in tmp_path.iterdir()] == ["orders.csv"]


@pytest.mark.parametrize("roles", [None, 3, "ordered_at", ["ordered_at"], {"ordered_at": None}, {"ordered_at": {}}])
def test_a_saved_mapping_with_roles_of_another_kind_is_refused_in_a_sentence(roles):
    saved = {"kind": "clvapp column mapping", "version": 1, "headings": ["Date", "Total"], "roles": roles}
    with pytest.raises(problems.DamagedMapping):
        prepared(
            [Source("columns.json", json.dumps(saved).encode()), Source("orders.csv", csv_text(orders(3)).encode())]
        )
