"""What a TOML file says of an export: its headings, roles, totals, dates and statuses."""

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


# What a column of an export can be for. A raw table has one text column a role that was mapped.
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
    "cancelled_at": "when it was cancelled: filled means that the order does not count",
    "order_total": "the order's total, as the customer paid it, before refunds",
    "line_total": "one line's total",
    "quantity": "pieces on the line",
    "unit_price": "price of one piece",
    "line_cost": "what the line's goods cost you, all its pieces together",
    "unit_cost": "what one piece cost you",
    "discount": "money taken off the order",
    "refunded": "money given back, a positive amount on the order",
    "refunded_at": "when it was given back",
    "total_after_refunds": "the order's total once refunds were taken off it; blank or 0 says nothing",
    "shipping": "shipping inside the order's total",
    "tax": "tax inside the order's total",
    "currency": "the currency's three-letter code",
    "status": "the order's status",
    "captured": "whether the money was taken: false, no or 0 means that the order does not count",
    "mode": "live or test",
    "product": "what was bought",
    "category": "the kind of product",
    "sku": "the product's number",
    "country": "country",
    "region": "state or province",
    "city": "town",
    "channel": "where the order came from",
    "accepts_marketing": "consent to marketing",
}


# What columns of a known export can be for beside that: nobody is asked about them.
INNER_ROLES: Mapping[str, str] = {
    "kind": "what the row is: a sale, a refund, or neither (a fee, a transfer)",
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
    """Headings that recognise an export: all of some, one at least of others, none of others again."""

    all_of: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Headerless:
    """Rows without column names: what each `line` looks like (a pattern), and the names its cells get."""

    line: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Beside:
    """Another file of the same export, about the orders or customers of the first; it has no orders of its own.

    Its rows are joined where the cells of `match` (role -> heading) agree with the orders' own. `roles` gives each
    order the cell of its first such row, `sums` what the cells of some columns add up to over all of them, `count`
    how many there are. A file that gives nothing is recognised and not used.
    """

    name: str
    all_of: tuple[str, ...]
    match: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    sums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    count: str = ""

    @property
    def gives(self) -> frozenset[str]:
        """The roles that an order gets from here."""
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
    """One export: the headings that recognise it, what its columns are for, and what its words mean.

    `roles` maps a role to alternatives, best first; an alternative is the headings to join by a space (mostly
    one). `required` roles must be there once the headings are recognised: an export without one is refused
    by its name. Headings, statuses, modes and kinds are compared in lower case, trimmed.

    `reads` says what cells of a role mean where they do not say it themselves: pairs of a pattern (RE2) and what a cell
    with it is read as (`\\1` is the pattern's first group), the first that fits. `adds` maps a role to a pattern: the
    cell is a packed list, and what its first group finds is added up.

    Where rows are of several kinds, a `kinds_sale` row is (a line of) an order, a `kinds_refund` row gives money back
    on the order it names or refers to, and any other row is left out. A file without a sale is refused, and
    `without_sales` says what it may be. A format with `refuse` is no order export: the sentence says so, and names
    the export to make `instead`.
    """

    key: str
    name: str
    menu_path: str = ""
    all_of: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    alternatives: tuple[Signature, ...] = ()  # other headings that recognise it as well: older ones, other languages
    headerless: tuple[Headerless, ...] = ()
    beside: tuple[Beside, ...] = ()
    roles: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    required: tuple[str, ...] = ("ordered_at",)
    date_formats: tuple[str, ...] = ()
    decimal_sign: DecimalSign | None = None  # of numbers that leave it open
    reads: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    adds: Mapping[str, str] = field(default_factory=dict)
    description_row: bool = False  # a row below the headings says in words what they mean
    status_per_line: bool = False  # the lines of one order have statuses of their own
    credit_notes: bool = (
        False  # refunds are documents with a number of their own, their amounts with or without a minus
    )
    statuses_that_do_not_count: tuple[str, ...] = ()
    statuses_pending: tuple[str, ...] = ()
    statuses_refunded: tuple[str, ...] = ("refunded",)  # all of the money went back, whether an amount says so or not
    test_modes: tuple[str, ...] = ()
    adjustment_pattern: str = ""  # an order number like this changes money but is no order
    kinds_sale: tuple[str, ...] = ()
    kinds_refund: tuple[str, ...] = ()
    kinds_not_sale: tuple[str, ...] = ()
    moved_nothing: tuple[str, ...] = ()  # words of the role `moved` whose rows are only a note
    numbered_by_kind: bool = False  # an invoice and a receipt may have one number
    refund_rows: bool = False  # money given back stands on a row of its own, which may come before its sale's
    carried_forward: tuple[str, ...] = ()  # roles that stand alone on a row above the rows they belong to
    unpaid_when_blank: str = ""  # an order whose rows all leave this role blank was never paid
    without_sales: str = ""
    refuse: str = ""
    instead: str = ""  # the key of the export to make instead
    one_row: str = ""  # what a row is
    total_means: str = ""
    nobody_named: str = ""  # of an export that names no customer: where the same shop names them
    notes: tuple[str, ...] = ()

    @property
    def date_order(self) -> DateOrder | None:
        """Which of day and month comes first in the numeric dates it writes; None where both are known of it."""
        starts = {one[:2] for one in self.date_formats if re.match("%[dm][/.-]%[dm]", one)}
        if len(starts) != 1:
            return None
        return "day-first" if "%d" in starts else "month-first"

    @property
    def numeric_dates(self) -> str:
        """Pattern (RE2) of the numeric dates it writes: what a spreadsheet writes anew mostly looks different."""
        numeric = [one for one in self.date_formats if re.match("%[dm][/.-]%[dm]", one)]
        clock = any(len(choice) > 1 for choice in self.roles.get("ordered_at", ()))
        return "|".join(f"(?:{_look(one)}{_CLOCK if clock and ':' not in one else ''})" for one in numeric)


_DIGITS = {"%Y": "[0-9]{4}", "%y": "[0-9]{2}", "%p": "[AaPp][Mm]"}


_CLOCK = "(?: [0-9:]+(?: [AaPp][Mm])?)?"


def _look(pattern: str) -> str:
    """What a date written with `pattern` looks like.

    >>> _look("%d.%m.%Y")
    '[0-9]{1,2}[.][0-9]{1,2}[.][0-9]{4}'
    """
    parts = re.findall(r"%[A-Za-z]|.", pattern)
    return "".join(_DIGITS.get(part, "[0-9]{1,2}") if part[0] == "%" else f"[{part}]" for part in parts)


def plain(heading: str) -> str:
    """`heading` as it is compared: without byte-order mark, accents and outer blanks, inner blanks single, lower case.

    >>> plain("\\ufeff Created  at "), plain("Número do Pedido")
    ('created at', 'numero do pedido')
    """
    if not heading.isascii():
        spelled = unicodedata.normalize("NFKD", heading.replace("\ufeff", ""))
        heading = "".join(sign for sign in spelled if not unicodedata.combining(sign))
    return " ".join(heading.split()).casefold()


@cache
def plain_all(headings: tuple[str, ...]) -> tuple[str, ...]:
    """The headings of a signature of ours, as they are compared; a file's own are never kept."""
    return tuple(map(plain, headings))


def read_folder(*folder: str) -> Iterable[Format]:
    """Every format of a folder beside this module."""
    here = resources.files(__package__).joinpath(*folder)
    files = (entry for entry in here.iterdir() if entry.name.endswith(".toml"))
    return (_format(tomllib.loads(entry.read_text(encoding="utf-8"))) for entry in files)


def _format(table: Mapping[str, Any]) -> Format:
    """A TOML table as a `Format`; an unknown key is a mistake in our own file and raises `TypeError`."""
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
