"""What a heading says about the unit of its amounts."""

import re

# Hundredths of a currency's unit, at the end of a heading in plain words.
SMALL = re.compile(r"(?: in)? (?:cents?|pence|minor units?|centimes|centavos|centimos|centesimi|paise)$")
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")  # between run-together words


def in_small_money(heading: str) -> bool:
    """Whether `heading` says that its amounts are hundredths, such as cents.

    >>> in_small_money("amount_cents"), in_small_money("Total (in pence)"), in_small_money("Percent")
    (True, True, False)
    """
    words = re.sub(r"[\W_]+", " ", CAMEL.sub(" ", heading)).strip().lower()
    return bool(SMALL.search(f" {words}"))
