"""How rows became orders, in sentences: which rows belong together, and one order worked out."""

from collections.abc import Iterator

import duckdb

from clvapp.clean.lines import ROW_KEY, UID_MARK, Raw
from clvapp.clean.outcome import Loaded
from clvapp.clean.statuses import has_status, statuses
from clvapp.clean.totals import Shape
from clvapp.database import literal, rows
from clvapp.formats.words import partly_refunded
from clvapp.wording import GIVEN, Of, Wording, listed

_MOST_LINES, _MOST_NAMED = 4, 5
_FEW = 0.2  # of the other orders
_EXAMPLE = GIVEN  # the cells of one order, as they stand
_NAME = r"\p{Lu}\S*[ ,]+(?:\S+ )*\p{Lu}\S*"  # a first and a last name, as alphabets with capital letters write them
_Line = tuple[float | None, float | None, float | None]  # pieces, the line's money, the total on its row


def order_findings(con: duckdb.DuckDBPyConnection, loaded: Loaded, words: Wording) -> tuple[str, ...]:
    """What the owner should know about how rows became orders. Needs the view `judged`."""
    found = []
    unknown = [raw for raw in loaded.raws if not raw.format.all_of]
    if any("order_id" not in raw.roles for raw in unknown):
        found.append(
            "No column of order numbers was found, so each row was taken as an order of its own. If an order has "
            "several rows, name the column of its number (on the command line: --map order_id=HEADING)."
        )
    if loaded.joined_orders:
        joined = words.count(loaded.joined_orders, "order", of=Of("orders_joined", period="as read"))
        found.append(
            f"{joined} cut off by the end of a file, with more lines at the top of "
            "another: both parts were put together."
        )
    if loaded.numbers_again:
        again = words.count(loaded.numbers_again, "order number", of=Of("numbers_again", period="as read"))
        found.append(
            f"{again} used again on another day for another customer or "
            "other money: the numbers begin again, so number and day together were taken as the order."
        )
    if unknown and (named := _may_be_nobody(con, words)):
        found.append(named)
    found += [*_without_numbers(con, loaded, words), *_refunded_in_part(con, loaded, words)]
    for source, (raw, shape) in enumerate(zip(loaded.raws, loaded.shapes, strict=True)):
        if not raw.format.all_of:
            found += _worked_out(con, source, raw, shape=shape, words=words)
    return tuple(dict.fromkeys(found))


def _without_numbers(con: duckdb.DuckDBPyConnection, loaded: Loaded, words: Wording) -> Iterator[str]:
    """The few rows that count though they have neither number nor customer, where the other rows have both."""
    for source, raw in enumerate(loaded.raws):
        if raw.format.all_of or "order_id" not in raw.roles:
            continue
        alone = f"key LIKE '{ROW_KEY}%' AND customer_id IS NULL"
        count, money, first, others = rows(
            con,
            f"SELECT count(*) FILTER ({alone}), coalesce(sum(value) FILTER ({alone}), 0)::DOUBLE, "
            f"min(record) FILTER ({alone}), count(*) FILTER (NOT ({alone})) FROM judged WHERE source = {source} "
            "AND reason IS NULL AND value > 0",
        )[0]
        if 0 < count <= _FEW * others:
            counted = words.count(count, "row", of=Of("rows_without_number", period="as read"))
            yield (
                f"{counted} without an order number and a customer counted as an order each "
                f"({words.money(money, of=Of('revenue', period='as read', group='rows without a number'))} together, "
                f"first: row {first}): if they are totals, take them out of the file."
            )


def _refunded_in_part(con: duckdb.DuckDBPyConnection, loaded: Loaded, words: Wording) -> Iterator[str]:
    """The orders of which a status alone says that a part of the money went back."""
    cells = {
        source: [cell for cell in found.meaning("counts") if partly_refunded(cell)]
        for source, found in statuses(con, loaded.raws).items()
    }
    if not any(cells.values()):
        return
    count = rows(
        con,
        f"SELECT count(*) FROM judged h WHERE h.reason IS NULL AND {has_status(cells)} AND coalesce(h.refunded, 0) = 0 "
        "AND coalesce(h.returned, 0) = 0 AND (h.source, h.file, h.key) NOT IN "
        "(SELECT (source, file, key) FROM given_back)",
    )[0][0]
    if count:
        yield (
            f"{words.count(count, 'order', of=Of('orders', period='as read', group='refunded in part'))} refunded or "
            "cancelled in part without an amount: all of their money counts, because no column says how much went back."
        )


def _may_be_nobody(con: duckdb.DuckDBPyConnection, words: Wording) -> str | None:
    """The few names that look unlike all others: no address, number or telephone, or not even written like a name."""
    marks = "count(email) + count(customer_number) + count(phone) > 0"
    like_a_name = f"regexp_full_match(name, {literal(_NAME)})"
    alone = (
        f"SELECT name, count(*) AS orders, sum(value)::DOUBLE AS money, {marks} AS marked, {like_a_name} AS written "
        "FROM judged WHERE reason IS NULL AND customer_id IS NOT NULL AND name IS NOT NULL GROUP BY name"
    )
    odd = "NOT marked AND (avg(marked::INT) OVER () >= 0.6 OR NOT written AND avg(written::INT) OVER () >= 0.6)"
    found = rows(con, f"SELECT name, orders, money FROM ({alone}) QUALIFY {odd} ORDER BY orders DESC, name LIMIT 6")
    if not 0 < len(found) <= _MOST_NAMED:
        return None
    named = [
        f"'{name}' ({words.count(orders, 'order', of=Of('orders', period='as read', group=name))}, "
        f"{words.money(money, of=Of('revenue', period='as read', group=name))})"
        for name, orders, money in found
    ]
    each = "it" if len(found) == 1 else "each"
    return (
        f"{listed(named)} may be what the shop writes where it knows nobody, and {each} was taken for one customer: if "
        "that is wrong, leave the name blank in the file."
    )


def _worked_out(
    con: duckdb.DuckDBPyConnection, source: int, raw: Raw, *, shape: Shape, words: Wording
) -> Iterator[str]:
    """One order of several rows, or else of several pieces, as a sum: the owner sees what was multiplied and added."""
    example = rows(
        con,
        f"SELECT file, key, value::DOUBLE FROM judged WHERE source = {source} AND reason IS NULL AND value > 0 AND "
        f"key NOT LIKE '{ROW_KEY}%' AND coalesce(returned, 0) = 0 AND n_rows <= {_MOST_LINES} AND "
        "(n_rows > 1 OR quantity > 1) ORDER BY n_rows = 1, file, record LIMIT 1",
    )
    if not example:
        return
    file, key, value = example[0]
    lines: list[_Line] = con.execute(
        f"SELECT quantity::DOUBLE, line::DOUBLE, total::DOUBLE FROM lines_{source} WHERE file = $file AND key = $key "
        "ORDER BY record",
        {"file": file, "key": key},
    ).fetchall()
    digits = 0 if all(number is None or number == round(number) for line in lines for number in line) else 2
    number, worth = str(key).split(UID_MARK)[0], words.number(value, digits, of=_EXAMPLE)
    totals = [total for _, _, total in lines if total is not None]
    if shape.totals_are_lines:
        parts = [words.number(total, digits, of=_EXAMPLE) for total in totals]
        if _adds_up(totals, value):
            why = (
                "Pieces times price give the total on each row, so the totals are of lines and were added up"
                if shape.totals_are_products
                else "Each row has a total of its own"
            )
            yield f"{why}: order {number} is {' + '.join(parts)} = {worth}."
    elif len(totals) > 1 and _adds_up(totals[:1], value):
        yield f"An order's total was counted once, though its rows repeat it: order {number} is {worth}."
    elif not totals and _adds_up([line for _, line, _ in lines], value):
        by_pieces = "line_total" not in raw.roles
        parts = [_part(pieces if by_pieces else None, line, words=words, digits=digits) for pieces, line, _ in lines]
        if by_pieces or len(parts) > 1:
            how = "pieces times price" if by_pieces else "the sum of its lines"
            yield f"An order is {how}: order {number} is {' + '.join(parts)} = {worth}."


def _part(pieces: float | None, line: float | None, *, words: Wording, digits: int) -> str:
    """A line as pieces times price, where the pieces are given; else its money."""
    if not pieces or line is None:
        return words.number(line, digits, of=_EXAMPLE)
    price = line / pieces
    more = max(digits, 0 if price == round(price) else 2)
    return f"{words.number(pieces, None, of=_EXAMPLE)} × {words.number(price, more, of=_EXAMPLE)}"


def _adds_up(amounts: list[float | None] | list[float], value: float) -> bool:
    return abs(sum(amount or 0 for amount in amounts) - value) < 0.005
