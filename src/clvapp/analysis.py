"""The stages in order, each result computed once and when asked: the only file that knows them all.

>>> from clvapp import sample
>>> from clvapp.read import Source
>>> shop = load([Source("orders.csv", sample.shop(customers=300).orders_csv)])
>>> shop.format_name
'Shopify orders'
>>> bool(Analysis(shop).simple_clv.clv > 0)
True
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

import narwhals as nw
import numpy as np
import pandas as pd

from clvapp import attributes as about
from clvapp import clean, columns, findings, import_checks, memory, next_year, opening, profile, summarise, target
from clvapp.loading import (
    Progress,
    Reading,
    Shop,
    Understood,
    headings,
    load,
    opened,
    preview,
    silent,
    understand,
    with_attributes,
)
from clvapp.once import Views
from clvapp.problems import ObservationEndOutside
from clvapp.returning import Returning
from clvapp.settings import Basis, Settings
from clvapp.value import earned, forecast, historic, ranges, simple

__all__ = [
    "ATTRIBUTE",
    "Analysis",
    "Basis",
    "Reading",
    "Settings",
    "Shop",
    "Understood",
    "date",
    "headings",
    "load",
    "opened",
    "preview",
    "understand",
    "with_attributes",
]

Money = Callable[[float], str]
ATTRIBUTE = "attribute: "  # before the heading of what a file says about customers


@dataclass(eq=False)
class Analysis:
    """Everything that is shown of a shop under one set of settings, each part computed when it is first asked for."""

    shop: Shop
    settings: Settings = field(default_factory=Settings)
    progress: Progress = silent
    money: Money = lambda amount: f"{amount:,.0f}"
    views: Views = field(default_factory=dict)
    _sales: dict[str, pd.DataFrame] = field(default_factory=dict)

    def _begin(self, step: str) -> None:
        """Say what long work begins, in as little memory as can be."""
        memory.give_back()
        self.progress(step)

    # --- orders -----------------------------------------------------------------------------------------------------
    @cached_property
    def cleaned(self) -> clean.Cleaned:
        """What counts, and every row left out with its reason."""
        chosen = self.settings
        return clean.orders(
            self.shop.engine.con, self.shop.loaded, currency=chosen.currency, count_shipping=chosen.count_shipping,
            count_tax=chosen.count_tax, count_pending=chosen.count_pending, rates=chosen.rates,
        )  # fmt: skip

    @cached_property
    def tables(self) -> summarise.Tables:
        """The canonical lazy tables."""
        con = self.shop.engine.con
        _ = self.cleaned
        return summarise.Tables(nw.from_native(con.table("orders")), nw.from_native(con.table("adjustments")))

    @cached_property
    def span(self) -> tuple[int, int]:
        """The days of the file's first and last order, as days since 1970."""
        return summarise.span(self.tables)

    @cached_property
    def last_day(self) -> int:
        """The last day that the file knows of: its last order's, or that of money given back after it."""
        return summarise.last_adjustment(self.tables, self.span[1])

    @cached_property
    def days(self) -> tuple[int, int, int]:
        """First order, last order, and the day looked back from, as days since 1970."""
        first, last = self.span
        if self.settings.observation_end is None:
            return first, last, self.last_day
        end = int(np.datetime64(self.settings.observation_end, "D").astype("int64"))
        if end < first:
            raise ObservationEndOutside(self.settings.observation_end.isoformat(), date(first).isoformat())
        return first, summarise.span(self.tables.until(end))[1], end

    @property
    def first_order(self) -> dt.date:
        """Day of the shop's first order in the file."""
        return date(self.days[0])

    @property
    def last_order(self) -> dt.date:
        """Day of the last order looked at."""
        return date(self.days[1])

    @property
    def observation_end(self) -> dt.date:
        """The day looked back from."""
        return date(self.days[2])

    @property
    def end_day(self) -> int:
        """The same, as a day since 1970."""
        return self.days[2]

    @cached_property
    def totals(self) -> tuple[int, float, float]:
        """The shop's orders, revenue after refunds, and refunds."""
        return summarise.totals(self.tables, end_day=self.end_day)

    @cached_property
    def not_attributable(self) -> tuple[int, float]:
        """Orders that name no customer, and the revenue that nobody can be named for."""
        return summarise.not_attributable(self.tables, end_day=self.end_day)

    @cached_property
    def months(self) -> pd.DataFrame:
        """One row a calendar month of the shop."""
        return summarise.months(self.tables, end_day=self.end_day)

    @cached_property
    def sales(self) -> dict[str, pd.DataFrame]:
        """What was sold by each word that the orders have, nobody's orders included: word -> orders and revenue."""
        found = {word: self.sales_by(word) for word in summarise.ORDER_WORDS}
        return {word: frame for word, frame in found.items() if len(frame)}

    @cached_property
    def opening(self) -> opening.Opening:
        """Whether the file starts when the shop did."""
        return opening.opening(self.spend, end_day=self.end_day, told=self.settings.starts_at_opening)

    @cached_property
    def imported(self) -> import_checks.Imported:
        """What to ask about the export before believing its numbers."""
        return import_checks.Imported(
            self.months, self.customers, self.totals[0], **summarise.oddities(self.tables, end_day=self.end_day)
        )

    @cached_property
    def left_out(self) -> pd.DataFrame:
        """Every row that does not count, with its reason."""
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
        """List what is left out and let the text of the rows go; the shop cannot be looked at in another way then."""
        _ = self.left_out
        clean.forget_rows(self.shop.engine.con, self.shop.loaded)
        memory.give_back()

    # --- customers --------------------------------------------------------------------------------------------------
    @cached_property
    def customers(self) -> pd.DataFrame:
        """One row a customer, with value so far and the side of the average they stand on."""
        self._begin("Getting to know your customers")
        frame = self._people
        line = historic.threshold(self.worth, rule=self.settings.threshold, top_share=self.settings.top_share)
        return frame.assign(historic_value=self._historic_value, value_segment=historic.value_segment(self.worth, line))

    @cached_property
    def _people(self) -> pd.DataFrame:
        return summarise.customers(self.tables, end_day=self.end_day)

    @cached_property
    def _historic_value(self) -> pd.Series:
        margin, margins = self.settings.margin, self.settings.margins
        if self.one_margin:
            return self._people["revenue"] * margin
        return earned.earned(self._people, self.parts, margin=margin, margins=margins)

    @cached_property
    def one_margin(self) -> bool:
        """Whether one margin holds for all that was sold: no cost is known, and none that differs was given."""
        return not self.settings.margins and not summarise.has_costs(self.tables)

    @cached_property
    def parts(self) -> pd.DataFrame:
        """What each customer paid for each category or product, and what of it is known to be earned."""
        return summarise.revenue_by(self.tables, self.kind, end_day=self.end_day)

    @property
    def margin(self) -> float:
        """What is earned of each unit of money that was paid, over all customers and all they bought."""
        if self.one_margin:
            return self.settings.margin
        return earned.of_all(self._people, self._historic_value)

    @property
    def kind(self) -> str:
        """What sales are told apart by: categories, or products where orders name no category."""
        return "product" if self.sales_by("category").empty else "category"

    def sales_by(self, word: str) -> pd.DataFrame:
        """What was sold by one word of the orders, most money first: `group`, `orders`, `revenue`."""
        if word not in self._sales:
            self._sales[word] = summarise.sales_by(self.tables, word, end_day=self.end_day)
        return self._sales[word]

    @cached_property
    def worth(self) -> pd.Series:
        """What above and below average is of, in the order of `customers`: value so far, or with what is expected."""
        if self.settings.basis == "historic" or self.forecast is None:
            return self._historic_value
        return self._historic_value.add(self.forecast.customers["expected_value"].fillna(0.0).to_numpy())

    @cached_property
    def segments(self) -> historic.Segments:
        """Above and below the average: how many, and what they bring."""
        line = historic.threshold(self.worth, rule=self.settings.threshold, top_share=self.settings.top_share)
        return historic.segments(self.worth, self.customers["revenue"], line)

    # --- what they will be worth --------------------------------------------------------------------------------------
    @cached_property
    def forecast(self) -> forecast.Forecast | None:
        """What every customer will be worth, by the method that held on the shop's own past; None without an order."""
        if self._people.empty:
            return None
        self._begin("Testing a forecast on your own past")
        chosen = self.settings
        return forecast.forecast(
            self.spend, self._people, end_day=self.end_day, burn_in_end=self.opening.burn_in_end,
            settings=forecast.Settings(chosen.horizon_days, chosen.margin, chosen.discount_rate),
            margins=earned.ahead(self._people, self._historic_value) if not self.one_margin else None,
        )  # fmt: skip

    @cached_property
    def ranges(self) -> ranges.Intervals | None:
        """How far the forecast may be off: the total, and each customer."""
        if self.forecast is None:
            return None
        self._begin("Working out how far off it may be")
        return ranges.intervals(self.forecast)

    @cached_property
    def foretold(self) -> pd.DataFrame:
        """`customers` with what is expected of each; missing where so few returns carry no forecast of single ones."""
        frame = self.customers
        found, wide = self.forecast, self.ranges
        if found is None or wide is None or not found.enough.customers:
            blank = {column.name: np.nan for column in columns.FORECAST}
            nobody = pd.Series(pd.NaT, index=frame.index, dtype="datetime64[s]")
            return frame.assign(**blank).assign(expected_next_order=nobody)
        each, ends = found.customers, wide.customers
        return frame.assign(
            expected_orders=each["expected_orders"], expected_revenue=each["expected_revenue"],
            expected_revenue_low=ends["low"], expected_revenue_high=ends["high"],
            expected_value=each["expected_value"], probability_alive=each["p_alive"],
            expected_next_order=each["expected_next_order"],
            lifetime_value=frame["historic_value"] + each["expected_value"].fillna(0.0),
        )  # fmt: skip

    @cached_property
    def bought(self) -> pd.DataFrame:
        """One row a customer who bought in the last 12 months: the simple formula's raw material."""
        first, _, end = self.days
        start, year, whole = simple.window_start(first, end)
        frame = summarise.window(self.tables, start_day=start, end_day=end)
        known = self.first_orders.set_index("customer_id")
        frame = frame.assign(first_day=frame["customer_id"].map(known["day"]), whole_year=whole)
        return simple.exposures(frame, start_day=start, end_day=end, year_days=year)

    @cached_property
    def simple_clv(self) -> simple.SimpleClv | None:
        """What a customer is worth: average order value x orders a year x years."""
        whole = bool(self.bought["whole_year"].all()) if len(self.bought) else True
        return simple.simple_clv(self.bought, whole_year=whole)

    @cached_property
    def cohorts(self) -> pd.DataFrame:
        """One row a month of first order."""
        return summarise.cohorts(self.customers)

    @cached_property
    def first_orders(self) -> pd.DataFrame:
        """One row a customer: the first order, and the confirmed attributes."""
        frame = summarise.first_orders(self.tables, end_day=self.end_day)
        if self.shop.attributes is None:
            return frame
        more = about.joined(self.shop.attributes, self._aligned(frame))
        return frame.join(more.add_prefix(ATTRIBUTE))

    def _aligned(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The keys that attributes are joined by, in the order of `frame`."""
        known = self.customers.set_index("customer_id")[["email", "customer_number"]]
        return known.reindex(frame["customer_id"]).reset_index(drop=True)

    @cached_property
    def spend(self) -> pd.DataFrame:
        """One row a customer and day with money."""
        return summarise.spend(self.tables, end_day=self.end_day)

    # --- who becomes high-value, and whom to write to -----------------------------------------------------------------
    @cached_property
    def profile(self) -> profile.Profile:
        """Who becomes high-value, and how well that can be told from the first order."""
        self._begin("Learning who becomes high-value, and testing it on later customers")
        found = profile.profile(
            self.first_orders, self.spend, end_day=self.end_day, burn_in_end=self.opening.burn_in_end,
            attributes=self.settings.known_at_first_order, seed=self.settings.seed, money=self.money,
        )  # fmt: skip
        nobody = clean.nobody_named(self.shop.loaded)
        return replace(found, reason=nobody, findings=()) if nobody else found

    @cached_property
    def next_year(self) -> next_year.NextYear:
        """The chance of spending more than the average customer in the next 12 months."""
        self._begin("Looking at what the last 12 months brought")
        return next_year.next_year(
            self.first_orders.set_index("customer_id")["day"], self.spend, end_day=self.end_day,
            burn_in_end=self.opening.burn_in_end, seed=self.settings.seed,
        )  # fmt: skip

    @cached_property
    def targets(self) -> target.Targets:
        """Whom to offer an upgrade, win back first, or thank, each with reasons, and who is left out."""
        found, chances = self.profile, self.next_year
        self._begin("Making your lists")
        return target.targets(
            self.customers, self.spend, found, chances, end_day=self.end_day,
            burn_in_end=self.opening.burn_in_end, money=self.money,
        )  # fmt: skip

    @cached_property
    def scored(self) -> pd.DataFrame:
        """`customers` with look-alike score and chance of a good next year, missing where the data cannot say."""
        by_id = self.customers["customer_id"]
        scores = by_id.map(self.profile.scores) if self.profile.usable else np.nan
        chances = self.next_year.probability
        return self.foretold.assign(
            look_alike_score=scores,
            next_year_probability=np.nan if chances is None else by_id.map(chances),
        )

    @cached_property
    def behaviour(self) -> pd.DataFrame:
        """How customers above and below the average differ after their first order: a description, no prediction."""
        return target.behaviour(self.customers, self.spend, end_day=self.end_day, burn_in_end=self.opening.burn_in_end)

    @cached_property
    def silent(self) -> pd.Series:
        """By customer_id: whether they have been silent for longer than nine in ten gaps."""
        return target.long_silent(self.customers, self.spend)

    # --- who comes back -----------------------------------------------------------------------------------------------
    @cached_property
    def returning(self) -> Returning:
        """Repeat purchases, cohorts, segments, and then against now."""
        return Returning(self)

    # --- what the owner should know -----------------------------------------------------------------------------------
    @cached_property
    def findings(self) -> tuple[str, ...]:
        """What the data cannot say, or says with a catch, a sentence each."""
        return findings.of_all(self)

    @cached_property
    def reading_findings(self) -> tuple[str, ...]:
        """The same, of the orders alone: ready before anything is learned."""
        return findings.of_orders(self)


def date(day: int) -> dt.date:
    """A day since 1970 as a date.

    >>> date(0)
    datetime.date(1970, 1, 1)
    """
    return dt.date(1970, 1, 1) + dt.timedelta(days=int(day))
