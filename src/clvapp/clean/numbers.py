"""Text cells that are numbers -> SQL expressions. The whole column decides the decimal sign."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import duckdb

from clvapp.database import literal, quoted, rows
from clvapp.formats.amounts import BLANKS, CURRENCY_NAMES, NO_CENTS, OTHER_MARKS, PLAIN_MARKS
from clvapp.formats.date_shapes import OTHER_DIGITS, PLAIN_DIGITS
from clvapp.formats.layout import DecimalSign
from clvapp.problems import DecimalSignUnknown

MONEY = "DECIMAL(18,4)"


NUMBER_ROLES = ("order_total", "line_total", "quantity", "unit_price", "line_cost", "unit_cost", "discount", "refunded",
                "charged_back", "total_after_refunds", "shipping", "tax", "outstanding", "paid_amount")  # fmt: skip


_CURRENCY = rf"(?:[A-Z]{{0,3}}\p{{Sc}}|[A-Z]{{2,3}}|{CURRENCY_NAMES})"


_SPACE = f"[{BLANKS}]"


# Groups of thousands must be real groups: "1,23,456.00" is Indian, "1.2.3.4,0" is not a number.
_DIGITS = (
    r"[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3}(?:\.[0-9]+)?|[0-9]{1,3}(?:\.[0-9]{2,3})*\.[0-9]{3}(?:,[0-9]+)?|"
    rf"[0-9]{{1,3}}(?:(?:{_SPACE}|['’])[0-9]{{3}})+(?:[.,][0-9]+)?|[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+"
)


_NUMBER = (
    rf"^'?{_SPACE}*\(?{_SPACE}*[-−+]?{_SPACE}*{_CURRENCY}?{_SPACE}*[-−+]?{_SPACE}*"
    rf"(?:{_DIGITS})(?:{NO_CENTS})?{_SPACE}*{_CURRENCY}?{_SPACE}*\)?{_SPACE}*-?{_SPACE}*$"
)


# Cells that settle the decimal sign, and cells that could be read either way.
_ONLY_COMMA_DECIMAL = (
    r"^[^.,]*[0-9],(?:[0-9]{1,2}|[0-9]{4,})[^0-9.,]*$|\.[0-9]{3},[0-9]+[^0-9.,]*$"
    r"|^[^0-9.,]*(?:0|[0-9]{4,}),[0-9]{3}[^0-9.,]*$|[0-9],[-–—]"
)


_ONLY_POINT_DECIMAL = (
    r"^[^.,]*[0-9]\.(?:[0-9]{1,2}|[0-9]{4,})[^0-9.,]*$|,[0-9]{3}\.[0-9]+[^0-9.,]*$"
    r"|^[^0-9.,]*(?:0|[0-9]{4,})\.[0-9]{3}[^0-9.,]*$|[0-9]\.[-–—]"
)


_POINT_AND_THREE = r"^[^0-9.,]*[1-9][0-9]{0,2}\.[0-9]{3}[^0-9.,]*$"


def _plain(role: str) -> str:
    return f"try_cast({quoted(role)} AS {MONEY})"


def numbers(con: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]) -> dict[str, str]:
    """SQL for the numbers in `columns` of any text table."""
    return {column: number(column, sign) for column, sign in decimal_signs(con, table, columns, None).items()}


def decimal_signs(
    con: duckdb.DuckDBPyConnection,
    table: str,
    numeric: Sequence[str],
    given: DecimalSign | None,
    *,
    usual: DecimalSign | None = None,
) -> dict[str, DecimalSign | None]:
    """The decimal sign of each column. None where every cell is a plain number that can be cast as it stands."""
    if not numeric:
        return {}
    odd = _oddities(con, table, numeric)
    plain = {role for role, has in odd.items() if not has.unreadable and (not has.three or has.other_point)}
    signs: dict[str, DecimalSign | None] = dict.fromkeys(plain)
    rest = [role for role in numeric if role not in plain]
    _write_plainly(con, table, [role for role in rest if odd[role].unreadable])
    evidence = {role: _evidence(con, table, role) for role in rest}
    file_says = _majority(evidence.values()) or (
        "." if plain and any(odd[role].other_point for role in plain) else None
    )
    for role in rest:
        signs[role] = _majority([evidence[role]]) or given or file_says
        if signs[role] is None:
            signs[role] = usual or _sign_of_thousands(con, table, role)
    return signs


def _write_plainly(con: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]) -> None:
    """Write the digits and marks of other scripts as ours, and leave out a currency's name beside an amount."""
    others, plain = literal(OTHER_DIGITS + OTHER_MARKS), literal(PLAIN_DIGITS + PLAIN_MARKS)
    before = literal(rf"^([-−+('{BLANKS}]*){CURRENCY_NAMES}([-−+{BLANKS}]*[0-9.,])")
    after = literal(rf"([0-9)–—-][{BLANKS}]*){CURRENCY_NAMES}([{BLANKS}]*[-)]?[{BLANKS}]*)$")
    needs = literal(f"[{OTHER_DIGITS}{OTHER_MARKS}]|{CURRENCY_NAMES}")
    for column in columns:
        cell = quoted(column)
        if rows(con, "SELECT " + _any(table, f"regexp_matches({cell}, {needs})"))[0][0]:
            written = f"regexp_replace(translate({cell}, {others}, {plain}), {before}, '\\1\\2')"
            rows(con, f"UPDATE {table} SET {cell} = regexp_replace({written}, {after}, '\\1\\2')")


class _Odd(NamedTuple):
    """Whether a column has cells that are not plain numbers, with three digits after a point, or with another count.

    `three` stays false, without a search, once another count shows that the point is a decimal sign.
    """

    unreadable: bool
    three: bool
    other_point: bool


def _oddities(con: duckdb.DuckDBPyConnection, table: str, numeric: Sequence[str]) -> dict[str, _Odd]:
    """What stops us from casting each column as it stands.

    The first cell with a point settles most columns of money, so we search for points until we find one, and never
    count them.
    """
    probes = []
    for role in numeric:
        cell = quoted(role)
        points = f"{cell} LIKE '%.%' AND {cell} NOT LIKE '%.___'"
        probes += [f"count({cell}) > count({_plain(role)})", _any(table, points)]
    found = iter(rows(con, f"SELECT {', '.join(probes)} FROM {table}")[0])
    odd = {}
    for role, (unreadable, other_point) in zip(numeric, zip(found, found, strict=True), strict=True):
        settled = other_point and not unreadable
        three = not settled and rows(con, "SELECT " + _any(table, f"{quoted(role)} LIKE '%.___'"))[0][0]
        odd[role] = _Odd(unreadable, three, other_point)
    return odd


def _any(table: str, condition: str) -> str:
    return f"EXISTS (SELECT 1 FROM {table} WHERE {condition} LIMIT 1)"


def _evidence(con: duckdb.DuckDBPyConnection, table: str, role: str) -> tuple[int, int]:
    """How many cells can only have a point as their decimal sign, and how many only a comma."""
    cell = quoted(role)
    point, comma = rows(
        con,
        f"SELECT count(*) FILTER (regexp_matches({cell}, {literal(_ONLY_POINT_DECIMAL)})), "
        f"count(*) FILTER (regexp_matches({cell}, {literal(_ONLY_COMMA_DECIMAL)})) FROM {table}",
    )[0]
    return point, comma


def _majority(evidence: Iterable[tuple[int, int]]) -> DecimalSign | None:
    points, commas = (sum(counts) for counts in zip((0, 0), *evidence, strict=True))
    if points == commas:
        return None
    return "." if points > commas else ","


def _sign_of_thousands(con: duckdb.DuckDBPyConnection, table: str, role: str) -> DecimalSign:
    """The decimal sign when a column's only sign precedes three digits: 15.000 is 15 or 15,000; 2,999 is thousands."""
    cell = quoted(role)
    example, not_whole = rows(
        con,
        f"SELECT min({cell}), count(*) FILTER ({cell} NOT LIKE '%.000') FROM {table} WHERE regexp_matches({cell}, "
        f"{literal(_POINT_AND_THREE)})",
    )[0]
    if example is None or (role == "quantity" and not not_whole):
        return "."
    raise DecimalSignUnknown(role, str(example))


def number(role: str, sign: DecimalSign | None) -> str:
    """SQL for the number in a cell. NULL if there is none, or if it cannot be read."""
    if sign is None:
        return _plain(role)
    cell = quoted(role)
    digits = f"regexp_replace(regexp_replace({cell}, '[A-Za-zА-я]+[.]', '', 'g'), '[^0-9.,]', '', 'g')"
    digits = f"rtrim({digits}, '.,')"
    magnitude = f"""CASE
        WHEN {digits} LIKE '%,%' AND {digits} LIKE '%.%' THEN
            CASE WHEN regexp_matches({digits}, ',[0-9]*$') THEN replace(replace({digits}, '.', ''), ',', '.')
                 ELSE replace({digits}, ',', '') END
        WHEN {digits} LIKE '%,%,%' THEN replace({digits}, ',', '')
        WHEN {digits} LIKE '%.%.%' THEN replace({digits}, '.', '')
        WHEN {digits} LIKE '%,%' THEN {_one_sign(digits, ",", sign)}
        WHEN {digits} LIKE '%.%' THEN {_one_sign(digits, ".", sign)}
        ELSE {digits} END"""
    negative = f"regexp_matches({cell}, '(?:^|[^.,])[-−(]')"
    slow = (
        f"CASE WHEN regexp_matches({cell}, {literal(_NUMBER)}) THEN (CASE WHEN {negative} THEN -1 ELSE 1 END) * "
        f"try_cast({magnitude} AS {MONEY}) END"
    )
    return f"({slow})::{MONEY}"


def _one_sign(digits: str, found: DecimalSign, sign: DecimalSign) -> str:
    """SQL for digits with a single `found`: a thousands sign before exactly three digits, else the decimal sign."""
    as_decimal = f"replace({digits}, ',', '.')"
    if found == sign:
        return as_decimal
    thousands = f"regexp_matches({digits}, '^[0-9]{{1,3}}[{found}][0-9]{{3}}$')"
    return f"CASE WHEN {thousands} THEN replace({digits}, '{found}', '') ELSE {as_decimal} END"
