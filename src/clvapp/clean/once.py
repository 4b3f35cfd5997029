"""Money that an export holds twice, or not yet: gift cards sold and used, and what is still to be paid."""

from collections.abc import Sequence

import duckdb

from clvapp.clean.lines import Raw
from clvapp.clean.marks import PAID_BY_GIFT_CARD, says
from clvapp.clean.statuses import has_status, statuses
from clvapp.database import listed, rows
from clvapp.formats.words import PARTLY_PAID


def gift_cards(con: duckdb.DuckDBPyConnection, raw: Raw) -> dict[str, str]:
    """SQL, over the lines of an order, for its lines that sell gift cards and their money. Empty where none is sold."""
    if "product" not in raw.roles:
        return {}
    found = rows(con, f"SELECT DISTINCT product FROM {raw.table} WHERE product IS NOT NULL AND "
                      f"regexp_matches(lower(strip_accents(product)), '{_HINT}')")  # fmt: skip
    sold = [product for (product,) in found if says("gift_card", product)]
    if not sold:
        return {}
    is_one = f"product IN ({listed(sold)})"
    return {
        "gift_cards": f"coalesce(sum(line) FILTER ({is_one} AND line > 0), 0)",
        "gift_rows": f"count(*) FILTER ({is_one})",
    }


def _take_back_once(con: duckdb.DuckDBPyConnection, raws: Sequence[Raw]) -> None:
    """Add what a bank took back to what was refunded. The same amount in both is the same money."""
    if any("charged_back" in raw.roles for raw in raws):
        refunded, taken = "abs(coalesce(refunded, 0))", "abs(charged_back)"
        rows(
            con,
            f"UPDATE head_rows SET refunded = CASE WHEN {refunded} = {taken} THEN {taken} "
            f"ELSE greatest({refunded}, least({refunded} + {taken}, value)) END WHERE charged_back <> 0",
        )


def _what_was_paid(con: duckdb.DuckDBPyConnection, raws: Sequence[Raw]) -> None:
    """Take what is still open out of each order's value, and mark the orders of which nothing was paid as `owed`.

    In a known export only a status says that an order was paid in part. Where all orders of a file are open, its column
    is another name for the total.
    """
    by_status = statuses(con, raws)
    partly = {source: found.meaning(PARTLY_PAID) for source, found in by_status.items()}
    waiting = {source: found.meaning("waiting") for source, found in by_status.items()}
    unknown = [
        str(source)
        for source, raw in enumerate(raws)
        if not raw.format.all_of and {"outstanding", "paid_amount"}.intersection(raw.roles)
    ]
    if not unknown and not any(partly.values()):
        return
    ours = f"source IN ({', '.join(unknown) or 'NULL'})"
    rows(
        con,
        f"UPDATE head_rows SET outstanding = value - paid_amount WHERE {ours} AND outstanding IS NULL AND value > 0 "
        "AND paid_amount >= 0 AND coalesce(refunded, 0) = 0",
    )
    some_paid = f"SELECT source FROM head_rows WHERE {ours} AND value > 0 GROUP BY source HAVING bool_or({_PAID})"
    rows(
        con,
        f"UPDATE head_rows SET owed = NOT ({_PAID}) FROM (SELECT head FROM heads h WHERE {has_status(partly)} OR "
        f"source IN ({some_paid}) AND NOT {has_status(waiting)}) p WHERE head_rows.rowid = p.head AND value > 0 "
        "AND outstanding > 0.005",
    )
    rows(con, "UPDATE head_rows SET value = value - outstanding WHERE NOT owed")


_PAID = "coalesce(outstanding, 0) < value - 0.005"
# One of these is in every phrase for a gift card, so that few products are looked at any closer.
_HINT = "gift|geschenk|gutschein|cadeau|regal|presente|prenda|podarunk|present|gavekort|dark|hediye|هدي|ギフト|商品券"


def count_once(con: duckdb.DuckDBPyConnection, raws: Sequence[Raw]) -> bool:
    """Take out of `heads` what is not paid yet, and gift cards that were sold if orders pay with some. Says whether.

    A part-paid order keeps what was paid, where a column says what is missing.
    """
    _take_back_once(con, raws)
    _what_was_paid(con, raws)
    sold, used = rows(con, f"SELECT bool_or(gift_cards > 0), bool_or({PAID_BY_GIFT_CARD}) FROM heads")[0]
    if not (sold and used):
        return False
    rows(con, "UPDATE head_rows SET gift_only = true WHERE gift_cards >= value - 0.005 AND value > 0")
    rows(con, "UPDATE head_rows SET value = value - gift_cards WHERE gift_cards > 0 AND gift_only IS NULL")
    return True
