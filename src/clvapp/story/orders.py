"""An analysis -> what the orders page says: what was read, and is it all there?"""

import re
from collections.abc import Callable
from datetime import date as Day  # noqa: N812 - `date` is the method
from functools import partial

import pandas as pd

from clvapp.analysis import Analysis
from clvapp.clean.reasons import AFTER_LOOK_BACK
from clvapp.memo import once
from clvapp.stats import brought
from clvapp.story.figure import Figure, part
from clvapp.wording import Of, Wording

SALES_SHOWN = 15
_in_file = partial(Of, period="in the file")  # whatever day is looked back from


# Words in a format's name that a sentence leaves out.
_FORMAT_WORDS = (" orders", " payments")


def answer(analysis: Analysis, words: Wording) -> str:
    """The page's answer: what was read, and is it all there?"""
    cleaned = analysis.cleaned
    count, revenue, refunded = analysis.totals
    return orders_sentence(
        words, export=_export(analysis.shop.format_name) if analysis.shop.known else None, orders=count,
        customers=len(analysis.customers), first=analysis.first_order, last=analysis.last_order, revenue=revenue,
        refunded=refunded, rows_left_out=cleaned.rows_in - cleaned.rows_used, rows_later=_rows_later(analysis),
        until=analysis.observation_end,
    )  # fmt: skip


def _rows_later(analysis: Analysis) -> int:
    """How many rows are of days after the one looked back from."""
    report = analysis.cleaned.report
    return int(report.loc[report["reason"] == AFTER_LOOK_BACK, "rows"].sum())


def _export(name: str) -> str:
    for word in _FORMAT_WORDS:
        name = name.removesuffix(word)
    return name


def figures(analysis: Analysis, words: Wording) -> list[Figure]:
    """Orders, customers, revenue, and the share of rows used."""
    count, revenue, _ = analysis.totals
    cleaned = analysis.cleaned
    return [
        Figure(
            "Orders", words.count(count, of=Of("orders")),
            "Paid orders, each counted once however many lines it has.",
        ),
        Figure(
            "Customers", words.count(len(analysis.customers), of=Of("customers")),
            "People who can be told apart, with at least one order.",
        ),
        Figure(
            "Revenue", words.money(revenue, of=Of("revenue")),
            "Order values minus refunds, of orders with and without a customer.",
        ),
        Figure(
            "Rows used",
            part(words, cleaned.rows_used / cleaned.rows_in, of=_in_file("rows_used_share")),
            f"{words.count(cleaned.rows_used, of=_in_file('rows_used'))} of "
            f"{words.count(cleaned.rows_in, of=_in_file('rows'))} rows; each of the others stands below under one "
            "reason.",
        ),
    ]  # fmt: skip


def recognised(analysis: Analysis, words: Wording) -> pd.DataFrame:
    """What we took the export for, a line each: its kind, what a total means, dates and their order, currency."""
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
    """The rows left out, one line per reason, as shown."""
    report = analysis.cleaned.report
    return pd.DataFrame(
        {
            "Why": report["label"],
            "Rows": _written(report, "rows", words.count),
            "Orders": _written(report, "orders", words.count),
            "Money": _written(report, "money", words.money),
        }
    )


def _written(report: pd.DataFrame, column: str, write: Callable[..., str]) -> list[str]:
    """A column of the report as shown."""
    pairs = zip(report[column], report["reason"], strict=True)
    return [write(number, of=_in_file(f"{column}_left_out", group=str(reason))) for number, reason in pairs]


@once
def sales(analysis: Analysis, word: str, words: Wording) -> pd.DataFrame:
    """What brings most, by one word of the orders; the rest merged, and what does not say it in a row of its own."""
    frame = analysis.sales[word]
    top, rest = frame.head(SALES_SHOWN), frame.iloc[SALES_SHOWN:]
    shown = [_line(top.iloc[[place]], str(name)) for place, name in enumerate(top["group"])]
    if len(rest):
        shown.append(_line(rest, words.count(len(rest), "other", of=Of("groups_merged", group=word))))
    orders, revenue, _ = analysis.totals
    unsaid = int(orders - frame["orders"].sum()), round(float(revenue - frame["revenue"].sum()), 2)
    if any(unsaid):
        name = "not given" if unsaid[0] else "refunds and corrections of no order"
        shown.append((name, *unsaid, max(unsaid[1], 0.0)))
    total = sum(gross for *_, gross in shown)

    def of(name: str, group: str) -> Of:
        return Of(name, group=f"{word}: {group}")

    return pd.DataFrame(
        {
            word.capitalize(): [name for name, *_ in shown],
            "Orders": [words.count(count, of=of("orders", name)) for name, count, *_ in shown],
            "Revenue": [words.money(money, of=of("revenue", name)) for name, _, money, _ in shown],
            "Share": [
                part(words, gross / total, of=of("revenue_share", name)) if total else "" for name, _, _, gross in shown
            ],
        }
    )


def _line(frame: pd.DataFrame, name: str) -> tuple[str, int, float, float]:
    """Some groups as one: their name, orders, revenue, and what they brought."""
    return name, int(frame["orders"].sum()), float(frame["revenue"].sum()), float(brought(frame["revenue"]).sum())


def revenue_title(analysis: Analysis, words: Wording) -> str:
    """The finding of the revenue picture."""
    whole = analysis.months[analysis.months["complete"]]
    months = whole if len(whole) else analysis.months
    best = months.iloc[int(months["revenue"].to_numpy().argmax())]
    money = words.money(best["revenue"], of=Of("revenue", period=f"{best['month']:%Y-%m}"))
    best_of = "The best month was" if len(whole) else "No month is whole yet; the best so far is"
    return f"{best_of} {words.month(best['month'])}, with {money}"


def computed(analysis: Analysis, words: Wording) -> list[str]:
    """How rows became orders, and what this cannot know."""
    cleaned = analysis.cleaned
    unknown, _ = analysis.not_attributable
    name, count = ("names", "counts") if unknown == 1 else ("name", "count")
    nobody = words.count(unknown, "order", of=Of("orders", group="nobody"))
    return [
        (
            f"{words.count(cleaned.rows_in, 'row', of=_in_file('rows'))} in = "
            f"{words.count(cleaned.rows_used, of=_in_file('rows_used'))} used + "
            f"{words.count(cleaned.rows_in - cleaned.rows_used, of=_in_file('rows_left_out'))} left out, each under "
            "the first reason that holds."
        ),
        (
            "An order's value is its total once, however many lines repeat it; where there is no total, its lines "
            "are added up. Refunds reduce the sale they take back; a refund whose sale is not in the file counts on "
            "its own day."
        ),
        (
            "A customer is an e-mail address; else the shop's customer number; else a telephone number; else a name "
            f"with a postcode; else a name alone. {nobody} {name} nobody and {count} for the "
            "shop only."
        ),
        (
            "Days are the shop's own, as written in the file. Nothing is looked up anywhere else: what the export "
            "does not hold, such as orders of another shop of yours, is not known here."
        ),
    ]


_VOWEL = re.compile(r"[aeiou]", re.IGNORECASE)


def _article(word: str) -> str:
    return f"{'an' if _VOWEL.match(word) else 'a'} {word}"


def orders_sentence(
    words: Wording, *, export: str | None, orders: int, customers: int, first: Day, last: Day, revenue: float,
    refunded: float = 0, rows_left_out: int = 0, rows_later: int = 0, until: Day | None = None,
) -> str:  # fmt: skip
    """What was read. `export` is the format's label ("Shopify"), None when the columns were named by hand.

    Of the rows left out so many are of days after `until`, the one looked back from.
    """
    opening = f"This is {_article(export)} export:" if export else "Your file holds"
    refunds = f" after {words.money(refunded, of=Of('refunds'))} of refunds" if refunded else ""
    left_out = "Every row was used."
    if rows_left_out:
        rows = words.count(rows_left_out, "row", of=_in_file("rows_left_out"))
        left_out = f"{rows} {'was' if rows_left_out == 1 else 'were'} left out"
        if rows_later:
            later = words.count(rows_later, of=_in_file("rows_left_out", group=AFTER_LOOK_BACK))
            left_out += f", {later} of them of the days after {words.date(until)}"
        left_out += "."
    who = words.count(customers, "customer", of=Of("customers"))
    return (
        f"{opening} {words.count(orders, 'order', of=Of('orders'))} by {who}, {words.date(first)} to "
        f"{words.date(last)}, {words.money(revenue, of=Of('revenue'))}{refunds}. {left_out}"
    )
