"""Columns beside an order's total -> what was paid of it so far, what is still open, and what a till handed back."""

from collections.abc import Iterator, Sequence

from clvapp.formats.heading_parts import parts
from clvapp.formats.words import folded
from clvapp.read import cells
from clvapp.read.known_words import is_flag
from clvapp.read.left_open import Found, numeric, open_columns
from clvapp.read.table import Table

# Of a till: what it handed back from what it was given.
_CHANGE = {
    "change", "change given", "change due", "cash change", "wechselgeld", "ruckgeld", "monnaie", "monnaie rendue",
    "cambio", "vuelto", "troco", "resto", "wisselgeld", "reszta", "vaxel", "vekslepenge", "byttepenge", "para ustu",
}  # fmt: skip
# Beside a total: what came of it. Of goods it would say something else.
_RECEIVED = {
    "received", "amount received", "recebido", "valor recebido", "erhalten", "zahlungseingang", "ontvangen", "получено",
}  # fmt: skip
# What takes something off a total.
_OFF = (
    "discount", "rabat", "nachlass", "remise", "descuento", "desconto", "sconto", "korting", "sleva", "indirim",
    "скидк",
)  # fmt: skip
# Of a deposit and a balance that make up the total, the second is open.
_BALANCE = {"balance", "remaining", "remainder", "rest", "saldo", "solde", "restsumme", "restant"}
_HALF, _CENT = 0.5, 0.011


def paid(table: Table, found: Found) -> dict[str, tuple[int, ...]]:
    """`found`, with what was paid or is open. A total that is what a till was given becomes what it kept.

    Where no column is what it kept, there is no total, so that its owner says which it is.
    """
    found = dict(found)
    if "order_total" not in found:
        return found
    open_numbers = [place for place, values in open_columns(table, found) if numeric(values)]
    _less_discount(table, found, open_numbers)
    if "paid" in parts(table.headings[found["order_total"][0]]):
        _keep(table, found, open_numbers)
    elif not {"outstanding", "gift_card"} & found.keys():
        found |= dict(_part_paid(table, found, open_numbers))
    return found


def _keep(table: Table, found: dict[str, tuple[int, ...]], open_numbers: Sequence[int]) -> None:
    given = _numbers(table, found["order_total"][0])
    for place in open_numbers:
        back = _numbers(table, place)
        if cells.words(table.headings[place]) not in _CHANGE or not any(back):
            continue
        kept = [one - other for one, other in zip(given, back, strict=True)]
        same = [other for other in open_numbers if other != place and _alike(_numbers(table, other), kept) == 1]
        del found["order_total"]
        if same:
            found["order_total"] = (same[0],)
        return


def _less_discount(table: Table, found: dict[str, tuple[int, ...]], open_numbers: Sequence[int]) -> None:
    """Take the amount that is the total less its discount, where a column is that in every row."""
    totals = _numbers(table, found["order_total"][0])
    off = [place for place in (*found.get("discount", ()), *open_numbers) if _takes_off(table.headings[place])]
    for place in off:
        given = _numbers(table, place)
        less = [total - abs(amount) for total, amount in zip(totals, given, strict=True)]
        after = [one for one in open_numbers if one != place and _alike(_numbers(table, one), less) == 1]
        if any(given) and after:
            found["order_total"] = (after[0],)
            return


def _takes_off(heading: str) -> bool:
    return any(word.startswith(_OFF) for word in folded(heading).split())


def _part_paid(table: Table, found: Found, open_numbers: Sequence[int]) -> Iterator[tuple[str, tuple[int, ...]]]:
    totals = _numbers(table, found["order_total"][0])
    for place in open_numbers:
        heading, said = table.headings[place], parts(table.headings[place])
        amounts = _numbers(table, place)
        flagged = all(is_flag(row[place].strip()) for row in table.rows if not cells.is_empty(row[place]))
        came = "paid" in said or cells.words(heading) in _RECEIVED
        rest = [total - amount for total, amount in zip(totals, amounts, strict=True)]
        adds_up = any(rest) and any(_alike(_numbers(table, one), rest) == 1 for one in open_numbers if one != place)
        if came and not said & {"other", "date"} and not flagged and (adds_up or _alike(amounts, totals) >= _HALF):
            yield "paid_amount", (place,)
            return
        if cells.words(heading) in _BALANCE and any(amounts) and adds_up:
            yield "outstanding", (place,)
            return


def _alike(amounts: Sequence[float], wanted: Sequence[float]) -> float:
    """The share of rows in which an amount is what is wanted."""
    return sum(abs(one - other) <= _CENT for one, other in zip(amounts, wanted, strict=True)) / max(len(wanted), 1)


def _numbers(table: Table, place: int) -> list[float]:
    return [cells.rough_number(row[place]) or 0.0 for row in table.rows]
