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


# One of these is in every phrase for a gift card, so that few products are looked at any closer.
_HINT = "gift|geschenk|gutschein|cadeau|regal|presente|prenda|podarunk|present|gavekort|dark|hediye|هدي|ギフト|商品券"


def count_once(con: duckdb.DuckDBPyConnection, raws: Sequence[Raw]) -> bool:
    """Take out of `heads` what is not paid yet, and gift cards that were sold if orders pay with some. Says whether.

    A part-paid order keeps what was paid, where a column says what is missing.
    """
    partly = {source: found.meaning(PARTLY_PAID) for source, found in statuses(con, raws).items()}
    if any(partly.values()):
        part_paid = f"SELECT h.head FROM heads h WHERE {has_status(partly)}"
        rows(
            con,
            f"UPDATE head_rows SET value = value - outstanding FROM ({part_paid}) p WHERE head_rows.rowid = p.head "
            "AND outstanding > 0 AND outstanding < value",
        )
    sold, used = rows(con, f"SELECT bool_or(gift_cards > 0), bool_or({PAID_BY_GIFT_CARD}) FROM heads")[0]
    if not (sold and used):
        return False
    rows(con, "UPDATE head_rows SET gift_only = true WHERE gift_cards >= value - 0.005 AND value > 0")
    rows(con, "UPDATE head_rows SET value = value - gift_cards WHERE gift_cards > 0 AND gift_only IS NULL")
    return True
