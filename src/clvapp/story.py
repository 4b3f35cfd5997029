"""An analysis -> what a page says of it: the answer in a sentence, the figures behind it, the frames of its pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from clvapp import columns, repeat, target, wording
from clvapp.analysis import Analysis, date
from clvapp.value import historic, simple
from clvapp.wording import Wording

AGAIN_WITHIN = 30
TENTH, FIFTH = 0.1, 0.2
MOST_CONTRASTS, MOST_OF_A_TOPIC = 8, 2
# Product words of a format's name that a sentence says without.
_FORMAT_WORDS = (" orders", " payments")
LISTS = {"upgrade": "Offer an upgrade", "win_back": "Win back first", "thank": "Thank"}
LIST_MEANING = {
    "upgrade": "Active, below the average for their age, and started like your best.",
    "win_back": "Started like your best too, but silent for longer than nine in ten gaps: an upgrade is too early.",
    "thank": "Above the average for their age and active. No offer: a thank-you, early access, a question.",
}
FACTORS = {"aov": "Larger orders", "orders_per_year": "More orders a year", "years": "Staying longer"}


@dataclass(frozen=True)
class Figure:
    """A figure of a page: what it is, its value in the reader's words, and what it means."""

    label: str
    value: str
    meaning: str


# --- your orders --------------------------------------------------------------------------------------------------------


def orders(analysis: Analysis, words: Wording) -> str:
    """What was read, and is it all there?"""
    cleaned = analysis.cleaned
    count, revenue, refunded = analysis.totals
    return wording.orders_sentence(
        words, export=_export(analysis.shop.format_name) if analysis.shop.known else None, orders=count,
        customers=len(analysis.customers), first=analysis.first_order, last=analysis.last_order, revenue=revenue,
        refunded=refunded, rows_left_out=cleaned.rows_in - cleaned.rows_used,
    )  # fmt: skip


def _export(name: str) -> str:
    for word in _FORMAT_WORDS:
        name = name.removesuffix(word)
    return name


def order_figures(analysis: Analysis, words: Wording) -> list[Figure]:
    """Orders, customers, revenue, and the share of rows used."""
    count, revenue, _ = analysis.totals
    cleaned = analysis.cleaned
    return [
        Figure("Orders", words.count(count), "Paid orders, each counted once however many lines it has."),
        Figure("Customers", words.count(len(analysis.customers)), "People who can be told apart, with at least one order."),
        Figure("Revenue", words.money(revenue), "Order values minus refunds, of orders with and without a customer."),
        Figure(
            "Rows used",
            words.share(cleaned.rows_used / cleaned.rows_in),
            f"{words.count(cleaned.rows_used)} of {words.count(cleaned.rows_in)} rows; each of the others stands "
            "below under one reason.",
        ),
    ]


def left_out(analysis: Analysis) -> pd.DataFrame:
    """One row a reason: what is shown of the rows left out."""
    report = analysis.cleaned.report
    return report[["label", "rows", "orders", "money"]].rename(
        columns={"label": "Why", "rows": "Rows", "orders": "Orders", "money": "Money"}
    )


def revenue_title(analysis: Analysis, words: Wording) -> str:
    """The finding of the revenue picture."""
    whole = analysis.months[analysis.months["complete"]]
    months = whole if len(whole) else analysis.months
    best = months.loc[months["revenue"].idxmax()]
    return f"The best month was {words.month(best['month'])}, with {words.money(best['revenue'])}"


def orders_computed(analysis: Analysis, words: Wording) -> list[str]:
    """How orders were made out of rows, and what this cannot know."""
    cleaned = analysis.cleaned
    unknown = words.count(cleaned.not_attributable_orders, "order")
    return [
        f"{words.count(cleaned.rows_in, 'row')} in = {words.count(cleaned.rows_used)} used + "
        f"{words.count(cleaned.rows_in - cleaned.rows_used)} left out, each under the first reason that holds.",
        "An order's value is its total once, however many lines repeat it; where there is no total, its lines are added up. "
        "Refunds reduce the sale they take back; a refund whose sale is not in the file counts on its own day.",
        "A customer is an e-mail address; else the shop's customer number; else a name with a postcode; else a name alone. "
        f"{unknown} name nobody and count for the shop only.",
        "Days are the shop's own, as written in the file. Nothing is looked up anywhere else: what the export does not hold, "
        "such as orders of another shop of yours, is not known here.",
    ]


# --- customer value -----------------------------------------------------------------------------------------------------


def value(analysis: Analysis, words: Wording) -> str | None:
    """What is a customer worth, and what drives it? None when no customer can be told."""
    clv = analysis.simple_clv
    if clv is None:
        return None
    return wording.value_sentence(
        words, clv=clv.clv, aov=clv.aov, orders_per_year=clv.orders_per_year, years=clv.years,
        average=float(analysis.customers["historic_value"].mean()), customers=len(analysis.customers),
        above=analysis.segments.above, revenue_share_above=analysis.segments.revenue_share_above,
        margin=analysis.settings.margin, cut=_cut(analysis, words), of_revenue=_of_revenue(analysis),
    )  # fmt: skip


def _cut(analysis: Analysis, words: Wording) -> str:
    """What those above are above, after a sentence that has named the average."""
    line = words.money(analysis.segments.threshold)
    if analysis.settings.threshold == "median":
        return f"the {line} of the middle customer"
    if analysis.settings.threshold == "top":
        return f"{line}, where the top {words.share(analysis.settings.top_share)} begin,"
    return "that"


def _of_revenue(analysis: Analysis) -> str:
    """What shares are of: orders that name nobody belong to no customer's."""
    return "of the revenue of known customers" if analysis.not_attributable[0] else "of revenue"


def value_figures(analysis: Analysis, words: Wording) -> list[Figure]:
    """The formula's factors and their product."""
    clv = analysis.simple_clv
    if clv is None:
        return []
    who = f"Of the {words.count(clv.customers, 'customer')} who bought in {_window(clv)}."
    return [
        Figure("A customer is worth", words.money(clv.clv), f"Order value × orders a year × years. {who}"),
        Figure("Average order", words.money(clv.aov), f"Revenue divided by orders. {who}"),
        Figure(
            "Orders a year", words.number(clv.orders_per_year, 1), f"Per customer and year in which they could buy. {who}"
        ),
        Figure("Years as a customer", words.number(clv.years, 1), f"From first order to {words.date(analysis.observation_end)}, so far. {who}"),
    ]


def _window(clv: simple.SimpleClv) -> str:
    return "the last 12 months" if clv.whole_year else "the whole history, which is shorter than a year"


def value_computed(analysis: Analysis, words: Wording) -> list[str]:
    """How the value is computed, with the shop's own numbers, and what it cannot know: a paragraph each."""
    clv = analysis.simple_clv
    if clv is None:
        return []
    return [
        f"{words.money(clv.aov)} × {words.number(clv.orders_per_year, 2)} × {words.number(clv.years, 2)} = "
        f"{words.money(clv.clv)}, of the {words.count(clv.customers, 'customer')} with {words.count(clv.orders, 'order')} "
        f"in {_window(clv)}.",
        "A customer's time in those months begins at their first order, or at their start. Years run from the first order "
        f"to {words.date(analysis.observation_end)}: so far, and not yet to the end.",
        f"The average of {words.money(float(analysis.customers['historic_value'].mean()))} is another question: what all "
        f"{words.count(len(analysis.customers), 'customer')} have been worth so far, those who left long ago and those who "
        "came last week included. The formula asks what one is worth over a whole relationship at today's pace.",
        "What it cannot know: how long today's customers will stay. Who stays for ever is not in a file of orders.",
    ]


def distribution_title(analysis: Analysis, words: Wording) -> str:
    """The finding of the distribution."""
    parts = analysis.segments
    share = words.share(parts.above / max(1, parts.above + parts.below))
    above = "above the average" if analysis.settings.threshold == "mean" else f"above {words.money(parts.threshold)}"
    return f"{share} of customers are {above} and bring {words.share(parts.revenue_share_above)} {_of_revenue(analysis)}"


def pareto(analysis: Analysis) -> pd.DataFrame:
    """Customers from best to least, and the money they bring together."""
    return historic.pareto(analysis.customers["revenue"])


def pareto_title(analysis: Analysis, words: Wording) -> str:
    """The finding of the Pareto curve."""
    best = historic.share_of_top(analysis.customers["revenue"], FIFTH)
    return f"{words.share(FIFTH)} of customers bring {words.share(best)} {_of_revenue(analysis)}"


def cohorts_title(analysis: Analysis, words: Wording) -> str:
    """The finding of the picture of cohorts."""
    del words
    months = cohorts(analysis)
    half = len(months) // 2
    halves = (months[:half], months[half:])
    weigh = [part["sum_value"].sum() / part["customers"].sum() for part in halves if len(part)]
    if len(weigh) == 2 and weigh[0] > weigh[1]:
        return "Those who came earlier have had longer to buy: compare neighbours, not ends"
    return "Customers by the month they came: value so far"


def cohorts(analysis: Analysis) -> pd.DataFrame:
    """One row a month of first order, those of the burn-in left out."""
    months = analysis.cohorts.rename(columns={"value": "sum_value", "mean_value": "value"})
    return months[_after_burn_in(analysis, months["month"])].reset_index(drop=True)


def _after_burn_in(analysis: Analysis, months: pd.Series) -> pd.Series:
    """Which of `months` tell new customers from old ones."""
    end = analysis.opening.burn_in_end
    return months >= (pd.Timestamp.min if end is None else pd.Timestamp(date(end)))


def factors(analysis: Analysis) -> pd.DataFrame:
    """What 10 % more of each factor would bring a customer."""
    clv = analysis.simple_clv
    if clv is None:
        return pd.DataFrame(columns=["factor", "now", "better", "gain"])
    better = simple.ten_percent_better(clv)
    return better.assign(factor=better["factor"].map(FACTORS))


def factors_sentence(analysis: Analysis, words: Wording) -> str:
    """What 10 % more of any factor brings: the same for each, and the total for the shop."""
    clv = analysis.simple_clv
    if clv is None:
        return ""
    gain = 0.1 * clv.clv
    return (
        f"10 % more of any one of the three brings {words.money(gain)} a customer, {words.money(gain * clv.customers)} over "
        f"the {words.count(clv.customers, 'customer')} of {_window(clv)}: {words.money(1.1 * clv.aov)} an order instead of "
        f"{words.money(clv.aov)}, {words.number(1.1 * clv.orders_per_year, 1)} orders a year instead of "
        f"{words.number(clv.orders_per_year, 1)}, or {words.number(1.1 * clv.years, 1)} years instead of "
        f"{words.number(clv.years, 1)}."
    )


def groupings(analysis: Analysis) -> dict[str, str]:
    """What customers can be grouped by: heading -> column of the first order; only what the export has."""
    named = {"Country": "country", "Channel": "channel", "First product": "product", "Category": "category", "Region": "region"}
    first = analysis.first_orders
    return {heading: column for heading, column in named.items() if first[column].nunique() > 1}


def by_group(analysis: Analysis, column: str) -> pd.DataFrame:
    """Mean value so far by a word of the first order, with intervals; products by what stands before a dash."""
    by_id = analysis.first_orders.set_index("customer_id")[column]
    group = analysis.customers["customer_id"].map(by_id)
    found = historic.by_group(analysis.customers["historic_value"], group)
    return found.rename(columns={"mean_value": "value"})


def group_title(frame: pd.DataFrame, heading: str, words: Wording) -> str:
    """The finding of a grouping: its best group of a fair size, and whether it can be told from the rest."""
    fair = frame[frame["customers"] >= 30]
    if fair.empty:
        return f"{heading}: every group is too small to compare"
    best, rest = fair.iloc[0], fair.iloc[1:]
    if len(rest) and best["low"] > rest["high"].max():
        return f"{best['group']} stands out: {words.money(best['value'])} a customer so far"
    return f"{best['group']} leads with {words.money(best['value'])}, within what chance could do"


# --- overview -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """A sentence of the overview, the monthly series beside it, and the page that says more."""

    sentence: str
    series: str
    label: str
    unit: str
    page: str
    link: str


def overview(analysis: Analysis, words: Wording) -> list[Line]:
    """How the shop is doing with its customers: a sentence a question."""
    clv = analysis.simple_clv
    if clv is None:
        return []
    people = analysis.customers
    best = historic.share_of_top(people["revenue"], FIFTH)
    first = repeat.came_back(
        analysis.spend, days=AGAIN_WITHIN, end_day=analysis.end_day, burn_in_end=analysis.opening.burn_in_end
    )
    lines = [
        Line(
            wording.worth_sentence(
                words, clv=clv.clv, aov=clv.aov, orders_per_year=clv.orders_per_year, years=clv.years,
                average=float(people["revenue"].mean()), customers=len(people),
            ),
            "order_value", "Average order", "money", "pages/value.py", "What drives it",
        ),
        Line(
            wording.concentration_sentence(
                words, share_of_customers=FIFTH, share_of_revenue=best, customers=round(FIFTH * len(people)),
                of_revenue=_of_revenue(analysis),
            ),
            "revenue", "Revenue", "money", "pages/value.py", "Who they are",
        ),
    ]  # fmt: skip
    if first.share is not None:
        again = wording.return_sentence(words, share=first.share, days=first.days, customers=first.customers)
        lines.append(Line(again, "returning", "Customers who came back", "customers", "pages/profile.py", "What they have in common"))
    silent = people[people["customer_id"].map(analysis.silent).fillna(False).astype(bool)]
    slipping = wording.silence_sentence(
        words, silent=len(silent), customers=len(people), days=target.usual_silence(analysis.spend), revenue=float(silent["revenue"].sum())
    )
    lines.append(Line(slipping, "buyers", "Customers who bought", "customers", "pages/targets.py", "Whom to win back first"))
    counts = analysis.targets.counts
    week = wording.week_sentence(words, thank=counts["thank"], offer=counts["upgrade"], win_back=counts["win_back"])
    lines.append(Line(week, "new_customers", "New customers", "customers", "pages/targets.py", "The lists"))
    return lines


def latest(months: pd.DataFrame, line: Line, words: Wording) -> str:
    """What a small picture shows, with its last value."""
    if months.empty:
        return line.label
    last = months.iloc[-1]
    shown = words.money(last[line.series]) if line.unit == "money" else words.count(last[line.series])
    return f"{line.label} by month: {shown} in {words.month(last['month'])}"


def monthly(analysis: Analysis) -> pd.DataFrame:
    """The overview's series, complete months only; who is new and who came back is blank in the burn-in."""
    months = analysis.months[analysis.months["complete"]] if analysis.months["complete"].any() else analysis.months
    told_apart = _after_burn_in(analysis, months["month"])
    return months.assign(
        order_value=months["revenue"] / months["orders"].where(months["orders"] > 0),
        returning=(months["buyers"] - months["new_customers"]).clip(lower=0).where(told_apart),
        new_customers=months["new_customers"].where(told_apart),
    )


# --- high-value profile -------------------------------------------------------------------------------------------------


def profile(analysis: Analysis, words: Wording) -> str:
    """What do my best customers have in common?"""
    found = analysis.profile
    if not found.usable or found.roc_auc_interval is None:
        return wording.no_profile_sentence(words, reason=found.reason, customers=found.customers_learned_from)
    beyond = contrasts(analysis)
    best = beyond[beyond["lift"] > 1].head(1)
    if best.empty:
        return f"The profile finds them better than chance: the top tenth holds {words.times(found.top_decile_lift)} as many."
    row = best.iloc[0]
    others = (found.base_rate * found.customers_learned_from - row["high"]) / max(
        1, found.customers_learned_from - row["customers"]
    )
    return wording.profile_sentence(
        words, start=_start(str(row["words"])), share_high=float(row["hit_rate"]), share_others=float(others),
        top_decile_lift=float(found.top_decile_lift or 1),
    )  # fmt: skip


def _start(sentence: str) -> str:
    """"First order held 'X'" as what completes "Customers who ..."."""
    if sentence.startswith("First order "):
        return f"had a first order that {sentence.removeprefix('First order ')}"
    return f"fit this: {sentence}"


def profile_figures(analysis: Analysis, words: Wording) -> list[Figure]:
    """How good the profile is, measured on later customers."""
    found = analysis.profile
    if found.roc_auc is None or found.roc_auc_interval is None:
        return []
    low, high = found.roc_auc_interval
    tested = f"Measured on the {words.count(found.customers_tested, 'newest customer')}, with a model that saw only earlier ones."
    return [
        Figure(
            "Became high-value", words.of_100(found.base_rate),
            f"Spent more than {words.money(found.threshold)} in the {words.count(found.horizon_days, 'day')} after the day "
            f"of their first order, the average of {words.count(found.customers_learned_from, 'customer')}.",
        ),
        Figure(
            "In the top tenth", words.times(found.top_decile_lift),
            f"As many future high-value customers as chance would put there. {tested}",
        ),
        Figure(
            "Told apart", words.of_100(found.roc_auc),
            "Of 100 pairs of a future high-value customer and another, so many are put in the right order; chance is 50 "
            f"({words.number(low * 100)}–{words.number(high * 100)}). {tested}",
        ),
    ]  # fmt: skip


def contrasts(analysis: Analysis) -> pd.DataFrame:
    """The strongest differences between those who became high-value and the others, for the picture."""
    frame = analysis.profile.contrasts
    if not analysis.profile.usable or frame.empty:
        return frame.head(0).assign(label="")
    frame = frame[frame["beyond_chance"] & frame["named"]]
    told = frame[frame.groupby("topic").cumcount() < MOST_OF_A_TOPIC]
    said = told["words"].str.removeprefix("First order ")
    return told.assign(label=said.str[:1].str.upper() + said.str[1:]).drop_duplicates("label").head(MOST_CONTRASTS)


def contrasts_title(analysis: Analysis, words: Wording) -> str:
    """The finding of the picture."""
    frame = contrasts(analysis)
    if frame.empty:
        return "Nothing differs"
    row = frame.iloc[0]
    return (
        f"{row['words']}: {words.share(row['share_high'])} of high-value customers, "
        f"{words.share(row['share_others'])} of others"
    )


def rules(analysis: Analysis, words: Wording) -> pd.DataFrame:
    """The profile's rules with their hit rates, as shown."""
    frame = analysis.profile.rules
    rates = [f"{words.share(row.hit_rate)} ({words.share(row.low)}–{words.share(row.high)})" for row in frame.itertuples()]
    return pd.DataFrame(
        {"Customers whose ...": frame["rule"], "Became high-value": rates, "Customers": frame["customers"], "Times the average": frame["lift"].round(1)}
    )


def not_used(analysis: Analysis) -> pd.DataFrame:
    """What the profile left aside, and why; columns that the export does not have at all go without saying."""
    frame = analysis.profile.not_used
    frame = frame[frame["why"] != "it is empty"]
    return pd.DataFrame({"Column": frame["column"].str.removeprefix("attribute: "), "Why": frame["why"]})


def behaviour(analysis: Analysis, words: Wording) -> pd.DataFrame:
    """How those above and below the average differ after the first order, as shown."""
    write = {"money": words.money, "share": words.share, "orders": lambda x: words.number(x, 1), "days": lambda x: words.number(x)}
    frame = analysis.behaviour
    return pd.DataFrame(
        {
            "After the first order": frame["measure"],
            "Above average": [write[row.unit](row.above) for row in frame.itertuples()],
            "Below average": [write[row.unit](row.below) for row in frame.itertuples()],
            "Customers": frame["customers"],
        }
    )


def gain_title(analysis: Analysis, words: Wording) -> str:
    """The finding of the gain curve."""
    curve = analysis.profile.gain.set_index("share_contacted")["share_found"]
    reached = float(curve.get(TENTH, float("nan")))
    return f"The first {words.share(TENTH)} by score hold {words.share(reached)} of later high-value customers"


def profile_computed(analysis: Analysis, words: Wording) -> list[str]:
    """How the profile is learned and tested, and what it cannot know."""
    found = analysis.profile
    return [
        f"High-value means: spent more than {words.money(found.threshold)} from the day after the first order to day "
        f"{words.count(found.horizon_days)}, the average of {words.count(found.customers_learned_from, 'customer')} who have "
        "been customers that long. The first order itself is not in that sum.",
        "Only what was known on the day of the first order is used to tell them apart. Anything that buying produces, such as "
        "order counts, tiers or a last-seen date, is set aside and named.",
        f"It is tested on the {words.count(found.customers_tested, 'newest customer')}, by a model that saw only earlier ones; "
        f"every customer's score comes from a model that did not see that customer ({found.model or 'no model'}).",
        "What it cannot know: why. A first order that looks like those of your best is a likeness, not a cause, and says "
        "nothing about who answers an offer.",
    ]


# --- targets ------------------------------------------------------------------------------------------------------------


def targets(analysis: Analysis, words: Wording, *, listed: pd.DataFrame) -> str:
    """Who could be worth more, and why? `listed` are the people on the upgrade list after the page's filters."""
    found, counts = analysis.profile, analysis.targets.counts
    if not found.usable:
        return (
            f"{wording.no_profile_sentence(words, reason=found.reason)} So there is nobody to offer an upgrade; "
            f"{words.count(counts['thank'], 'customer')} deserve thanks."
        )
    alike = float(listed["look_alike_score"].mean()) if len(listed) else 0.0
    return wording.targets_sentence(
        words, targets=len(listed), share_like_them=alike, share_all=found.base_rate, win_back=counts["win_back"]
    )


def target_figures(analysis: Analysis, words: Wording) -> list[Figure]:
    """How many are on each list."""
    counts = analysis.targets.counts
    return [
        Figure(
            "Offer an upgrade", words.count(counts["upgrade"]),
            "Below the average for their age, active, and their first order looks like those of your best.",
        ),
        Figure("Win back first", words.count(counts["win_back"]), "The same, but silent for longer than nine in ten gaps."),
        Figure("Thank", words.count(counts["thank"]), "Above the average for their age, and active: no offer, a thank-you."),
        Figure(
            "Left out", words.count(analysis.targets.left_out["customers"].sum()),
            "People who would be listed, or cannot be judged yet; the reasons stand below.",
        ),
    ]  # fmt: skip


def chosen(
    table: pd.DataFrame, *, name: str, most: int | None = None, least_score: float = 0.0,
    countries: Sequence[str] = (), consent_known: bool = False,
) -> pd.DataFrame:  # fmt: skip
    """The rows of one list after the page's filters; the download holds exactly these."""
    keep = table["list"] == name
    if least_score > 0:
        keep &= table["look_alike_score"].fillna(0) >= least_score
    if countries:
        keep &= table["country"].isin(list(countries))
    if consent_known:
        keep &= table["accepts_marketing"].eq(True).fillna(False).astype(bool)
    found = table[keep]
    return (found if most is None else found.head(most)).reset_index(drop=True)


def picked(listed: pd.DataFrame, box: Mapping[str, Sequence[float]]) -> pd.DataFrame:
    """The rows of `listed` whose values lie in every range of `box`; all of them without one."""
    keep = pd.Series(True, index=listed.index)
    for column, (low, high) in box.items():
        keep &= listed[column].between(low, high)
    return listed[keep].reset_index(drop=True)


def targets_title(listed: pd.DataFrame, words: Wording) -> str:
    """The finding of the picture of targets."""
    best = listed.iloc[0]
    return (
        f"The closest look-alike scores {words.of_100(float(best['look_alike_score']))}; the gap is what similar customers "
        "had spent more by the same age"
    )


def target_columns(listed: pd.DataFrame) -> list[columns.Column]:
    """The columns of a list that say something here: who, how alike, how far, and why."""
    who = [columns.EMAIL if listed["email"].notna().any() else columns.CUSTOMER_ID]
    who += [columns.NAME] if listed["name"].notna().any() else []
    numbers = (columns.LOOK_ALIKE_SCORE, columns.NEXT_YEAR_PROBABILITY, columns.GAP)
    rest = (columns.ACCEPTS_MARKETING, columns.COUNTRY, columns.FIRST_ORDER, columns.LAST_ORDER, columns.ORDER_COUNT, columns.REVENUE)
    kept = [column for column in (*numbers, *columns.REASONS, *rest) if listed[column.name].notna().any()]
    return [*who, *kept]


def targets_left_out(analysis: Analysis) -> pd.DataFrame:
    """One row a reason, as shown."""
    return analysis.targets.left_out.rename(columns={"reason": "Why", "customers": "Customers"})


def targets_computed(analysis: Analysis, words: Wording) -> list[str]:
    """How the lists are made, and what a score is not."""
    found = analysis.profile
    return [
        "Value is compared at the same age: what a customer had paid by day 30, 90, 180, 365 and so on, against the average "
        "of all who reached that day. A plain average would call half of your best new customers below average.",
        f"The look-alike score is of customers whose first order looked like this one's: so many in 100 became high-value, "
        f"where {words.of_100(found.base_rate)} of all did. It is not this customer's chance from here, nor the chance that "
        "they answer an offer. The list takes the best fifth of all scores above that average.",
        "The chance next year is of another model, of value, age and how long ago they last ordered: spending more than the "
        "average customer in the next 12 months.",
        "The gap is what customers like them who became valuable had spent by the same age, less their own spend. It is shown "
        "as it is, never multiplied or added up: it is not money to be earned.",
    ]
