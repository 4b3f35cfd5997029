"""A heading as a shop wrote it -> the plain words that it may stand for, likeliest first."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from clvapp.formats.layout import ROLES
from clvapp.formats.units import CAMEL, without_small_money
from clvapp.read import cells

AMOUNTS = frozenset({
    "order_total", "line_total", "unit_price", "line_cost", "unit_cost", "discount", "refunded", "total_after_refunds",
    "charged_back", "shipping", "tax", "outstanding", "paid_amount",
})  # fmt: skip
_COUNTED = AMOUNTS | {"quantity"}
_DATED = frozenset({"ordered_at", "paid_at", "cancelled_at", "refunded_at"})
_NOT_A_NAME = frozenset(ROLES) - {"customer_name"}  # 'Order: Name' is the order's
# Table names before a column's own, as in 'orders.total'. A table of lines says 'item' instead: 'item total'.
_TABLES = {
    "o", "t", "order", "orders", "sale", "sales", "sales order", "sales orders", "shop order", "shop orders", "invoice",
    "invoices", "transaction", "transactions", "receipt", "receipts", "data", "export", "bestellung", "bestellungen",
    "commande", "commandes", "pedido", "pedidos", "ordine", "ordini", "bestelling", "bestellingen",
}  # fmt: skip
_LINES = {"item", "items", "line", "lines", "line item", "line items", "lineitem", "lineitems", "order item",
          "order items", "order line", "order lines", "li", "oi"}  # fmt: skip
_CURRENCIES = (
    "usd|eur|gbp|chf|cad|aud|nzd|sek|nok|dkk|pln|czk|huf|ron|bgn|isk|inr|pkr|bdt|lkr|npr|jpy|cny|rmb|krw|twd|hkd|sgd|"
    "myr|thb|idr|php|vnd|aed|sar|qar|kwd|bhd|omr|ils|egp|zar|ngn|kes|ghs|mad|tnd|brl|mxn|ars|clp|cop|pen|uyu|rub|uah|"
    "kzt|euros?|dollars?|pounds|sterling|rupees|rs|fr|kr"
)
_CURRENCY = re.compile(
    rf"^(?:{_CURRENCIES}) | (?:in |en )?(?:us |local |shop |store |base )?(?:{_CURRENCIES}|currency)$"
)
_WITH = re.compile(r" (?:incl|inclusive|including|inc|inkl|inklusive|with|iva incl|tva incl)\b.*$")
_WITHOUT = re.compile(r" (?:excl|exclusive|excluding|exc|exkl|ex|without)\b.*$")
_WITHOUT_COST = 120  # the same amount with everything in it is the better one
_NUMBERING = re.compile(r"^\s*[(\[]?(?:\d{1,3}|[A-Za-z](?=[.)]\s))[.)\]:_\s-]+(?=[^\W\d])")
_BRACKETS = re.compile(r"[(\[{].*?[)\]}]")
_OWN_NAME = re.compile(r"[.:/|>]|__")


class Spelling(NamedTuple):
    """Plain words, how far they are from what is written, and the roles that may read the heading so (None: all)."""

    text: str
    cost: int = 0
    roles: frozenset[str] | None = None


def spellings(heading: str) -> list[Spelling]:
    """The words that `heading` may stand for.

    >>> [spelling.text for spelling in spellings("orderNumber")]
    ['ordernumber', 'order number']
    >>> sorted({spelling.text for spelling in spellings("Total (USD)")})
    ['total', 'total usd']
    """
    found: dict[tuple[str, frozenset[str] | None], int] = {}
    for text, cost, roles in _spelled(heading):
        if text and found.get((text, None), cost + 1) > cost:
            found.setdefault((text, roles), cost)
    return [Spelling(text, cost, roles) for (text, roles), cost in found.items()]


@lru_cache(4096)
def folded(text: str, *, plural: bool) -> str:
    """`text` without blanks, and with `plural` each word in the singular, to compare words that were run together.

    >>> folded("order number", plural=False), folded("refund amounts", plural=True), folded("gross", plural=True)
    ('ordernumber', 'refundamount', 'gross')
    """
    return "".join(map(_singular, text.split()) if plural else text.split())


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _spelled(heading: str) -> Iterator[Spelling]:
    yield Spelling(cells.words(heading))
    apart = _NUMBERING.sub("", CAMEL.sub(" ", heading))
    yield Spelling(cells.words(apart), 1)
    first, *own = [words for part in _OWN_NAME.split(apart) if (words := cells.words(part))] or [""]
    texts = [cells.words(apart)]
    if own and first in _TABLES:
        texts.append(" ".join(own))
    elif own and first in _LINES:
        texts.append(" ".join(["item", *own]))
    yield from (Spelling(text, 4, _NOT_A_NAME) for text in texts[1:])
    if len(bare := cells.words(_BRACKETS.sub(" ", apart))) < len(texts[0]):
        yield Spelling(bare, _WITHOUT_COST if _WITHOUT.search(texts[0]) else 5, _COUNTED | _DATED)
        texts.append(bare)
    for text in texts:
        yield from _without_units(text)


def _without_units(text: str) -> Iterator[Spelling]:
    """An amount's heading without its currency, its unit, or what is in it."""
    plain = without_small_money(_CURRENCY.sub("", text))
    yield Spelling(plain, 6, _COUNTED)
    for pattern, cost in ((_WITH, 8), (_WITHOUT, _WITHOUT_COST)):
        if (without := pattern.sub("", plain)) != plain:
            yield Spelling(_CURRENCY.sub("", without), cost, _COUNTED)
