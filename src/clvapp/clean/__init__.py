"""Raw text tables -> orders, each counted once, and every row that was left out, with its reason.

`load` reads the text once and makes `heads`, one row for each order and file. `orders` applies the owner's settings to
that without reading the text again. It makes `orders`, one row for each order that counts, and `adjustments`, money
that moved without an order.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import duckdb

from clvapp.clean import companions, kinds, ledger, once, prepare, refunds, report, superseded
from clvapp.clean.lines import Raw
from clvapp.clean.numbers import currency_signs
from clvapp.clean.orders import heads, start
from clvapp.clean.outcome import Cleaned, Loaded
from clvapp.clean.reasons import REASONS, reason
from clvapp.clean.report import forget_rows, left_out_rows, nobody_named
from clvapp.clean.statuses import has_status, settled, statuses
from clvapp.clean.values import Values, values
from clvapp.database import rows
from clvapp.problems import NoOrderCounts
from clvapp.settings import Settings
from clvapp.wording import Wording

__all__ = ["REASONS", "Cleaned", "Loaded", "Raw", "forget_rows", "left_out_rows", "load", "nobody_named", "orders"]


def load(
    con: duckdb.DuckDBPyConnection,
    raws: Sequence[Raw],
    *,
    rows_in: int,
    rows_ragged: int = 0,
    ask: bool = True,
) -> Loaded:
    """Understand the text of `raws`: make `heads`, `odd_rows`, `links`, and a view `lines_N` for each raw table.

    `heads` is a view of the table `head_rows`, plus the columns that no file has.

    `ask`: whether to raise `StatusesUnknown` for statuses that nobody knows; else they count.

    Raises a `Question` when even a whole column can be read in two ways, a `Problem` when no date can be read.
    """
    start(con)
    rows(con, "CREATE OR REPLACE TABLE odd_rows (source INTEGER, file INTEGER, record BIGINT, reason VARCHAR, "
              "money DECIMAL(18,4))")  # fmt: skip
    read, shapes, found, signs = [], [], [], Counter[str]()
    unknown: dict[str, None] = {}
    for source, given in enumerate(raws):
        prepare.prepare(con, given)
        raw = companions.complete(con, source, given)
        understood = values(
            con, raw.table, raw.roles, date_order=raw.date_order, decimal_sign=raw.decimal_sign,
            heading=raw.headings.get("ordered_at", "date"), usual=raw.format,
        )  # fmt: skip
        signs.update(_currency_signs(con, raw, understood))
        raw, understood = prepare.with_refunds(con, raw, understood)
        raw = kinds.lent(con, raw, understood, ask=ask)
        unknown |= dict.fromkeys(kinds.sort_out(con, source, raw, understood))
        shapes.append(heads(con, source, raw, understood))
        found.append(understood)
        read.append(raw)
        superseded.refuse_without_dates(con, source, raw)
    superseded.mark_unreadable(con)
    doubled, changed = superseded.mark_superseded(con, read)
    refunds.link(con, len(read))
    if ask:
        read = list(settled(con, read))
    return Loaded(
        tuple(read), tuple(shapes), next((one.date_order for one in found if one.date_order), None), rows_in,
        rows_ragged, doubled, changed, signs,
        tuple(raw.format.name for raw, one in zip(read, found, strict=True) if one.assumed), tuple(unknown),
        once.count_once(con, read),
    )  # fmt: skip


def _currency_signs(con: duckdb.DuckDBPyConnection, raw: Raw, understood: Values) -> Mapping[str, int]:
    """The currency signs that amounts carry, when no column names the currency."""
    amount = next((role for role in ("order_total", "line_total") if role in understood.unreadable), None)
    return currency_signs(con, raw.table, amount) if amount and "currency" not in raw.roles else {}


# --- what counts, by the owner's settings ---------------------------------------------------------------------------


def orders(
    con: duckdb.DuckDBPyConnection,
    loaded: Loaded,
    *,
    currency: str | None = None,
    count_shipping: bool = Settings.count_shipping,
    count_tax: bool = Settings.count_tax,
    count_pending: bool = Settings.count_pending,
    rates: Mapping[str, float] = MappingProxyType({}),
    words: Wording = Wording(),
) -> Cleaned:
    """Make the tables `orders` and `adjustments` under the owner's settings. Raises `NoOrderCounts`.

    `rates`: what one unit of another currency is worth in the one analysed. Orders in a currency without a rate do not
    count. `words`: how the findings write numbers for their reader.
    """
    by_status = statuses(con, loaded.raws)
    currencies = report.currencies(con)
    commonest = str(currencies["currency"].iloc[0]) if len(currencies) else None
    main = currency.strip().upper() if currency else commonest
    analysed = main if len(currencies) else None
    rates = {code: rate for code, rate in rates.items() if code != analysed and analysed is not None}
    counted_in = (*rates, analysed) if analysed else ()
    why = reason(loaded.raws, by_status, currencies=counted_in, count_pending=count_pending)
    who = ledger.customer_id(loaded.raws)
    marked = has_status({source: found.meaning("refunded") for source, found in by_status.items()})
    rows(
        con,
        f"CREATE OR REPLACE VIEW judged AS SELECT h.*{ledger.converted(rates)}, {who} AS customer_id, {why} AS reason, "
        f"{marked} AS marked_refunded FROM heads h",
    )
    left = report.report(con, loaded)
    left_out = int(left["rows"].sum())
    kept = ledger.kept_share(count_shipping=count_shipping, count_tax=count_tax)
    ledger.make_orders(con, kept)
    ledger.make_adjustments(con, kept)
    counted = rows(con, "SELECT count(*) FROM orders")[0][0]
    if not counted:
        reasons = "; ".join(
            f"{label.lower()}: {count:,}" for label, count in zip(left["label"], left["rows"], strict=True)
        )
        otherwise = "they only give money back" if loaded.rows_in else "below the column names the file is empty"
        raise NoOrderCounts(loaded.rows_in, reasons or otherwise)
    figures = report.figures(con, by_status)
    said = report.findings(loaded, currencies, main=main, rates=rates, counts=figures, words=words)
    return Cleaned(
        rows_in=loaded.rows_in, rows_used=loaded.rows_in - left_out, report=left, currency=main,
        currencies=currencies, orders=counted, findings=said, **figures,
    )  # fmt: skip
