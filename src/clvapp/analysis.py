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
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import count

import narwhals as nw
import numpy as np
import pandas as pd

from clvapp import attributes as about
from clvapp import (
    clean,
    formats,
    guess,
    import_checks,
    next_year,
    opening,
    parts,
    profile,
    read,
    saved_mapping,
    summarise,
    target,
)
from clvapp.engine import Engine, quoted, rows
from clvapp.plural import counted
from clvapp.problems import ObservationEndOutside, OnlyMappings
from clvapp.saved_mapping import DateOrder, DecimalSign, SavedMapping
from clvapp.value import historic, simple

Progress = Callable[[str], None]
Money = Callable[[float], str]
FEW_CUSTOMERS, FEW_DAYS = 100, 90
ATTRIBUTE = "attribute: "  # before the heading of what a file says about customers


def _silent(_: str) -> None:
    """Nobody is watching."""


@dataclass(frozen=True)
class Reading:
    """What only the owner can say about how a file is to be read.

    `mapping` is role -> headings or places of columns, joined by a space, to put right what is known or guessed.
    `saved` mappings are of whole files: where one fits, nothing is guessed.
    """

    format: str | None = None
    mapping: Mapping[str, Sequence[str | int]] = field(default_factory=dict)
    saved: tuple[SavedMapping, ...] = ()
    date_order: DateOrder | None = None
    decimal_sign: DecimalSign | None = None


@dataclass(frozen=True)
class Settings:
    """What the owner may decide about the numbers; one place, applied everywhere."""

    observation_end: dt.date | None = None
    margin: float = 1.0
    threshold: historic.Threshold = "mean"
    top_share: float = 0.2
    currency: str | None = None
    rates: Mapping[str, float] = field(default_factory=dict)  # what one unit of another currency is worth in this one
    count_shipping: bool = True
    count_tax: bool = True
    count_pending: bool = False
    starts_at_opening: bool | None = None
    known_at_first_order: tuple[str, ...] = ()
    seed: int = 0


@dataclass(frozen=True)
class Understood:
    """A sheet, the format it was taken for, and which column is for what. `guessed` mappings want confirming.

    `beside` says which of a format's files it is, when it is not the one with the orders.
    """

    sheet: read.Sheet
    format: formats.Format
    mapping: Mapping[str, tuple[int, ...]]
    guessed: bool
    saved: SavedMapping | None = None
    beside: formats.Beside | None = None


@dataclass(eq=False)
class Shop:
    """Orders as they were read, in an engine of their own; `close` forgets them. The files themselves are not kept."""

    engine: Engine
    loaded: clean.Loaded
    file_names: tuple[str, ...]
    format_name: str
    known: bool  # every file is of an export that was recognised
    guessed: tuple[Mapping[str, str], ...]  # role -> heading, of each file whose columns were guessed
    ragged: pd.DataFrame
    saved: tuple[SavedMapping, ...] = ()  # of the files that no format knows, as they were read
    attributes: about.Attributes | None = None

    def close(self) -> None:
        """Give back the memory and the spill folder."""
        self.engine.close()


def understand(source: read.Source, reading: Reading = Reading()) -> Understood:
    """What `source` is, without reading it whole. Raises a `Problem` when it cannot be orders."""
    sheet = read.look(source)
    saved = next((one for one in reading.saved if one.fits(sheet.headings)), None)
    if saved is not None:
        formats.refuse_lookalike(sheet.headings)
        said = guess.positions(saved.roles, sheet.headings)
        return Understood(sheet, formats.general(), said, guessed=False, saved=saved)
    known = formats.named(reading.format) if reading.format else formats.recognise(sheet.headings)
    if known is None and (part := formats.beside(sheet.headings)):
        return Understood(sheet, part[0], part[1].places(sheet.headings), guessed=False, beside=part[1])
    told = guess.positions(reading.mapping, sheet.headings)
    if known is None or known.key == formats.FALLBACK:
        formats.refuse_lookalike(sheet.headings)
        return Understood(sheet, formats.general(), guess.mapping(sheet) | told, guessed=True)
    return Understood(sheet, known, formats.mapping(known, sheet.headings) | told, guessed=False)


def load(
    sources: Sequence[read.Source],
    reading: Reading = Reading(),
    *,
    attributes: read.Source | None = None,
    progress: Progress = _silent,
) -> Shop:
    """Read `sources` into an engine of their own, by the column mappings among them.

    Nothing is kept when a `Problem` or a `Question` is raised.
    """
    exports, saved = saved_mapping.split(sources)
    if not exports and saved:
        raise OnlyMappings(sources[0].name)
    reading = replace(reading, saved=(*reading.saved, *saved))
    understood = tuple(understand(source, reading) for source in exports)
    parts.check(understood)
    engine = Engine()
    try:
        progress("Reading your rows")
        raws, ragged, rows_in = _raw_tables(engine, understood, reading)
        progress("Making orders out of lines")
        loaded = clean.load(engine.con, raws, rows_in=rows_in, rows_ragged=len(ragged))
        shop = Shop(
            engine, loaded, tuple(one.sheet.name for one in understood),
            " + ".join(dict.fromkeys(one.format.name for one in understood)),
            all(one.format.key != formats.FALLBACK for one in understood),
            tuple(headings(one) for one in understood if one.guessed), ragged,
            _as_read(understood, reading),
        )  # fmt: skip
        return with_attributes(shop, attributes) if attributes else shop
    except BaseException:
        engine.close()
        raise


def with_attributes(shop: Shop, source: read.Source) -> Shop:
    """`shop` with what a file says about its customers; the same engine serves both."""
    sheet = read.look(source)
    con, table = shop.engine.con, "attributes"
    columns = _unique(sheet.headings)
    rows(con, f"DROP TABLE IF EXISTS {table}")
    read.load(sheet, {f"a{i}": (i,) for i in range(len(columns))}, con, table=table)
    frame = con.execute(f"SELECT * EXCLUDE (file, record, first_cell) FROM {table} ORDER BY record").df()
    rows(con, f"DROP TABLE {table}")
    return replace(shop, attributes=about.attributes(source.name, frame.set_axis(columns, axis=1)))


def headings(one: Understood) -> dict[str, str]:
    """Role -> the heading it is read from, as the owner wrote it."""
    return {role: one.sheet.headings[places[0]] for role, places in one.mapping.items()}


def _unique(names: Sequence[str]) -> list[str]:
    """`names` without blanks or repeats: a table of the engine, and a frame, has each once.

    >>> _unique(["age", "", "age", "age (2)", "age"])
    ['age', 'Column 2', 'age (2)', 'age (2) (2)', 'age (3)']
    """
    found: dict[str, None] = {}
    for i, name in enumerate(names):
        filled = name or f"Column {i + 1}"
        numbered = (f"{filled} ({n})" for n in count(2))
        found[filled if filled not in found else next(one for one in numbered if one not in found)] = None
    return list(found)


def _as_read(understood: Sequence[Understood], reading: Reading) -> tuple[SavedMapping, ...]:
    """What was said of files, each once, with what had to be asked about its dates and numbers."""
    said = [one.saved for one in understood if one.saved]
    return tuple(
        replace(one, date_order=one.date_order or reading.date_order,
                decimal_sign=one.decimal_sign or reading.decimal_sign)
        for i, one in enumerate(said) if one not in said[:i]
    )  # fmt: skip


def _raw_tables(
    engine: Engine, understood: Sequence[Understood], reading: Reading
) -> tuple[list[clean.Raw], pd.DataFrame, int]:
    """One raw table a format, or a layout of an owner's own, and the rows that could not be read."""
    tables: dict[tuple[str, ...], list[int]] = {}
    for i, one in enumerate(understood):
        own = one.sheet.headings if one.format.key == formats.FALLBACK else ()
        tables.setdefault((one.format.key, *own), []).append(i)
    raws, ragged, rows_in = [], [], 0
    for number, (_, members) in enumerate(tables.items()):
        named: dict[str, str] = {}
        for i in members:
            one = understood[i]
            table = parts.table(f"raw_{number}", one.beside)
            found = read.load(one.sheet, one.mapping, engine.con, table=table, file=i)
            ragged.append(found.unreadable)
            rows_in += found.rows_in
            named |= {} if one.beside else headings(one)
        beside = parts.beside(f"raw_{number}", [understood[i] for i in members])
        raws.append(replace(_raw(f"raw_{number}", understood[members[0]], named, reading), beside=beside))
    return raws, pd.concat(ragged, ignore_index=True), rows_in


def _raw(table: str, one: Understood, named: Mapping[str, str], reading: Reading) -> clean.Raw:
    said = one.saved or SavedMapping(())
    return clean.Raw(
        table, one.format, tuple(named), named, said.date_order or reading.date_order,
        said.decimal_sign or reading.decimal_sign,
    )  # fmt: skip


def preview(one: Understood, reading: Reading = Reading(), *, most: int = 5) -> pd.DataFrame:
    """The first orders that the rows shown of a sheet would make: `order_id`, `customer_id`, `date`, `revenue`."""
    guess.check(one.mapping, one.sheet.headings)
    sample = pd.DataFrame(
        {
            "file": 0,
            "record": np.arange(len(one.sheet.rows)) + one.sheet.header_row + 1,
            "first_cell": [row[0].strip() or None for row in one.sheet.rows],
            **{
                role: [" ".join(row[place].strip() for place in places).strip() or None for row in one.sheet.rows]
                for role, places in one.mapping.items()
            },
        }
    ).astype({"file": "int32", **dict.fromkeys(["first_cell", *one.mapping], "object")})
    columns = ", ".join(f"{quoted(role)}::VARCHAR AS {quoted(role)}" for role in ["first_cell", *one.mapping])
    with Engine() as engine:
        engine.con.register("shown", sample)
        rows(engine.con, f"CREATE TABLE raw AS SELECT file, record, {columns} FROM shown")
        engine.con.unregister("shown")
        loaded = clean.load(engine.con, [_raw("raw", one, headings(one), reading)], rows_in=len(sample))
        clean.orders(engine.con, loaded, count_pending=True)
        return engine.con.execute(
            "SELECT order_id, customer_id, moment::DATE AS date, revenue::DOUBLE AS revenue FROM orders "
            f"ORDER BY moment, order_id LIMIT {int(most)}"
        ).df()


@dataclass(eq=False)
class Analysis:
    """Everything that is shown of a shop under one set of settings, each part computed when it is first asked for."""

    shop: Shop
    settings: Settings = field(default_factory=Settings)
    progress: Progress = _silent
    money: Money = lambda amount: f"{amount:,.0f}"

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
    def days(self) -> tuple[int, int, int]:
        """First order, last order, and the day looked back from, as days since 1970."""
        first, last = self.span
        if self.settings.observation_end is None:
            return first, last, last
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

    # --- customers --------------------------------------------------------------------------------------------------
    @cached_property
    def customers(self) -> pd.DataFrame:
        """One row a customer, with value so far and the side of the average they stand on."""
        self.progress("Getting to know your customers")
        frame = summarise.customers(self.tables, end_day=self.end_day)
        value = historic.historic_value(frame["revenue"], margin=self.settings.margin)
        line = historic.threshold(value, rule=self.settings.threshold, top_share=self.settings.top_share)
        return frame.assign(historic_value=value, value_segment=historic.value_segment(value, line))

    @cached_property
    def segments(self) -> historic.Segments:
        """Above and below the average: how many, and what they bring."""
        value = self.customers["historic_value"]
        line = historic.threshold(value, rule=self.settings.threshold, top_share=self.settings.top_share)
        return historic.segments(value, self.customers["revenue"], line)

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
        self.progress("Learning who becomes high-value, and testing it on later customers")
        found = profile.profile(
            self.first_orders, self.spend, end_day=self.end_day, burn_in_end=self.opening.burn_in_end,
            attributes=self.settings.known_at_first_order, seed=self.settings.seed, money=self.money,
        )  # fmt: skip
        nobody = clean.nobody_named(self.shop.loaded)
        return replace(found, reason=nobody, findings=()) if nobody else found

    @cached_property
    def next_year(self) -> next_year.NextYear:
        """The chance of spending more than the average customer in the next 12 months."""
        self.progress("Looking at what the last 12 months brought")
        return next_year.next_year(
            self.first_orders.set_index("customer_id")["day"], self.spend, end_day=self.end_day,
            burn_in_end=self.opening.burn_in_end, seed=self.settings.seed,
        )  # fmt: skip

    @cached_property
    def targets(self) -> target.Targets:
        """Whom to offer an upgrade, win back first, or thank, each with reasons, and who is left out."""
        found, chances = self.profile, self.next_year
        self.progress("Making your lists")
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
        return self.customers.assign(
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

    # --- what the owner should know -----------------------------------------------------------------------------------
    @cached_property
    def findings(self) -> tuple[str, ...]:
        """What the data cannot say, or says with a catch, a sentence each."""
        return tuple(dict.fromkeys(sentence for sentence in self._findings() if sentence))

    def _findings(self) -> Iterator[str | None]:
        yield from self.reading_findings
        if not len(self.customers):
            return  # said above; what needs customers has nothing of its own to say
        if self.profile.reason:
            yield self.profile.reason
        yield from self.profile.findings
        yield from self.targets.findings

    @cached_property
    def reading_findings(self) -> tuple[str, ...]:
        """The same, of the orders alone: ready before anything is learned."""
        found = list(self.cleaned.findings)
        for columns in self.shop.guessed:
            listed = ", ".join(f"{role.replace('_', ' ')} from '{heading}'" for role, heading in columns.items())
            found.insert(0, f"This export is not one we know, so its columns were guessed: {listed}.")
        orders, revenue = self.not_attributable
        if orders:
            share = revenue / self.totals[1] if self.totals[1] else 0.0
            found.append(
                f"{counted(orders, 'order')} without a customer: {self.money(revenue)} ({share:.0%} of revenue), which "
                "counts for the shop only."
            )
        people, money = summarise.without_orders(self.tables, end_day=self.end_day)
        if people:
            found.append(
                f"{counted(people, 'person', 'people')} with nothing but refunds, of sales that are not in the file: "
                f"{self.money(money)} counts for the shop and for no customer."
            )
        found += import_checks.warnings(self.imported, self.money)
        if len(self.months) and not self.months["complete"].iloc[-1]:
            found.append("The last month is incomplete.")
        if self.opening.assumed and len(self.months) > 1 and len(self.customers):
            found.append(_assumed(self.opening))
        if self.end_day - self.days[0] < FEW_DAYS:
            found.append(
                f"The history is {_days(self.end_day - self.days[0] + 1)} long: what a customer does in a year is a "
                "guess from so little."
            )
        if len(self.customers) < FEW_CUSTOMERS:
            found.append(clean.nobody_named(self.shop.loaded) or _few(len(self.customers)))
        return tuple(found)


def _assumed(found: opening.Opening) -> str:
    if found.starts_at_opening:
        return "The file was taken to start when the shop opened; say so if it does not."
    return (
        "The file seems to start in the middle of the shop's life: its first customers come back like regulars, not "
        f"like new ones. {_first_months(found.months_left_out)} left out where that matters; say so if the shop "
        "opened then."
    )


def _first_months(count: int) -> str:
    return "Its first month is" if count == 1 else f"Its first {count} months are"


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _few(customers: int) -> str:
    if customers == 0:
        return (
            "The orders name no customer, so sales can be shown and customers cannot be told apart: export them with "
            "an e-mail address or a customer number."
        )
    if customers == 1:
        return "There is one customer only: there is nobody to compare them with."
    return f"{customers} customers are few: their average can move a good deal with each new one."


def date(day: int) -> dt.date:
    """A day since 1970 as a date.

    >>> date(0)
    datetime.date(1970, 1, 1)
    """
    return dt.date(1970, 1, 1) + dt.timedelta(days=int(day))
