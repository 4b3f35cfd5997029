"""Raw text tables -> orders, each counted once, and every row that was left out, with its reason.

`load` reads the text once and makes `heads`, one row for each order and file. `orders` applies the owner's settings to
that without reading the text again. It makes `orders`, one row for each order that counts, and `adjustments`, money
that moved without an order.
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import duckdb

from clvapp.clean import (
    companions,
    cut,
    kinds,
    ledger,
    once,
    prepare,
    refunds,
    report,
    same_person,
    strays,
    superseded,
    telephones,
)
from clvapp.clean.currency_signs import named_by_signs
from clvapp.clean.lines import Raw
from clvapp.clean.order_findings import order_findings
from clvapp.clean.orders import heads, start
from clvapp.clean.outcome import Cleaned, Loaded
from clvapp.clean.reasons import REASONS, reason
from clvapp.clean.report import forget_rows, left_out_rows, nobody_named
from clvapp.clean.small_money import in_whole_units
from clvapp.clean.statuses import has_status, settled, statuses
from clvapp.clean.values import values
from clvapp.database import rows
from clvapp.days import date, day_number
from clvapp.problems import DatesAhead, NoOrderCounts, ObservationEndOutside, ObservationEndTooLate
from clvapp.settings import Settings
from clvapp.wording import Wording

__all__ = ["REASONS", "Cleaned", "Loaded", "Raw", "forget_rows", "left_out_rows", "load", "nobody_named", "orders"]
_YEAR, _RECENT, _BUDDHIST = 366, 3660, 43 * 365  # days; 43 years from 2025 to 2068


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
    joined = 0
    for source, given in enumerate(raws):
        prepare.prepare(con, given)
        raw, carried = named_by_signs(con, companions.complete(con, source, given))
        signs.update(carried)
        understood = values(
            con, raw.table, raw.roles, date_order=raw.date_order, decimal_sign=raw.decimal_sign,
            heading=raw.headings.get("ordered_at", "date"), usual=raw.format,
            proven=raw.proven_order,
        )  # fmt: skip
        understood = in_whole_units(con, raw, understood, ask=ask)
        raw, understood = prepare.with_refunds(con, raw, understood)
        raw = kinds.lent(con, raw, understood, ask=ask)
        joined += cut.join(con, raw, understood)
        unknown |= dict.fromkeys(kinds.sort_out(con, source, raw, understood))
        shapes.append(heads(con, source, raw, understood))
        found.append(understood)
        read.append(raw)
        superseded.refuse_without_dates(con, source, raw)
    superseded.mark_unreadable(con)
    doubled, changed, again = superseded.mark_superseded(con, read)
    lost = telephones.spell(con)
    refunds.link(con, len(read))
    same_person.find(con, ledger.customer_id(read))
    if ask:
        read = list(settled(con, read))
    return Loaded(
        tuple(read), tuple(shapes), next((one.date_order for one in found if one.date_order), None), rows_in,
        rows_ragged, doubled, changed, signs,
        tuple(raw.format.name for raw, one in zip(read, found, strict=True) if one.assumed), tuple(unknown),
        again or sum(shape.numbers_again for shape in shapes), joined, lost,
        once.count_once(con, read),
    )  # fmt: skip


# --- what counts, by the owner's settings ---------------------------------------------------------------------------


def orders(
    con: duckdb.DuckDBPyConnection,
    loaded: Loaded,
    *,
    currency: str | None = None,
    count_shipping: bool = Settings.count_shipping,
    count_tax: bool = Settings.count_tax,
    count_pending: bool = Settings.count_pending,
    join_people: bool = Settings.join_people,
    rates: Mapping[str, float] = MappingProxyType({}),
    look_back: dt.date | None = None,
    today: dt.date | None = None,
    keep_strays: bool = False,
    words: Wording = Wording(),
) -> Cleaned:
    """Make the tables `orders` and `adjustments` under the owner's settings, and `stray_orders`, `stray_adjustments`.

    Raises `NoOrderCounts`, and `ObservationEndOutside` or `ObservationEndTooLate` of the day to `look_back` from.

    `rates`: what one unit of another currency is worth in the one analysed. Orders in a currency without a rate do not
    count. `join_people`: whether keys that seem to be one person's are one customer. Orders later than `today` lie
    alone. `words`: how the findings write numbers for their reader.
    """
    by_status = statuses(con, loaded.raws)
    currencies = report.currencies(con)
    commonest = str(currencies["currency"].iloc[0]) if len(currencies) else None
    main = currency.strip().upper() if currency else commonest
    analysed = main if len(currencies) else None
    rates = {code: rate for code, rate in rates.items() if code != analysed and analysed is not None}
    counted_in = (*rates, analysed) if analysed else ()
    who, joined = ledger.customer_id(loaded.raws), ""
    if join_people:
        who, joined = f"coalesce(p.joined, {who})", f" LEFT JOIN same_person p ON p.customer_id = {who}"
    marked = has_status({source: found.meaning("refunded") for source, found in by_status.items()})
    kept = ledger.kept_share(count_shipping=count_shipping, count_tax=count_tax)

    def judge(last: dt.date | None) -> None:
        why = reason(loaded.raws, by_status, currencies=counted_in, count_pending=count_pending, last=last)
        rows(
            con,
            f"CREATE OR REPLACE VIEW judged AS SELECT h.*{ledger.converted(rates)}, {who} AS customer_id, "
            f"{why} AS reason, {marked} AS marked_refunded FROM heads h{joined}",
        )
        ledger.make_orders(con, kept, loaded.raws)
        ledger.make_adjustments(con, kept)

    judge(None)
    counted = rows(con, "SELECT count(*) FROM orders")[0][0]
    if not counted:
        left = report.report(con, loaded)
        reasons = "; ".join(
            f"{label.lower()}: {count:,}" for label, count in zip(left["label"], left["rows"], strict=True)
        )
        otherwise = "they only give money back" if loaded.rows_in else "below the column names the file is empty"
        raise NoOrderCounts(loaded.rows_in, reasons or otherwise)
    if today is not None:
        _refuse_the_future(con, loaded, day_number(today))
    core = strays.trade(con, today=None if today is None else day_number(today))
    trade = strays.everything(con, core) if keep_strays else core
    if look_back is not None:
        _check_look_back(look_back, trade)
        judge(look_back)
        counted = rows(con, "SELECT count(*) FROM orders")[0][0]
    left = report.report(con, loaded)
    figures = report.figures(con, by_status)
    alone = strays.set_aside(con, core, keep=keep_strays, words=replace(words, currency=main))
    said = report.findings(loaded, currencies, main=main, rates=rates, counts=figures, words=words)
    return Cleaned(
        rows_in=loaded.rows_in, rows_used=loaded.rows_in - int(left["rows"].sum()), report=left, currency=main,
        currencies=currencies, orders=counted, trade=trade,
        findings=(*alone, *said, *order_findings(con, loaded, words)), **figures,
    )  # fmt: skip


def _refuse_the_future(con: duckdb.DuckDBPyConnection, loaded: Loaded, today: int) -> None:
    """Raises `DatesAhead` where most orders lie as far ahead as years of two digits do that count from the Buddha's.

    2568 is 2025, and "68" is read as 2068. A clock that stands before every order is no such thing.
    """
    late = f"day BETWEEN {today + _BUDDHIST - _RECENT} AND {today + _BUDDHIST + _YEAR}"
    ahead, first = rows(con, f"SELECT avg(({late})::INT), min(day) FILTER ({late}) FROM orders")[0]
    if ahead > 0.5:
        raise DatesAhead(loaded.raws[0].headings.get("ordered_at", "date"), date(int(first)).isoformat())


def _check_look_back(day: dt.date, trade: strays.Trade) -> None:
    """Refuse a day to look back from that lies before the first order, or years after the last."""
    if day_number(day) < trade.first:
        raise ObservationEndOutside(day.isoformat(), date(trade.first).isoformat())
    if day_number(day) > trade.latest_look_back:
        raise ObservationEndTooLate(
            day.isoformat(), date(trade.last_money).isoformat(), date(trade.latest_look_back).isoformat()
        )
