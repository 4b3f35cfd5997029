"""What the orders say: which count, when they were, what they came to, and where the file begins."""

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property

import narwhals as nw
import pandas as pd

from clvapp import clean, memory
from clvapp.customers import sales, summary, tables
from clvapp.customers.burn_in import BurnIn, burn_in
from clvapp.days import date, day_number
from clvapp.memo import Views
from clvapp.settings import Settings
from clvapp.shop import Progress, Shop, silent
from clvapp.wording import Wording


@dataclass(eq=False)
class OrderBook:
    """The orders of a shop under one set of settings, each part computed when it is first asked for.

    `locale` is the reader's, and decides how sentences write numbers. `progress` is called as each long step begins.
    """

    shop: Shop
    settings: Settings = field(default_factory=Settings)
    progress: Progress = silent
    locale: str = "en_US"
    today: dt.date | None = None  # of its reader: an order dated later lies alone
    views: Views = field(default_factory=dict)
    _sales: dict[str, pd.DataFrame] = field(default_factory=dict)

    @property
    def words(self) -> Wording:
        """Wording in this reader's locale and the shop's currency."""
        return Wording(self.locale, self.cleaned.currency)

    @cached_property
    def cleaned(self) -> clean.Cleaned:
        """The orders that count, and every row left out with its reason."""
        chosen = self.settings
        return clean.orders(
            self.shop.engine.con, self.shop.loaded, currency=chosen.currency, count_shipping=chosen.count_shipping,
            count_tax=chosen.count_tax, count_pending=chosen.count_pending, rates=chosen.rates,
            join_people=chosen.join_people,
            look_back=chosen.observation_end, today=self.today, keep_strays=chosen.strays == "keep",
            words=Wording(self.locale),  # cleaning finds the currency; its sentences hold only counts
        )  # fmt: skip

    @cached_property
    def same_person(self) -> pd.DataFrame:
        """The keys of people who seem to have several: `customer_id`, `joined` (the person's first), `shared`."""
        return self.shop.engine.con.execute("SELECT * FROM same_person ORDER BY joined, customer_id").df()

    @cached_property
    def tables(self) -> tables.Tables:
        """The orders as canonical tables, computed lazily."""
        con, trade = self.shop.engine.con, self.cleaned.trade
        orders, adjustments = (nw.from_native(con.table(name)) for name in ("orders", "adjustments"))
        if not self.strays_left_out:
            return tables.Tables(orders, adjustments)
        nearest = nw.when(nw.col("day") < trade.first).then(nw.lit(trade.first)).otherwise(nw.lit(trade.last))
        alone = [
            nw.from_native(con.table(f"stray_{name}")).with_columns(day=nearest.cast(nw.Int64))
            for name in ("orders", "adjustments")
        ]
        return tables.Tables(orders, adjustments, tables.Tables(alone[0], alone[1]))

    @property
    def strays_left_out(self) -> bool:
        """Whether orders or refunds lie alone, and move no first or last day."""
        return self.cleaned.trade.strays > 0 and self.settings.strays != "keep"

    @property
    def span(self) -> tuple[int, int]:
        """The days of the file's first and last order, as days since 1970, whatever day is looked back from."""
        return self.cleaned.trade.first, self.cleaned.trade.last

    @property
    def last_day(self) -> int:
        """The last day the file knows of: that of its last order, or of a refund after it."""
        return self.cleaned.trade.last_money

    @cached_property
    def days(self) -> tuple[int, int, int]:
        """The days of the first order, of the last order, and of the snapshot, as days since 1970."""
        first, last = self.span
        if self.settings.observation_end is None:
            return first, last, self.last_day
        return first, tables.span(self.tables)[1], day_number(self.settings.observation_end)

    @property
    def first_order(self) -> dt.date:
        """The day of the shop's first order in the file."""
        return date(self.days[0])

    @property
    def last_order(self) -> dt.date:
        """The day of the last order that is looked at."""
        return date(self.days[1])

    @property
    def observation_end(self) -> dt.date:
        """The day of the snapshot: the analysis looks back from it."""
        return date(self.days[2])

    @property
    def end_day(self) -> int:
        """The same, as a day since 1970."""
        return self.days[2]

    @cached_property
    def totals(self) -> tuple[int, float, float]:
        """The shop's orders, revenue after refunds, and refunds."""
        return sales.totals(self.tables, end_day=self.end_day)

    @cached_property
    def not_attributable(self) -> tuple[int, float]:
        """How many orders name no customer, and the revenue that belongs to no customer."""
        return sales.not_attributable(self.tables, end_day=self.end_day)

    @cached_property
    def months(self) -> pd.DataFrame:
        """One row per calendar month of the shop."""
        return sales.months(self.tables, end_day=self.end_day)

    @cached_property
    def sales(self) -> dict[str, pd.DataFrame]:
        """Sales by each word that orders carry: word -> orders and revenue. Includes orders that name no customer."""
        found = {word: self.sales_by(word) for word in tables.ORDER_WORDS}
        return {word: frame for word, frame in found.items() if len(frame)}

    def sales_by(self, word: str) -> pd.DataFrame:
        """Sales by one word of the orders, most money first: `group`, `orders`, `revenue`."""
        if word not in self._sales:
            self._sales[word] = sales.sales_by(self.tables, word, end_day=self.end_day)
        return self._sales[word]

    @property
    def kind(self) -> str:
        """How sales are told apart: by category, or by product if orders name no category."""
        return "product" if self.sales_by("category").empty else "category"

    @cached_property
    def spend(self) -> pd.DataFrame:
        """One row per customer and day with money."""
        return summary.spend(self.tables, end_day=self.end_day)

    @cached_property
    def burn_in(self) -> BurnIn:
        """Whether the file starts when the shop did."""
        return burn_in(self.spend, end_day=self.end_day, answered=self.settings.starts_at_opening)

    @cached_property
    def left_out(self) -> pd.DataFrame:
        """Every row that does not count, each with its reason."""
        _ = self.cleaned
        judged = clean.left_out_rows(self.shop.engine.con, self.shop.loaded)
        ragged = self.shop.ragged
        torn = pd.DataFrame(
            {"file": ragged["file"], "row": ragged["record"], "reason": "unreadable",
             "label": clean.REASONS["unreadable"], "first_cell": ragged["text"]}
        )  # fmt: skip
        both = pd.concat([judged, torn], ignore_index=True) if len(torn) else judged
        names = dict(enumerate(self.shop.file_names))
        return both.assign(file=both["file"].map(names)).sort_values(["file", "row"], ignore_index=True)

    def forget_rows(self) -> None:
        """List what is left out, then free the rows' text. After that the shop cannot be read another way."""
        _ = self.left_out
        clean.forget_rows(self.shop.engine.con, self.shop.loaded)
        memory.give_back()

    def _begin(self, step: str) -> None:
        """Give memory back, then say which long step begins."""
        memory.give_back()
        self.progress(step)
