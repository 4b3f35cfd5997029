"""The currency signs on amounts -> the currency of each row, where no column names it and the signs differ."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import duckdb

from clvapp.clean.lines import Raw
from clvapp.clean.numbers import MONEY
from clvapp.database import literal, quoted, rows
from clvapp.formats.amounts import CURRENCY_NAMES
from clvapp.formats.layout import plain
from clvapp.wording import Of, Wording

_SIGN = rf"[A-Z]{{0,3}}\p{{Sc}}|[A-Z]{{3}}|{CURRENCY_NAMES}"
# A sign that several currencies share ("$", "kr") stays as it is.
_CODES = {
    "us$": "USD", "dollar": "USD", "dollars": "USD", "€": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP",
    "pound": "GBP", "pounds": "GBP", "円": "JPY", "c$": "CAD", "ca$": "CAD", "a$": "AUD", "au$": "AUD",
    "nz$": "NZD", "hk$": "HKD", "s$": "SGD", "sg$": "SGD", "r$": "BRL", "mx$": "MXN", "nt$": "TWD",
    "zł": "PLN", "zl": "PLN", "kč": "CZK", "kc": "CZK", "ft": "HUF", "lei": "RON", "leu": "RON", "₹": "INR",
    "rs": "INR", "₺": "TRY", "tl": "TRY", "₽": "RUB", "₴": "UAH", "₩": "KRW", "원": "KRW", "元": "CNY", "฿": "THB",
    "₫": "VND", "đ": "VND", "₪": "ILS", "sfr": "CHF", "rm": "MYR", "rp": "IDR", "лв": "BGN",
}  # fmt: skip


def named_by_signs(con: duckdb.DuckDBPyConnection, raw: Raw) -> tuple[Raw, Mapping[str, int]]:
    """`raw` with a column of currencies where its amounts carry signs of several, and those signs with their rows.

    The amounts of a known export stay together: its shop has one currency, or a column for it.
    """
    amount = next((role for role in ("order_total", "line_total", "unit_price") if role in raw.roles), None)
    if amount is None or "currency" in raw.roles:
        return raw, {}
    cell = quoted(amount)
    if rows(con, f"SELECT count({cell}) = count(try_cast({cell} AS {MONEY})) FROM {raw.table}")[0][0]:
        return raw, {}
    sign = f"regexp_extract({cell}, {literal(_SIGN)})"
    counted = f"SELECT {sign} AS sign, count(*) FROM {raw.table} WHERE {sign} <> '' GROUP BY sign ORDER BY 1"
    found: dict[str, int] = dict(rows(con, counted))
    codes = {one: _CODES.get(plain(one).rstrip("."), one.upper()) for one in found}
    if len(set(codes.values())) < 2 or raw.format.all_of:
        return raw, found if len(found) > 1 else {}
    cases = " ".join(f"WHEN {literal(one)} THEN {literal(code)}" for one, code in codes.items())
    rows(con, f"ALTER TABLE {raw.table} ADD COLUMN currency VARCHAR")
    rows(con, f"UPDATE {raw.table} SET currency = CASE {sign} {cases} END")
    return replace(raw, roles=(*raw.roles, "currency")), found


def told(signs: Mapping[str, int], raws: Sequence[Raw], words: Wording) -> list[str]:
    """What the owner should know about `signs` of several currencies, each with its rows."""
    if not signs:
        return []
    listed = ", ".join(
        f"{sign} on {words.count(count, 'row', of=Of('rows', period='as read', group=sign))}"
        for sign, count in signs.items()
    )
    apart = any("currency" in raw.roles and "currency" not in raw.headings for raw in raws)
    then = (
        "each sign was taken for its own currency."
        if apart
        else "they were added up as they stand. Export one currency at a time if they are not the same."
    )
    return [f"The amounts carry different currency signs ({listed}) and no column names the currency: {then}"]
