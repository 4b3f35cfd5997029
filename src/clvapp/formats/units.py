"""What a heading says about the unit of its amounts."""

import re

# Hundredths of a currency's unit, at the end of a heading in plain words.
SMALL = re.compile(
    r"(?: in)? (?:cents?|ct|cts|pence|minor units?|centimes|centavos|centimos|centesimi|paise|ore|öre|øre|grosz[ey]?)$"
)
# Of these a unit buys so much that prices have cents.
_WITH_CENTS = {"USD", "EUR", "GBP", "CHF", "AUD", "CAD", "NZD", "SGD", "BRL", "PLN", "ILS", "AED", "MYR"}
_AMOUNTS = {
    "amount", "total", "order", "grand", "sub", "subtotal", "price", "paid", "value", "line", "item", "unit", "net",
    "gross", "sum", "sale",
}  # fmt: skip
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")  # between run-together words


def in_small_money(heading: str) -> bool:
    """Whether `heading` says that its amounts are hundredths, such as cents.

    >>> in_small_money("amount_cents"), in_small_money("Total (in pence)"), in_small_money("Percent")
    (True, True, False)
    """
    words = re.sub(r"[\W_]+", " ", CAMEL.sub(" ", heading)).strip().lower()
    return bool(SMALL.search(f" {words}"))


def has_cents(currency: str) -> bool:
    """Whether prices in a currency, by its code, usually have cents.

    >>> has_cents("usd"), has_cents("JPY")
    (True, False)
    """
    return currency.strip().upper() in _WITH_CENTS


def plain_amount(heading: str) -> bool:
    """Whether `heading` is English for an amount of money, and says no more.

    >>> plain_amount("orderTotal"), plain_amount("Total JPY"), plain_amount("Betrag")
    (True, False, False)
    """
    words = re.findall(r"[^\W_]+", CAMEL.sub(" ", heading).lower())
    return bool(words) and _AMOUNTS.issuperset(words)
