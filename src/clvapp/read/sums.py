"""Amounts that other amounts of a table give: pieces times a price, the sum of an order's lines; and lone pieces."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from clvapp.read import cells
from clvapp.read.left_open import Found, counts, numeric, open_columns, with_cents
from clvapp.read.table import Table

_TOTALS = ("order_total", "line_total")


def worked_out(table: Table, found: Found) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Amounts that other amounts give: pieces times a price, or the sum of an order's lines; and lone pieces."""
    numbers = [(place, values) for place, values in open_columns(table, found) if numeric(values)]
    if "quantity" not in found and "unit_price" in found:
        pieces = [place for place, values in numbers if counts(values) and not _flags(values)]
        if len(pieces) == 1:
            yield "quantity", (pieces[0],)
            found = {**found, "quantity": (pieces[0],)}
    if {"order_id", "unit_price"} <= found.keys() and not {"quantity", *_TOTALS} & found.keys():
        totals = [place for place, values in numbers if with_cents(values) and _holds_all_lines(table, found, place)]
        if len(totals) == 1:
            yield "order_total", (totals[0],)
    if {"quantity", "line_total", "order_total"} <= found.keys() and "unit_price" not in found:
        as_price = {**found, "unit_price": found["order_total"]}
        if _multiplies(table, as_price, found["line_total"][0]):
            yield "unit_price", found["order_total"]
    if "line_total" not in found and {"quantity", "unit_price"} <= found.keys():
        for place, _ in numbers:
            if _multiplies(table, found, place):
                yield "line_total", (place,)
                return


def _flags(values: Sequence[str]) -> bool:
    """Whether these are 0 and 1, as yes and no: pieces of nothing are rare."""
    return "0" in values and set(values) <= {"0", "1"}


def _multiplies(table: Table, found: Found, place: int) -> bool:
    """Whether a column is pieces times price in every row, and not always the price itself."""
    products = [
        (count * price, price, total)
        for row in table.rows
        if (count := cells.rough_number(row[found["quantity"][0]])) is not None
        and (price := cells.rough_number(row[found["unit_price"][0]])) is not None
        and (total := cells.rough_number(row[place])) is not None
    ]
    alike = all(abs(wanted - total) <= 0.011 for wanted, _, total in products)
    return alike and any(wanted != price for wanted, price, _ in products)


def _holds_all_lines(table: Table, found: Found, place: int) -> bool:
    """Whether each order repeats one amount on all of its rows, which is no less than their prices together."""
    orders: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for row in table.rows:
        price, amount = (cells.rough_number(row[at]) for at in (found["unit_price"][0], place))
        orders[row[found["order_id"][0]].strip()].append((price or 0.0, amount or 0.0))
    several = [lines for lines in orders.values() if len(lines) > 1]
    whole = all(sum(price for price, _ in lines) <= lines[0][1] + 0.011 for lines in orders.values())
    return len(several) > 1 and whole and all(len({amount for _, amount in lines}) == 1 for lines in several)
