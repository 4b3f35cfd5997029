"""A seed -> a Shopify orders export of many lines: 79 columns, about 200 bytes per line, streamed to disk."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from clvapp.sample.layout import HEADER

Array = npt.NDArray[Any]

CACHE = Path(tempfile.gettempdir()) / "clvapp-benchmarks"
# Raise this when the bytes change, or a stale file gets measured.
EDITION = 1
HEADS = 0.6
CHUNK = 100_000
DAYS = 1096
OPENING = np.datetime64("2023-10-01")
SIZES = (250, 900)
PRODUCTS = tuple((f"Coffee {n} - {g} g", f"CF-{n}-{g}", 700 + 37 * n + g) for n in range(60) for g in SIZES)
STATUSES = np.array(["paid", "partially_refunded", "refunded", "voided", "pending"])
STATUS_SHARES = (0.955, 0.02, 0.01, 0.01, 0.005)
SOURCES = ("web", "web", "web", "pos")
PLACES = (("Chicago", "IL", "US"), ("Boston", "MA", "US"), ("Austin", "TX", "US"), ("Toronto", "ON", "CA"))
LINE = {
    "Name": "#{number}",
    "Email": "{email}",
    "Created at": "{at}",
    "Lineitem quantity": "{quantity}",
    "Lineitem name": "{product}",
    "Lineitem price": "{price}",
    "Lineitem sku": "{sku}",
    "Lineitem discount": "0.00",
}
ORDER = {
    "Financial Status": "{status}",
    "Accepts Marketing": "{consent}",
    "Currency": "USD",
    "Subtotal": "{subtotal}",
    "Shipping": "5.90",
    "Taxes": "0.00",
    "Total": "{total}",
    "Discount Amount": "{discount}",
    "Refunded Amount": "{refunded}",
    "Shipping City": "{city}",
    "Shipping Province": "{province}",
    "Shipping Country": "{country}",
    "Id": "{id}",
    "Source": "{source}",
}


def template(cells: dict[str, str]) -> str:
    """One line with placeholders for `cells`; every other column of the layout is blank."""
    return ",".join(cells.get(heading, "") for heading in HEADER) + "\n"


FIRST, FURTHER = template(LINE | ORDER), template(LINE)


def path(lines: int, seed: int = 7) -> Path:
    """The file with that many lines, in a cache folder outside the repository. Written once."""
    target = CACHE / f"shopify-{lines}-{seed}-{EDITION}.csv"
    if not target.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        partial = target.with_suffix(".partial")
        with partial.open("w", encoding="utf-8", newline="\n") as file:
            file.write(",".join(HEADER) + "\n")
            for block in blocks(lines, seed):
                file.writelines(block)
        partial.replace(target)
    return target


def blocks(lines: int, seed: int) -> Iterator[list[str]]:
    """The file's lines, oldest order first, in pieces that fit in memory."""
    rng, number = np.random.default_rng(seed), 1001
    for start in range(0, lines, CHUNK):
        columns = drawn(rng, start, min(CHUNK, lines - start), lines)
        columns["number"] = number + columns["head"].cumsum() - 1
        number = int(columns["number"][-1]) + 1
        yield written(columns)


def drawn(rng: np.random.Generator, start: int, count: int, lines: int) -> dict[str, Array]:
    """What the lines of one piece hold. Lines of one order share its customer, its moment and so on."""
    head = rng.random(count) < HEADS
    head[0] = True
    order = head.cumsum() - 1
    orders = int(order[-1]) + 1
    moment = OPENING.astype("datetime64[s]") + ((start + np.arange(count)) / lines * DAYS * 86400).astype(int)
    product, quantity = rng.integers(0, len(PRODUCTS), count), 1 + rng.poisson(0.4, count)
    amount = quantity * np.array([cents for _, _, cents in PRODUCTS])[product]
    discount = (rng.random(orders) < 0.2) * 100
    return {
        "head": head,
        "at": np.datetime_as_string(moment[head], unit="s")[order],
        # A few buy often; most buy once or twice.
        "customer": (rng.random(orders) ** 1.6 * max(lines * 0.28, 10)).astype(int)[order],
        "status": rng.choice(STATUSES, orders, p=STATUS_SHARES)[order],
        "product": product,
        "quantity": quantity,
        "discount": discount[order],
        "subtotal": (np.add.reduceat(amount, np.nonzero(head)[0]) - discount)[order],
    }


def money(cents: int) -> str:
    """Cents as `12.50`."""
    return f"{cents // 100}.{cents % 100:02d}"


def written(columns: dict[str, Array]) -> list[str]:
    """The lines of one piece."""
    rows = zip(*(values.tolist() for values in columns.values()), strict=True)
    return [line(dict(zip(columns, row, strict=True))) for row in rows]


def line(cells: dict[str, Any]) -> str:
    """One line. The first of an order carries the order's own cells, later ones leave them blank."""
    customer, total = cells["customer"], cells["subtotal"] + 590
    name, sku, cents = PRODUCTS[cells["product"]]
    summer = "04" <= cells["at"][5:7] <= "10"
    at = f"{cells['at'][:10]} {cells['at'][11:]} {'-0500' if summer else '-0600'}"
    always = {
        "number": cells["number"],
        "email": f"c{customer}@example.com",
        "at": at,
        "quantity": cells["quantity"],
    }
    always |= {"product": name, "price": money(cents), "sku": sku}
    if not cells["head"]:
        return FURTHER.format_map(always)
    city, province, country = PLACES[customer % len(PLACES)]
    refunded = {"refunded": total, "partially_refunded": cells["subtotal"] // 2}.get(cells["status"], 0)
    return FIRST.format_map(
        always
        | {"status": cells["status"], "consent": "no" if customer % 4 == 0 else "yes", "city": city}
        | {"subtotal": money(cells["subtotal"]), "total": money(total), "discount": money(cells["discount"])}
        | {"refunded": money(refunded), "province": province, "country": country}
        | {"id": 5_480_000_000_000 + cells["number"], "source": SOURCES[customer % len(SOURCES)]}
    )


if __name__ == "__main__":
    print(path(int(sys.argv[1])))
