"""An analysis -> what the orders page says: what was read, and is it all there?"""

import re
from datetime import date as Day  # noqa: N812 - `date` is the method

import pandas as pd

from clvapp.analysis import Analysis
from clvapp.memo import once
from clvapp.stats import brought
from clvapp.story.figure import Figure
from clvapp.wording import Wording

SALES_SHOWN = 15


# Words in a format's name that a sentence leaves out.
_FORMAT_WORDS = (" orders", " payments")


def answer(analysis: Analysis, words: Wording) -> str:
    """The page's answer: what was read, and is it all there?"""
    cleaned = analysis.cleaned
    count, revenue, refunded = analysis.totals
    return orders_sentence(
        words, export=_export(analysis.shop.format_name) if analysis.shop.known else None, orders=count,
        customers=len(analysis.customers), first=analysis.first_order, last=analysis.last_order, revenue=revenue,
        refunded=refunded, rows_left_out=cleaned.rows_in - cleaned.rows_used,
    )  # fmt: skip


def _export(name: str) -> str:
    for word in _FORMAT_WORDS:
        name = name.removesuffix(word)
    return name


def figures(analysis: Analysis, words: Wording) -> list[Figure]:
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
            "Rows": [words.count(count) for count in report["rows"]],
            "Orders": [words.count(count) for count in report["orders"]],
            "Money": [words.money(money) for money in report["money"]],
        }
    )


@once
def sales(analysis: Analysis, word: str, words: Wording) -> pd.DataFrame:
    """What brings most, by one word of the orders, with the rest merged."""
    frame = analysis.sales[word]
    total = float(brought(frame["revenue"]).sum())
    top, rest = frame.head(SALES_SHOWN), frame.iloc[SALES_SHOWN:]
    names = [*top["group"], *([f"{words.count(len(rest), 'other')}"] if len(rest) else [])]
    orders = [*top["orders"], *([int(rest["orders"].sum())] if len(rest) else [])]
    money = [*top["revenue"], *([float(rest["revenue"].sum())] if len(rest) else [])]
    gross = [*brought(top["revenue"]), *([float(brought(rest["revenue"]).sum())] if len(rest) else [])]
    return pd.DataFrame(
        {
            word.capitalize(): names,
            "Orders": [words.count(count) for count in orders],
            "Revenue": [words.money(amount) for amount in money],
            "Share": [words.share(amount / total) if total else "" for amount in gross],
        }
    )


def revenue_title(analysis: Analysis, words: Wording) -> str:
    """The finding of the revenue picture."""
    whole = analysis.months[analysis.months["complete"]]
    months = whole if len(whole) else analysis.months
    best = months.iloc[int(months["revenue"].to_numpy().argmax())]
    return f"The best month was {words.month(best['month'])}, with {words.money(best['revenue'])}"


def computed(analysis: Analysis, words: Wording) -> list[str]:
    """How rows became orders, and what this cannot know."""
    cleaned = analysis.cleaned
    unknown, _ = analysis.not_attributable
    name, count = ("names", "counts") if unknown == 1 else ("name", "count")
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
            "A customer is an e-mail address; else the shop's customer number; else a telephone number; else a name "
            f"with a postcode; else a name alone. {words.count(unknown, 'order')} {name} nobody and {count} for the "
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
    refunded: float = 0, rows_left_out: int = 0,
) -> str:  # fmt: skip
    """What was read. `export` is the format's label ("Shopify"), None when the columns were named by hand."""
    opening = f"This is {_article(export)} export:" if export else "Your file holds"
    refunds = f" after {words.money(refunded)} of refunds" if refunded else ""
    left_out = f"{words.count(rows_left_out, 'row')} {'was' if rows_left_out == 1 else 'were'} left out."
    return (
        f"{opening} {words.count(orders, 'order')} by {words.count(customers, 'customer')}, {words.date(first)} to "
        f"{words.date(last)}, {words.money(revenue)}{refunds}. {left_out if rows_left_out else 'Every row was used.'}"
    )
