"""What cells mark an order as: a test, cancelled, paid with a gift card, its money lost in a dispute."""

from collections.abc import Callable, Collection
from functools import cache

import duckdb

from clvapp.clean.lines import Raw
from clvapp.database import listed, literal, quoted, rows
from clvapp.formats import words

# Column of `heads` -> the role that it comes from.
MARKS = {
    "is_test": "mode", "test_payment": "payment_method", "test_tag": "tags", "by_gift_card": "payment_method",
    "gift_card_used": "gift_card", "dispute_lost": "dispute",
}  # fmt: skip
IS_TEST = "h.is_test OR h.test_payment OR h.test_tag"
PAID_BY_GIFT_CARD = "by_gift_card OR gift_card_used"


def marks(con: duckdb.DuckDBPyConnection, raw: Raw, filled: Collection[str]) -> dict[str, tuple[str, str]]:
    """Column of `heads` -> (the role it comes from, the SQL that reads it from a raw row), for `filled` roles."""

    def among(role: str, holds: Callable[[str], bool]) -> tuple[str, str]:
        found = rows(con, f"SELECT DISTINCT {quoted(role)} FROM {raw.table} WHERE {quoted(role)} IS NOT NULL")
        cells = [cell for (cell,) in found if holds(cell)]
        return role, f"{{}} IN ({listed(cells)})" if cells else "NULL::BOOLEAN"

    tests: dict[str, Callable[[], tuple[str, str]]] = {
        "is_test": lambda: among("mode", lambda cell: _test_mode(cell, raw)),
        "test_payment": lambda: among("payment_method", lambda cell: says("test_payment", cell)),
        "test_tag": lambda: ("tags", f"regexp_matches(lower({{}}), {literal(_tag_pattern())})"),
        "by_gift_card": lambda: among("payment_method", lambda cell: says("gift_card", cell)),
        "gift_card_used": lambda: among("gift_card", _some),
        "dispute_lost": lambda: among("dispute", lambda cell: says("dispute_lost", cell)),
    }
    return {column: tests[column]() for column, role in MARKS.items() if role in filled}


def says(name: str, cell: str) -> bool:
    """Whether one of the phrases under `name` stands in `cell`.

    >>> says("gift_card", "Visa + Gift Card"), says("test_payment", "(for testing) Bogus Gateway")
    (True, True)
    """
    spoken = f" {words.folded(cell)} "
    whole, beginning = _phrases(name)
    return any(phrase in spoken for phrase in (*whole, *beginning))


@cache
def _phrases(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    entries = words.lists()["marks"][name]
    return (
        tuple(f" {words.folded(entry)} " for entry in entries if not entry.endswith("*")),
        tuple(f" {words.folded(entry)}" for entry in entries if entry.endswith("*")),
    )


def _test_mode(cell: str, raw: Raw) -> bool:
    """Whether a cell of the mode says test. A column of yes and no says it of what its heading names."""
    said = cell.lower()
    if said in words.flags("yes") or said in words.flags("no"):
        named = "live" in words.folded(raw.headings.get("mode", ""))
        return (said in words.flags("no")) == named
    return said in raw.format.test_modes or words.meaning_of(cell) == "test"


def _some(cell: str) -> bool:
    """Whether a cell names a gift card or an amount of one."""
    return cell.lower() not in words.flags("no") and any(sign in "123456789" or sign.isalpha() for sign in cell)


@cache
def _tag_pattern() -> str:
    tags = "|".join(words.lists()["marks"]["test_tag"])
    return rf"(?:^|[,;|])\s*(?:{tags})\s*(?:$|[,;|])"


def cancelled(role_cell: str, nobody: str) -> str:
    """SQL for a cell that says when an order was cancelled, or that it was. NULL where it says no."""
    return (
        f"CASE WHEN lower({role_cell}) NOT IN ({nobody}, {listed(sorted(words.flags('no')))}) "
        f"AND {role_cell} NOT LIKE '0000%' THEN {role_cell} END"
    )
