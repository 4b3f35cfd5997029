"""Orders that must not count as they stand: those with an unreadable row, and older states from another file."""

from collections.abc import Sequence

import duckdb

from clvapp.clean.lines import ROW_KEY, UNREADABLE, Raw
from clvapp.database import literal, rows
from clvapp.problems import NoDateReadable


def refuse_without_dates(con: duckdb.DuckDBPyConnection, source: int, raw: Raw) -> None:
    """Raises `NoDateReadable` when there are orders but none has a readable date."""
    found, readable = rows(con, f"SELECT count(*), count(moment) FROM heads WHERE source = {source}")[0]
    if found and not readable:
        example = rows(con, f"SELECT min(ordered_at) FROM {raw.table}")[0][0]
        raise NoDateReadable(raw.headings.get("ordered_at", "date"), example or "")


def mark_unreadable(con: duckdb.DuckDBPyConnection) -> None:
    """An order with one unreadable row cannot be counted right, so all of it is left out."""
    for (source,) in rows(con, f"SELECT DISTINCT source FROM odd_rows WHERE reason = '{UNREADABLE}'"):
        rows(
            con,
            f"UPDATE head_rows SET unreadable = true WHERE source = {source} AND (file, key) IN "
            f"(SELECT (l.file, l.key) FROM lines_{source} l JOIN odd_rows o ON o.source = {source} "
            f"AND o.file = l.file AND o.record = l.record WHERE o.reason = '{UNREADABLE}')",
        )


def mark_superseded(con: duckdb.DuckDBPyConnection, raws: Sequence[Raw]) -> tuple[int, int]:
    """Mark older states of orders that occur in several files.

    The newest state comes from the file whose last order is later, or else from the file given later. Rows that only
    give money back are a separate document about the order, not an older state of it, unless the newest file covers
    their day and has a refund too. Returns how many orders occur in several files, and how many of them differ.
    """
    if rows(con, "SELECT count(DISTINCT file) FROM heads")[0][0] < 2:
        return 0, 0
    shops = ", ".join(f"({i}, {literal(raw.format.key)})" for i, raw in enumerate(raws))
    rows(
        con,
        f"""CREATE OR REPLACE TEMP TABLE states AS WITH shops(source, shop) AS (VALUES {shops}),
        files AS (SELECT file, min(moment) AS earliest, max(moment) AS latest FROM heads GROUP BY file),
        states AS (SELECT h.source, h.file, h.key, shop, coalesce(h.uid, h.key) AS identity, earliest, latest, moment,
            value, refunded, status, returned,
            coalesce(returned, 0) = 0 AND coalesce(value, 0) >= 0 OR value > 0 AS sale
            FROM heads h JOIN files USING (file) JOIN shops USING (source)
            WHERE h.key NOT LIKE '{ROW_KEY}%' OR h.uid IS NOT NULL)
        SELECT *, row_number() OVER (PARTITION BY shop, identity ORDER BY sale DESC, latest DESC, file DESC) AS place
        FROM states""",
    )
    rows(
        con,
        """UPDATE head_rows SET superseded = true FROM (
            SELECT s.source, s.file, s.key FROM states s JOIN states n ON n.shop = s.shop AND n.identity = s.identity
            AND n.place = 1 WHERE s.place > 1 AND (s.sale OR coalesce(s.moment BETWEEN n.earliest AND n.latest, true)
                AND (coalesce(n.returned, 0) > 0 OR NOT n.sale))) o
        WHERE head_rows.source = o.source AND head_rows.file = o.file AND head_rows.key = o.key""",
    )
    doubled, changed = rows(
        con,
        "SELECT count(*), count(*) FILTER (versions > 1) FROM (SELECT shop, identity, count(DISTINCT (value, "
        "coalesce(refunded, 0), coalesce(status, ''))) AS versions FROM states WHERE sale GROUP BY ALL "
        "HAVING count(*) > 1)",
    )[0]
    return doubled, changed
