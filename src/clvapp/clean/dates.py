"""Text cells that are dates -> the local moment of each row. The whole column decides the order of day and month.

A column of ISO dates is cast as it stands. Of any other we look at its few shapes (`clvapp.formats.date_shapes`), and
each row is then read by the places of its shape.
"""

import re
from collections.abc import Iterable, Iterator

import duckdb

from clvapp.database import literal, quoted, rows
from clvapp.formats.date_shapes import LONGEST, OTHER_DIGITS, PLAIN_DIGITS, Place, Shape, understood
from clvapp.formats.layout import DateOrder
from clvapp.problems import DateOrderUnknown, DatesMixed, OtherCalendar

ISO_CHARACTERS = 19  # "2024-05-01 10:00:00": an offset after it is the shop's own, and we keep the local part
_PLAUSIBLE = "BETWEEN TIMESTAMP '1980-01-01' AND TIMESTAMP '2200-01-01'"  # "24-05-01" is not the year 24
_FIRST, _FEW, _MOST_SHAPES = 10_000, 8, 5_000  # rows looked at first, shapes that are few, and shapes at most
_PARTS = ("year", "month", "day", "first", "second", "hour", "minute", "second_of_minute")
_CALENDARS = {"Buddhist": "BETWEEN 2500 AND 2650", "Persian (Jalali)": "BETWEEN 1350 AND 1450"}
_JOINED = "dated JOIN date_shapes USING (shape)"


def local_moment(
    con: duckdb.DuckDBPyConnection, table: str, heading: str, given: DateOrder | None
) -> tuple[str, str, DateOrder | None]:
    """SQL for an order's local moment and for whether it has one, and which of day and month comes first.

    Where the dates are not all ISO, `table` gets a column `moment`. Raises `DateOrderUnknown`, `DatesMixed` and
    `OtherCalendar`.
    """
    cell = quoted("ordered_at")
    iso = f"try_cast(left({cell}, {ISO_CHARACTERS}) AS TIMESTAMP)"
    if _all_iso(con, table, iso):
        return iso, f"{cell} IS NOT NULL", None
    _make_dated(con, table)
    _make_shapes(con)
    order = _order_of_day_and_month(con, heading, given)
    _refuse_other_calendars(con, heading)
    _read(con, table, order)
    for made in ("dated", "date_shapes"):
        rows(con, f"DROP TABLE {made}")
    return "moment", "moment IS NOT NULL", order


def _all_iso(con: duckdb.DuckDBPyConnection, table: str, iso: str) -> bool:
    """Whether `iso` reads every date, with the first and the last one plausible. Each date is read once.

    A cast that fails is slow, so the first date has to look like one.
    """
    cell = quoted("ordered_at")
    first = rows(con, f"SELECT {cell} FROM {table} WHERE {cell} IS NOT NULL LIMIT 1")
    if first and not re.match("[12][0-9]{3}-", first[0][0]):
        return False
    found = f"SELECT {cell} AS cell, {iso} AS moment FROM {table}"
    ends = " AND ".join(f"coalesce({end}(moment) {_PLAUSIBLE}, true)" for end in ("min", "max"))
    return bool(rows(con, f"SELECT count(cell) = count(moment) AND {ends} FROM ({found})")[0][0])


def _make_dated(con: duckdb.DuckDBPyConnection, table: str) -> None:
    """Make `dated`: of each row with a date its `place`, its `cell` in our digits, and the `shape` of that."""
    cell = quoted("ordered_at")
    other = f"SELECT 1 FROM {table} WHERE regexp_matches({cell}, {literal(f'[{OTHER_DIGITS}]')}) LIMIT 1"
    plain = cell
    if rows(con, f"SELECT EXISTS ({other})")[0][0]:
        plain = f"translate({cell}, {literal(OTHER_DIGITS)}, {literal(PLAIN_DIGITS)})"
    found = f"SELECT rowid AS place, record, {plain} AS cell FROM {table} WHERE {cell} IS NOT NULL"
    rows(con, f"CREATE OR REPLACE TEMP TABLE dated AS SELECT *, {_shape(con, found)} AS shape FROM ({found})")


def _shape(con: duckdb.DuckDBPyConnection, found: str) -> str:
    """SQL for the shape of `cell`. Where a column has few, a comparison takes a tenth of the time of finding it."""
    shape = f"translate(left(cell, {LONGEST}), '012345678', '999999999')"
    first = rows(con, f"SELECT DISTINCT {shape} FROM ({found} LIMIT {_FIRST})")
    shapes = [one for (one,) in first if understood(one) and not set(one) & set("%_\\")]
    if not shapes or len(first) > _FEW:
        return shape
    alike = (f"WHEN cell LIKE {literal(one.replace('9', '_'))} THEN {literal(one)}" for one in shapes)
    return f"CASE {' '.join(alike)} ELSE {shape} END"


def _make_shapes(con: duckdb.DuckDBPyConnection) -> None:
    """Make `date_shapes`: each shape that is a date, with the places of its parts."""
    places = ", ".join(f"{part}_at INTEGER, {part}_length INTEGER" for part in _PARTS)
    columns = f"shape VARCHAR, {places}, named INTEGER, half VARCHAR, number VARCHAR"
    rows(con, f"CREATE OR REPLACE TEMP TABLE date_shapes ({columns})")
    shapes = rows(con, f"SELECT shape FROM dated GROUP BY shape ORDER BY count(*) DESC, shape LIMIT {_MOST_SHAPES}")
    values = [_row(shape, one) for (shape,) in shapes if (one := understood(shape)) is not None]
    if values:
        rows(con, f"INSERT INTO date_shapes VALUES {', '.join(values)}")


def _row(shape: str, found: Shape) -> str:
    parts = [getattr(found, part) for part in _PARTS]
    places: Iterable[Place | tuple[None, None]] = (part if isinstance(part, tuple) else (None, None) for part in parts)
    named = found.month if isinstance(found.month, int) else None
    cells = [shape, *(number for place in places for number in place), named, found.half, found.number]
    return f"({', '.join(map(_as_sql, cells))})"


def _as_sql(value: str | int | None) -> str:
    return "NULL" if value is None else literal(value) if isinstance(value, str) else str(value)


def _part(part: str) -> str:
    return f"try_cast(substr(cell, {part}_at, {part}_length) AS INTEGER)"


def _order_of_day_and_month(con: duckdb.DuckDBPyConnection, heading: str, given: DateOrder | None) -> DateOrder | None:
    """Any part above 12 in the column decides it, or else what was `given`. None when no date needs an order."""
    if not rows(con, "SELECT count(first_at) FROM date_shapes")[0][0]:
        return None
    first, second = _part("first"), _part("second")
    example, day_first, month_first = rows(
        con,
        f"SELECT arg_min(cell, record) FILTER ({first} BETWEEN 1 AND 12 AND {second} BETWEEN 1 AND 12), "
        f"arg_min(cell, record) FILTER ({first} BETWEEN 13 AND 31 AND {second} BETWEEN 1 AND 12), "
        f"arg_min(cell, record) FILTER ({second} BETWEEN 13 AND 31 AND {first} BETWEEN 1 AND 12) "
        f"FROM {_JOINED} WHERE first_at IS NOT NULL",
    )[0]
    if day_first and month_first and not given:
        raise DatesMixed(heading, day_first, month_first)
    if bool(day_first) != bool(month_first):
        return "day-first" if day_first else "month-first"
    if given or example is None:
        return given
    raise DateOrderUnknown(heading, example)


def _refuse_other_calendars(con: duckdb.DuckDBPyConnection, heading: str) -> None:
    """Raise `OtherCalendar` when most of the first years are those of a calendar that we do not convert."""
    found = f"SELECT cell, record, {_part('year')} AS year FROM {_JOINED} WHERE year_length = 4 LIMIT {_FIRST}"
    for name, years in _CALENDARS.items():
        of_it = f"FILTER (year {years})"
        counts = f"arg_min(cell, record) {of_it}, 2 * count(*) {of_it} > count(*)"
        example, most = rows(con, f"SELECT {counts} FROM ({found})")[0]
        if most:
            raise OtherCalendar(heading, str(example), name)


def _read(con: duckdb.DuckDBPyConnection, table: str, order: DateOrder | None) -> None:
    """Fill the column `moment` of `table`."""
    rows(con, f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS moment TIMESTAMP")
    cases = " ".join(f"WHEN {condition} THEN {sql}" for condition, sql in _readings(order))
    rows(
        con,
        f"UPDATE {table} SET moment = CASE WHEN read {_PLAUSIBLE} THEN read END FROM (SELECT place, "
        f"try(CASE {cases} END) AS read FROM {_JOINED}) AS found WHERE {table}.rowid = found.place",
    )


def _readings(order: DateOrder | None) -> Iterator[tuple[str, str]]:
    """How a row is read, by its shape: a condition on the shape, and SQL for the moment."""
    amount = "try_cast(ltrim(cell, ' '||chr(39)) AS DOUBLE)"
    yield "number = 'epoch'", f"make_timestamp(({amount} * 1000000)::BIGINT)"
    yield "number = 'milliseconds'", f"make_timestamp(({amount} * 1000)::BIGINT)"
    yield "number = 'serial'", f"TIMESTAMP '1899-12-30' + to_seconds(round({amount} * 86400))"
    year, hour = _part("year"), f"coalesce({_part('hour')}, 0)"
    century = f"CASE WHEN year_length = 4 THEN 0 WHEN {year} < 69 THEN 2000 ELSE 1900 END"
    month_at, day_at = ("first", "second") if order == "month-first" else ("second", "first")
    month = f"coalesce(named, {_part('month')}, {_part(month_at)})"
    day = f"coalesce({_part('day')}, {_part(day_at)})"
    clock = f"CASE WHEN half IS NULL THEN {hour} ELSE {hour} % 12 + CASE half WHEN 'pm' THEN 12 ELSE 0 END END"
    minute, second = (f"coalesce({_part(part)}, 0)" for part in ("minute", "second_of_minute"))
    yield "true", f"make_timestamp({year} + {century}, {month}, {day}, {clock}, {minute}, {second}::DOUBLE)"
