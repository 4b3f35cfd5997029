"""What shops of other countries do to an order book: their dates, their money, their statuses, their kinds of rows, and
numbers that begin again. Each walk says what the owner would answer when asked.
"""

import csv
import io
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import numpy as np
import order_books
import shop_dialects
from order_books import Layout, Order

MONTHS = {
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "da": "januar februar marts april maj juni juli august september oktober november december",
    "nb": "januar februar mars april mai juni juli august september oktober november desember",
    "fi": "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta "
          "marraskuuta joulukuuta",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "cs": "ledna února března dubna května června července srpna září října listopadu prosince",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "tr": "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
    "en": "January February March April May June July August September October November December",
}  # fmt: skip
ARABIC, PERSIAN = "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹"
Write = Callable[[datetime], str]


def _twelve(at: datetime, mark: str = "%p", seconds: str = "") -> str:
    text = f"{at.hour % 12 or 12}:{at:%M}{seconds and at.strftime(seconds)}"
    return f"{text} {at.strftime(mark)}"


def _spanish_half(at: datetime) -> str:
    return f"{at.hour % 12 or 12}:{at:%M} {'a' if at.hour < 12 else 'p'}. m."


def _ordinal(day: int) -> str:
    return f"{day}{'th' if 10 < day % 100 < 14 else {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th')}"


# Name -> (how it is written, whether day or month comes first where days alone could tell).
DATES: Mapping[str, tuple[Write, str | None]] = {
    "browser, American": (lambda at: f"{at.month}/{at.day}/{at.year}, {_twelve(at, seconds=':%S')}", "month-first"),
    "comma": (lambda at: f"{at:%d/%m/%Y, %H:%M}", "day-first"),
    "half of day run on": (lambda at: f"{at:%d/%m/%Y} {_twelve(at).replace(' ', '')}", "day-first"),
    "dotted, year first": (lambda at: f"{at:%Y.%m.%d}", None),
    "month's name, comma": (lambda at: f"{at:%d %b %Y, %H:%M}", None),
    "dots and blanks": (lambda at: f"{at.day}. {at.month}. {at.year}", "day-first"),
    "Uhr": (lambda at: f"{at:%d.%m.%Y %H:%M} Uhr", "day-first"),
    "dotted time": (lambda at: f"{at:%d.%m.%Y %H.%M}", "day-first"),
    "a. m.": (lambda at: f"{at:%d/%m/%Y} {_spanish_half(at)}", "day-first"),
    "at": (lambda at: f"{at:%B} {at.day}, {at.year} at {_twelve(at)}", None),
    "weekday and month": (lambda at: f"{at:%A, %B} {at.day}, {at.year}", None),
    "e-mail": (lambda at: f"{at:%a, %d %b %Y %H:%M:%S} +0000", None),
    "JavaScript": (lambda at: f"{at:%a %b %d %Y %H:%M:%S} GMT+0100 (CET)", None),
    "ordinal": (lambda at: f"{_ordinal(at.day)} {at:%B %Y}", None),
    "seconds": (lambda at: f"{int(at.replace(tzinfo=UTC).timestamp())}", None),
    "milliseconds": (lambda at: f"{int(at.replace(tzinfo=UTC).timestamp())}000", None),
    "run together": (lambda at: f"{at:%Y%m%d%H%M%S}", None),
    "Japanese": (lambda at: f"{at.year}年{at.month}月{at.day}日", None),
    "hs.": (lambda at: f"{at:%d/%m/%Y %H:%M} hs.", "day-first"),
    "Arabic digits": (lambda at: _digits(f"{at:%d/%m/%Y %H:%M}", ARABIC), "day-first"),
    "Persian digits": (lambda at: _digits(f"{at:%Y/%m/%d %H:%M}", PERSIAN), None),
    **{f"month in {code}": (_named(names), None) for code, names in MONTHS.items()
       for _named in [lambda names: lambda at: f"{at.day} {names.split()[at.month - 1]} {at.year}"]},
}  # fmt: skip


def _digits(text: str, ten: str) -> str:
    return text.translate(str.maketrans("0123456789", ten))


@dataclass(frozen=True)
class Money:
    """How a shop writes an amount: what stands before and after it, its signs, and how it writes whole money."""

    before: str = ""
    after: str = ""
    decimal: str = "."
    thousands: str = ","
    whole: str = ""  # goes in place of cents that are none, as in 49,-
    digits: str = ""

    def written(self, amount: Decimal) -> str:
        """`amount`, which may be negative."""
        units, cents = f"{abs(amount):,.2f}".split(".")
        end = self.whole if self.whole and cents == "00" else self.decimal + cents
        text = units.replace(",", self.thousands) + end
        text = self.before + (_digits(text, self.digits) if self.digits else text) + self.after
        return f"-{text}" if amount < 0 else text


MONEY: Mapping[str, Money] = {
    "49,-": Money(decimal=",", thousands=".", whole=",-"),
    "CHF 49.-": Money("CHF ", thousands="'", whole=".-"),
    "R": Money("R "),
    "R, blanks": Money("R", decimal=",", thousands=" "),
    "S/": Money("S/ "),
    "S/.": Money("S/."),
    "KSh": Money("KSh "),
    "KES": Money("KES "),
    "руб.": Money("", " руб.", ",", " "),
    "₽": Money("", " ₽", ",", "\u00a0"),
    "円": Money("", "円"),
    "¥": Money("¥"),
    "ر.س": Money("", " ر.س"),
    "USD$": Money("USD$"),
    "US$": Money("US$ "),
    "thin": Money("", " €", ",", "\u2009"),
    "narrow": Money("", "\u202f€", ",", "\u202f"),
    "right to left": Money("\u200f", "\u200f ر.س"),
    "left to right": Money("\u200e₪", "\u200e"),
    "Arabic digits": Money("", "", "٫", "٬", digits=ARABIC),
    "Persian digits": Money("", " ریال", "٫", "٬", digits=PERSIAN),
    "Rp": Money("Rp ", "", ",", "."),
    "R$": Money("R$ ", "", ",", "."),
    "RM": Money("RM "),
    "₹": Money("₹"),
    "Rs.": Money("Rs. "),
    "zł": Money("", " zł", ",", " "),
    "Kč": Money("", " Kč", ",", " "),
    "Ft": Money("", " Ft", ",", " "),
    "лв.": Money("", " лв.", ",", " "),
    "₺": Money("₺", "", ",", "."),
    "TL": Money("", " TL", ",", "."),
    "₫": Money("", " ₫", ",", "."),
    "฿": Money("฿"),
    "NT$": Money("NT$"),
    "HK$": Money("HK$"),
    "kr": Money("", " kr", ",", " "),
    "lei": Money("", " lei", ",", "."),
    "AED": Money("AED "),
    "₦": Money("₦"),
    "GH₵": Money("GH₵"),
    "Bs.": Money("Bs. ", "", ",", "."),
}
IN_HEADING = ("{} (USD)", "{} EUR", "{} [GBP]", "{} in CHF", "{} (zł)", "{} ($)", "{} (R$)", "{}, kr")
_SALES = ("Sale", "Verkauf", "Vente", "Venta", "Vendita", "Sprzedaż", "売上", "Payment")
_REFUNDS = ("Refund", "Erstattung", "Remboursement", "Devolución", "Rimborso", "Zwrot", "返金", "Refund")
_PERIODS = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}


@dataclass(frozen=True)
class Restyled:
    """Files, what was done, what must come back, and what their owner would answer."""

    files: tuple[bytes, ...]
    done: str
    want: Counter[tuple[str | None, str, Decimal]]
    said: Mapping[str, str | None]
    statuses: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    undecided: frozenset[tuple[str | None, str]] = frozenset()  # customer and day of orders that came back, never paid


def words_of_statuses() -> dict[str, str]:
    """Words of all shop systems of the list, each with the one meaning that all give it."""
    found: dict[str, set[str]] = {}
    for dialect in shop_dialects.dialects(Path(__file__).with_name("unseen_words.json")):
        for status, words in dialect["statuses"].items():
            for word in words:
                found.setdefault(word, set()).add(shop_dialects.MEANINGS[status])
    return {word: meanings.pop() for word, meanings in found.items() if len(meanings) == 1}


def restyled(seed: int, rng: np.random.Generator) -> Restyled:
    """A random book in a layout of its own or of a known export, in one country's dates, money and words."""
    date_name = list(DATES)[seed % len(DATES)]
    money_name = list(MONEY)[int(rng.integers(0, len(MONEY)))]
    write, order = DATES[date_name]
    money = MONEY[money_name]
    orders = order_books.book(rng)
    restart = list(_PERIODS)[int(rng.integers(0, 3))] if rng.random() < 0.25 else ""
    layout = _layout(date_name, order, rng) if not restart else _own_layout(rng)
    if money.whole:
        orders = [replace(one, lines=tuple(replace(line, price=Decimal(int(line.price) + 1)) for line in one.lines),
                          shipping=Decimal(int(one.shipping)), refunded=Decimal(0)) for one in orders]  # fmt: skip
    if restart:
        orders = _numbered_again(orders, restart, rng)
    own = layout.key == "own"
    meaning = _meanings(orders, rng) if own and rng.random() < 0.5 else {}
    rows = order_books.table(orders, layout, _Style(write, money, layout), rng)
    kinds: dict[str, str] = {}
    if layout.refund is not None and own:
        pair = int(rng.integers(0, len(_SALES)))
        kinds = {_SALES[pair]: "sale", _REFUNDS[pair]: "refund"}
        rows = _with_kinds(rows, _SALES[pair], _REFUNDS[pair])
    if meaning:
        at = rows[0].index("Order number")
        rows = [[*rows[0], "Status"], *([*row, meaning[row[at]][0]] for row in rows[1:])]
    if own and not money.before and not money.after and rng.random() < 0.7:
        template = IN_HEADING[int(rng.integers(0, len(IN_HEADING)))]
        rows[0] = [template.format(one) if one in {"Total", "Price", "Line total"} else one for one in rows[0]]
    files = _files(rows, restart, rng)
    return Restyled(
        files,
        f"{layout.key} {layout.shape}: dates {date_name}, money {money_name}, restart {restart or 'never'}, statuses "
        f"{sorted({word for word, _ in meaning.values()})}, kinds {list(kinds)}, {len(files)} files",
        _expected(orders, layout, meaning),
        {
            "date_order": order or order_books._order_of(layout.date),
            "decimal_sign": "," if money.decimal in ",٫" else ".",
            "cents": False,
        },
        dict(meaning.values()),
        kinds,
        frozenset(
            (who, day)
            for one in orders
            if meaning.get(one.number, ("", ""))[1] == "returned"
            for _, who, day, _ in order_books.expected([one], layout)
        ),
    )


@dataclass(frozen=True)
class _Style(order_books.Style):
    """A country's dates and money in place of a pattern's."""

    def __init__(self, write: Write, amounts: Money, layout: Layout) -> None:
        super().__init__(layout.date, layout.time)
        object.__setattr__(self, "write", write)
        object.__setattr__(self, "amounts", amounts)

    def money(self, amount: Decimal) -> str:
        written: str = self.amounts.written(amount)  # type: ignore[attr-defined]
        return written

    def written(self, name: str, cell: object) -> str:
        if isinstance(cell, datetime) and name != "time":
            text: str = self.write(cell)  # type: ignore[attr-defined]
            return text
        return super().written(name, cell)


def _layout(date_name: str, order: str | None, rng: np.random.Generator) -> Layout:
    """A layout of our own, or one of a known export whose dates a spreadsheet may have rewritten so."""
    if rng.random() < 0.6 or date_name in ("seconds", "milliseconds", "run together"):
        return _own_layout(rng)
    fitting = [
        one for one in order_books.LAYOUTS
        if one.restyles and "time" not in one.columns.values() and one.shape != "groups"
        and (order is None or order_books._order_of(one.date) in (None, order))
    ]  # fmt: skip
    return fitting[int(rng.integers(0, len(fitting)))]


def _own_layout(rng: np.random.Generator) -> Layout:
    shape = str(rng.choice(["order", "repeated", "first"]))
    lines = {"Product": "product", "Quantity": "quantity", "Price": "price"} if shape != "order" else {}
    columns = {"Order number": "number", "Date": "at", "Email": "email", **lines, "Total": "total"}
    kinds = rng.random() < 0.4
    return Layout(
        "own", columns, shape, fixed={"Type": "sale"} if kinds else {}, refund={"Type": "back"} if kinds else None
    )


def _meanings(orders: list[Order], rng: np.random.Generator) -> dict[str, tuple[str, str]]:
    """Order -> a word and its meaning. Most are paid; words of one book come from several languages."""
    words = words_of_statuses()
    paid = [word for word, means in words.items() if means == "counts"]
    others = [word for word, means in words.items() if means != "counts"]
    found = {}
    for i, one in enumerate(orders):
        word = str(rng.choice(paid if i < 2 or rng.random() < 0.6 else others))
        found[one.number] = (word, words[word])
    return found


def _numbered_again(orders: list[Order], period: str, rng: np.random.Generator) -> list[Order]:
    """Orders of a few days, months or years, each of which counts from 1, and each number another customer's.

    No money goes back: a refund of number 2 on another day could be of either order.
    """
    start = datetime(2024, 3, 18, 10, 15)  # noqa: DTZ001 - a shop's own time
    step = {"day": timedelta(days=1), "month": timedelta(days=31), "year": timedelta(days=366)}[period]
    found = []
    for i, one in enumerate(orders):
        at = start + (i // 4) * step + timedelta(minutes=40 * (i % 4))
        found.append(replace(one, number=f"{i % 4 + 1}", at=at, who=(i + 2 * (i // 4)) % 5, refunded=Decimal(0)))
    return found


def _with_kinds(rows: list[list[str]], sale: str, back: str) -> list[list[str]]:
    """Refunds as rows whose amounts are positive: their kind alone says what they are."""
    kind = rows[0].index("Type")
    told = [rows[0]]
    for row in rows[1:]:
        amounts = [cell.removeprefix("-") for cell in row] if row[kind] == "back" else row
        told.append([*amounts[:kind], back if row[kind] == "back" else sale, *amounts[kind + 1 :]])
    return told


def _files(rows: list[list[str]], restart: str, rng: np.random.Generator) -> tuple[bytes, ...]:
    """One file, or with numbers that begin again each year, sometimes one for each year."""
    encoding = str(rng.choice(["utf-8", "utf-8-sig", "utf-16"]))
    delimiter = str(rng.choice([";", "\t", ","]))

    def content(some: list[list[str]]) -> bytes:
        text = io.StringIO()
        csv.writer(text, delimiter=delimiter).writerows([rows[0], *some])
        return text.getvalue().encode(encoding)

    if restart == "year" and rng.random() < 0.5:
        number = rows[0].index("Order number")
        again = [i for i in range(2, len(rows)) if rows[i][number] == "1" and rows[i - 1][number] != "1"]
        edges = [1, *again, len(rows)]
        return tuple(content(rows[a:b]) for a, b in pairwise(edges))
    return (content(rows[1:]),)


def _expected(
    orders: list[Order], layout: Layout, meaning: Mapping[str, tuple[str, str]]
) -> Counter[tuple[str | None, str, Decimal]]:
    want: Counter[tuple[str | None, str, Decimal]] = Counter()
    for one in orders:
        ((_, who, day, revenue),) = order_books.expected([one], layout)
        means = meaning.get(one.number, ("", "counts"))[1]
        if means in ("counts", "refunded"):
            want[(who, day, Decimal(0) if means == "refunded" else revenue)] += 1
    return want
