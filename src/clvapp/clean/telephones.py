"""Telephone numbers as people write them -> one spelling each, where a telephone is all we know of who ordered.

A number is read as its own order's country writes it, else as the shop's does. Where no country is known, its digits
count. Each number is read once, however many orders have it.
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

import babel
import babel.core
import duckdb
import pandas as pd
import phonenumbers

from clvapp.database import rows
from clvapp.formats.layout import plain

_LEAST_DIGITS = 6
_DAMAGED = re.compile(r"^\d(?:[.,](\d+))?E\+?(\d+)$", re.IGNORECASE)
_BETWEEN = re.compile(r"[/;,|\n]| or | oder | ou | o | und | and ")
_TYPED = ("0123456789", "1234567890", "9876543210")
# A territory has a name in each of these, and a file has its names in one of them.
_LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl", "pl", "sv", "da", "nb", "cs", "tr", "ar", "ja")


def spell(con: duckdb.DuckDBPyConnection) -> int:
    """Rewrite `phone` in `head_rows` where an order has neither an address nor a customer number.

    Returns how many orders lost their number to a spreadsheet, which left 4.48E+11 of it.
    """
    there = {row[0] for row in rows(con, "DESCRIBE head_rows")}
    if "phone" not in there:
        return 0
    better = [f"{name} IS NULL" for name in ("email", "customer_number") if name in there]
    alone = " AND ".join(["phone IS NOT NULL", *better])
    said = rows(con, f"SELECT phone, mode(country), count(*) FROM heads WHERE {alone} GROUP BY phone ORDER BY phone")
    if not said:
        return 0
    usual = _usual(con, [phone for phone, _, _ in said])
    found = [(phone, telephone(phone, _region(country), usual)) for phone, country, _ in said]
    con.register("spelled", pd.DataFrame(found, columns=["word", "spelled"], dtype="string"))
    rows(con, f"UPDATE head_rows SET phone = s.spelled FROM spelled s WHERE phone = s.word AND {alone}")
    con.unregister("spelled")
    lost = {phone for phone, spelled in found if spelled is None and _DAMAGED.match(phone)}
    return sum(count for phone, _, count in said if phone in lost)


def read(con: duckdb.DuckDBPyConnection, said: Iterable[str]) -> dict[str, str | None]:
    """Each number of `said`, in one spelling, as the shop's own country reads it."""
    usual = _usual(con, said := sorted(said))
    return {phone: telephone(phone, usual) for phone in said}


def telephone(text: str, *regions: str | None) -> str | None:
    """The number in `text` with its country's code, read as the first of `regions` where it is one, or None.

    >>> telephone("(555) 201-0001", "US"), telephone("+1 555 201 0001"), telephone("1-555-201-0001 x4", "US")
    ('+15552010001', '+15552010001', '+15552010001')
    >>> telephone("0170/1234567", "DE"), telephone("0049 170 1234567"), telephone("491701234567", "DE")
    ('+491701234567', '+491701234567', '+491701234567')
    >>> telephone("020 7946 0000"), telephone("4.47911E+11", "GB"), telephone("000 000 000"), telephone("+44 79**")
    ('2079460000', None, None, None)
    """
    said = _undamaged(_first(text))
    digits = "".join(str(int(sign)) for sign in said or "" if sign.isdecimal())
    if said is None or "*" in said or len(digits) < _LEAST_DIGITS or len(set(digits)) < 2 or digits in _TYPED:
        return None
    if said.strip().startswith("00"):
        said = "+" + digits[2:]
    known = [region for region in dict.fromkeys(regions) if region]
    readings = [_read(said, region) for region in known] or [_read(said, None)]
    # Without its plus, a number with its country's code looks like one of a town.
    place = 0 if any(_lost_its_plus(digits, region) for region in known) else len(readings)
    if known:
        readings.insert(place, _read("+" + digits, None))
    possible = [one for one in readings if one]
    valid = (one for one in possible if phonenumbers.is_valid_number(one))
    best = next(valid, possible[0] if possible else None)
    if best is None:
        return digits.lstrip("0") or None
    return phonenumbers.format_number(best, phonenumbers.PhoneNumberFormat.E164)


def _first(text: str) -> str:
    """The first of several numbers. A stroke may also stand inside one number."""
    parts = _BETWEEN.split(text)
    several = all(sum(sign.isdecimal() for sign in part) >= _LEAST_DIGITS + 1 for part in parts)
    return parts[0] if several else text


def _undamaged(text: str) -> str | None:
    """`text` without what a spreadsheet did to it, or None when that took digits away."""
    text = text.removesuffix(".0")
    damaged = _DAMAGED.match(text.strip())
    if damaged is None:
        return text
    whole = len(damaged.group(1) or "") == int(damaged.group(2))
    return re.sub(r"[.,]", "", text.strip().upper().partition("E")[0]) if whole else None


def _read(text: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None


def _lost_its_plus(digits: str, region: str) -> bool:
    """Whether `digits` begin with the country's code, in a country where towns begin with 0."""
    code = str(phonenumbers.country_code_for_region(region))
    return digits.startswith(code) and phonenumbers.ndd_prefix_for_region(region, True) == "0"


def _usual(con: duckdb.DuckDBPyConnection, said: Iterable[str]) -> str | None:
    """The shop's own country: of most orders, else of their currency, else of most numbers that name theirs."""
    for column in ("country", "currency"):
        found = rows(con, f"SELECT {column}, count(*) AS n FROM heads WHERE {column} IS NOT NULL GROUP BY {column} "
                          f"ORDER BY n DESC, {column} LIMIT 1")  # fmt: skip
        if found and (region := _region(found[0][0][:2] if column == "currency" else found[0][0])):
            return region
    spelled = (_read(text, None) for text in said if text.startswith("+"))
    named = Counter(one.country_code for one in spelled if one and one.country_code)
    return phonenumbers.region_code_for_country_code(named.most_common(1)[0][0]) if named else None


def _region(country: str | None) -> str | None:
    """The two letters of a country, given by its letters or by its name in one of several languages.

    >>> _region("gb"), _region("USA"), _region("Deutschland"), _region("日本"), _region("Atlantis")
    ('GB', 'US', 'DE', 'JP', None)
    """
    if not country:
        return None
    code = country.strip().upper()
    code = {"UK": "GB"}.get(code, code)
    if code not in phonenumbers.SUPPORTED_REGIONS:
        code = _territories().get(plain(country), "")
    return code if code in phonenumbers.SUPPORTED_REGIONS else None


@cache
def _territories() -> dict[str, str]:
    """The name of each country, and its three letters -> its two letters."""
    aliases = babel.core.get_global("territory_aliases")
    found = {plain(old): new[0] for old, new in aliases.items() if len(new) == 1}
    for language in _LANGUAGES:
        names = babel.Locale(language).territories
        found |= {plain(name): code for code, name in names.items() if len(code) == 2}
    return found
