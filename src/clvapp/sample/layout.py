"""The sample shop's orders -> Shopify's orders export: 79 columns, order cells on the first line only."""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from clvapp.sample import goods, life

Array = npt.NDArray[Any]
Cells = dict[str, Array]

HEADER = tuple("""
Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal
Shipping,Taxes,Total,Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity
Lineitem name,Lineitem price,Lineitem compare at price,Lineitem sku,Lineitem requires shipping
Lineitem taxable,Lineitem fulfillment status,Billing Name,Billing Street,Billing Address1,Billing Address2
Billing Company,Billing City,Billing Zip,Billing Province,Billing Country,Billing Phone,Shipping Name
Shipping Street,Shipping Address1,Shipping Address2,Shipping Company,Shipping City,Shipping Zip
Shipping Province,Shipping Country,Shipping Phone,Notes,Note Attributes,Cancelled at,Payment Method
Payment Reference,Refunded Amount,Vendor,Outstanding Balance,Employee,Location,Device ID,Id,Tags,Risk Level
Source,Lineitem discount,Tax 1 Name,Tax 1 Value,Tax 2 Name,Tax 2 Value,Tax 3 Name,Tax 3 Value,Tax 4 Name
Tax 4 Value,Tax 5 Name,Tax 5 Value,Phone,Receipt Number,Duties,Billing Province Name,Shipping Province Name
Payment ID,Payment Terms Name,Next Payment Due At,Payment References
""".strip().replace("\n", ",").split(","))  # fmt: skip
FIRST_NUMBER = 1001
FREE_SHIPPING_CENTS = 5000
SHIPPING_CENTS = {"US": 590, "CA": 1290, "GB": 1890}
# Central time: each year's first day of summer time, and the first day after it.
SUMMER = np.array(
    ["2023-03-12", "2023-11-05", "2024-03-10", "2024-11-03", "2025-03-09", "2025-11-02", "2026-03-08"],
    dtype="datetime64[D]",
)


def texts(values: Iterable[Any]) -> Array:
    """Strings as an array of Python objects, so that no fixed width cuts them."""
    return np.array(list(values), dtype=object)


def quoted(text: str) -> str:
    """A cell as CSV writes it, quoted only if it must be.

    >>> quoted('How "to" brew'), quoted("Sand")
    ('"How ""to"" brew"', 'Sand')
    """
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in '",\n') else text


def money(cents: npt.ArrayLike) -> Array:
    """Cents as `12.50`."""
    return texts(f"{c // 100}.{c % 100:02d}" for c in np.asarray(cents).tolist())


def moments(day: Array, second: Array) -> Array:
    """Days since the opening and seconds of the day, written as Shopify writes a moment, with that day's offset."""
    date = life.OPENING + day + second // 86400
    summer = np.searchsorted(SUMMER, date, side="right") % 2 == 1
    wall = np.datetime_as_string(date.astype("datetime64[s]") + second % 86400, unit="s")
    offset = np.where(summer, " -0500", " -0600")
    return texts(w.replace("T", " ") + o for w, o in zip(wall.tolist(), offset.tolist(), strict=True))


def priced(orders: pd.DataFrame, lines: pd.DataFrame, customers: pd.DataFrame) -> pd.DataFrame:
    """`orders` with money in cents: subtotal after discount, shipping and tax on top, total, refunded."""
    amount = lines["quantity"] * np.take([p.cents for p in goods.PRODUCTS], lines["product"])
    items = amount.groupby(lines["order"]).sum().to_numpy()
    last = amount.groupby(lines["order"]).last().to_numpy()
    discount = (items * life.PERCENT[orders["code"]] + 50) // 100
    subtotal = items - discount
    counter = (orders["source"] == "pos").to_numpy()
    place = np.where(counter, 0, customers["place"].to_numpy()[orders["customer"]])
    rate = np.take([SHIPPING_CENTS[p.country] for p in goods.PLACES], place)
    shipping = np.where(counter | (subtotal >= FREE_SHIPPING_CENTS) | (subtotal == 0), 0, rate)
    taxes = (subtotal * np.take([p.tax for p in goods.PLACES], place) + 5000) // 10000
    total = subtotal + shipping + taxes
    free = orders["status"].mask(total == 0, "paid")
    part = np.minimum(np.where(last == items, items // 2, last), subtotal)
    refunded = np.select([free == "refunded", free == "partially_refunded"], [total, part], 0)
    return orders.assign(
        status=free, place=place, subtotal=subtotal, discount=discount, shipping=shipping, taxes=taxes,
        total=total, refunded=refunded,
    )  # fmt: skip


def ascii_only(name: str) -> str:
    """A name as it appears in an e-mail address.

    >>> ascii_only("José"), ascii_only("O'Brien")
    ('jose', 'obrien')
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return plain.replace("'", "").lower()


def emails(customers: pd.DataFrame) -> Array:
    """One invented address per customer, at a domain nobody owns; blank for those who give none."""
    number = np.where(customers["number"] > 0, customers["number"].astype(str), "")
    parts = zip(customers["first_name"], customers["last_name"], number, customers["domain"], strict=True)
    full = [f"{ascii_only(first)}.{ascii_only(last)}{n}@{domain}" for first, last, n, domain in parts]
    return texts(np.where(customers["has_email"], full, ""))


def contact(orders: pd.DataFrame, customers: pd.DataFrame) -> Cells:
    """Who an order is from. Walk-ins leave no name, and people at the counter leave no address."""
    nobody = orders["customer"].to_numpy() < 0
    who = customers.iloc[orders["customer"].clip(lower=0)].reset_index(drop=True)
    dial = np.take([p.dial for p in goods.PLACES], who["place"])
    phone = [f"{d}{p:02d}" for d, p in zip(dial, who["phone"], strict=True)]
    shown = (who["gives_phone"] | ~who["has_email"]).to_numpy() & ~nobody
    email = emails(customers)[orders["customer"]]
    # Now and then somebody types their address in capitals.
    email = np.where(orders.index.to_numpy() % 83 == 0, texts(e.title() for e in email), email)
    consent = who["accepts"].to_numpy() & ~(who["unsubscribes"] & (orders["rank"] > 0)).to_numpy() & ~nobody
    return {
        "Email": np.where(orders["test"], "test@example.com", np.where(nobody, "", email)).astype(object),
        "Phone": np.where(shown, texts(phone), ""),
        "Accepts Marketing": np.where(consent, "yes", "no").astype(object),
    }


def address(orders: pd.DataFrame, customers: pd.DataFrame) -> Cells:
    """The columns of the billing and the shipping address, which are the same here."""
    nobody = orders["customer"].to_numpy() < 0
    who = customers.iloc[orders["customer"].clip(lower=0)].reset_index(drop=True)
    street = texts(f"{n} {goods.STREETS[n % len(goods.STREETS)]}" for n in who["street"])
    town = {
        "City": texts(p.city for p in goods.PLACES),
        # Shopify itself puts this apostrophe there, so that spreadsheets do not drop the zeros.
        "Zip": texts("'" + p.postcode for p in goods.PLACES),
        "Province": texts(p.code for p in goods.PLACES),
        "Province Name": texts(p.province for p in goods.PLACES),
        "Country": texts(p.country for p in goods.PLACES),
    }
    cells = {"Name": texts(who["first_name"] + " " + who["last_name"]), "Street": street, "Address1": street}
    cells |= {heading: values[who["place"]] for heading, values in town.items()}
    counter = (orders["source"] == "pos").to_numpy()
    blank = {heading: nobody | (counter & (heading != "Name")) for heading in cells}
    return {
        f"{side} {heading}": np.where(blank[heading], "", values)
        for side in ("Billing", "Shipping")
        for heading, values in cells.items()
    }


def progress(orders: pd.DataFrame) -> Cells:
    """When each order was placed, paid, sent or cancelled."""
    day, second, status = (orders[name].to_numpy() for name in ("day", "second", "status"))
    sent = (status != "voided") & (status != "pending") & (day < life.DAYS - 3)
    paid = (status != "voided") & (status != "pending")
    counter = (orders["source"] == "pos").to_numpy()
    sending = np.where(counter, second + 60, second + 86400 + 3600 * (orders.index.to_numpy() % 30))
    return {
        "Financial Status": texts(status),
        "Created at": moments(day, second),
        "Paid at": np.where(paid, moments(day, second + 4), ""),
        "Fulfillment Status": np.where(sent, "fulfilled", "unfulfilled").astype(object),
        "Fulfilled at": np.where(sent, moments(day, sending), ""),
        "Cancelled at": np.where(status == "voided", moments(day, second + 5400), ""),
    }


def amounts(orders: pd.DataFrame) -> Cells:
    """Each order's money, and the tax of the state it goes to."""
    place, taxed = orders["place"], orders["taxes"].to_numpy() > 0
    name = [f"{p.province} State Tax {p.tax / 100:g}%" for p in goods.PLACES]
    owed = np.where(orders["status"] == "pending", orders["total"], 0)
    columns = {"Subtotal": "subtotal", "Shipping": "shipping", "Taxes": "taxes", "Total": "total"}
    columns |= {"Discount Amount": "discount", "Refunded Amount": "refunded"}
    return {heading: money(orders[column]) for heading, column in columns.items()} | {
        "Outstanding Balance": money(owed),
        "Discount Code": texts(np.take(life.CODES, orders["code"])),
        "Tax 1 Name": np.where(taxed, np.take(texts(name), place), ""),
        "Tax 1 Value": np.where(taxed, money(orders["taxes"]), ""),
    }


def paperwork(orders: pd.DataFrame) -> Cells:
    """Numbers, payment, channel, notes: the rest of an order's first line."""
    place = orders.index.to_numpy()
    counter, pending = (orders["source"] == "pos").to_numpy(), (orders["status"] == "pending").to_numpy()
    card = np.where(place % 5 == 0, "PayPal Express Checkout", "Shopify Payments")
    payment = texts(f"r{(n * 2654435761 + 97) % 2**44:011x}" for n in place.tolist())
    sent = np.where(orders["shipping"] > 0, "Standard", "Free shipping")
    method = [counter, pending, orders["test"].to_numpy()]
    note = np.take(texts(map(quoted, ("", *goods.NOTES))), np.where(place % 29 == 0, 1 + place % 3, 0))
    return {
        "Currency": np.full(len(orders), "USD", dtype=object),
        "Id": texts(str(5_480_000_000_000 + n * 32_771) for n in place.tolist()),
        "Source": texts(orders["source"]),
        "Shipping Method": np.where(counter, "", sent).astype(object),
        "Payment Method": np.select(method, ["Cash", "Bank Deposit", "bogus"], card).astype(object),
        "Payment Reference": payment,
        "Payment ID": payment,
        "Payment References": payment,
        "Location": np.where(counter, "Lincoln Square", "").astype(object),
        "Receipt Number": np.where(counter, texts(f"1-{FIRST_NUMBER + n}" for n in place.tolist()), ""),
        "Tags": np.where(orders["subscribed"], "Subscription", "").astype(object),
        "Risk Level": np.full(len(orders), "Low", dtype=object),
        "Notes": note,
    }


def line_cells(orders: pd.DataFrame, lines: pd.DataFrame) -> Cells:
    """What every line of an order carries."""
    product, order = lines["product"], lines["order"].to_numpy()
    names = texts(quoted(p.name) for p in goods.PRODUCTS)
    sent = (orders["status"].isin(["voided", "pending"]) | (orders["day"] >= life.DAYS - 3)).to_numpy()[order]
    same = {"Lineitem requires shipping": "true", "Lineitem taxable": "true", "Lineitem discount": "0.00"}
    return {
        "Name": texts(f"#{n + FIRST_NUMBER}" for n in order.tolist()),
        "Lineitem quantity": texts(map(str, lines["quantity"])),
        "Lineitem name": np.take(names, product),
        "Lineitem price": np.take(money(np.array([p.cents for p in goods.PRODUCTS])), product),
        "Lineitem sku": np.take(texts(p.sku for p in goods.PRODUCTS), product),
        "Vendor": np.take(texts(p.vendor for p in goods.PRODUCTS), product),
        "Lineitem fulfillment status": np.where(sent, "pending", "fulfilled").astype(object),
        **{heading: np.full(len(lines), value, dtype=object) for heading, value in same.items()},
    }


def orders_csv(orders: pd.DataFrame, lines: pd.DataFrame, customers: pd.DataFrame) -> bytes:
    """The export as Shopify writes it, newest order first."""
    person = contact(orders, customers)
    head = progress(orders) | amounts(orders) | paperwork(orders) | address(orders, customers)
    head["Accepts Marketing"] = person["Accepts Marketing"]
    order = lines["order"].to_numpy()
    first = np.r_[True, order[1:] != order[:-1]]
    repeated = person | {"Created at": head.pop("Created at")}
    repeated.pop("Accepts Marketing")
    cells = line_cells(orders, lines) | {heading: values[order] for heading, values in repeated.items()}
    cells |= {heading: np.where(first, values[order], "") for heading, values in head.items()}
    newest = np.argsort(-order, kind="stable")
    blank = [""] * len(lines)
    return table(HEADER, [cells[h][newest].tolist() if h in cells else blank for h in HEADER])


def table(header: Sequence[str], cells: Sequence[Sequence[str]]) -> bytes:
    """Columns of finished cells as CSV, with the same line ends on every machine."""
    rows = [",".join(header), *map(",".join, zip(*cells, strict=True))]
    return ("\n".join(rows) + "\n").encode()
