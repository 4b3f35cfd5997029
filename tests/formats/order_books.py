"""Random order books, the layouts they are written in, and what a spreadsheet may then do to the file.

Nothing here comes from the code under test: a layout itself says which heading holds what.
"""

import csv
import gzip
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np

EXPORTS = Path(__file__).parent / "exports"
CENT = Decimal("0.01")
GOODS = ("Blue bowl, small", 'Tea "set"', "Café crème", "Lantern", "Straße & Söhne", "Ärmel-Tasche")
PLACES = (("Porto", "PT"), ("Lund", "SE"), ("Kraków", "PL"), ("Austin", "US"))


@dataclass(frozen=True)
class Line:
    """Some pieces of one thing, at a price."""

    product: str
    sku: str
    quantity: int
    price: Decimal


@dataclass(frozen=True)
class Order:
    """An order as its shop knows it. Money is to the cent; `refunded` is how much of the total was given back."""

    number: str
    who: int | None
    at: datetime
    lines: tuple[Line, ...]
    shipping: Decimal
    refunded: Decimal

    @property
    def items(self) -> Decimal:
        return sum((line.quantity * line.price for line in self.lines), Decimal(0))

    @property
    def total(self) -> Decimal:
        return self.items + self.shipping


def book(rng: np.random.Generator) -> list[Order]:
    """A few orders of a few customers within two years. Sometimes no day reveals which part of a date it is."""
    count = int(rng.integers(3, 13))
    open_days = rng.random() < 0.15
    start = datetime(2024, 1, 13, 9, 30)  # noqa: DTZ001 - exports write the shop's own time
    orders = []
    for i in range(count):
        lines = tuple(
            Line(
                product=str(rng.choice(GOODS)),
                sku=f"SKU-{rng.integers(100, 999)}",
                quantity=int(rng.integers(1, 4)),
                price=Decimal(int(rng.integers(150, 99_999 if rng.random() < 0.9 else 250_000))) * CENT,
            )
            for _ in range(int(rng.integers(1, 4)))
        )
        shipping = Decimal(int(rng.integers(0, 900))) * CENT
        whole = sum((line.quantity * line.price for line in lines), Decimal(0)) + shipping
        back = (whole / 4).quantize(CENT) if rng.random() < 0.2 else Decimal(0)
        at = start + timedelta(minutes=int(rng.integers(0, 2 * 365 * 24 * 60)))
        at = at.replace(day=1 + at.day % 12) if open_days else at
        who = None if rng.random() < 0.1 else int(rng.integers(0, 5))
        orders.append(Order(f"{7001 + i}", who, at, lines, shipping, back))
    return orders


# --- layouts ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Layout:
    """How a shop writes its orders.

    `columns`: heading -> what it holds (a field of `_cells`, or of a line). `shape`: "order" (one row each), "first"
    (one row a line, the order's own cells only on the first), "repeated" (the order's cells on every row), "summary"
    (an order of several lines starts with a row of its own), "groups" (the customer's name above their rows, a total
    below). `fixed`: cells that say the same on every row. `refund`: when refunds have a row of their own, the cells
    of that row that differ. `export`: one of our proofs, whose whole header is used; without one, the headings are
    those of `columns` and `fixed`.
    """

    key: str
    columns: Mapping[str, str]
    shape: str
    date: str = "%Y-%m-%d %H:%M:%S"
    fixed: Mapping[str, str] = field(default_factory=dict)
    refund: Mapping[str, str] | None = None
    export: str = ""
    prefix: str = ""
    shown: str = ""  # goes before an order's number when the number alone would not be unique
    delimiter: str = ","
    time: str = "%H:%M:%S"
    zone: str = ""  # goes after each time
    decimal: str = "."
    restyles: bool = True  # whether a spreadsheet may have rewritten its dates and numbers

    def headings(self) -> list[str]:
        """All headings, in the order of the export."""
        own = [*self.columns, *self.fixed]
        if not self.export:
            return own
        content = (EXPORTS / self.key / self.export).read_bytes()
        text = content.decode("utf-8-sig") if _is_utf8(content) else content.decode("cp1252")
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter)
        return next(row for row in rows if set(own) <= set(row))


OF_LINES = ("product", "sku", "quantity", "price", "line_total")


def _cells(order: Order, layout: Layout, rng: np.random.Generator) -> dict[str, object]:
    """Field -> cell, before money and moments are turned into text."""
    who = order.who
    place = PLACES[(who or 0) % len(PLACES)]
    mail = "" if who is None else f"buyer{who}@example.org"
    odd = mail.upper() if mail and rng.random() < 0.1 else f" {mail}" if mail and rng.random() < 0.1 else mail
    return {
        "number": layout.prefix + order.number,
        "uid": f"71000{order.number}",
        "email": odd,
        "customer": "" if who is None else f"{1200 + who}",
        "name": "" if who is None else f"Ana Prova {chr(65 + who)}",
        "at": order.at,
        "day": order.at,
        "time": order.at,
        "total": order.total,
        "back": -order.refunded,
        "shipping": order.shipping,
        "refunded": order.refunded,
        "city": place[0],
        "country": place[1],
        "order_products": ", ".join(f"{line.quantity}x {line.product}" for line in order.lines),
        "order_pieces": sum(line.quantity for line in order.lines),
        "masked": "" if who is None else "J*** D**",
        "not_refunded": "0" if order.refunded == 0 else "1",
    }


@dataclass(frozen=True)
class Style:
    """How cells are written: the date pattern, the decimal sign and the thousands sign."""

    date: str
    time: str = "%H:%M:%S"
    zone: str = ""
    decimal: str = "."
    thousands: str = ""

    def money(self, amount: Decimal) -> str:
        """An amount such as 1234.5, as this style writes it."""
        whole, cents = f"{amount:,.2f}".split(".")
        return whole.replace(",", self.thousands) + self.decimal + cents

    def written(self, name: str, cell: object) -> str:
        """A cell as it stands in the file."""
        if isinstance(cell, datetime):
            day = self.date.split(" %H")[0].split(" %I")[0].split("T%H")[0]
            pattern = {"at": self.date, "day": day, "time": self.time}[name]
            return cell.strftime(pattern) + (self.zone if name != "day" else "")
        return self.money(cell) if isinstance(cell, Decimal) else str(cell)


def table(orders: list[Order], layout: Layout, style: Style, rng: np.random.Generator) -> list[list[str]]:
    """Headings and rows of `orders` in `layout`."""
    headings = layout.headings()
    if layout.shape == "groups":
        return _grouped(orders, layout, style, headings)
    rows = []
    for order in orders:
        cells = _cells(order, layout, rng)
        if layout.shape == "summary" and len(order.lines) > 1:
            whole = {heading: name for heading, name in layout.columns.items() if name not in OF_LINES}
            rows.append(
                dict(layout.fixed) | {heading: style.written(name, cells[name]) for heading, name in whole.items()}
            )
        for i, line in enumerate(order.lines if layout.shape != "order" else order.lines[:1]):
            own = {
                "product": line.product, "sku": line.sku, "quantity": line.quantity, "price": line.price,
                "line_total": line.quantity * line.price,
            }  # fmt: skip
            hidden = (layout.shape == "first" and i > 0) or (layout.shape == "summary" and len(order.lines) > 1)
            row = dict(layout.fixed if not hidden else {})
            for heading, name in layout.columns.items():
                there = name in own or not hidden or name in ("number", "email")
                row[heading] = style.written(name, (own | cells)[name]) if there else ""
            rows.append(row)
        if layout.refund is not None and order.refunded:
            rows.append(_refund_row(order, layout, style, cells))
    return [headings, *([_once(row, heading, headings[:i]) for i, heading in enumerate(headings)] for row in rows)]


def _grouped(orders: list[Order], layout: Layout, style: Style, headings: list[str]) -> list[list[str]]:
    """A report by customer: the name in its own row, the orders below it, and a row with their sum."""
    rows = []
    for who in sorted({-1 if order.who is None else order.who for order in orders}):
        name = f"Ana Prova {chr(65 + who)}" if who >= 0 else "Somebody Else"
        mine = [order for order in orders if order.who == (None if who < 0 else who)]
        rows.append({headings[0]: name})
        for order in mine:
            for line in order.lines:
                own = {"number": layout.prefix + order.number, "day": order.at, "product": line.product,
                       "quantity": line.quantity, "price": line.price,
                       "line_total": line.quantity * line.price}  # fmt: skip
                written = {heading: style.written(name, own[name]) for heading, name in layout.columns.items()}
                rows.append(dict(layout.fixed) | written)
        rows.append(
            {headings[0]: f"Total for {name}", "Amount": style.money(sum((one.items for one in mine), Decimal(0)))}
        )
    return [headings, *([row.get(heading, "") for heading in headings] for row in rows)]


def _refund_row(order: Order, layout: Layout, style: Style, cells: Mapping[str, object]) -> dict[str, str]:
    later = {"at": order.at + timedelta(days=3), "day": order.at + timedelta(days=3)}
    back = dict.fromkeys(("total", "line_total", "price"), -order.refunded) | {
        "product": "Refund",
        "sku": "",
        "quantity": 1,
    }
    written = {
        heading: style.written(name, (dict(cells) | later | back)[name]) for heading, name in layout.columns.items()
    }
    assert layout.refund is not None
    given = {heading: cells[cell[1:]] if cell[:1] == "=" else cell for heading, cell in layout.refund.items()}
    return dict(layout.fixed) | written | {heading: str(cell) for heading, cell in given.items()}


def _once(row: Mapping[str, str], heading: str, before: list[str]) -> str:
    """The cell under `heading`. When an export has a heading twice, the first one counts."""
    return "" if heading in before else row.get(heading, "")


def expected(orders: list[Order], layout: Layout) -> set[tuple[str, str | None, str, Decimal]]:
    """(number, customer, day, revenue) of each order, as far as `layout` can show it."""
    held = set(layout.columns.values())
    found = set()
    for order in orders:
        value = order.total if "total" in held else order.items
        back = order.refunded if "refunded" in held or layout.refund is not None else Decimal(0)
        who = "somebody else" if layout.shape == "groups" else None
        if order.who is not None:
            known = [("email", f"buyer{order.who}@example.org"), ("customer", f"{1200 + order.who}"),
                     ("name", f"ana prova {chr(97 + order.who)}")]  # fmt: skip
            held_or_above = held | ({"name"} if layout.shape == "groups" else set())
            who = next((text for name, text in known if name in held_or_above), None)
        number = layout.shown + layout.prefix + order.number if "number" in held else ""
        found.add((number, who, order.at.date().isoformat(), value - back))
    return found


# --- what happens to a file on its way --------------------------------------------------------------------------------

DAY_FIRST = ("%d/%m/%Y %H:%M", "%d.%m.%Y %H:%M", "%d-%m-%Y", "%d/%m/%y %H:%M")
MONTH_FIRST = ("%m/%d/%Y %H:%M", "%m/%d/%Y %I:%M %p", "%m/%d/%y %H:%M")
SIGNS = ((".", ""), (".", ","), (",", "."), (",", ""), (",", " "), (",", "\N{NARROW NO-BREAK SPACE}"), (".", "'"))
OTHERS = ("%Y-%m-%dT%H:%M:%S", "%Y/%m/%d %H:%M", "%d %b %Y", "%b %d, %Y", "%Y-%m-%d")


@dataclass(frozen=True)
class Mangled:
    """A file as it was given, what was done to it, and how to read its dates."""

    content: bytes
    done: str
    date_order: str | None
    decimal_sign: str


def mangled(orders: list[Order], layout: Layout, rng: np.random.Generator) -> Mangled:
    """The book in `layout`, after a random walk through other people's programs."""
    date, zone = layout.date, layout.zone
    decimal, thousands = layout.decimal, ""
    if layout.restyles and rng.random() < 0.5:
        # No spreadsheet keeps an offset. And if one writes days and months like the shop, but the other way round,
        # nobody can tell the two apart when every day could be a month.
        styles = [style for style in (*DAY_FIRST, *MONTH_FIRST, *OTHERS) if not _mistakable(style, layout)]
        date, zone = str(rng.choice(styles)), ""
        decimal, thousands = SIGNS[int(rng.integers(0, len(SIGNS)))]
    rows = table(orders, layout, Style(date, layout.time, zone, decimal, thousands), rng)
    extra = int(rng.integers(0, 3)) if rng.random() < 0.5 else 0
    for i in range(extra):
        rows[0].append(f"Memo {i + 1}")
        for row in rows[1:]:
            row.append(str(rng.choice(["", "n/a", "two\nlines", 'a "quote"; yes, indeed', "café"])))
    if rng.random() < 0.4 and layout.shape != "groups":  # such a report has the name in its first column
        shuffled = rng.permutation(len(rows[0]))
        rows = [[row[i] for i in shuffled] for row in rows]
    width = len(rows[0])
    if rng.random() < 0.3:
        for _ in range(int(rng.integers(1, 4))):
            rows.insert(int(rng.integers(1, len(rows) + 1)), [""] * width)
    footer = rng.random() < 0.2
    if footer:
        rows.append(["Totals", *[""] * (width - 1)])
    above = [["Orders report"], ["Exported 01/07/2026 - 02/07/2026"], []][: int(rng.integers(1, 4))]
    preamble = above if rng.random() < 0.25 else []
    delimiter = layout.delimiter if rng.random() < 0.5 else str(rng.choice([",", ";", "\t", "|"]))
    if decimal == "," and delimiter == ",":
        delimiter = ";"
    text = io.StringIO()
    quoting = csv.QUOTE_ALL if rng.random() < 0.3 else csv.QUOTE_MINIMAL
    end = str(rng.choice(["\n", "\r\n"]))
    csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows([*preamble, *rows])
    tail = (end * int(rng.integers(1, 50))) if rng.random() < 0.2 else ""
    encodings = (
        ["utf-8", "utf-8-sig", "utf-16"]
        if not _western(text.getvalue())
        else ["utf-8", "utf-8-sig", "utf-16", "cp1252"]
    )
    encoding = str(rng.choice(encodings))
    content = (text.getvalue() + tail).encode(encoding)
    packed = rng.random() < 0.15
    order = "day-first" if date in DAY_FIRST else "month-first" if date in MONTH_FIRST else None
    done = (
        f"{layout.key}: dates {date}, decimals '{decimal}' thousands '{thousands}', delimiter {delimiter!r}, "
        f"{encoding}, extra {extra}, footer {footer}, preamble {len(preamble)}, gz {packed}, quoting {quoting}"
    )
    return Mangled(gzip.compress(content) if packed else content, done, order or _order_of(layout.date), decimal)


def _mistakable(style: str, layout: Layout) -> bool:
    """Whether only the days could tell `style` from the shop's own."""
    own, other = _order_of(layout.date), _order_of(style)
    return None not in (own, other) and own != other and _signs(style, layout) == _signs(layout.date, layout)


def _signs(style: str, layout: Layout) -> str:
    seen = style if "at" in layout.columns.values() else style.split(" ")[0]
    return seen.replace("%d", "%m").replace("%y", "%Y")  # shops write both two-digit and four-digit years


def _order_of(date: str) -> str | None:
    if date.startswith(("%d/", "%d.", "%d-%m")):
        return "day-first"
    return "month-first" if date.startswith("%m/") else None


def fixed_width(orders: list[Order], rng: np.random.Generator) -> tuple[bytes, set[tuple[str, str, str, Decimal]]]:
    """CDNOW's columns, without a header: a customer, a day, pieces, dollars."""
    end = str(rng.choice(["\n", "\r\n"]))
    lines, want = [], set()
    for i, order in enumerate(orders):
        who, pieces = f"{i % 7 + 1:05d}", sum(line.quantity for line in order.lines)
        lines.append(f" {who} {order.at:%Y%m%d} {pieces:2d} {order.items:7.2f}")
        want.add(("", who, order.at.date().isoformat(), order.items))
    for _ in range(int(rng.integers(0, 3))):
        lines.insert(int(rng.integers(1, len(lines) + 1)), "")
    content = end.join([*lines, ""]).encode(str(rng.choice(["utf-8", "utf-8-sig", "utf-16"])))
    return content, want


def several_files(
    orders: list[Order], rng: np.random.Generator
) -> tuple[list[bytes], set[tuple[str, str, str, Decimal]]]:
    """Olist's files, in any order: the orders, each with a customer; who the customers are; and what was paid."""
    bought = [["order_id", "customer_id", "order_status", "order_purchase_timestamp"]]
    people = [["customer_id", "customer_unique_id", "customer_zip_code_prefix", "customer_city", "customer_state"]]
    paid = [["order_id", "payment_sequential", "payment_type", "payment_installments", "payment_value"]]
    want = set()
    for order in orders:
        unique = f"u{order.who if order.who is not None else 'x' + order.number}"
        bought.append([f"o{order.number}", f"c{order.number}", "delivered", f"{order.at:%Y-%m-%d %H:%M:%S}"])
        people.append([f"c{order.number}", unique, "01001", "sao paulo", "SP"])
        first = (order.total / 3).quantize(CENT)
        for n, amount in enumerate([first, order.total - first], start=1):
            paid.append([f"o{order.number}", str(n), "voucher", "1", f"{amount:.2f}"])
        want.add((f"o{order.number}", unique, order.at.date().isoformat(), order.total))
    files = []
    for rows in (bought, people, paid):
        text = io.StringIO()
        tail = [[""] * len(rows[0])] * int(rng.integers(0, 5))
        csv.writer(text, quoting=csv.QUOTE_ALL).writerows([*rows, *tail])
        files.append(text.getvalue().encode())
    return [files[i] for i in rng.permutation(3)], want


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _western(text: str) -> bool:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


# Each format's folder says how a shop would write its orders in it; CDNOW and Olist, whose files are none of these
# shapes, are written above.
LAYOUTS = tuple(
    Layout(key=path.parent.name, **layout)
    for path in sorted(EXPORTS.glob("*/written_as.json"))
    for layout in json.loads(path.read_text(encoding="utf-8"))
)
