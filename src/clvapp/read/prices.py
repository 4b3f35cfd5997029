"""Which of the guessed amounts is a piece's price, a line's total or an order's, by what the first rows prove."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from functools import cache

from clvapp import formats
from clvapp.formats.heading_parts import parts
from clvapp.formats.layout import AmountIs
from clvapp.problems import AmountsSeveral
from clvapp.read.cells import rough_number
from clvapp.read.spellings import spellings
from clvapp.read.table import Table

_TOTALS = {"order_total", "line_total"}
# Headings that say a price and not whose: of a piece, unless the rows prove otherwise. Others say it themselves.
_LOOSE = {"price", "prices", "rate", "selling price", "sale price", "sales price", "item price", "product price",
          "retail price", "preis", "prix", "precio", "preco", "prezzo", "prijs", "verkaufspreis", "prix de vente",
          "precio de venta", "verkoopprijs", "prezzo di vendita", "preco de venda"}  # fmt: skip
# Headings of sums that do not say whose: a piece's where the same thing costs the same however many there are.
_SUMS = {"amount", "value", "betrag", "montant", "importe", "valor", "importo", "bedrag", "sum", "summe"}
_PAYMENTS = {"payment id", "payment number", "payment no", "payment reference", "payment ref", "tender id", "charge id",
             "transaction id", "transaction number", "transaction no", "transaction reference", "transaktions id",
             "transaktionsnummer", "zahlungsnummer", "zahlungs id", "id transaction", "id paiement",
             "numero de paiement", "id transaccion", "id pago", "id transacao", "id pagamento", "id transazione",
             "betalingsnummer", "betalings id", "transactie id"}  # fmt: skip
_METHODS = {"payment method", "payment type", "tender", "tender type", "paid with", "paid by", "payment", "zahlungsart",
            "zahlart", "mode de paiement", "moyen de paiement", "metodo de pago", "forma de pago", "forma de pagamento",
            "metodo di pagamento", "betaalmethode", "betaalwijze"}  # fmt: skip
_ROLE_OF: Mapping[AmountIs, str] = {"piece": "unit_price", "line": "line_total", "order": "order_total"}
_LEAST = 2  # orders that must agree before rows prove something


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
        elif _says_no_more(table, found["unit_price"]) and _grows_with_pieces(table, found, "unit_price"):
            _move(found, told, "unit_price", "line_total")
    elif "order_total" in found and not {"line_total", "unit_price"}.intersection(found) and "quantity" in found:
        if _grows_with_pieces(table, found, "order_total"):
            _move(found, told, "order_total", "line_total")
        elif _says(table, found["order_total"], _SUMS) and _costs_the_same(table, found):
            _move(found, told, "order_total", "unit_price")
    if "line_total" not in found and are_payments(table, found):
        _move(found, told, "order_total", "line_total")
    return found


def as_told(
    table: Table, found: Mapping[str, tuple[int, ...]], amount_is: AmountIs | None
) -> dict[str, tuple[int, ...]]:
    """`found`, with its lone amount under the role that the owner gave it. Raises `AmountsSeveral`."""
    found = dict(found)
    if amount_is is None:
        return found
    amounts = [role for role in _ROLE_OF.values() if role in found]
    if len(amounts) != 1:
        raise AmountsSeveral(tuple(table.headings[found[role][0]] for role in amounts))
    found[_ROLE_OF[amount_is]] = found.pop(amounts[0])
    return found


def nameless(table: Table, found: Mapping[str, tuple[int, ...]]) -> str:
    """The role of a lone amount beside pieces under a silent heading: a piece's price unless the rows prove more."""
    as_price = {**found, "unit_price": found["order_total"]}
    if _stands_once(table, as_price) or _repeats(table, as_price, loose=False):
        return "order_total"
    return "line_total" if _grows_with_pieces(table, found, "order_total") else "unit_price"


def says_nothing(table: Table, found: Mapping[str, tuple[int, ...]], place: int) -> bool:
    """Whether neither the heading of a lone amount beside pieces nor the rows say what the amount is of."""
    if parts(table.headings[place]) & {"price", "total"} or _says(table, (place,), _money_words()):
        return False
    as_total = {**found, "order_total": (place,)}
    return nameless(table, as_total) == "unit_price" and not _costs_the_same(table, as_total)


@cache
def _money_words() -> frozenset[str]:
    amounts = ("order_total", "line_total", "unit_price")
    return frozenset(word for role in amounts for (word,) in formats.general().roles[role])


def are_payments(table: Table, found: Mapping[str, tuple[int, ...]]) -> bool:
    """Whether each row is a payment, and an order may have several: payments are numbered, apart from the orders."""
    if "order_id" not in found or "quantity" in found or "product" in found:
        return False
    used = {place for role, places in found.items() if role != "payment_method" for place in places}
    numbers = _cells(table, found["order_id"])
    for place, heading in enumerate(table.headings):
        named = {spelling.text for spelling in spellings(heading)}
        if place in used or not named & (_PAYMENTS | _METHODS):
            continue
        cells = [(number, row[place].strip()) for number, row in zip(numbers, table.rows, strict=True) if number]
        if named & _PAYMENTS and cells and len({cell for _, cell in cells}) == len(cells):
            return True
        several = len(cells) > len({number for number, _ in cells})  # then each way of paying paid a part
        if named & _METHODS and several and len(set(cells)) == len(cells):
            return True
    return False


def _move(found: dict[str, tuple[int, ...]], told: Mapping[str, tuple[int, ...]], role: str, other: str) -> None:
    if role in found and role not in told and other not in told:
        found[other] = found.pop(role)


def _says_no_more(table: Table, places: Sequence[int]) -> bool:
    """Whether a heading says a price and not whose, or is in no list at all."""
    return _says(table, places, _LOOSE) or not _says(table, places, _money_words())


def _says(table: Table, places: Sequence[int], words: Set[str]) -> bool:
    return any(spelling.text in words for spelling in spellings(table.headings[places[0]]))


def _stands_once(table: Table, found: Mapping[str, tuple[int, ...]]) -> bool:
    """Whether an amount stands on the first row of each order alone, where orders have several."""
    if "order_id" not in found:
        return False
    orders: dict[str, list[str]] = defaultdict(list)
    for number, amount in zip(_cells(table, found["order_id"]), _cells(table, found["unit_price"]), strict=True):
        orders[number].append(amount)
    several = [amounts for number, amounts in orders.items() if number and len(amounts) > 1]
    return len(several) >= _LEAST and all(one[0] and not any(one[1:]) for one in several)


def _repeats(table: Table, found: Mapping[str, tuple[int, ...]], *, loose: bool = True) -> bool:
    """Whether each order of several different rows repeats one amount, and orders differ in it: an order's total.

    `loose`: only where the heading says a price and not whose.
    """
    if "order_id" not in found or (loose and not _says_no_more(table, found["unit_price"])):
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


def _grows_with_pieces(table: Table, found: Mapping[str, tuple[int, ...]], role: str) -> bool:
    """Whether the same thing always costs twice as much where there are twice as many of it: a line's total."""
    compared = _costs(table, found, role)
    return bool(compared) and all(_same(cost / count for count, cost in seen) for seen in compared)


def _costs_the_same(table: Table, found: Mapping[str, tuple[int, ...]]) -> bool:
    """Whether the same thing always has the same amount, however many there are of it: a piece's price."""
    compared = _costs(table, found, "order_total")
    return bool(compared) and all(_same(cost for _, cost in seen) for seen in compared)


def _costs(table: Table, found: Mapping[str, tuple[int, ...]], role: str) -> list[set[tuple[float, float]]]:
    """Pieces and amounts of each thing that was sold in several numbers of pieces."""
    thing = found.get("sku") or found.get("product")
    if thing is None:
        return []
    costs: dict[str, set[tuple[float, float]]] = defaultdict(set)
    for name, pieces, amount in zip(
        _cells(table, thing), _cells(table, found["quantity"]), _cells(table, found[role]), strict=True
    ):
        count, cost = rough_number(pieces), rough_number(amount)
        if name and count and cost and count > 0:
            costs[name].add((count, cost))
    return [seen for seen in costs.values() if len({count for count, _ in seen}) > 1]


def _same(values: Iterable[float]) -> bool:
    """Whether `values` differ by rounding alone."""
    listed = sorted(values)
    return listed[-1] - listed[0] <= 0.01 * abs(listed[-1])


def _cells(table: Table, places: Sequence[int]) -> list[str]:
    return [" ".join(row[place].strip() for place in places).strip() for row in table.rows]
