"""Columns beside the one of the status that say that an order did not count: flags, dates, further statuses."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from clvapp.formats.heading_parts import parts
from clvapp.formats.words import flags, meaning_of
from clvapp.read import cells
from clvapp.read.known_words import is_flag
from clvapp.read.left_open import Found, open_columns
from clvapp.read.table import Table, share

_UNDONE = {"cancelled", "refunded", "returned", "unpaid", "test", "draft"}
_UNDOING = {"cancelled", "came_back", "refunded"}  # parts of a heading
_FEW_WORDS, _MOSTLY = 25, 0.9


def more_states(table: Table, found: Found) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Flags and dates of cancelling, flags of having been paid, and a further column whose words are all statuses."""
    known = set(found)
    for place, values in open_columns(table, found):
        said, flagged = parts(table.headings[place]), all(map(is_flag, values))
        role = None
        rarely_dated = share(values, cells.is_date) >= _MOSTLY and 2 * len(values) <= len(table.rows)
        if "cancelled" in said and "other" not in said and (flagged or rarely_dated):
            role = "cancelled_at"
        elif "paid" in said and "other" not in said and flagged:
            role = "captured"
        elif not flagged and "status" in found and _undoes(values) and all(map(meaning_of, set(values))):
            role = "payment_status"
        if role and role not in known:
            known.add(role)
            yield role, (place,)


def differ_by_line(table: Table, found: Found) -> bool:
    """Whether lines of one order have different statuses, and some of them say that they came to nothing."""
    lines = {"line_total", "unit_price"} & found.keys()
    if not ({"order_id", "status"} <= found.keys() and lines and "order_total" not in found):
        return False
    said = _said_by_order(table, found["order_id"][0], found["status"])
    return any(len(one) > 1 and any(meaning_of(word) in _UNDONE for word in one) for one in said)


def may_undo(table: Table, place: int, values: Sequence[str], found: Found) -> tuple[str, ...]:
    """The words of a column without a role that may say that orders did not count; empty if they hardly can.

    Flags, dates and reasons count under a heading that speaks of it, other words where one of them is such a status.
    """
    said, words = parts(table.headings[place]), tuple(sorted(set(values)))
    if len(words) > _FEW_WORDS:
        return ()
    if "order_id" in found and any(len(one) > 1 for one in _said_by_order(table, found["order_id"][0], (place,))):
        return ()
    told = bool(said & _UNDOING)
    if all(map(is_flag, values)):
        return words if told and any(word.casefold() in flags("yes") for word in words) else ()
    if share(values, cells.is_date) >= _MOSTLY:
        return words if told and len(values) < len(table.rows) else ()
    if share(values, cells.is_number) >= 0.5:
        return ()
    spoken = not any(sign.isdigit() for word in words for sign in word)
    return words if (told and spoken) or ("status" in said and _undoes(values)) else ()


def _undoes(values: Sequence[str]) -> bool:
    return len(set(values)) <= _FEW_WORDS and any(meaning_of(value) in _UNDONE for value in set(values))


def _said_by_order(table: Table, number: int, places: Sequence[int]) -> Collection[set[str]]:
    """What the rows of each order say in these columns, blanks apart."""
    said: dict[str, set[str]] = defaultdict(set)
    for row in table.rows:
        if words := " ".join(row[place].strip() for place in places).strip():
            said[row[number].strip()].add(words)
    return said.values()
