"""Columns that the amounts of a guessed table leave out of account -> a sentence each for the owner."""

from collections.abc import Iterator

from clvapp.formats.units import is_share
from clvapp.formats.words import folded
from clvapp.read import cells
from clvapp.read.left_open import Found, numeric, open_columns
from clvapp.read.table import Table, share

_OFF = ("disc", "rabat", "nachlass", "remise", "descuento", "desconto", "dto", "sconto", "korting", "sleva", "indirim")
_FEES = (
    "fee", "fees", "commission", "commissions", "gebuhr", "gebuhren", "provision", "frais", "comision", "comisiones",
    "cargo", "cargos", "comissao", "tarifa", "commissione", "commissioni", "commissie", "prowizja", "avgift", "gebyr",
)  # fmt: skip


def notes(table: Table, found: Found) -> Iterator[str]:
    """What was not taken off pieces times price, and fees that a total may have lost already."""
    totals = {"order_total", "line_total"} & found.keys()
    if not totals and {"quantity", "unit_price"} <= found.keys():
        yield from _not_taken_off(table, found)
    if "order_total" in found:
        heading = table.headings[found["order_total"][0]]
        for place, values in open_columns(table, found):
            fee = set(folded(table.headings[place]).split()).intersection(_FEES)
            below = share(values, lambda value: (cells.rough_number(value) or 0.0) < 0)
            if fee and numeric(values) and below >= 0.5:
                yield (
                    f"The amounts in '{heading}' may be what was left after '{table.headings[place]}': if they are, "
                    "name the column of what customers paid (on the command line: --map order_total=HEADING)."
                )
                return


def _not_taken_off(table: Table, found: Found) -> Iterator[str]:
    places = {place for place, values in open_columns(table, found) if numeric(values)}
    places |= set(found.get("discount", ()))
    for place in sorted(places):
        heading, words = table.headings[place], folded(table.headings[place]).split()
        if not (place in found.get("discount", ()) or (is_share(heading) and any(w.startswith(_OFF) for w in words))):
            continue
        if any(cells.rough_number(row[place]) for row in table.rows if place < len(row)):
            yield (
                f"The discounts in '{heading}' were not taken off pieces times price: if the prices are those before "
                "discount, the revenue shown is too high; name the column of what each line cost (on the command "
                "line: --map line_total=HEADING)."
            )
