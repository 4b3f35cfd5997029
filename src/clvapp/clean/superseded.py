"""Orders that must not count as they stand: those with an unreadable row, and older states from another file."""

from collections.abc import Sequence

import duckdb

from clvapp.clean.lines import ROW_KEY, UID_MARK, UNREADABLE, Raw
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


def mark_superseded(con: duckdb.DuckDBPyConnection, raws: Sequence[Raw]) -> tuple[int, int, int]:
    """Mark older states of orders that occur in several files.

    The newest state comes from the file whose last order is later, or else from the file given later. Rows that only
    give money back are a separate document about the order, not an older state of it, unless the newest file covers
    their day and has a refund too. The same number on another day, for another customer or other money, is another
    order: the numbers began again. Returns how many orders occur in several files, how many of them differ, and how
    many numbers stand for several orders.
    """
    if rows(con, "SELECT count(DISTINCT file) FROM heads")[0][0] < 2:
        return 0, 0, 0
    _see_states(con, raws)
    rows(
        con,
        """UPDATE head_rows SET superseded = true FROM (
            SELECT s.source, s.file, s.key FROM states s JOIN states n ON n.shop = s.shop AND n.identity = s.identity
            AND n.turn = s.turn AND n.place = 1 WHERE s.place > 1 AND (s.sale OR coalesce(s.moment BETWEEN n.earliest
                AND n.latest, true) AND (coalesce(n.returned, 0) > 0 OR NOT n.sale))) o
        WHERE head_rows.source = o.source AND head_rows.file = o.file AND head_rows.key = o.key""",
    )
    doubled, changed = rows(
        con,
        "SELECT count(*), count(*) FILTER (versions > 1) FROM (SELECT shop, identity, count(DISTINCT (value, "
        "coalesce(refunded, 0), coalesce(status, ''))) AS versions FROM states WHERE sale GROUP BY shop, identity, "
        "turn HAVING count(*) > 1)",
    )[0]
    again = rows(con, "SELECT count(DISTINCT (shop, identity)) FROM states WHERE turn > 0")[0][0]
    return doubled, changed, again


def _see_states(con: duckdb.DuckDBPyConnection, raws: Sequence[Raw]) -> None:
    """The table `states`: orders whose number comes back, by the `turn` of their number, the newest state first.

    A number's next turn begins with a sale on another day that is somebody else's, or has other money. Where most
    numbers that come back on another day show that, all of them do.
    """
    shops = ", ".join(f"({i}, {literal(raw.format.key)})" for i, raw in enumerate(raws))
    number = f"regexp_replace(h.key, '{UID_MARK}[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}$', '')"
    before = "(PARTITION BY shop, identity ORDER BY moment NULLS FIRST, sale DESC, file, key)"
    rows(
        con,
        f"""CREATE OR REPLACE TEMP TABLE states AS WITH shops(source, shop) AS (VALUES {shops}),
        files AS (SELECT file, min(moment) AS earliest, max(moment) AS latest FROM heads GROUP BY file),
        named AS (SELECT h.source, h.file, h.key, shop, coalesce(h.uid, {number}) AS identity, earliest, latest, moment,
            value, refunded, status, returned, coalesce(email, customer_number, name) AS who,
            coalesce(returned, 0) = 0 AND coalesce(value, 0) >= 0 OR value > 0 AS sale
            FROM heads h JOIN files USING (file) JOIN shops USING (source)
            WHERE h.key NOT LIKE '{ROW_KEY}%' OR h.uid IS NOT NULL),
        seen AS (SELECT * FROM named WHERE (shop, identity) IN (
            SELECT (shop, identity) FROM named GROUP BY shop, identity HAVING count(*) > 1)),
        beside AS (SELECT *, lag(CASE WHEN sale THEN moment::DATE END IGNORE NULLS) OVER before AS day_before,
            lag(CASE WHEN sale THEN who END IGNORE NULLS) OVER before AS who_before,
            lag(CASE WHEN sale THEN value END IGNORE NULLS) OVER before AS value_before,
            lag(CASE WHEN sale THEN file END IGNORE NULLS) OVER before AS file_before FROM seen
            WINDOW before AS {before}),
        judged AS (SELECT *, coalesce(sale AND moment::DATE <> day_before, false) AS other_day,
            other_day AND coalesce(who <> who_before OR file = file_before OR value <> value_before
                AND (who IS NULL OR moment::DATE - day_before > 1), false) AS other_order FROM beside),
        begun AS (SELECT *, other_order OR other_day AND 2 * count(*) FILTER (other_order) OVER (PARTITION BY shop)
            >= count(*) FILTER (other_day) OVER (PARTITION BY shop) AS begins FROM judged),
        turned AS (SELECT *, count(*) FILTER (begins) OVER {before} AS turn FROM begun)
        SELECT *, row_number() OVER (PARTITION BY shop, identity, turn ORDER BY sale DESC, latest DESC, file DESC)
            AS place FROM turned""",
    )
