"""What a TOML file says about an export: its headings, roles, totals, dates and statuses."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any, Literal, TypeVar

DateOrder = Literal["day-first", "month-first"]


DecimalSign = Literal[".", ","]


AmountIs = Literal["piece", "line", "order"]


# What a column of an export can be for. A raw table has one text column for each mapped role.
ROLES: Mapping[str, str] = {
    "customer_email": "the buyer's e-mail address",
    "customer_id": "the shop's own number of the customer",
    "customer_name": "the buyer's name (several headings are joined by a space)",
    "customer_phone": "the buyer's telephone number",
    "postcode": "the buyer's postcode",
    "order_id": "the order's number, as people know it",
    "order_uid": "the shop's inner number of the order, unique where order numbers repeat",
    "ordered_at": "when the order was placed (several headings are joined by a space)",
    "paid_at": "when it was paid",
    "cancelled_at": "when it was cancelled, or whether: filled means that the order does not count, unless it says no",
    "order_total": "the order's total, as the customer paid it, before refunds",
    "line_total": "one line's total",
    "quantity": "pieces on the line",
    "unit_price": "price of one piece",
    "line_cost": "what the line's goods cost you, all its pieces together",
    "unit_cost": "what one piece cost you",
    "discount": "money taken off the order",
    "refunded": "money given back, a positive amount on the order",
    "charged_back": "money that a bank took back, on top of what was refunded",
    "refunded_at": "when it was given back",
    "total_after_refunds": "the order's total once refunds were taken off it; blank or 0 says nothing",
    "shipping": "shipping inside the order's total",
    "tax": "tax inside the order's total",
    "currency": "the currency's three-letter code",
    "status": "the order's status",
    "payment_status": "the payment's status, where the order's own has another column",
    "captured": "whether the money was taken: false, no or 0 means that the order does not count",
    "payment_method": "how it was paid",
    "gift_card": "what was paid with a gift card",
    "outstanding": "what is still to be paid",
    "paid_amount": "what was paid so far, where that may be less than the total",
    "dispute": "how a dispute about the payment ended",
    "tags": "the order's tags",
    "mode": "live or test, or whether it is a test",
    "kind": "what the row is: a sale, a refund, or neither (a fee, a transfer)",
    "product": "what was bought",
    "category": "the kind of product",
    "sku": "the product's number",
    "country": "country",
    "region": "state or province",
    "city": "town",
    "channel": "where the order came from",
    "accepts_marketing": "consent to marketing",
}
LEFT_ALONE = "other"  # what an owner may say of a column that is none of these


# What columns of a known export can also be for. We never ask the owner about these.
INNER_ROLES: Mapping[str, str] = {
    "moved": "whether the row moved money at all",
    "refers_to": "the transaction that a refund takes back",
    "refunded_to": "the e-mail address that a refund went to",
    "customer_key": "the number by which a file about customers names them, where it is not the customer's own",
}


def places_of(headings: Sequence[str]) -> dict[str, int]:
    """Heading -> its first position."""
    places: dict[str, int] = {}
    for position, heading in enumerate(headings):
        places.setdefault(plain(heading), position)
    return places


_Part = TypeVar("_Part")


@dataclass(frozen=True)
class Signature:
    """The headings that identify an export: all of one set, at least one of another, and none of a third."""

    all_of: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Headerless:
    """Rows without column names: the pattern of each `line`, and the names that its cells get."""

    line: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Beside:
    """A companion file of the same export, about the orders or customers of the main file. It has no orders of its own.

    We join its rows where the cells of `match` (role -> heading) equal the orders' own. For each order, `roles` takes
    cells from the first such row, `sums` adds up the cells of some columns over all of them, and `count` counts them.
    A file that gives nothing is recognised but not used.
    """

    name: str
    all_of: tuple[str, ...]
    match: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    sums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    count: str = ""

    @property
    def gives(self) -> frozenset[str]:
        """The roles that an order gets from this file."""
        return frozenset([*self.roles, *self.sums, *([self.count] if self.count else [])])

    def places(self, headings: Sequence[str]) -> dict[str, tuple[int, ...]]:
        """Column of the raw table -> its position: roles, matches as `=role`, summands as `role+0`, `role+1`."""
        places = places_of(headings)
        wanted = {f"={role}": heading for role, heading in self.match.items()} | dict(self.roles)
        for role, summands in self.sums.items():
            wanted |= {f"{role}+{i}": heading for i, heading in enumerate(summands)}
        return {name: (places[plain(heading)],) for name, heading in wanted.items() if plain(heading) in places}


@dataclass(frozen=True)
class Format:
    """One export: the headings that identify it, what its columns are for, and what its words mean.

    `roles` maps a role to alternatives, best first. An alternative is a list of headings to join by a space, mostly
    just one. Once the headings are recognised, the `required` roles must be there; if one is missing, we refuse the
    export by its name. Headings, statuses, modes and kinds are compared trimmed and in lower case.

    `reads` says what a role's cells mean where they do not say so themselves. It holds pairs: a pattern (RE2), and what
    a matching cell is read as (`\\1` is the pattern's first group). The first match wins. `adds` maps a role to a
    pattern: the cell is a packed list, and we add up what the pattern's first group finds.

    When rows are of several kinds, a `kinds_sale` row is an order or a line of one, a `kinds_refund` row gives money
    back on the order it names or refers to, and any other row is left out. A file without a sale is refused, and
    `without_sales` says what it may be. A format with `refuse` is not an order export: that sentence says so, and
    `instead` names the export to make.
    """

    key: str
    name: str
    menu_path: str = ""
    all_of: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    alternatives: tuple[Signature, ...] = ()  # other headings that identify it: older ones, other languages
    headerless: tuple[Headerless, ...] = ()
    beside: tuple[Beside, ...] = ()
    roles: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    required: tuple[str, ...] = ("ordered_at",)
    date_formats: tuple[str, ...] = ()
    decimal_sign: DecimalSign | None = None  # of numbers that could be read either way
    reads: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    adds: Mapping[str, str] = field(default_factory=dict)
    description_row: bool = False  # a row below the headings explains them in words
    status_per_line: bool = False  # the lines of one order have statuses of their own
    credit_notes: bool = False  # refunds are documents with their own number, and their amounts may lack a minus
    statuses_that_count: tuple[str, ...] = ()  # these four hold only what `words.toml` does not say of every export
    statuses_that_do_not_count: tuple[str, ...] = ()
    statuses_pending: tuple[str, ...] = ()
    statuses_refunded: tuple[str, ...] = ()  # all of the money went back, even if no amount says so
    test_modes: tuple[str, ...] = ()
    adjustment_pattern: str = ""  # an order number like this changes money but is not an order
    kinds_sale: tuple[str, ...] = ()
    kinds_refund: tuple[str, ...] = ()
    kinds_not_sale: tuple[str, ...] = ()
    moved_nothing: tuple[str, ...] = ()  # words of the role `moved` that mark a row as a mere note
    numbered_by_kind: bool = False  # an invoice and a receipt may share a number
    refund_rows: bool = False  # a refund has its own row, which may come before its sale's
    carried_forward: tuple[str, ...] = ()  # roles that stand alone on a row above the rows they belong to
    unpaid_when_blank: str = ""  # an order is unpaid if all of its rows leave this role blank
    without_sales: str = ""
    refuse: str = ""
    instead: str = ""  # the key of the export to make instead
    one_row: str = ""  # what one row is
    total_means: str = ""
    nobody_named: str = ""  # for an export without customers: where the same shop names them
    notes: tuple[str, ...] = ()

    @property
    def date_order(self) -> DateOrder | None:
        """Whether day or month comes first in the numeric dates it writes. None when it is known to write both."""
        starts = {one[:2] for one in self.date_formats if re.match("%[dm][/.-]%[dm]", one)}
        if len(starts) != 1:
            return None
        return "day-first" if "%d" in starts else "month-first"

    @property
    def numeric_dates(self) -> str:
        """The pattern (RE2) of the numeric dates it writes. A spreadsheet usually rewrites them in another shape."""
        numeric = [one for one in self.date_formats if re.match("%[dm][/.-]%[dm]", one)]
        clock = any(len(choice) > 1 for choice in self.roles.get("ordered_at", ()))
        return "|".join(f"(?:{_look(one)}{_CLOCK if clock and ':' not in one else ''})" for one in numeric)


_DIGITS = {"%Y": "[0-9]{4}", "%y": "[0-9]{2}", "%p": "[AaPp][Mm]"}


_CLOCK = "(?: [0-9:]+(?: [AaPp][Mm])?)?"


def _look(pattern: str) -> str:
    """A pattern for what a date written with `pattern` looks like.

    >>> _look("%d.%m.%Y")
    '[0-9]{1,2}[.][0-9]{1,2}[.][0-9]{4}'
    """
    parts = re.findall(r"%[A-Za-z]|.", pattern)
    return "".join(_DIGITS.get(part, "[0-9]{1,2}") if part[0] == "%" else f"[{part}]" for part in parts)


def plain(heading: str) -> str:
    """`heading`, ready to compare: no byte-order mark or accents, trimmed, single blanks inside, lower case.

    >>> plain("\\ufeff Created  at "), plain("Número do Pedido")
    ('created at', 'numero do pedido')
    """
    if not heading.isascii():
        spelled = unicodedata.normalize("NFKD", heading.replace("\ufeff", ""))
        heading = "".join(sign for sign in spelled if not unicodedata.combining(sign))
    return " ".join(heading.split()).casefold()


@cache
def plain_all(headings: tuple[str, ...]) -> tuple[str, ...]:
    """The headings of one of our signatures, ready to compare. We never cache those of a file."""
    return tuple(map(plain, headings))


def read_folder(*folder: str) -> Iterable[Format]:
    """Every format in a folder next to this module. Each has a key; the lists of words have none."""
    here = resources.files(__package__).joinpath(*folder)
    files = (entry for entry in here.iterdir() if entry.name.endswith(".toml"))
    tables = (tomllib.loads(entry.read_text(encoding="utf-8")) for entry in files)
    return (_format(table) for table in tables if "key" in table)


def _format(table: Mapping[str, Any]) -> Format:
    """A TOML table as a `Format`. An unknown key is a mistake in our own file and raises `TypeError`."""
    roles = {role: tuple(_alternatives(choices)) for role, choices in table.get("roles", {}).items()}
    others = [_part(Beside, part) for part in table.get("beside", [])]
    given = {role for other in others for role in (*other.gives, *other.match)}
    given |= table.get("reads", {}).keys() | table.get("adds", {}).keys()
    if unknown := (roles.keys() | given) - ROLES.keys() - INNER_ROLES.keys():
        raise TypeError(f"{table['key']}.toml: no such role: {sorted(unknown)}")
    rest: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in table.items()}
    rest["roles"] = roles
    rest["reads"] = {role: tuple(map(tuple, pairs)) for role, pairs in table.get("reads", {}).items()}
    rest["beside"] = tuple(others)
    rest["alternatives"] = tuple(_part(Signature, part) for part in table.get("alternatives", []))
    rest["headerless"] = tuple(_part(Headerless, part) for part in table.get("headerless", []))
    return Format(**rest)


def _part(kind: type[_Part], table: Mapping[str, Any]) -> _Part:
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in table.items()})


def _alternatives(choices: Iterable[str | list[str]]) -> Iterable[tuple[str, ...]]:
    return ((choice,) if isinstance(choice, str) else tuple(choice) for choice in choices)
