"""Why an order does not count: the first reason that applies, in the order of the import report."""

import datetime as dt
from collections.abc import Mapping, Sequence

from clvapp.clean.lines import BLANK, TOTALS, UNREADABLE, Raw
from clvapp.clean.marks import IS_TEST
from clvapp.clean.statuses import Statuses, has_status
from clvapp.database import listed

NOT_SALE, UNKNOWN_KIND = "not_a_sale", "unknown_kind"
NO_ORDER, NOT_NEEDED = "without_an_order", "not_needed"
DUPLICATE, TEST, DRAFT, STATUS, CURRENCY = "duplicate", "test", "draft", "status", "currency"
NO_DATE, AFTER_LOOK_BACK, FREE = "date", "after_look_back", "free"

REASONS: Mapping[str, str] = {
    BLANK: "Blank rows",
    TOTALS: "Totals, titles and footers",
    UNREADABLE: "Rows that cannot be read, or hold no amount",
    NOT_SALE: "Not sales: fees, transfers, payments of invoices, own purchases, gift cards that count when used",
    UNKNOWN_KIND: "Of a kind that is not known",
    NOT_NEEDED: "Of a file that orders do not need",
    NO_ORDER: "About orders or customers that no file has",
    DUPLICATE: "Older state of an order that another file has too",
    TEST: "Test orders",
    DRAFT: "Drafts and quotations",
    STATUS: "Not paid, cancelled or failed",
    CURRENCY: "In another currency",
    NO_DATE: "Without a date that can be read",
    AFTER_LOOK_BACK: "After the day looked back from",
    FREE: "Free orders and lines that came to nothing",
}


def reason(
    raws: Sequence[Raw], by_status: Mapping[int, Statuses], *, currencies: Sequence[str], count_pending: bool,
    last: dt.date | None = None,
) -> str:  # fmt: skip
    """SQL for why a row of `heads` (named `h`) does not count. NULL if it counts.

    If there are `currencies`, no other currency counts. `last` is the day looked back from: nothing after it counts.

    A missing amount is only a reason if the order would otherwise count: drafts often have no amount.
    """
    left_out = ("cancelled", "unpaid", "returned", *(() if count_pending else ("waiting",)))
    test, draft, status = (
        has_status({source: found.meaning(*meanings) for source, found in by_status.items()})
        for meanings in (("test",), ("draft",), left_out)
    )
    owed = "" if count_pending else " OR coalesce(h.owed, false)"
    other = f"h.currency NOT IN ({listed(currencies)})" if currencies else "false"
    return f"""CASE
        WHEN h.unreadable THEN '{UNREADABLE}'
        WHEN h.superseded THEN '{DUPLICATE}'
        WHEN {IS_TEST} OR {test} THEN '{TEST}'
        WHEN {draft} THEN '{DRAFT}'
        WHEN h.cancelled_at IS NOT NULL OR h.captured IS NOT DISTINCT FROM false OR {status}{owed} THEN '{STATUS}'
        WHEN h.gift_only THEN '{NOT_SALE}'
        WHEN {other} THEN '{CURRENCY}'
        WHEN h.moment IS NULL THEN '{NO_DATE}'
        WHEN {f"h.moment::DATE > DATE '{last.isoformat()}'" if last else "false"} THEN '{AFTER_LOOK_BACK}'
        WHEN coalesce(h.returned, 0) <> 0 THEN NULL
        WHEN h.value IS NULL THEN '{UNREADABLE}'
        WHEN h.value = 0 THEN '{FREE}' END"""
