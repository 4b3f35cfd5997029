"""Why an order does not count: the first reason that applies, in the order of the import report."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from clvapp.clean.lines import BLANK, TOTALS, UNREADABLE, Raw
from clvapp.database import literal, rows

NOT_SALE, UNKNOWN_KIND = "not_a_sale", "unknown_kind"
NO_ORDER, NOT_NEEDED = "without_an_order", "not_needed"
DUPLICATE, TEST, STATUS, CURRENCY = "duplicate", "test", "status", "other_currency"
NO_DATE, AFTER_LOOK_BACK, FREE = "no_usable_date", "after_look_back", "free_order"

REASONS: Mapping[str, str] = {
    BLANK: "Blank rows",
    TOTALS: "Totals, titles and footers",
    UNREADABLE: "Rows that cannot be read, or hold no amount",
    NOT_SALE: "Not sales: fees, transfers, own purchases",
    UNKNOWN_KIND: "Of a kind that is not known",
    NOT_NEEDED: "Of a file that orders do not need",
    NO_ORDER: "About orders or customers that no file has",
    DUPLICATE: "Older state of an order that another file has too",
    TEST: "Test orders",
    STATUS: "Not paid, cancelled or failed",
    CURRENCY: "In another currency",
    NO_DATE: "Without a date that can be read",
    AFTER_LOOK_BACK: "After the day looked back from",
    FREE: "Free orders and lines that came to nothing",
}


@dataclass(frozen=True)
class Statuses:
    """Which of the statuses found mean that an order does not count, waits for its money, or was fully refunded."""

    not_counting: tuple[str, ...]
    pending: tuple[str, ...]
    refunded: tuple[str, ...]


def plain_status(status: str) -> str:
    """A status in the form in which we compare it.

    >>> plain_status("wc-checkout_draft "), plain_status("Pending payment")
    ('checkout draft', 'pending payment')
    """
    return " ".join(status.lower().removeprefix("wc-").replace("_", " ").replace("-", " ").split())


def statuses(con: duckdb.DuckDBPyConnection, raws: Sequence[Raw]) -> Mapping[int, Statuses]:
    """For each raw table, which of its statuses do not count, and which are only waiting for their money."""
    found: dict[int, Statuses] = {}
    for source, raw in enumerate(raws):
        present = [
            row[0] for row in rows(con, f"SELECT DISTINCT status FROM heads WHERE source = {source} AND status <> ''")
        ]
        found[source] = Statuses(
            _among(present, raw.format.statuses_that_do_not_count),
            _among(present, raw.format.statuses_pending),
            _among(present, raw.format.statuses_refunded),
        )
    return found


def _among(present: Iterable[str], listed: Iterable[str]) -> tuple[str, ...]:
    words = {plain_status(word) for word in listed}
    return tuple(sorted(status for status in present if plain_status(status) in words))


def reason(
    raws: Sequence[Raw], by_status: Mapping[int, Statuses], *, currencies: Sequence[str], count_pending: bool,
    last: dt.date | None = None,
) -> str:  # fmt: skip
    """SQL for why a row of `heads` (named `h`) does not count. NULL if it counts.

    If there are `currencies`, no other currency counts. `last` is the day looked back from: nothing after it counts.

    A missing amount is only a reason if the order would otherwise count: drafts often have no amount.
    """
    status = has_status(
        {
            source: (*found.not_counting, *(() if count_pending else found.pending))
            for source, found in by_status.items()
        }
    )
    test = " OR ".join(
        f"(h.source = {source} AND h.mode IN ({listed(raw.format.test_modes)}))"
        for source, raw in enumerate(raws)
        if raw.format.test_modes
    )
    other = f"h.currency NOT IN ({listed(currencies)})" if currencies else "false"
    return f"""CASE
        WHEN h.unreadable THEN '{UNREADABLE}'
        WHEN h.superseded THEN '{DUPLICATE}'
        WHEN {test or "false"} THEN '{TEST}'
        WHEN h.cancelled_at IS NOT NULL OR h.captured IS NOT DISTINCT FROM false OR {status} THEN '{STATUS}'
        WHEN {other} THEN '{CURRENCY}'
        WHEN h.moment IS NULL THEN '{NO_DATE}'
        WHEN {f"h.moment::DATE > DATE '{last.isoformat()}'" if last else "false"} THEN '{AFTER_LOOK_BACK}'
        WHEN coalesce(h.returned, 0) <> 0 THEN NULL
        WHEN h.value IS NULL THEN '{UNREADABLE}'
        WHEN h.value = 0 THEN '{FREE}' END"""


def has_status(by_source: Mapping[int, Iterable[str]]) -> str:
    """SQL for whether a row of `heads` (named `h`) has one of these statuses of its raw table."""
    tests = [f"h.source = {source} AND h.status IN ({listed(words)})" for source, words in by_source.items() if words]
    return f"coalesce({' OR '.join(tests)}, false)" if tests else "false"


def listed(words: Iterable[str]) -> str:
    """`words` as an SQL list."""
    return ", ".join(literal(word) for word in words)
