"""Separate refund documents (such as a cancellation invoice) -> the sales that they take back, line by line."""

from collections import defaultdict

import duckdb
import pandas as pd

from clvapp.database import rows

_LEAST = 1e-9
_Document = tuple[int, int, str]  # source, file, key


def link(con: duckdb.DuckDBPyConnection, sources: int) -> None:
    """Make the table `links`: (source, file, key) of a sale, what was taken back, and by which refund document.

    A refund line takes back pieces of the same thing, at the same price, from the same customer's latest earlier sale
    that still has some. Whatever no earlier sale explains stays with the document, on its own day.
    """
    rows(
        con,
        "CREATE OR REPLACE TABLE links (sale_source INTEGER, sale_file INTEGER, sale_key VARCHAR, "
        "source INTEGER, file INTEGER, key VARCHAR, amount DECIMAL(18,4))",
    )
    rows(
        con,
        "CREATE OR REPLACE TEMP TABLE documents AS SELECT source, file, key FROM heads WHERE value < 0 AND NOT "
        f"adjustment AND NOT superseded AND NOT unreadable AND moment IS NOT NULL AND {_WHO} IS NOT NULL",
    )
    if not rows(con, "SELECT count(*) FROM documents")[0][0]:
        return
    lines = pd.concat([_lines(con, source) for source in range(sources)], ignore_index=True)
    links = _taken_back(lines)
    if len(links):
        con.register("found_links", links)
        rows(con, "INSERT INTO links BY NAME SELECT * FROM found_links")
        con.unregister("found_links")


_WHO = "coalesce(email, customer_number, phone, name)"


def _lines(con: duckdb.DuckDBPyConnection, source: int) -> pd.DataFrame:
    """The lines of refund documents and of sales of the same things to the same customers, in time order."""
    lines = f"""SELECT h.source, h.file, h.key, h.moment, l.record, {_WHO} AS who,
        coalesce(nullif(l.sku, ''), l.product) AS thing, round(l.line / nullif(l.quantity, 0), 4)::DOUBLE AS price,
        l.quantity::DOUBLE AS pieces, (h.source, h.file, h.key) IN (SELECT (source, file, key) FROM documents) AS refund
        FROM lines_{source} l JOIN heads h ON h.source = {source} AND h.file = l.file AND h.key = l.key
        WHERE {_WHO} IS NOT NULL AND h.moment IS NOT NULL AND NOT h.superseded AND NOT h.unreadable
            AND l.quantity <> 0 AND l.line <> 0"""
    return con.execute(
        f"""WITH lines AS ({lines}),
        returned AS (SELECT DISTINCT who, thing, price FROM lines WHERE refund AND pieces < 0)
        SELECT l.* FROM lines l JOIN returned USING (who, thing, price) WHERE refund OR pieces > 0
        ORDER BY who, thing, price, moment, refund, l.record"""
    ).df()


def _taken_back(lines: pd.DataFrame) -> pd.DataFrame:
    """Last sold, first taken back, for each (customer, thing, price)."""
    found: list[tuple[int, int, str, int, int, str, float]] = []
    sold: dict[tuple[str, str, float], list[tuple[_Document, float]]] = defaultdict(list)
    for line in lines.to_dict("records"):
        stack = sold[line["who"], line["thing"], line["price"]]
        document: _Document = line["source"], line["file"], line["key"]
        if not line["refund"]:
            stack.append((document, line["pieces"]))
            continue
        pieces = -line["pieces"]
        while pieces > _LEAST and stack:
            sale, left = stack.pop()
            taken = min(pieces, left)
            found.append((*sale, *document, taken * line["price"]))
            pieces -= taken
            if left - taken > _LEAST:
                stack.append((sale, left - taken))
    columns = ["sale_source", "sale_file", "sale_key", "source", "file", "key", "amount"]
    return pd.DataFrame(found, columns=columns)
