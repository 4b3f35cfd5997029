"""Text cells of one raw table -> SQL expressions that are numbers, dates and flags, decided by the whole column.

Cells arrive trimmed, and NULL where they are blank.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import duckdb

from clvapp.engine import literal, quoted, rows
from clvapp.formats import DateOrder, DecimalSign, Format
from clvapp.problems import DateOrderUnknown, DatesMixed, DecimalSignUnknown

MONEY = "DECIMAL(18,4)"
NUMBER_ROLES = ("order_total", "line_total", "quantity", "unit_price", "line_cost", "unit_cost", "discount", "refunded",
                "total_after_refunds", "shipping", "tax")  # fmt: skip

# A cell with one of these holds no number (and nobody's number of a customer).
NO_VALUE = ("", "-", "--", "—", "n/a", "na", "nan", "null", "none", "#n/a")

_FLAGS = {
    "true": ("yes", "true", "1", "y", "t", "subscribed", "accepted", "ja", "oui", "si", "sí", "sim"),
    "false": ("no", "false", "0", "n", "f", "not_subscribed", "unsubscribed", "declined", "nein", "non", "não"),
}

_CURRENCY = r"(?:\p{Sc}|[A-Z]{1,3}\$|[A-Z]{2,3}|Rs\.?|kr\.?|zł|Kč|Ft|lei|лв\.?)"
_SIGN = r"\p{Sc}|[A-Z]{1,3}\$|[A-Z]{3}"
_SPACE = r"[\s\x{00A0}\x{202F}]"
# Groups of thousands must be groups: "1,23,456.00" is Indian, "1.2.3.4,0" is no number.
_DIGITS = (
    r"[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3}(?:\.[0-9]+)?|[0-9]{1,3}(?:\.[0-9]{2,3})*\.[0-9]{3}(?:,[0-9]+)?|"
    rf"[0-9]{{1,3}}(?:(?:{_SPACE}|['’])[0-9]{{3}})+(?:[.,][0-9]+)?|[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+"
)
_NUMBER = (
    rf"^'?{_SPACE}*\(?{_SPACE}*[-−+]?{_SPACE}*{_CURRENCY}?{_SPACE}*[-−+]?{_SPACE}*"
    rf"(?:{_DIGITS}){_SPACE}*{_CURRENCY}?{_SPACE}*\)?{_SPACE}*-?{_SPACE}*$"
)
# Cells that tell the decimal sign by themselves, and cells that could be read both ways.
_ONLY_COMMA_DECIMAL = (
    r"^[^.,]*[0-9],(?:[0-9]{1,2}|[0-9]{4,})[^0-9.,]*$|\.[0-9]{3},[0-9]+[^0-9.,]*$"
    r"|^[^0-9.,]*(?:0|[0-9]{4,}),[0-9]{3}[^0-9.,]*$"
)
_ONLY_POINT_DECIMAL = (
    r"^[^.,]*[0-9]\.(?:[0-9]{1,2}|[0-9]{4,})[^0-9.,]*$|,[0-9]{3}\.[0-9]+[^0-9.,]*$"
    r"|^[^0-9.,]*(?:0|[0-9]{4,})\.[0-9]{3}[^0-9.,]*$"
)
_POINT_AND_THREE = r"^[^0-9.,]*[1-9][0-9]{0,2}\.[0-9]{3}[^0-9.,]*$"

ISO_CHARACTERS = 19  # "2024-05-01 10:00:00": an offset behind it is the shop's own, and the local part is kept
_ZONE = (  # behind a time only: "03-04-2026" ends in no offset
    r"(?i)(:[0-9]{2}(?:\s*[ap]m)?)(?:\.[0-9]+)?\s*(?:z|utc|gmt|[a-z]{1,2}[sd]t|cet|cest|gmt[+-][0-9]+|[+-][0-9]{2}:?[0-9]{2})?$"
)
_PARTS = r"^'?([0-9]{1,2})[/.-]([0-9]{1,2})[/.-](?:[0-9]{4}|[0-9]{2})(?:[ ,T].*)?$"
_TIMES = ("", " %H:%M:%S", " %H:%M", " %I:%M:%S %p", " %I:%M %p")
_NAMED = ("%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%d %b %Y", "%d %B %Y", "%b-%d-%y", "%b-%d-%Y", "%d-%b-%y", "%d-%b-%Y")
# German, French, Spanish, Portuguese, Italian and Dutch, whole and cut short, where they are not as in English.
_MONTHS = {
    "Jan": "januar|j[aä]nner|janvier|janv|enero|ene|janeiro|gennaio|gen|januari",
    "Feb": "februar|f[eé]vrier|f[eé]vr|f[eé]v|febrero|fevereiro|febbraio|februari",
    "Mar": "m[aä]rz|mrz|mär|mars|marzo|março|maart|mrt",
    "Apr": "avril|avr|abril|abr|aprile",
    "May": "mai|mayo|maio|maggio|mag|mei",
    "Jun": "juni|juin|junio|junho|giugno|giu",
    "Jul": "juli|juillet|juil|julio|julho|luglio|lug",
    "Aug": "ao[uû]t|agosto|ago|augustus",
    "Sep": "septembre|sept|septiembre|setembro|set|settembre",
    "Oct": "oktober|okt|octobre|octubre|outubro|out|ottobre|ott",
    "Nov": "novembre|noviembre|novembro",
    "Dec": "dezember|dez|d[eé]cembre|d[eé]c|diciembre|dic|dezembro|dicembre",
}
_OF, _DAY_POINT = r"(?i)\bdel?\s+", r"^([0-9]+)[.] "
_WORDS_TRIED = 1000
_PLAUSIBLE = "BETWEEN TIMESTAMP '1980-01-01' AND TIMESTAMP '2200-01-01'"  # "24-05-01" is not the year 24


@dataclass(frozen=True)
class Values:
    """SQL expressions of one raw table: `numbers` by role, the local moment `ordered_at`, and what was decided."""

    numbers: Mapping[str, str]
    unreadable: frozenset[str]  # roles with cells that are not plain numbers; some may be no number at all
    ordered_at: str
    dated: str  # whether there is such a moment
    date_order: DateOrder | None
    assumed: bool = (
        False  # no date told the order of day and month, and nobody was asked: the format always writes it so
    )


def values(
    con: duckdb.DuckDBPyConnection,
    table: str,
    roles: Sequence[str],
    *,
    date_order: DateOrder | None = None,
    decimal_sign: DecimalSign | None = None,
    heading: str = "date",
    usual: Format | None = None,
) -> Values:
    """How to read the cells of `table`.

    What the cells leave open is read as `usual`, their format, always writes it, where they look like it. Raises a
    `Question` when that too leaves the order of day and month, or the decimal sign, open.
    """
    numeric = [role for role in NUMBER_ROLES if role in roles]
    signs = _decimal_signs(con, table, numeric, decimal_sign, usual=usual.decimal_sign if usual else None)
    try:
        (moment, dated, order), assumed = _moment(con, table, heading, date_order), False
    except DateOrderUnknown:
        if usual is None or usual.date_order is None or not _looks_as(con, table, usual.numeric_dates):
            raise
        (moment, dated, order), assumed = _moment(con, table, heading, usual.date_order), True
    numbers = {role: _number(role, signs[role]) for role in numeric}
    return Values(numbers, frozenset(role for role in numeric if signs[role]), moment, dated, order, assumed)


def _looks_as(con: duckdb.DuckDBPyConnection, table: str, pattern: str) -> bool:
    """Whether every date stands as its shop writes it: one that does not went through another program."""
    cell = quoted("ordered_at")
    other = f"SELECT 1 FROM {table} WHERE {cell} IS NOT NULL AND NOT regexp_full_match({cell}, {literal(pattern)})"
    return not rows(con, f"SELECT EXISTS ({other})")[0][0]


def numbers(con: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]) -> dict[str, str]:
    """SQL for the numbers in `columns` of any table of text."""
    return {column: _number(column, sign) for column, sign in _decimal_signs(con, table, columns, None).items()}


def flag(con: duckdb.DuckDBPyConnection, table: str, role: str) -> str:
    """SQL for the cell of `role` as true, false, or NULL when it says neither.

    Only the words that the column really has are compared: every row pays for each word.
    """
    cell = quoted(role)
    found = rows(con, f"SELECT cell, lower(cell) FROM (SELECT DISTINCT {cell} AS cell FROM {table})")
    said = {meaning: [cell for cell, word in found if word in words] for meaning, words in _FLAGS.items()}
    cases = [
        f"WHEN {cell} IN ({', '.join(map(literal, cells))}) THEN {meaning}" for meaning, cells in said.items() if cells
    ]
    return f"CASE {' '.join(cases)} END" if cases else "NULL::BOOLEAN"


# --- numbers ----------------------------------------------------------------------------------------------------------


def _plain(role: str) -> str:
    return f"try_cast({quoted(role)} AS {MONEY})"


def _decimal_signs(
    con: duckdb.DuckDBPyConnection,
    table: str,
    numeric: Sequence[str],
    given: DecimalSign | None,
    *,
    usual: DecimalSign | None = None,
) -> dict[str, DecimalSign | None]:
    """The decimal sign of each column; None where every cell is a plain number and can be cast as it stands."""
    if not numeric:
        return {}
    odd = _oddities(con, table, numeric)
    plain = {role for role, has in odd.items() if not has.unreadable and (not has.three or has.other_point)}
    signs: dict[str, DecimalSign | None] = dict.fromkeys(plain)
    rest = [role for role in numeric if role not in plain]
    evidence = {role: _evidence(con, table, role) for role in rest}
    file_says = _majority(evidence.values()) or (
        "." if plain and any(odd[role].other_point for role in plain) else None
    )
    for role in rest:
        signs[role] = _majority([evidence[role]]) or given or file_says
        if signs[role] is None:
            signs[role] = usual or _sign_of_thousands(con, table, role)
    return signs


class _Odd(NamedTuple):
    """Whether a column has cells that are no plain number, that have three digits after a point, or another count.

    `three` is not looked for, and false, where another count settles that the point is a decimal sign.
    """

    unreadable: bool
    three: bool
    other_point: bool


def _oddities(con: duckdb.DuckDBPyConnection, table: str, numeric: Sequence[str]) -> dict[str, _Odd]:
    """What speaks against casting each column as it stands.

    A first cell with a point settles most columns of money, so points are looked for until found and never counted.
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
    """How many cells can only have a point, and only a comma, as their decimal sign."""
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
    """A column whose only sign stands before three digits: 15.000 is fifteen or fifteen thousand, 2,999 thousands."""
    cell = quoted(role)
    example, not_whole = rows(
        con,
        f"SELECT min({cell}), count(*) FILTER ({cell} NOT LIKE '%.000') FROM {table} WHERE regexp_matches({cell}, "
        f"{literal(_POINT_AND_THREE)})",
    )[0]
    if example is None or (role == "quantity" and not not_whole):
        return "."
    raise DecimalSignUnknown(role, str(example))


def _number(role: str, sign: DecimalSign | None) -> str:
    """SQL for the number in a cell; NULL where there is none or it cannot be read."""
    if sign is None:
        return _plain(role)
    cell = quoted(role)
    digits = f"regexp_replace(regexp_replace({cell}, '[A-Za-zА-я]+[.]', '', 'g'), '[^0-9.,]', '', 'g')"
    magnitude = f"""CASE
        WHEN {digits} LIKE '%,%' AND {digits} LIKE '%.%' THEN
            CASE WHEN regexp_matches({digits}, ',[0-9]*$') THEN replace(replace({digits}, '.', ''), ',', '.')
                 ELSE replace({digits}, ',', '') END
        WHEN {digits} LIKE '%,%,%' THEN replace({digits}, ',', '')
        WHEN {digits} LIKE '%.%.%' THEN replace({digits}, '.', '')
        WHEN {digits} LIKE '%,%' THEN {_one_sign(digits, ",", sign)}
        WHEN {digits} LIKE '%.%' THEN {_one_sign(digits, ".", sign)}
        ELSE {digits} END"""
    negative = f"regexp_matches({cell}, '[-−(]')"
    slow = (
        f"CASE WHEN regexp_matches({cell}, {literal(_NUMBER)}) THEN (CASE WHEN {negative} THEN -1 ELSE 1 END) * "
        f"try_cast({magnitude} AS {MONEY}) END"
    )
    return f"({slow})::{MONEY}"


def _one_sign(digits: str, found: DecimalSign, sign: DecimalSign) -> str:
    """SQL for digits with a single `found` among them: a thousands sign before exactly three, else the decimal sign."""
    as_decimal = f"replace({digits}, ',', '.')"
    if found == sign:
        return as_decimal
    thousands = f"regexp_matches({digits}, '^[0-9]{{1,3}}[{found}][0-9]{{3}}$')"
    return f"CASE WHEN {thousands} THEN replace({digits}, '{found}', '') ELSE {as_decimal} END"


def currency_signs(con: duckdb.DuckDBPyConnection, table: str, role: str) -> dict[str, int]:
    """Currency sign -> cells of `role` that carry it."""
    cell = quoted(role)
    sign = f"regexp_extract({cell}, {literal(_SIGN)})"
    return dict(rows(con, f"SELECT {sign} AS sign, count(*) FROM {table} WHERE {sign} <> '' GROUP BY sign ORDER BY 1"))


# --- dates ------------------------------------------------------------------------------------------------------------


def _moment(
    con: duckdb.DuckDBPyConnection, table: str, heading: str, given: DateOrder | None
) -> tuple[str, str, DateOrder | None]:
    """SQL for the local moment of an order and for whether there is one, and whether day or month came first."""
    cell = quoted("ordered_at")
    iso = f"try_cast(left({cell}, {ISO_CHARACTERS}) AS TIMESTAMP)"
    read = f"coalesce({iso} {_PLAUSIBLE}, false)"
    if _all_iso(con, table, iso):
        return iso, f"{cell} IS NOT NULL", None
    iso = f"(CASE WHEN regexp_matches({cell}, '^[12][0-9]{{3}}[^0-9]') THEN {iso} END)"  # a cast that fails is slow
    read = f"coalesce({iso} {_PLAUSIBLE}, false)"
    local = _months_in_english(con, table, f"regexp_replace({cell}, {literal(_ZONE)}, '\\1')")
    order = _order_of_day_and_month(con, table, heading, given)
    slashed = [f"{first}{sep}{second}{sep}{year}" for sep in "/.-" for year in ("%y", "%Y")
               for first, second in [("%m", "%d") if order == "month-first" else ("%d", "%m")]]  # fmt: skip
    families = [*slashed, *_NAMED, "%Y%m%d", "%Y-%m-%d"]
    formats = [f"{day}{time}" for day in families for time in _TIMES] + [f"{day}T%H:%M:%S" for day in families[-1:]]
    parsed = _parsed(
        con, f"SELECT {local} AS word FROM {table} WHERE {cell} IS NOT NULL AND NOT {read}", local, formats
    )
    serial = (
        f"CASE WHEN regexp_matches({local}, '^[2-6][0-9]{{4}}(?:[.][0-9]+)?$') THEN TIMESTAMP '1899-12-30' + "
        f"to_seconds(round(try_cast({local} AS DOUBLE) * 86400)) END"
    )
    moment = f"coalesce(CASE WHEN {read} THEN {iso} END, {parsed}, {serial})"
    local_moment = f"(CASE WHEN {moment} {_PLAUSIBLE} THEN {moment} END)"
    return local_moment, f"coalesce({moment} {_PLAUSIBLE}, false)", order


def _all_iso(con: duckdb.DuckDBPyConnection, table: str, iso: str) -> bool:
    """Whether `iso` reads every date, the first and the last of them plausible: each is read once."""
    found = f"SELECT {quoted('ordered_at')} AS cell, {iso} AS moment FROM {table}"
    ends = " AND ".join(f"coalesce({end}(moment) {_PLAUSIBLE}, true)" for end in ("min", "max"))
    return bool(rows(con, f"SELECT count(cell) = count(moment) AND {ends} FROM ({found})")[0][0])


def _parsed(con: duckdb.DuckDBPyConnection, words: str, local: str, formats: Sequence[str]) -> str:
    """SQL for `local` read by the first of `formats` that fits, those that the first of `words` have before the others.

    Trying all of them on each row takes ten times as long as the few that a column has.
    """
    fits = ", ".join(f"count(try_strptime(word, {literal(pattern)}))" for pattern in formats)
    found = rows(con, f"SELECT {fits} FROM ({words} LIMIT {_WORDS_TRIED})")[0]
    # Years of two and of four digits stay together: "%Y" would read 26 as the year 26.
    years = {pattern.replace("%y", "%Y") for pattern, count in zip(formats, found, strict=True) if count}
    first = [pattern for pattern in formats if pattern.replace("%y", "%Y") in years]
    parts = [first, [pattern for pattern in formats if pattern not in first]]
    tried = (f"try_strptime({local}, [{', '.join(map(literal, part))}])" for part in parts if part)
    return f"coalesce({', '.join(tried)})"


def _months_in_english(con: duckdb.DuckDBPyConnection, table: str, local: str) -> str:
    """`local` with the months of other languages as English writes them, where the column has any."""
    foreign = literal(rf"(?i)\b(?:{'|'.join(_MONTHS.values())})\b")
    if not rows(con, f"SELECT count(*) FROM {table} WHERE regexp_matches({local}, {foreign})")[0][0]:
        return local
    for english, words in _MONTHS.items():
        word = literal(rf"(?i)\b(?:{words})\b[.]?")
        local = f"regexp_replace({local}, {word}, '{english}')"
    # "5 de marzo de 2026", "5. Mar 2026"
    without_of = f"regexp_replace({local}, {literal(_OF)}, '', 'g')"
    return f"regexp_replace({without_of}, {literal(_DAY_POINT)}, '\\1 ')"


def _order_of_day_and_month(
    con: duckdb.DuckDBPyConnection, table: str, heading: str, given: DateOrder | None
) -> DateOrder | None:
    """Decided by any part above 12 in the whole column, else by what was `given`; None where no date needs it."""
    cell = quoted("ordered_at")
    first, second = (f"try_cast(regexp_extract({cell}, {literal(_PARTS)}, {i}) AS INTEGER)" for i in (1, 2))
    example, day_first, month_first = rows(
        con,
        f"SELECT arg_min({cell}, record) FILTER ({first} BETWEEN 1 AND 12 AND {second} BETWEEN 1 AND 12), "
        f"arg_min({cell}, record) FILTER ({first} BETWEEN 13 AND 31 AND {second} BETWEEN 1 AND 12), "
        f"arg_min({cell}, record) FILTER ({second} BETWEEN 13 AND 31 AND {first} BETWEEN 1 AND 12) FROM {table}",
    )[0]
    if day_first and month_first and not given:
        raise DatesMixed(heading, day_first, month_first)
    if bool(day_first) != bool(month_first):
        return "day-first" if day_first else "month-first"
    if given or example is None:
        return given
    raise DateOrderUnknown(heading, example)
