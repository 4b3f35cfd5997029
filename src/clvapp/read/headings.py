"""Headings -> whether a table of them could hold orders."""

from collections.abc import Sequence

from clvapp import formats
from clvapp.read import cells


def could_be_orders(headings: Sequence[str]) -> bool:
    """Whether `headings` include a date and an amount, judged by the words of several languages."""
    there = {cells.words(heading) for heading in headings}
    named = {
        role: any(all(part in there for part in choice) for choice in choices)
        for role, choices in formats.general().roles.items()
    }
    return named.get("ordered_at", False) and any(
        named.get(role) for role in ("order_total", "line_total", "unit_price")
    )
