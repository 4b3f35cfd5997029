"""What the text of one cell looks like: a date, a time, a number, an e-mail address. It converts nothing."""

import re
import unicodedata

from clvapp.formats.amounts import BLANKS, CURRENCY_NAMES, NO_VALUE, OTHER_MARKS, PLAIN_MARKS
from clvapp.formats.date_shapes import Place, Shape, plain_digits, shape_of, understood

_TIME = re.compile(r"^\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:[ap]\.?m\.?)?$", re.IGNORECASE)
# One letter before a whole number is the series of an order number: "R1001". Two or three letters are a currency.
_SERIES = re.compile(r"^[A-Z] ?[0-9]+$")
_MONEY = rf"(?:[A-Z]{{0,3}}[$€£¥¢৳฿%\u20a0-\u20cf]|[^\W\d_]{{2,3}}\.?|{CURRENCY_NAMES})?"
_BLANK = f"[{BLANKS}]*"
_NUMBER = re.compile(
    rf"^'?[(]?[-+−]?{_BLANK}{_MONEY}{_BLANK}[-+−]?{_BLANK}[0-9][0-9.,'’{BLANKS}]*(?:(?<=[.,])[-–—])?{_BLANK}{_MONEY}{_BLANK}[-)]?$"
)
_MARKS = str.maketrans(OTHER_MARKS, PLAIN_MARKS)
_EMAIL = re.compile(r"^[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+$")


def is_date(text: str) -> bool:
    """Whether `text` is a calendar date, with or without a time, in any of the ways that people write one.

    >>> is_date("2021-05-13 11:01:12 +0200"), is_date("Sep-30-26"), is_date("12.50"), is_date("5551234")
    (True, True, False, False)
    """
    found = understood(shape_of(text.strip()))
    return found is not None and found.number is None and _plausible(plain_digits(text.strip()), found)


def is_counted_date(text: str) -> bool:
    """Whether `text` may count the seconds since 1970, or the days of a spreadsheet: a number that a heading explains.

    >>> is_counted_date("1768831440"), is_counted_date("46041.58"), is_counted_date("12.50")
    (True, True, False)
    """
    found = understood(shape_of(text.strip()))
    return found is not None and found.number is not None


def _plausible(text: str, found: Shape) -> bool:
    """Whether the year, month and day are some that an order may have."""

    def part(place: Place | int | None) -> int:
        return place if isinstance(place, int) else int(text[place[0] - 1 : sum(place) - 1]) if place else 1

    year = part(found.year)
    return (
        (found.year is None or found.year[1] < 4 or 1300 < year < 2700)
        and 1 <= part(found.month) <= 12
        and all(1 <= part(place) <= 31 for place in (found.day, found.first, found.second))
    )


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
    >>> is_number("49,-"), is_number("R 1,284.50"), is_number("R1001")
    (True, True, False)
    """
    plain = plain_digits(text.strip()).translate(_MARKS)
    return bool(_NUMBER.match(plain)) and not _SERIES.match(plain) and not is_date(text)


def rough_number(text: str) -> float | None:
    """A cell's number, read well enough to compare it with others of its column. None if it is none.

    >>> rough_number("1.234,50 €"), rough_number("-12"), rough_number("1,234"), rough_number("Room 5")
    (1234.5, -12.0, 1234.0, None)
    """
    if not is_number(text):
        return None
    digits = "".join(sign for sign in plain_digits(text) if sign.isdigit() or sign in ".,")
    whole, sign, rest = digits.rpartition(max(".,", key=digits.rfind))
    has_fraction = bool(sign) and len(rest) <= 2
    units = "".join(filter(str.isdigit, whole if has_fraction else digits))
    number = float(f"{units or 0}.{rest or 0}" if has_fraction else units or 0)
    return -number if text.strip()[:1] in {"-", "−"} else number


def is_empty(text: str) -> bool:
    """Whether `text` is nothing, or a word that stands for nothing.

    >>> is_empty(" "), is_empty("NULL"), is_empty("0")
    (True, True, False)
    """
    return text.strip().lower() in NO_VALUE


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
