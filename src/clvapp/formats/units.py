"""What a heading says about the unit of its amounts: hundredths, thousands, or shares of a hundred."""

import re

# Hundredths of a currency's unit, in plain words, at either end of a heading.
_HUNDREDTHS = (
    "(?:(?:euro|us) )?cents?|eurocents?|cts?|pence|minor(?: (?:currency )?units?)?|sub ?units?|smallest unit|centimes|"
    "centavos|centimos|centesimi|paise|ore|öre|øre|groszach|grosz[ey]?|hal[eé]r[eůu]?|kopecks|kopeks|копе(?:йки|ек|йках)|"
    "kuru[sş]|agorot|stotinki|fill[eé]r"
)
SMALL = re.compile(rf"(?<! per)(?: in| w| i| en)? (?:{_HUNDREDTHS})(?= $)|^ (?:{_HUNDREDTHS})(?= \S)")
# These may be hundredths, thousandths or something else.
_PERHAPS_SMALL = re.compile(r" (?:c|p|gr|fils|bani|millimes|sen|satang)$")
# Thousands or more, which say too little of one order.
_LARGE = re.compile(
    r"\bthousands?\b|\bmillions?\b|\bbillions?\b|\blakhs?\b|\bcrores?\b|(?:^|[\W_])'?000'?s?(?:$|\W)|"
    r"\bx ?1[.,' ]?000\b|\b[kmt] ?[€$£]|[€$£] ?(?:k|m|mn|mio|bn)\b|\b[kt] ?(?:eur|usd|gbp|chf)\b|"
    r"\b(?:eur|usd|gbp|chf) ?(?:k|mn|mio)\b|\(k\)|\btsd\b|\btausend|\bmio\b|\bmillionen\b|\bmilliers\b|"
    r"\((?:en )?miles\)|\ben miles\b|\bmiles de\b|\bmillones\b|\bmilhares\b|\bmilh[oõ]es\b|\bmigliaia\b|\bduizend|"
    r"\btys\b|\btusen|\btusind|\bтыс|千円|万円|百万円|千元|万元"
)
_SHARE = re.compile(r"%|\bper ?cent|\bpct\b|prozent|pour ?cent|por ?cent|per ?cento|procent|persen")
# Nothing is smaller than the unit of the first; the unit of the second has a thousand parts.
_WITHOUT_HUNDREDTHS = {
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF",
    "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND",
}  # fmt: skip
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
    >>> in_small_money("cents_total"), in_small_money("amount_minor"), in_small_money("per cent")
    (True, True, False)
    """
    return bool(SMALL.search(f" {_spoken(heading)} "))


def perhaps_small_money(heading: str) -> bool:
    """Whether `heading` ends as if its amounts might be hundredths, or mean something else.

    >>> perhaps_small_money("total_p"), perhaps_small_money("amount_fils"), perhaps_small_money("total")
    (True, True, False)
    """
    return bool(_PERHAPS_SMALL.search(f" {_spoken(heading)}"))


def in_large_money(heading: str) -> bool:
    """Whether `heading` says that its amounts are thousands or more.

    >>> in_large_money("Umsatz T€"), in_large_money("Revenue (in thousands)"), in_large_money("Total (1000 points)")
    (True, True, False)
    """
    return bool(_LARGE.search(heading.lower()))


def is_share(heading: str) -> bool:
    """Whether `heading` says that its numbers are shares of a hundred, and no money.

    >>> is_share("Rabatt %"), is_share("discount_pct"), is_share("Discount")
    (True, True, False)
    """
    return bool(_SHARE.search(heading.lower().replace("_", " ")))


def without_small_money(words: str) -> str:
    """A heading's plain `words` without those for hundredths.

    >>> without_small_money("total cents"), without_small_money("cents total"), without_small_money("per cent")
    ('total', 'total', 'per cent')
    """
    return SMALL.sub("", f" {words} ").strip()


def has_hundredths(currency: str) -> bool:
    """Whether the unit of a currency, by its code, has a hundred parts.

    >>> has_hundredths("sek"), has_hundredths("JPY"), has_hundredths("KWD")
    (True, False, False)
    """
    return currency.strip().upper() not in _WITHOUT_HUNDREDTHS


def _spoken(heading: str) -> str:
    """`heading` as lower-case words."""
    return re.sub(r"[\W_]+", " ", CAMEL.sub(" ", heading)).strip().lower()


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
