"""Random order books, the layouts they are written in, and what a spreadsheet may do to the file since.

Nothing here is taken from the code under test: a layout says itself which heading holds what.
"""

import csv
import gzip
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np

CENT = Decimal("0.01")
GOODS = ("Blue bowl, small", 'Tea "set"', "Café crème", "Lantern", "Straße & Söhne", "Ärmel-Tasche")
PLACES = (("Porto", "PT"), ("Lund", "SE"), ("Kraków", "PL"), ("Austin", "US"))


@dataclass(frozen=True)
class Line:
    """Pieces of one thing at a price."""

    product: str
    sku: str
    quantity: int
    price: Decimal


@dataclass(frozen=True)
class Order:
    """An order as its shop knows it. Money to the cent; `refunded` was given back of the total."""

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
    """A few orders of a few customers within two years; one or two days of them show the order of day and month."""
    count = int(rng.integers(3, 13))
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
        who = None if rng.random() < 0.1 else int(rng.integers(0, 5))
        orders.append(Order(f"{7001 + i}", who, at, lines, shipping, back))
    return orders


# --- layouts ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Layout:
    """How a shop writes its orders.

    `columns`: heading -> what it holds (a field of `_cells`). `shape`: "order" (a row each), "first" (a row a line, the
    order's own cells on the first only), "repeated" (on every row), "lines" (repeated, and no total: lines are all).
    `fixed`: cells that say the same on every order row. `prefix`: before the order's number. `net`: the total written
    is after refunds.
    """

    key: str
    columns: Mapping[str, str]
    shape: str
    date: str = "%Y-%m-%d %H:%M:%S"
    fixed: Mapping[str, str] = field(default_factory=dict)
    blank: tuple[str, ...] = ()  # headings that the export has and that stay empty here
    prefix: str = ""
    delimiter: str = ","
    restyles: bool = True  # whether a spreadsheet may have rewritten its dates and numbers


OF_LINES = ("product", "sku", "quantity", "price", "line_total")


def _cells(order: Order, layout: Layout, rng: np.random.Generator) -> dict[str, object]:
    """Field -> cell, money and moments not yet written."""
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
        "items": order.items,
        "net": order.total - order.refunded,
        "shipping": order.shipping,
        "refunded": order.refunded,
        "zero": Decimal(0),
        "city": place[0],
        "country": place[1],
        "order_products": ", ".join(f"{line.quantity}x {line.product}" for line in order.lines),
        "order_pieces": sum(line.quantity for line in order.lines),
    }


@dataclass(frozen=True)
class Style:
    """How cells are written: the date's pattern, the decimal sign and what groups thousands."""

    date: str
    decimal: str = "."
    thousands: str = ""

    def money(self, amount: Decimal) -> str:
        """1234.5 as this style writes it."""
        whole, cents = f"{amount:,.2f}".split(".")
        return whole.replace(",", self.thousands) + self.decimal + cents

    def written(self, name: str, cell: object) -> str:
        """A cell as it stands in the file."""
        if isinstance(cell, datetime):
            pattern = {"at": self.date, "day": self.date.split(" %H")[0].split(" %I")[0], "time": "%H:%M:%S"}[name]
            return cell.strftime(pattern)
        return self.money(cell) if isinstance(cell, Decimal) else str(cell)


def table(orders: list[Order], layout: Layout, style: Style, rng: np.random.Generator) -> list[list[str]]:
    """Headings and rows of `orders` in `layout`."""
    headings = [*layout.columns, *layout.fixed, *layout.blank]
    rows = []
    for order in orders:
        cells = _cells(order, layout, rng)
        lines = order.lines if layout.shape != "order" else order.lines[:1]
        for i, line in enumerate(lines):
            own = {
                "product": line.product, "sku": line.sku, "quantity": line.quantity, "price": line.price,
                "line_total": line.quantity * line.price,
            }  # fmt: skip
            row = []
            for name in layout.columns.values():
                cell = own[name] if name in OF_LINES else cells[name]
                hidden = layout.shape == "first" and i > 0 and name not in (*OF_LINES, "number", "email")
                row.append("" if hidden else style.written(name, cell))
            said = [("" if layout.shape == "first" and i else cell) for cell in layout.fixed.values()]
            rows.append([*row, *said, *([""] * len(layout.blank))])
    return [headings, *rows]


def expected(orders: list[Order], layout: Layout) -> set[tuple[str, str | None, str, Decimal]]:
    """(number, customer, day, revenue) of each order as `layout` can tell it."""
    held = set(layout.columns.values())
    found = set()
    for order in orders:
        value = order.total if "total" in held else order.items
        back = order.refunded if "refunded" in held else Decimal(0)
        who = None
        if order.who is not None:
            known = [("email", f"buyer{order.who}@example.org"), ("customer", f"{1200 + order.who}"),
                     ("name", f"ana prova {chr(97 + order.who)}")]  # fmt: skip
            who = next((text for name, text in known if name in held), None)
        number = layout.prefix + order.number if "number" in held else ""
        found.add((number, who, order.at.date().isoformat(), value - back))
    return found


# --- what happens to a file on its way --------------------------------------------------------------------------------

DAY_FIRST = ("%d/%m/%Y %H:%M", "%d.%m.%Y %H:%M", "%d-%m-%Y", "%d/%m/%y %H:%M")
MONTH_FIRST = ("%m/%d/%Y %H:%M", "%m/%d/%Y %I:%M %p", "%m/%d/%y %H:%M")
SIGNS = ((".", ""), (".", ","), (",", "."), (",", ""), (",", " "), (",", "\N{NARROW NO-BREAK SPACE}"), (".", "'"))
OTHERS = ("%Y-%m-%dT%H:%M:%S", "%Y/%m/%d %H:%M", "%d %b %Y", "%b %d, %Y", "%Y-%m-%d")


@dataclass(frozen=True)
class Mangled:
    """A file as it was given, what was done to it, and how its dates are meant."""

    content: bytes
    done: str
    date_order: str | None
    decimal_sign: str


def mangled(orders: list[Order], layout: Layout, rng: np.random.Generator) -> Mangled:
    """The book in `layout`, after a random walk through other people's programs."""
    date = layout.date
    decimal, thousands = ".", ""
    if layout.restyles and rng.random() < 0.5:
        date = str(rng.choice([*DAY_FIRST, *MONTH_FIRST, *OTHERS]))
        decimal, thousands = SIGNS[int(rng.integers(0, len(SIGNS)))]
    rows = table(orders, layout, Style(date, decimal, thousands), rng)
    extra = int(rng.integers(0, 3)) if rng.random() < 0.5 else 0
    for i in range(extra):
        rows[0].append(f"Memo {i + 1}")
        for row in rows[1:]:
            row.append(str(rng.choice(["", "n/a", "two\nlines", 'a "quote"; yes, indeed', "café"])))
    if rng.random() < 0.4:
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


def _order_of(date: str) -> str | None:
    if date.startswith(("%d/", "%d.", "%d-%m")):
        return "day-first"
    return "month-first" if date.startswith("%m/") else None


def _western(text: str) -> bool:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


LAYOUTS = (
    Layout(
        "shopify",
        {"Name": "number", "Email": "email", "Shipping": "shipping", "Total": "total", "Created at": "at",
         "Lineitem quantity": "quantity", "Lineitem name": "product", "Lineitem price": "price", "Lineitem sku": "sku",
         "Billing Name": "name", "Shipping City": "city", "Shipping Country": "country",
         "Refunded Amount": "refunded", "Id": "uid"},
        "first", "%Y-%m-%d %H:%M:%S +0200", {"Financial Status": "paid", "Currency": "EUR"},
        ("Cancelled at", "Billing Zip", "Phone"), prefix="#",
    ),
    Layout(
        "woocommerce_advanced_order_export",
        {"Order Number": "number", "Order Date": "at", "First Name (Billing)": "name", "Email (Billing)": "email",
         "Order Shipping Amount": "shipping", "Order Refund Amount": "refunded", "Order Total Amount": "total",
         "SKU": "sku", "Item Name": "product", "Quantity (- Refund)": "quantity", "Item Cost": "price",
         "City (Billing)": "city", "Country Code (Billing)": "country"},
        "repeated", "%Y-%m-%d %H:%M", {"Order Status": "Completed"}, ("Customer Note", "Coupon Code"),
    ),
    Layout(
        "stripe_payments",
        {"id": "uid", "Created date (UTC)": "at", "Amount": "total", "Amount Refunded": "refunded",
         "Customer ID": "customer", "Customer Email": "email", "Description": "order_products"},
        "order", "%Y-%m-%d %H:%M:%S",
        {"Currency": "eur", "Captured": "true", "Mode": "Live", "Status": "Paid"}, ("Card Name", "Fee"),
    ),
    Layout(
        "uci_online_retail",
        {"InvoiceNo": "number", "StockCode": "sku", "Description": "product", "Quantity": "quantity",
         "InvoiceDate": "at", "UnitPrice": "price", "CustomerID": "customer", "Country": "country"},
        "lines", "%m/%d/%Y %H:%M",
    ),
    Layout(
        "general",
        {"Bestellnummer": "number", "Bestelldatum": "at", "E-Mail": "email", "Produkt": "product", "Menge": "quantity",
         "Gesamtbetrag": "total"},
        "repeated", "%d.%m.%Y %H:%M", {"Bestellstatus": "bezahlt"}, delimiter=";",
    ),
    Layout(
        "general",
        {"Numéro de commande": "number", "Date de commande": "at", "Adresse e-mail": "email", "Montant total": "total"},
        "order", "%d/%m/%Y %H:%M", delimiter=";",
    ),
)  # fmt: skip
