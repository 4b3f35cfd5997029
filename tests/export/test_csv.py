"""A download is safe to open, and says what it changed."""

import csv
import io
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clvapp.export.csv import cells_to_defuse, csv_file, file_name

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
risky_text = st.text(max_size=12) | st.builds(str.__add__, st.sampled_from(DANGEROUS), st.text(max_size=8))


def parsed(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@given(st.lists(risky_text, min_size=1, max_size=8), risky_text.filter(lambda heading: heading != "n"))
def test_no_cell_of_a_download_starts_like_a_formula(cells, heading):
    table = pd.DataFrame({heading: pd.Series(cells, dtype=object), "n": range(len(cells))})
    file = csv_file(table)
    rows = parsed(file.content)
    assert all(not cell.startswith(DANGEROUS) for row in rows for cell in row)
    assert file.defused == sum(text.startswith(DANGEROUS) for text in [*cells, heading])
    assert cells_to_defuse(table) == file.defused
    whole = [cell.encode("utf-8", "replace").decode() for cell in cells]
    expected = [f"'{cell}" if cell.startswith(DANGEROUS) else cell for cell in whole]
    assert [row[0] for row in rows[1:]] == expected


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False) | st.integers(), min_size=1))
def test_numbers_are_left_alone(numbers):
    file = csv_file(pd.DataFrame({"n": pd.Series(numbers, dtype=object)}))
    assert file.defused == 0
    assert [float(row[0]) for row in parsed(file.content)[1:]] == [float(n) for n in numbers]


def test_negative_numbers_stay_numbers_and_text_that_looks_like_one_does_not():
    table = pd.DataFrame({"gap": [-1.5, 2.0], "phone": ["+49 170 1", "-5"], "kind": pd.Categorical(["@a", "b"])})
    file = csv_file(table)
    assert file.content == b"gap,phone,kind\r\n-1.5,'+49 170 1,'@a\r\n2.0,'-5,b\r\n"
    assert file.defused == 3


def test_a_line_break_in_a_cell_starts_no_row_of_its_own():
    file = csv_file(pd.DataFrame({"note": ["a\r=1+1", "b\n=2", 'c",=3']}))
    assert parsed(file.content) == [["note"], ["a\r=1+1"], ["b\n=2"], ['c",=3']]


def test_missing_values_are_blank_and_days_have_no_midnight():
    table = pd.DataFrame(
        {
            "day": pd.to_datetime(["2025-01-03", None]), "asked": pd.array([True, None], dtype="boolean"),
            "n": pd.array([1, None], dtype="Int64"), "email": [None, "a@b.c"], "on": [date(2025, 1, 3), None],
        }
    )  # fmt: skip
    assert csv_file(table).content == b"day,asked,n,email,on\r\n2025-01-03,True,1,,2025-01-03\r\n,,,a@b.c,\r\n"


def test_only_a_file_for_excel_that_needs_the_mark_gets_it():
    plain, foreign = pd.DataFrame({"name": ["Ada"]}), pd.DataFrame({"name": ["Jürgen"]})
    assert csv_file(plain).content == b"name\r\nAda\r\n"
    assert csv_file(foreign, for_spreadsheet=False).content == "name\r\nJürgen\r\n".encode()
    marked = csv_file(foreign).content
    assert marked.startswith(b"\xef\xbb\xbf")
    assert pd.read_csv(io.BytesIO(marked)).to_dict("list") == {"name": ["Jürgen"]}


def test_headings_may_repeat_and_a_table_may_be_empty():
    table = pd.DataFrame([["=a", 1]], columns=["x", "x"])
    assert csv_file(table).content == b"x,x\r\n'=a,1\r\n"
    assert csv_file(table.head(0)).content == b"x,x\r\n"


def test_a_download_leaves_its_frame_alone():
    table = pd.DataFrame({"=x": ["=1"]})
    csv_file(table)
    assert table.to_dict("list") == {"=x": ["=1"]}


def test_other_inputs_or_settings_give_another_file_name():
    assert file_name("Upsell targets", "a") == file_name("Upsell targets", "a")
    assert file_name("Upsell targets", "a") != file_name("Upsell targets", "b")
    assert file_name("../../étc", "a", ".csv").startswith("tc-")


@pytest.mark.parametrize("stem", ["", "..", "价值"])
def test_a_file_always_has_a_name(stem):
    assert file_name(stem, "a").startswith("clvapp-")
