"""Random exports as shops of many countries would write them, in words that nobody took from the product's lists.

`dialects` reads a list of shop systems: their headings, words and styles. `export` makes an order book up, with what is
true of it, and writes it as one of them would.
"""

import csv
import io
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

CENT = Decimal("0.01")
PEOPLE = ("Maren Holt", "Ivo Brandt", "Lucía Peral", "Tove Nyman", "Ada Quill", "Pál Szabo", "Rui Matos", "Elif Kaya",
          "Jon Petrie")  # fmt: skip
GOODS = ("Wool scarf", "Oak tray", "Rye bread", "Lamp no. 4", "Soap, lemon", "Vase", "Tea 100 g", "Candle")
# What the list says of a status, and what the product calls that.
MEANINGS = {
    "paid": "counts", "waiting for money": "waiting", "cancelled": "cancelled", "refunded": "refunded",
    "never taken or returned to sender": "returned", "draft or quotation": "draft", "test": "test",
}  # fmt: skip
CURRENCIES = {
    "English (UK)": "GBP", "English (US)": "USD", "English (Australia)": "AUD", "English (India)": "INR",
    "English": "USD", "German (Switzerland)": "CHF", "French (Canada)": "CAD", "Spanish (Argentina)": "ARS",
    "Spanish (Mexico)": "MXN", "Portuguese (Brazil)": "BRL", "Polish": "PLN", "Swedish": "SEK", "Danish": "DKK",
    "Norwegian": "NOK", "Czech": "CZK", "Hungarian": "HUF", "Romanian": "RON", "Bulgarian": "BGN", "Russian": "RUB",
    "Ukrainian": "UAH", "Turkish": "TRY", "Arabic": "SAR", "Arabic (Egypt)": "EGP", "Hebrew": "ILS", "Japanese": "JPY",
    "Korean": "KRW", "Chinese (Simplified)": "CNY", "Chinese (Traditional)": "TWD", "Indonesian": "IDR",
    "Vietnamese": "VND", "Thai": "THB",
}  # fmt: skip
# The list has words for kinds of rows, but not what the column is called.
KIND_HEADINGS = {
    "English": "Type", "German": "Belegart", "French": "Type de pièce", "Spanish": "Tipo de documento",
    "Portuguese": "Tipo de operação", "Italian": "Tipo documento", "Dutch": "Soort", "Polish": "Typ dokumentu",
    "Swedish": "Typ", "Czech": "Druh dokladu", "Russian": "Вид документа", "Turkish": "İşlem türü",
    "Arabic": "نوع العملية", "Japanese": "取引区分", "Vietnamese": "Loại phiếu", "Indonesian": "Jenis",
}  # fmt: skip
CODE_PAGES = {
    "Polish": "cp1250", "Czech": "cp1250", "Hungarian": "cp1250", "Russian": "cp1251", "Ukrainian": "cp1251",
    "Bulgarian": "cp1251", "Greek": "cp1253", "Turkish": "cp1254", "Hebrew": "cp1255", "Arabic": "cp1256",
    "Japanese": "cp932", "Korean": "cp949", "Chinese": "gb18030", "Thai": "cp874",
}  # fmt: skip
# Styles of dates that the list describes in words.
IN_WORDS = {
    "YYYY-MM-DD HH:MM:SS followed by": lambda at: f"{at:%Y-%m-%d %H:%M:%S} -0500",
    "Mon-DD-YY": lambda at: f"{at:%b-%d-%y}",
    "D.M.YYYY HH:MM": lambda at: f"{at.day}.{at.month}.{at.year} {at:%H:%M}",
    "D.M.YYYY": lambda at: f"{at.day}.{at.month}.{at.year}",
}


@dataclass(frozen=True)
class Sold:
    """An order as its shop knows it. `who` is None for a buyer whom the shop does not know."""

    number: str
    who: int | None
    at: datetime
    lines: tuple[tuple[str, int, Decimal], ...]
    status: str  # one of the list's meanings
    word: str  # how the shop writes it
    back: Decimal  # money given back, of an order that is not wholly refunded
    back_at: datetime

    @property
    def total(self) -> Decimal:
        return sum((pieces * price for _, pieces, price in self.lines), Decimal(0))


@dataclass(frozen=True)
class Export:
    """A file, how it was made, and what is true of it.

    `orders`: number -> (customer or None, day, revenue) of those that count. `adjusted`: money back that names no
    order. `headings`: role -> heading, as its owner would choose the columns. `meanings` and `kinds`: the shop's own
    words, as its owner would explain them. `undecided`: orders that may count as 0 or be left out. `nobody`: what
    stands for a buyer whom the shop does not know.
    """

    content: bytes
    done: str
    orders: dict[str, tuple[int | None, str, Decimal]]
    adjusted: Decimal
    undecided: frozenset[str]
    headings: dict[str, str]
    meanings: dict[str, str]
    kinds: dict[str, str]
    date_order: str | None
    decimal_sign: str
    numbered: bool
    nobody: tuple[str, ...]


def dialects(path: Path) -> list[dict[str, Any]]:
    """The shop systems of a list."""
    found: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return found


def export(dialect: dict[str, Any], rng: np.random.Generator) -> Export:
    """A random order book, as `dialect` would write it."""
    has = _columns(dialect, rng)
    shape = "order" if "product" not in has or rng.random() < 0.25 else str(rng.choice(["repeated", "first"]))
    if shape == "order":
        has -= {"quantity", "unit price", "line total"}
        has |= {"order total"}
    back_in = _ways_back(dialect, has, rng)
    sold = _book(dialect, has, back_in, rng)
    kinds, own_numbers = dialect["kinds"], bool(rng.random() < 0.4)
    if back_in == "rows":
        has.add("kind")
    rows = []
    for one in sold:
        rows += _rows(dialect, one, has, shape=shape)
        if back_in == "rows" and one.back:
            rows.append(_back(dialect, one, own_numbers=own_numbers, positive=shape != "first", rng=rng))
    names = {name: _heading(dialect, name) for name in (*dialect["headings"], "kind") if name in has}
    order = list(rng.permutation(list(names))) if rng.random() < 0.3 else list(names)
    write = _Written(dialect, sign=bool(rng.random() < 0.6))
    table = [[names[name] for name in order], *([write.cell(name, row.get(name)) for name in order] for row in rows)]
    content, how = _file(dialect, table, rng)
    own = own_numbers and back_in == "rows"
    return Export(
        content,
        f"{dialect['name']}: {shape}, {', '.join(order)}, money back in {back_in}{' of their own' * own}, {how}",
        {
            one.number: (one.who, one.at.date().isoformat(), _revenue(one, has, own=own))
            for one in sold
            if one.status in ("paid", "refunded")
        },
        -sum((one.back for one in sold), Decimal(0)) if own else Decimal(0),
        frozenset(one.number for one in sold if one.status == "never taken or returned to sender"),
        _roles(names),
        {word: MEANINGS[status] for status, words in dialect["statuses"].items() for word in words},
        {word: kind for kind, words in (kinds or {}).items() for word in words},
        _date_order(dialect["date format"]),
        dialect["decimal"] or ".",
        "order number" in has,
        tuple(dialect["nobody"]),
    )


def _revenue(one: Sold, has: set[str], *, own: bool) -> Decimal:
    if one.status == "refunded":
        return Decimal(0)
    return one.total if own else one.total - one.back


def _columns(dialect: dict[str, Any], rng: np.random.Generator) -> set[str]:
    """The columns of one export: the dialect's, without some."""
    there = {name for name, heading in dialect["headings"].items() if heading}
    for name, chance in (("status", 0.2), ("currency", 0.3), ("customer phone", 0.5), ("customer number", 0.4),
                         ("quantity", 0.25), ("line total", 0.35), ("unit price", 0.35), ("refunded", 0.3),
                         ("customer e-mail", 0.3), ("customer name", 0.2), ("order total", 0.35)):  # fmt: skip
        if rng.random() < chance:
            there.discard(name)
    if not there & {"customer e-mail", "customer name", "customer number"}:
        there.add("customer name")
    if not there & {"order total", "line total"} and not {"unit price", "quantity"} <= there:
        there.add("order total")
    if "quantity" in there and "order total" in there and not there & {"line total", "unit price"}:
        there.discard("quantity")  # pieces and one lone amount mean a price: nobody could tell
    if "unit price" in there and "quantity" not in there and not there & {"order total", "line total"}:
        there.discard("unit price")
    return there


def _ways_back(dialect: dict[str, Any], has: set[str], rng: np.random.Generator) -> str:
    """How the shop writes money that went back to a buyer: in a column, in rows, or not at all."""
    if dialect["kinds"] and rng.random() < 0.8:
        has.discard("refunded")
        return "rows"
    return "a column" if "refunded" in has else "no cell"


def _book(dialect: dict[str, Any], has: set[str], back_in: str, rng: np.random.Generator) -> list[Sold]:
    count, people = int(rng.integers(6, 26)), int(rng.integers(3, len(PEOPLE) + 1))
    at = datetime(2025, 1, 6, 9, 12, 31) + timedelta(days=int(rng.integers(0, 200)))  # noqa: DTZ001 - a shop's own time
    first, style = int(rng.integers(100, 9000)), str(rng.choice(["{}", "{}", "A-{}", "2025-{}", "#{}"]))
    strange = rng.random() < 0.5 and bool(dialect["nobody"])  # whether some buyers are nobody the shop knows
    named = {status: words for status, words in dialect["statuses"].items() if words}
    whole = _whole(dialect)
    found = []
    for i in range(count):
        at += timedelta(hours=int(rng.integers(3, 24 * 12)), minutes=int(rng.integers(0, 60)))
        lines = tuple(
            (str(good), int(rng.integers(1, 4)), _price(rng, whole=whole))
            for good in rng.choice(GOODS, size=int(rng.integers(1, 4)), replace=False)
        )
        status = "paid" if i < 2 or rng.random() < 0.65 or "status" not in has else str(rng.choice(sorted(named)))
        word = str(rng.choice(named[status])) if status in named else ""
        total = sum((pieces * price for _, pieces, price in lines), Decimal(0))
        part = (total / 4).quantize(Decimal(1) if whole else CENT)
        back = part if back_in != "no cell" and status == "paid" and rng.random() < 0.2 else Decimal(0)
        who = None if strange and rng.random() < 0.25 else int(rng.integers(0, people))
        found.append(Sold(style.format(first + i), who, at, lines, status, word, back, at + timedelta(days=2, hours=3)))
    return found


def _price(rng: np.random.Generator, *, whole: bool) -> Decimal:
    return Decimal(int(rng.integers(3, 60)) * 100) if whole else Decimal(int(rng.integers(150, 60_000))) * CENT


def _whole(dialect: dict[str, Any]) -> bool:
    """Whether the shop's money has no cents."""
    return bool(re.search(r"1\D?235", dialect["money example for 1234.5"]))


def _rows(dialect: dict[str, Any], one: Sold, has: set[str], *, shape: str) -> list[dict[str, Any]]:
    cells = _of_order(dialect, one)
    if shape == "order":
        goods = ", ".join(f"{pieces} x {good}" for good, pieces, _ in one.lines)
        return [cells | {"product": goods}]
    found = []
    for i, (good, pieces, price) in enumerate(one.lines):
        line = {"product": good, "quantity": pieces, "unit price": price, "line total": pieces * price}
        shown = cells if shape == "repeated" or i == 0 else {"order number": cells["order number"]}
        found.append(shown | line)
    return found


def _of_order(dialect: dict[str, Any], one: Sold) -> dict[str, Any]:
    name = PEOPLE[one.who] if one.who is not None else ""
    buyer = {
        "customer e-mail": f"{_ascii(name)}@example.org",
        "customer name": name,
        "customer number": str(4100 + (one.who or 0)),
        "customer phone": f"+44 7700 9001{(one.who or 0):02}",
    }
    nobody = {"customer name": dialect["nobody"][len(one.lines) % len(dialect["nobody"])] if dialect["nobody"] else ""}
    gone = one.total if one.status == "refunded" else one.back
    return {
        "order number": one.number, "date": one.at, "order total": one.total, "status": one.word, "refunded": gone,
        "currency": CURRENCIES.get(dialect["language"], "EUR"), **(nobody if one.who is None else buyer),
        **({"kind": dialect["kinds"]["sale"][0]} if dialect["kinds"] else {}),
    }  # fmt: skip


def _ascii(name: str) -> str:
    return name.lower().replace(" ", ".").encode("ascii", "ignore").decode()


def _back(
    dialect: dict[str, Any], one: Sold, *, own_numbers: bool, positive: bool, rng: np.random.Generator
) -> dict[str, Any]:
    """A row that gives money back: with the number of its sale, or with one of its own."""
    amount = one.back if positive else -one.back
    words = dialect["kinds"]["refund"]
    return _of_order(dialect, one) | {
        "order number": f"G{one.number}" if own_numbers else one.number,
        "date": one.back_at, "product": one.lines[0][0], "quantity": 1, "unit price": amount, "line total": amount,
        "order total": amount, "refunded": None, "kind": words[int(rng.integers(0, len(words)))],
    }  # fmt: skip


def _heading(dialect: dict[str, Any], name: str) -> str:
    if name == "kind":
        return KIND_HEADINGS[dialect["language"].split(" (")[0]]
    return str(dialect["headings"][name])


@dataclass(frozen=True)
class _Written:
    """How cells of `dialect` stand in a file. `sign`: whether amounts carry what the shop writes around them."""

    dialect: dict[str, Any]
    sign: bool

    def cell(self, name: str, value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, datetime):
            return written_date(self.dialect["date format"], value)
        return self.money(value) if isinstance(value, Decimal) else str(value)

    def money(self, amount: Decimal) -> str:
        example = self.dialect["money example for 1234.5"]
        number = re.search(r"\d.*\d", example)
        assert number is not None
        digits = 0 if _whole(self.dialect) else len(number[0].replace(self.dialect["thousands"] or "_", "")) - 5
        whole, _, cents = f"{abs(amount):,.{digits}f}".partition(".")
        text = whole.replace(",", self.dialect["thousands"]) + (self.dialect["decimal"] + cents if cents else "")
        shown = example.replace(number[0], text) if self.sign else text
        return f"-{shown}" if amount < 0 else shown


def written_date(style: str, at: datetime) -> str:
    """A moment in a style of the list."""
    if "%" in style:
        return at.strftime(style)
    return next(write for name, write in IN_WORDS.items() if style.startswith(name))(at)


def _date_order(style: str) -> str | None:
    if style.startswith("%m"):
        return "month-first"
    return "day-first" if style.startswith(("%d", "D.M")) else None


def _roles(names: dict[str, str]) -> dict[str, str]:
    role = {
        "order number": "order_id", "date": "ordered_at", "customer e-mail": "customer_email", "status": "status",
        "customer name": "customer_name", "customer number": "customer_id", "customer phone": "customer_phone",
        "product": "product", "quantity": "quantity", "unit price": "unit_price", "line total": "line_total",
        "order total": "order_total", "currency": "currency", "refunded": "refunded", "kind": "kind",
    }  # fmt: skip
    return {role[name]: heading for name, heading in names.items()}


def _file(dialect: dict[str, Any], table: list[list[str]], rng: np.random.Generator) -> tuple[bytes, str]:
    delimiter = str(rng.choice([",", ";", "\t"] if dialect["decimal"] != "," else [";", ";", "\t", ","]))
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=str(rng.choice(["\n", "\r\n"]))).writerows(table)
    own = CODE_PAGES.get(dialect["language"].split(" (")[0], "cp1252")
    encoding = str(rng.choice(["utf-8", "utf-8", "utf-8-sig", "utf-16", own]))
    try:
        return text.getvalue().encode(encoding), f"{delimiter!r}, {encoding}"
    except UnicodeEncodeError:
        return text.getvalue().encode("utf-8"), f"{delimiter!r}, utf-8"
