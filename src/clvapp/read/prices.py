"""Which of the guessed amounts is a piece's price, a line's total or an order's, by what the first rows prove."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from clvapp.read.spellings import spellings

_TOTALS = {"order_total", "line_total"}
# Headings that say a price and not whose: of a piece, unless the rows prove otherwise. Others say it themselves.
_LOOSE = {"price", "prices", "rate", "selling price", "sale price", "sales price", "item price", "product price",
          "retail price", "preis", "prix", "precio", "preco", "prezzo", "prijs", "verkaufspreis", "prix de vente",
          "precio de venta", "verkoopprijs", "prezzo di vendita", "preco de venda"}  # fmt: skip
_PAYMENTS = {"payment id", "payment number", "payment no", "payment reference", "payment ref", "tender id", "charge id",
             "zahlungsnummer", "zahlungs id", "id paiement", "numero de paiement", "id pago", "id pagamento",
             "betalingsnummer", "betalings id"}  # fmt: skip
_LEAST = 2  # orders that must agree before rows prove something


class Table(Protocol):
    """The headings, and rows of the same width."""

    @property
    def headings(self) -> tuple[str, ...]:
        """The columns' names."""

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The first rows."""


def settled(
    table: Table, found: Mapping[str, tuple[int, ...]], told: Mapping[str, tuple[int, ...]]
) -> dict[str, tuple[int, ...]]:
    """`found`, with lone amounts under the role that the first rows prove. What the owner `told` stays.

    With pieces, a lone price is of one piece, unless the rows of an order repeat it, or it grows with the pieces.
    Without pieces it is all that was paid. Where rows are payments, their amounts are parts of the order's total.
    """
    found = dict(found)
    if not _TOTALS.intersection(found) and "quantity" in found and "unit_price" not in found and "unit_cost" in found:
        _move(found, told, "unit_cost", "unit_price")
    if not _TOTALS.intersection(found) and "unit_price" in found:
        if "quantity" not in found or _repeats(table, found):
            _move(found, told, "unit_price", "order_total")
        elif _is_loose(table, found["unit_price"]) and _grows_with_pieces(table, found):
            _move(found, told, "unit_price", "line_total")
    if "line_total" not in found and are_payments(table, found):
        _move(found, told, "order_total", "line_total")
    return found


def are_payments(table: Table, found: Mapping[str, tuple[int, ...]]) -> bool:
    """Whether each row is a payment, and an order may have several: payments are numbered, apart from the orders."""
    if "order_id" not in found or "quantity" in found or "product" in found:
        return False
    used = {place for places in found.values() for place in places}
    for place, heading in enumerate(table.headings):
        named = {spelling.text for spelling in spellings(heading)}
        if place not in used and named & _PAYMENTS:
            numbers = [row[place].strip() for row in table.rows if row[place].strip()]
            if numbers and len(set(numbers)) == len(numbers):
                return True
    return False


def _move(found: dict[str, tuple[int, ...]], told: Mapping[str, tuple[int, ...]], role: str, other: str) -> None:
    if role in found and role not in told and other not in told:
        found[other] = found.pop(role)


def _is_loose(table: Table, places: Sequence[int]) -> bool:
    return any(spelling.text in _LOOSE for spelling in spellings(table.headings[places[0]]))


def _repeats(table: Table, found: Mapping[str, tuple[int, ...]]) -> bool:
    """Whether each order of several different rows repeats one amount, and orders differ in it: an order's total."""
    if "order_id" not in found or not _is_loose(table, found["unit_price"]):
        return False
    orders: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for number, amount, thing in zip(
        _cells(table, found["order_id"]),
        _cells(table, found["unit_price"]),
        _cells(table, found.get("product") or found.get("sku") or found["quantity"]),
        strict=True,
    ):
        if number and amount:
            orders[number].append((amount, thing))
    several = [lines for lines in orders.values() if len({thing for _, thing in lines}) > 1]
    repeated = {lines[0][0] for lines in several if len({amount for amount, _ in lines}) == 1}
    return len(several) >= _LEAST and len(repeated) >= _LEAST and all(len({a for a, _ in one}) == 1 for one in several)


def _grows_with_pieces(table: Table, found: Mapping[str, tuple[int, ...]]) -> bool:
    """Whether the same thing costs twice as much where there are twice as many of it: a line's total."""
    thing = found.get("sku") or found.get("product")
    if thing is None:
        return False
    costs: dict[str, set[tuple[float, float]]] = defaultdict(set)
    for name, pieces, amount in zip(
        _cells(table, thing), _cells(table, found["quantity"]), _cells(table, found["unit_price"]), strict=True
    ):
        count, cost = _number(pieces), _number(amount)
        if name and count and cost and count > 0:
            costs[name].add((count, cost))
    compared = [seen for seen in costs.values() if len({count for count, _ in seen}) > 1]
    grows = [seen for seen in compared if _same(cost / count for count, cost in seen)]
    return bool(compared) and len(grows) > 0.5 * len(compared)


def _same(values: Iterable[float]) -> bool:
    """Whether `values` differ by rounding alone."""
    listed = sorted(values)
    return listed[-1] - listed[0] <= 0.01 * abs(listed[-1])


def _number(text: str) -> float | None:
    """A number as people write it, good enough to compare it with others of its column."""
    digits = "".join(sign for sign in text if sign.isdigit() or sign in ".,-")
    whole, _, part = digits.replace(",", ".").rpartition(".")
    try:
        return float(
            f"{whole.replace('.', '')}.{part}" if whole and len(part) < 3 else digits.replace(",", "").replace(".", "")
        )
    except ValueError:
        return None


def _cells(table: Table, places: Sequence[int]) -> list[str]:
    return [" ".join(row[place].strip() for place in places).strip() for row in table.rows]
