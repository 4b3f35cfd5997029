"""What the text of one cell looks like: a date, a time, a number, an e-mail address. It converts nothing."""

import re
import unicodedata

_MONTHS = r"(?:jan|feb|mar|m[aä]r|apr|may|mai|jun|jul|aug|sep|oct|okt|out|nov|dec|dez|dic|ene|abr|ago|set|fev|f[eé]v|avr|jui|ao[uû]|d[eé]c|mag|giu|lug|ott)[a-zéû]*"  # fmt: skip  # noqa: E501
_DATE = re.compile(
    rf"""^'?(?:
        (?:19|20)\d\d[-/.]\d{{1,2}}[-/.]\d{{1,2}}      # 2026-04-05
      | \d{{1,2}}[-/.]\d{{1,2}}[-/.](?:\d{{4}}|\d\d)   # 5/4/2026, 05.04.26
      | \d{{1,2}}[-\s.]+{_MONTHS}[-\s.,]+\d{{2,4}}     # 16-Dec-2023
      | {_MONTHS}[-\s.]+\d{{1,2}}[-\s,]+\d{{2,4}}      # Sep 4, 2026
      | (?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$   # 20260405
    )(?:[T\s,].*)?$""",
    re.IGNORECASE | re.VERBOSE,
)
_TIME = re.compile(r"^\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[ap]\.?m\.?)?$", re.IGNORECASE)
# One letter before a number is the series of an order number. Two or three letters are a currency.
_MONEY = r"(?:[$€£¥¢৳฿%\u20a0-\u20cf]|[^\W\d_]{2,3}\.?|[A-Z]{1,2}\$)?"
_NUMBER = re.compile(rf"^'?[(]?[-+−]?\s*{_MONEY}\s*[-+−]?\s*\d[\d.,'’\s]*\s*{_MONEY}\s*[-)]?$")
_EMAIL = re.compile(r"^[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+$")


def is_date(text: str) -> bool:
    """Whether `text` begins with a calendar date.

    >>> is_date("2021-05-13 11:01:12 +0200"), is_date("Sep-30-26"), is_date("12.50"), is_date("5551234")
    (True, True, False, False)
    """
    return bool(_DATE.match(text.strip()))


def is_time(text: str) -> bool:
    """Whether `text` is a time of day and nothing else.

    >>> is_time("9:15:51 AM"), is_time("2026-01-01")
    (True, False)
    """
    return bool(_TIME.match(text.strip()))


def is_number(text: str) -> bool:
    """Whether `text` is a number, perhaps with a currency's sign or letters.

    >>> [is_number(text) for text in ("1.234,50 €", "(RM 50.00)", "-$12.00", "R$ 5", "#1001", "A-17", "")]
    [True, True, True, True, False, False, False]
    """
    return bool(_NUMBER.match(text.strip())) and not is_date(text)


def is_email(text: str) -> bool:
    """Whether `text` is an e-mail address.

    >>> is_email(" Ada@Example.com "), is_email("@ada")
    (True, False)
    """
    return bool(_EMAIL.match(text.strip()))


def words(heading: str) -> str:
    """`heading` as plain lower-case words, so that it can be compared: accents, signs and underscores are gone.

    >>> words("Número do  Pedido"), words("order_date"), words("Order #")
    ('numero do pedido', 'order date', 'order number')
    """
    spelled = unicodedata.normalize("NFKD", heading.replace("#", " number ").replace("ß", "ss").replace("ı", "i"))
    plain = "".join(sign for sign in spelled.lower() if not unicodedata.combining(sign))
    return " ".join(re.findall(r"[^\W_]+", plain))
