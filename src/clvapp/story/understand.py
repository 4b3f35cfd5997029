"""What the pages say of the orders that were read, and of what customers are worth."""

import pandas as pd

from clvapp import wording
from clvapp.analysis import Analysis, date
from clvapp.chart.understand import AVERAGE, Sides
from clvapp.once import once
from clvapp.story.figure import FIFTH, Figure
from clvapp.value import historic, simple
from clvapp.wording import Wording

SALES_SHOWN = 15
# Product words of a format's name that a sentence says without.
_FORMAT_WORDS = (" orders", " payments")
FACTORS = {"aov": "Larger orders", "orders_per_year": "More orders a year", "years": "Staying longer"}


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
        Figure(
            "Customers", words.count(len(analysis.customers)), "People who can be told apart, with at least one order."
        ),
        Figure("Revenue", words.money(revenue), "Order values minus refunds, of orders with and without a customer."),
        Figure(
            "Rows used",
            words.share(cleaned.rows_used / cleaned.rows_in),
            f"{words.count(cleaned.rows_used)} of {words.count(cleaned.rows_in)} rows; each of the others stands "
            "below under one reason.",
        ),
    ]


def recognised(analysis: Analysis, words: Wording) -> pd.DataFrame:
    """What the export was taken for, a line each: its kind, what a total means, dates and their order, currency."""
    shop, cleaned = analysis.shop, analysis.cleaned
    orders = {"day-first": "the day before the month", "month-first": "the month before the day", None: ""}
    read_as = orders[shop.loaded.date_order]
    dates = f"{words.date(analysis.first_order)} to {words.date(analysis.last_order)}"
    lines = {
        "Export": shop.format_name if shop.known else f"{shop.format_name} (the columns are yours)",
        "Order total": "; ".join(dict.fromkeys(raw.format.total_means for raw in shop.loaded.raws)),
        "Dates": f"{dates}, {read_as}" if read_as else dates,
        "Currency": cleaned.currency or "not said in the file",
        "Notes": " ".join(dict.fromkeys(note for raw in shop.loaded.raws for note in raw.format.notes)),
    }
    return pd.DataFrame({"What": list(lines), "As": list(lines.values())})[[bool(text) for text in lines.values()]]


@once
def left_out(analysis: Analysis, words: Wording) -> pd.DataFrame:
    """One row a reason: what is shown of the rows left out."""
    report = analysis.cleaned.report
    return pd.DataFrame(
        {
            "Why": report["label"],
            "Rows": [words.count(count) for count in report["rows"]],
            "Orders": [words.count(count) for count in report["orders"]],
            "Money": [words.money(money) for money in report["money"]],
        }
    )


@once
def sales(analysis: Analysis, word: str, words: Wording) -> pd.DataFrame:
    """What brings most, by a word of the orders, and everything else together."""
    frame = analysis.sales[word]
    total = float(frame["revenue"].sum())
    top, rest = frame.head(SALES_SHOWN), frame.iloc[SALES_SHOWN:]
    names = [*top["group"], *([f"{words.count(len(rest), 'other')}"] if len(rest) else [])]
    orders = [*top["orders"], *([int(rest["orders"].sum())] if len(rest) else [])]
    money = [*top["revenue"], *([float(rest["revenue"].sum())] if len(rest) else [])]
    return pd.DataFrame(
        {
            word.capitalize(): names,
            "Orders": [words.count(count) for count in orders],
            "Revenue": [words.money(amount) for amount in money],
            "Share": [words.share(amount / total) if total else "" for amount in money],
        }
    )


def revenue_title(analysis: Analysis, words: Wording) -> str:
    """The finding of the revenue picture."""
    whole = analysis.months[analysis.months["complete"]]
    months = whole if len(whole) else analysis.months
    best = months.iloc[int(months["revenue"].to_numpy().argmax())]
    return f"The best month was {words.month(best['month'])}, with {words.money(best['revenue'])}"


def orders_computed(analysis: Analysis, words: Wording) -> list[str]:
    """How orders were made out of rows, and what this cannot know."""
    cleaned = analysis.cleaned
    unknown = words.count(cleaned.not_attributable_orders, "order")
    return [
        (
            f"{words.count(cleaned.rows_in, 'row')} in = {words.count(cleaned.rows_used)} used + "
            f"{words.count(cleaned.rows_in - cleaned.rows_used)} left out, each under the first reason that holds."
        ),
        (
            "An order's value is its total once, however many lines repeat it; where there is no total, its lines "
            "are added up. Refunds reduce the sale they take back; a refund whose sale is not in the file counts on "
            "its own day."
        ),
        (
            "A customer is an e-mail address; else the shop's customer number; else a name with a postcode; else a "
            f"name alone. {unknown} name nobody and count for the shop only."
        ),
        (
            "Days are the shop's own, as written in the file. Nothing is looked up anywhere else: what the export "
            "does not hold, such as orders of another shop of yours, is not known here."
        ),
    ]


@once
def value(analysis: Analysis, words: Wording) -> str | None:
    """What is a customer worth, and what drives it? None when no customer can be told."""
    clv = analysis.simple_clv
    if clv is None:
        return None
    return wording.value_sentence(
        words, clv=clv.clv, aov=clv.aov, orders_per_year=clv.orders_per_year, years=clv.years,
        average=float(analysis.customers["historic_value"].mean()), customers=len(analysis.customers),
        above=analysis.segments.above, revenue_share_above=analysis.segments.revenue_share_above,
        margin=analysis.margin, cut=_cut(analysis, words), of_revenue=of_revenue(analysis),
    )  # fmt: skip


def _cut(analysis: Analysis, words: Wording) -> str:
    """What those above are above, after a sentence that has named the average."""
    line = words.money(analysis.segments.threshold)
    if analysis.settings.threshold == "median":
        return f"the {line} of the middle customer"
    if analysis.settings.threshold == "top":
        return f"{line}, where the top {words.share(analysis.settings.top_share)} begin,"
    return "that"


def of_revenue(analysis: Analysis) -> str:
    """What shares are of: orders that name nobody belong to no customer's."""
    return "of the revenue of known customers" if analysis.not_attributable[0] else "of revenue"


@once
def everybody(analysis: Analysis) -> pd.DataFrame:
    """All customers with what is expected of each, those worth most so far first."""
    return analysis.foretold.sort_values("historic_value", ascending=False)


@once
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
            "Orders a year",
            words.number(clv.orders_per_year, 1),
            f"Per customer and year in which they could buy. {who}",
        ),
        Figure(
            "Years as a customer",
            words.number(clv.years, 1),
            f"From first order to {words.date(analysis.observation_end)}, so far. {who}",
        ),
    ]


def _window(clv: simple.SimpleClv) -> str:
    return "the last 12 months" if clv.whole_year else "the whole history, which is shorter than a year"


def value_computed(analysis: Analysis, words: Wording) -> list[str]:
    """How the value is computed, with the shop's own numbers, and what it cannot know: a paragraph each."""
    clv = analysis.simple_clv
    if clv is None:
        return []
    return [
        (
            f"{words.money(clv.aov)} × {words.number(clv.orders_per_year, 2)} × {words.number(clv.years, 2)} = "
            f"{words.money(clv.clv)}, of the {words.count(clv.customers, 'customer')} with "
            f"{words.count(clv.orders, 'order')} in {_window(clv)}."
        ),
        (
            "A customer's time in those months begins at their first order, or at their start. Years run from the "
            f"first order to {words.date(analysis.observation_end)}: so far, and not yet to the end."
        ),
        (
            f"The average of {words.money(float(analysis.customers['historic_value'].mean()))} is another question: "
            f"what all {words.count(len(analysis.customers), 'customer')} have been worth so far, those who left long "
            "ago and those who came last week included. The formula asks what one is worth over a whole relationship "
            "at today's pace."
        ),
        "What it cannot know: how long today's customers will stay. Who stays for ever is not in a file of orders.",
    ]


def worth_label(analysis: Analysis) -> str:
    """What value above and below average is of."""
    return "Value so far" if analysis.settings.basis == "historic" else "Value so far and expected"


def sides(analysis: Analysis, words: Wording) -> Sides:
    """What the line of the distribution is called, and its two sides."""
    if analysis.settings.threshold == "median":
        return Sides("middle customer", "above the middle", "below the middle")
    if analysis.settings.threshold == "top":
        top = f"top {words.share(analysis.settings.top_share)}"
        return Sides(f"{top}: from", top, "everybody else")
    return AVERAGE


def distribution_title(analysis: Analysis, words: Wording) -> str:
    """The finding of the distribution."""
    parts = analysis.segments
    share = words.share(parts.above / max(1, parts.above + parts.below))
    above = "above the average" if analysis.settings.threshold == "mean" else f"above {words.money(parts.threshold)}"
    return f"{share} of customers are {above} and bring {words.share(parts.revenue_share_above)} {of_revenue(analysis)}"


@once
def distribution(analysis: Analysis) -> pd.DataFrame:
    """Customers by value, in steps of one side of the average each."""
    return historic.distribution(analysis.worth, analysis.segments.threshold)


@once
def pareto(analysis: Analysis) -> pd.DataFrame:
    """Customers from best to least, and the money they bring together."""
    return historic.pareto(analysis.customers["revenue"])


def pareto_title(analysis: Analysis, words: Wording) -> str:
    """The finding of the Pareto curve."""
    best = historic.share_of_top(analysis.customers["revenue"], FIFTH)
    return f"{words.share(FIFTH)} of customers bring {words.share(best)} {of_revenue(analysis)}"


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


@once
def cohorts(analysis: Analysis) -> pd.DataFrame:
    """One row a month of first order, those of the burn-in left out."""
    months = analysis.cohorts.rename(columns={"value": "sum_value", "mean_value": "value"})
    return months[after_burn_in(analysis, months["month"])].reset_index(drop=True)


def after_burn_in(analysis: Analysis, months: pd.Series) -> pd.Series:
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


@once
def factors_sentence(analysis: Analysis, words: Wording) -> str:
    """What 10 % more of any factor brings: the same for each, and the total for the shop."""
    clv = analysis.simple_clv
    if clv is None:
        return ""
    gain, more = 0.1 * clv.clv, 1.1
    often, oftener = words.number(clv.orders_per_year, 2), words.number(more * clv.orders_per_year, 2)
    return (
        f"{words.share(0.1)} more of any one of the three brings {words.money(gain)} a customer, "
        f"{words.money(gain * clv.customers)} over the {words.count(clv.customers, 'customer')} of {_window(clv)}: "
        f"{words.money(more * clv.aov)} an order instead of {words.money(clv.aov)}, {oftener} orders a year instead of "
        f"{often}, or {words.number(more * clv.years, 2)} years instead of {words.number(clv.years, 2)}."
    )


@once
def groupings(analysis: Analysis) -> dict[str, str]:
    """What customers can be grouped by: heading -> column of the first order; only what the export has."""
    named = {
        "Country": "country",
        "Channel": "channel",
        "First product": "product",
        "Category": "category",
        "Region": "region",
    }
    first = analysis.first_orders
    return {heading: column for heading, column in named.items() if first[column].dropna().drop_duplicates().size > 1}


@once
def by_group(analysis: Analysis, column: str) -> pd.DataFrame:
    """Mean value so far by a word of the first order, with intervals; products by what stands before a dash."""
    by_id = analysis.first_orders.set_index("customer_id")[column]
    group = analysis.customers["customer_id"].map(by_id)
    found = historic.by_group(analysis.customers["historic_value"], group)
    return found.rename(columns={"mean_value": "value"})


@once
def group_title(analysis: Analysis, frame: pd.DataFrame, heading: str, words: Wording) -> str:
    """The finding of a grouping: its best group of a fair size, and whether it can be told from the rest."""
    fair = frame[frame["customers"] >= 30]
    if fair.empty:
        return f"{heading}: every group is too small to compare"
    best, rest = fair.iloc[0], fair.iloc[1:]
    if len(rest) and best["low"] > rest["high"].max():
        return f"{best['group']} stands out: {words.money(best['value'])} a customer so far"
    return f"{best['group']} leads with {words.money(best['value'])}, within what chance could do"
