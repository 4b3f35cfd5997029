"""Text cells that are dates -> SQL for the local moment. The whole column decides the order of day and month."""

from collections.abc import Sequence

import duckdb

from clvapp.database import literal, quoted, rows
from clvapp.formats.layout import DateOrder
from clvapp.problems import DateOrderUnknown, DatesMixed

ISO_CHARACTERS = 19  # "2024-05-01 10:00:00": an offset after it is the shop's own, and we keep the local part


_ZONE = (  # only after a time: "03-04-2026" does not end in an offset
    r"(?i)(:[0-9]{2}(?:\s*[ap]m)?)(?:\.[0-9]+)?\s*(?:z|utc|gmt|[a-z]{1,2}[sd]t|cet|cest|gmt[+-][0-9]+|[+-][0-9]{2}:?[0-9]{2})?$"
)


_PARTS = r"^'?([0-9]{1,2})[/.-]([0-9]{1,2})[/.-](?:[0-9]{4}|[0-9]{2})(?:[ ,T].*)?$"


_TIMES = ("", " %H:%M:%S", " %H:%M", " %I:%M:%S %p", " %I:%M %p")


_NAMED = ("%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%d %b %Y", "%d %B %Y", "%b-%d-%y", "%b-%d-%Y", "%d-%b-%y", "%d-%b-%Y")


# German, French, Spanish, Portuguese, Italian and Dutch, in full and abbreviated, where they differ from English.
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


def local_moment(
    con: duckdb.DuckDBPyConnection, table: str, heading: str, given: DateOrder | None
) -> tuple[str, str, DateOrder | None]:
    """SQL for an order's local moment and for whether it has one, and which of day and month comes first."""
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
    """Whether `iso` reads every date, with the first and the last one plausible. Each date is read once."""
    found = f"SELECT {quoted('ordered_at')} AS cell, {iso} AS moment FROM {table}"
    ends = " AND ".join(f"coalesce({end}(moment) {_PLAUSIBLE}, true)" for end in ("min", "max"))
    return bool(rows(con, f"SELECT count(cell) = count(moment) AND {ends} FROM ({found})")[0][0])


def _parsed(con: duckdb.DuckDBPyConnection, words: str, local: str, formats: Sequence[str]) -> str:
    """SQL that reads `local` by the first of `formats` that fits, starting with those that the first of `words` match.

    Trying every format on each row takes ten times as long as trying the few that a column uses.
    """
    fits = ", ".join(f"count(try_strptime(word, {literal(pattern)}))" for pattern in formats)
    found = rows(con, f"SELECT {fits} FROM ({words} LIMIT {_WORDS_TRIED})")[0]
    # Two-digit and four-digit years stay together: "%Y" would read 26 as the year 26.
    years = {pattern.replace("%y", "%Y") for pattern, count in zip(formats, found, strict=True) if count}
    first = [pattern for pattern in formats if pattern.replace("%y", "%Y") in years]
    parts = [first, [pattern for pattern in formats if pattern not in first]]
    tried = (f"try_strptime({local}, [{', '.join(map(literal, part))}])" for part in parts if part)
    return f"coalesce({', '.join(tried)})"


def _months_in_english(con: duckdb.DuckDBPyConnection, table: str, local: str) -> str:
    """`local` with foreign month names turned into English ones, if the column has any."""
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
    """Any part above 12 in the column decides it, or else what was `given`. None when no date needs an order."""
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
