"""The exports we know, each one TOML file beside this module, and how one is recognised by its headings."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any, Literal

from clvapp.problems import FormatUnclear, MissingColumn, UnknownFormat

FALLBACK = "general"  # never recognised: it lends its words to the guess, and its statuses to an owner's own mapping

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


@dataclass(frozen=True)
class Format:
    """One export: the headings that recognise it, what its columns are for, and what its words mean.

    `roles` maps a role to alternatives, best first; an alternative is the headings to join by a space (mostly
    one). `required` roles must be there once the headings are recognised: an export without one is refused
    by its name. Headings, statuses and modes are compared in lower case, trimmed.

    `reads` says what cells of a role mean where they do not say it themselves: pairs of a pattern (RE2) and what a cell
    with it is read as (`\\1` is the pattern's first group), the first that fits. `adds` maps a role to a pattern: the
    cell is a packed list, and what its first group finds is added up.
    """

    key: str
    name: str
    menu_path: str = ""
    all_of: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    roles: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    required: tuple[str, ...] = ("ordered_at",)
    date_formats: tuple[str, ...] = ()
    decimal_sign: Literal[".", ","] | None = None  # of numbers that leave it open
    reads: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    adds: Mapping[str, str] = field(default_factory=dict)
    description_row: bool = False  # a row below the headings says in words what they mean
    status_per_line: bool = False  # the lines of one order have statuses of their own
    statuses_that_do_not_count: tuple[str, ...] = ()
    statuses_pending: tuple[str, ...] = ()
    statuses_refunded: tuple[str, ...] = ("refunded",)  # all of the money went back, whether an amount says so or not
    test_modes: tuple[str, ...] = ()
    adjustment_pattern: str = ""  # an order number like this changes money but is no order
    total_means: str = ""
    nobody_named: str = ""  # of an export that names no customer: where the same shop names them
    notes: tuple[str, ...] = ()

    @property
    def date_order(self) -> Literal["day-first", "month-first"] | None:
        """Which of day and month comes first in the numeric dates it writes; None where both are known of it."""
        starts = {one[:2] for one in self.date_formats if re.match("%[dm][/.-]%[dm]", one)}
        if len(starts) != 1:
            return None
        return "day-first" if "%d" in starts else "month-first"


def plain(heading: str) -> str:
    """`heading` as it is compared: without byte-order mark, accents and outer blanks, inner blanks single, lower case.

    >>> plain("\\ufeff Created  at "), plain("Número do Pedido")
    ('created at', 'numero do pedido')
    """
    spelled = unicodedata.normalize("NFKD", heading.replace("\ufeff", ""))
    return " ".join("".join(sign for sign in spelled if not unicodedata.combining(sign)).split()).casefold()


@cache
def known() -> tuple[Format, ...]:
    """Every export that can be recognised, by name."""
    return tuple(sorted((one for one in _every() if one.key != FALLBACK), key=lambda one: one.name.casefold()))


def general() -> Format:
    """What is true of any export: words of headings in several languages, statuses that do not count."""
    return next(one for one in _every() if one.key == FALLBACK)


def named(name: str) -> Format:
    """The export whose key or name is `name`, in any case. Raises `UnknownFormat`."""
    for one in _every():
        if plain(name) in {plain(one.key), plain(one.name)}:
            return one
    raise UnknownFormat(name, tuple(one.key for one in known()))


def recognise(headings: Sequence[str]) -> Format | None:
    """The export whose signature fits `headings` and says most, if any. Raises `FormatUnclear` on a tie."""
    there = _places(headings).keys()
    scores = {one.key: _fit(one, there) for one in known()}
    best = max(scores.values(), default=0)
    fitting = [one for one in known() if best > 0 and scores[one.key] == best]
    if len(fitting) > 1:
        raise FormatUnclear(tuple(one.name for one in fitting))
    return fitting[0] if fitting else None


def fits(fmt: Format, headings: Sequence[str]) -> bool:
    """Whether the signature of `fmt` fits `headings`, whichever other one says more."""
    return _fit(fmt, _places(headings).keys()) > 0


def mapping(fmt: Format, headings: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """Role -> positions in `headings`, several to be joined by a space. Raises `MissingColumn`."""
    places = _places(headings)
    found: dict[str, tuple[int, ...]] = {}
    for role, alternatives in fmt.roles.items():
        for alternative in alternatives:
            if all(plain(heading) in places for heading in alternative):
                found[role] = tuple(places[plain(heading)] for heading in alternative)
                break
    for role in fmt.required:
        if role not in found:
            heading = " ".join(fmt.roles[role][0])
            raise MissingColumn(fmt.name, heading, ROLES[role], menu_path=fmt.menu_path)
    return found


def _fit(fmt: Format, there: Set[str]) -> int:
    """How many headings of the signature are there; 0 when it does not fit."""
    every = all(plain(heading) in there for heading in fmt.all_of)
    some = sum(plain(heading) in there for heading in fmt.any_of)
    if not every or (fmt.any_of and not some) or any(plain(heading) in there for heading in fmt.none_of):
        return 0
    return len(fmt.all_of) + some


def _places(headings: Sequence[str]) -> dict[str, int]:
    """Heading -> its first position."""
    places: dict[str, int] = {}
    for position, heading in enumerate(headings):
        places.setdefault(plain(heading), position)
    return places


@cache
def _every() -> tuple[Format, ...]:
    """Each TOML file beside this module."""
    files = (entry for entry in resources.files(__name__).iterdir() if entry.name.endswith(".toml"))
    return tuple(_format(tomllib.loads(entry.read_text(encoding="utf-8"))) for entry in files)


def _format(table: Mapping[str, Any]) -> Format:
    """A TOML table as a `Format`; an unknown key is a mistake in our own file and raises `TypeError`."""
    roles = {role: tuple(_alternatives(choices)) for role, choices in table.get("roles", {}).items()}
    if unknown := (roles.keys() | table.get("reads", {}).keys() | table.get("adds", {}).keys()) - ROLES.keys():
        raise TypeError(f"{table['key']}.toml: no such role: {sorted(unknown)}")
    rest: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in table.items()}
    rest["roles"] = roles
    rest["reads"] = {role: tuple(map(tuple, pairs)) for role, pairs in table.get("reads", {}).items()}
    return Format(**rest)


def _alternatives(choices: Iterable[str | list[str]]) -> Iterable[tuple[str, ...]]:
    return ((choice,) if isinstance(choice, str) else tuple(choice) for choice in choices)
