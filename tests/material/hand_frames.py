"""Orders written out by hand, as text, and what reading and cleaning make of them."""

import atexit
import contextlib
import csv
import functools
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import duckdb
import narwhals as nw
import pandas as pd

import clvapp
from clvapp import clean, formats
from clvapp.customers.tables import Tables
from clvapp.database import Engine, quoted
from clvapp.formats.layout import Format
from clvapp.read import Source

Row = dict[str, str | None]


@dataclass(frozen=True)
class Made:
    """What cleaning made: its figures, and its two tables as frames (money as floats)."""

    cleaned: clean.Cleaned
    loaded: clean.Loaded
    orders: pd.DataFrame
    adjustments: pd.DataFrame
    left_out: pd.DataFrame

    def column(self, name: str) -> list[Any]:
        """One column of the orders, sorted by order number."""
        return self.orders.sort_values("order_id")[name].tolist()

    @property
    def reasons(self) -> dict[str, int]:
        """Reason -> rows left out for it."""
        return dict(zip(self.cleaned.report["reason"], self.cleaned.report["rows"], strict=True))

    @property
    def revenue(self) -> float:
        """The revenue of all orders and adjustments."""
        return round(float(self.orders["revenue"].sum() + self.adjustments["revenue"].sum()), 4)


def order(number: str, total: str | None = "10.00", **cells: str | None) -> Row:
    """A row with one order on 5 January 2026 by ann@example.org, unless told otherwise."""
    said = {"order_id": number, "ordered_at": "2026-01-05", "customer_email": "ann@example.org", "order_total": total}
    return said | cells


def line(number: str | None, quantity: str, price: str, **cells: str | None) -> Row:
    """A line of an export without order totals."""
    return {
        "order_id": number, "ordered_at": "2026-01-05", "customer_id": "17", "quantity": quantity, "unit_price": price,
        "product": "Cup", **cells,
    }  # fmt: skip


GENERAL = formats.general()


@contextlib.contextmanager
def raw_tables(*files: Sequence[Row], fmt: Format = GENERAL) -> Iterator[tuple[duckdb.DuckDBPyConnection, clean.Raw]]:
    """A connection with one raw table of `files`, as reading leaves it: text, with NULL for blanks."""
    roles = list(dict.fromkeys(role for file in files for row in file for role in row if role != "first_cell"))
    con = _engine().con
    names = ["first_cell", *roles]
    shown = pd.DataFrame(
        [
            [number, record, row.get("first_cell", next(iter(row.values()))), *(row.get(role) for role in roles)]
            for number, file in enumerate(files)
            for record, row in enumerate(file, start=2)
        ],
        columns=["file", "record", *names],
    ).astype({"file": "int32", "record": "int64", **dict.fromkeys(names, "object")})
    con.register("shown", shown)
    text = ", ".join(f"{quoted(name)}::VARCHAR AS {quoted(name)}" for name in names)
    con.execute("DROP TABLE IF EXISTS raw")
    con.execute(f"CREATE TABLE raw AS SELECT file, record, {text} FROM shown")
    con.unregister("shown")
    yield con, clean.Raw("raw", fmt, tuple(roles), {role: role.title() for role in roles})


@functools.cache
def _engine() -> Engine:
    """One engine for all tests: opening it takes longer than a small test."""
    atexit.register(_close)
    return Engine()


def _close() -> None:
    _engine().close()
    _engine.cache_clear()


@contextlib.contextmanager
def tables_of(rows: Sequence[Row], fmt: Format = GENERAL) -> Iterator[tuple[duckdb.DuckDBPyConnection, Tables]]:
    """The canonical tables that cleaning makes of `rows`, and the connection that they are on."""
    with raw_tables(rows, fmt=fmt) as (con, raw):
        clean.orders(con, clean.load(con, [raw], rows_in=len(rows)))
        yield con, Tables(nw.from_native(con.table("orders")), nw.from_native(con.table("adjustments")))


def made(*files: Sequence[Row], fmt: Format = GENERAL, **settings: Any) -> Made:
    """What cleaning makes of `files` under `settings`. Each file is a list of rows, role -> cell."""
    with raw_tables(*files, fmt=fmt) as (con, raw):
        loaded = clean.load(con, [raw], rows_in=sum(map(len, files)))
        cleaned = clean.orders(con, loaded, **settings)
        return _made(con, loaded, cleaned)


def _made(con: duckdb.DuckDBPyConnection, loaded: clean.Loaded, cleaned: clean.Cleaned) -> Made:
    money = ", ".join(f"{name}::DOUBLE AS {name}" for name in ("value", "refunded", "revenue"))
    frame = con.execute(
        f"SELECT * REPLACE ({money}), strftime(moment, '%Y-%m-%d') AS date FROM orders ORDER BY order_id, moment"
    ).df()
    moved = con.execute(
        "SELECT * REPLACE (revenue::DOUBLE AS revenue), strftime(DATE '1970-01-01' + day::INTEGER, '%Y-%m-%d') AS date "
        "FROM adjustments ORDER BY day, revenue"
    ).df()
    frame, moved = (one.astype(object).where(one.notna(), None) for one in (frame, moved))
    return Made(cleaned, loaded, frame, moved, clean.left_out_rows(con, loaded))


def read(*texts: str | bytes, reading: clvapp.Reading | None = None, **settings: Any) -> Made:
    """What reading and cleaning make of whole files."""
    sources = [
        Source(f"file-{i}.csv", text.encode() if isinstance(text, str) else text)
        for i, text in enumerate(texts, start=1)
    ]
    shop = clvapp.load(sources, reading or clvapp.Reading())
    try:
        found = clvapp.Analysis(shop, clvapp.Settings(**settings))
        cleaned = found.cleaned
        return replace(_made(shop.engine.con, shop.loaded, cleaned), left_out=found.left_out)
    finally:
        shop.close()


def csv_text(rows: Sequence[dict[str, Any]], delimiter: str = ",") -> str:
    """`rows` as a CSV, with the headings of the first row."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
