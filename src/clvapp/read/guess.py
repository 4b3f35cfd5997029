"""Headings and first rows of an unknown table -> what each column is probably for, as a suggestion to the owner."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple, Protocol

from clvapp import formats
from clvapp.formats.layout import INNER_ROLES, ROLES, plain
from clvapp.formats.words import flags, kind_of, meaning_of
from clvapp.problems import ColumnUsedTwice, HeadingNotFound, NoAmountColumn, NoDateColumn, UnknownRole
from clvapp.read import cells

_DATES = ("ordered_at", "paid_at", "cancelled_at", "refunded_at")
_MONEY = (
    "order_total", "line_total", "unit_price", "line_cost", "unit_cost", "discount", "refunded", "total_after_refunds",
    "shipping", "tax", "outstanding", "gift_card",
)  # fmt: skip
_CLOCK = {"time", "uhrzeit", "zeit", "heure", "hora", "ora", "tijd", "order time", "time of day"}
# A heading with one of these words means another date, another person or another sum.
_OTHER = {
    "ordered_at": {
        "birth",
        "birthday",
        "ship",
        "shipped",
        "shipping",
        "due",
        "delivery",
        "delivered",
        "updated",
    },
    "customer_email": {"seller", "merchant", "staff", "shop", "to"},
    "order_total": {
        "tax",
        "fee",
        "fees",
        "shipping",
        "discount",
        "quantity",
        "qty",
        "cost",
        "id",
        "balance",
        "age",
    },
}
# A state of the country or of the order, an outcome of anything: such a column holds statuses only if they are known.
_AMBIGUOUS = {
    "state", "etat", "estado", "stato", "stan", "stav", "zustand", "situacao", "durum", "result", "results", "resultat",
    "resultado", "risultato", "ergebnis",
}  # fmt: skip
_PAYMENTS = {
    "payment id",
    "payment number",
    "payment no",
    "charge id",
    "payment reference",
    "zahlungsnummer",
    "id pago",
}
_PAID = {"amount", "payment amount", "amount paid", "paid", "betrag", "zahlungsbetrag", "montant", "importe", "importo"}
_EXACT, _INSIDE, _EMPTY = 1000, 500, 450
# Groups of roles that exclude each other: a column has at most one role of each group.
_KINDS = {role: kind for kind, roles in {
    "date": _DATES,
    "money": _MONEY,
    "pieces": ("quantity",),
    "customer": ("customer_email", "customer_id", "customer_name", "customer_phone"),
    "order": ("order_id", "order_uid"),
    "word": ("status", "payment_status", "mode", "captured", "currency", "accepts_marketing", "payment_method",
             "tags", "dispute"),
    "place": ("country", "region", "city", "postcode"),
    "thing": ("product", "category", "sku"),
    "channel": ("channel",),
    "kind": ("kind", "moved"),
    "reference": ("refers_to", "customer_key", "refunded_to"),
}.items() for role in roles}  # fmt: skip


class Table(Protocol):
    """What we look at: the headings, and rows of the same width."""

    @property
    def headings(self) -> tuple[str, ...]:
        """The columns' names. Some may be blank or occur twice."""

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The first rows."""


class _Candidate(NamedTuple):
    score: int
    role: str
    places: tuple[int, ...]


def mapping(table: Table) -> dict[str, tuple[int, ...]]:
    """Role -> positions of the columns that seem to be for it, judged by names in several languages and by contents.

    This is only a suggestion. A role without a likely column is left out; several columns for one role are joined by
    a space.
    """
    found: dict[str, tuple[int, ...]] = {}
    taken: set[int] = set()
    for candidate in sorted(_candidates(table), key=lambda one: (-one.score, one.places)):
        if candidate.role not in found and not taken.intersection(candidate.places):
            found[candidate.role] = candidate.places
            taken.update(candidate.places)
    if "order_total" in found and "line_total" not in found and _a_payment_each(table, found):
        found["line_total"] = found.pop("order_total")
    if "payment_status" in found and "status" not in found:
        found["status"] = found.pop("payment_status")
    for role, place in _by_contents(table, found, taken):
        found[role] = (place,)
        taken.add(place)
    return _with_clock(table, found, taken)


def positions(wanted: Mapping[str, Sequence[str | int]], headings: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """Role -> positions of the columns that the owner named, by heading, or by place where it is blank or occurs twice.

    Raises `UnknownRole` and `HeadingNotFound`.
    """
    places = {plain(heading): place for place, heading in reversed(list(enumerate(headings)))}
    found = {}
    for role, names in wanted.items():
        if role not in ROLES:
            raise UnknownRole(role, tuple(ROLES))
        for name in names:
            if isinstance(name, str) and plain(name) not in places:
                raise HeadingNotFound(name, role, tuple(headings))
        found[role] = tuple(places[plain(name)] if isinstance(name, str) else name for name in names)
    return found


def check(mapping: Mapping[str, tuple[int, ...]], headings: Sequence[str]) -> None:
    """Refuse a mapping that cannot work, and say why.

    Raises `UnknownRole`, `NoDateColumn`, `NoAmountColumn`, or `ColumnUsedTwice` (a date that is also an
    amount, a customer that is also an order, two amounts in one column).
    """
    for role in mapping:
        if role not in ROLES and role not in INNER_ROLES:
            raise UnknownRole(role, tuple(ROLES))
    if not mapping.get("ordered_at"):
        raise NoDateColumn(tuple(headings))
    lines = mapping.get("quantity") and mapping.get("unit_price")
    if not (mapping.get("order_total") or mapping.get("line_total") or lines):
        raise NoAmountColumn(tuple(headings))
    for first, second in combinations(mapping, 2):
        shared = set(mapping[first]).intersection(mapping[second])
        if shared and _clash(first, second):
            raise ColumnUsedTwice(headings[min(shared)], ROLES[first], ROLES[second])


def _clash(first: str, second: str) -> bool:
    """Whether one column cannot have both roles. Dates may serve twice, and so may names; amounts never."""
    return _KINDS[first] != _KINDS[second] or _KINDS[first] in {"money", "word", "place"}


def _candidates(table: Table) -> Iterable[_Candidate]:
    words = [cells.words(heading) for heading in table.headings]
    contents = [_values(table, place) for place in range(len(words))]
    for role, alternatives in formats.general().roles.items():
        for rank, alternative in enumerate(alternatives):
            if len(alternative) > 1:
                if all(part in words for part in alternative):
                    yield _Candidate(_EXACT - rank, role, tuple(words.index(part) for part in alternative))
                continue
            for place, heading in enumerate(words):
                score = _score(heading, alternative[0], rank)
                if score and _may_be(role, table.headings[place], contents[place]):
                    yield _Candidate(score - (0 if contents[place] else _EMPTY), role, (place,))


def _score(heading: str, alternative: str, rank: int) -> int:
    """How well a heading matches one of our words. Inside a longer heading, a match needs at least two words."""
    if heading == alternative:
        return _EXACT - rank
    if " " in alternative and f" {alternative} " in f" {heading} ":
        return _INSIDE - rank - 5 * len(heading.split())
    return 0


def _may_be(role: str, heading: str, values: Sequence[str]) -> bool:
    """Whether the contents allow this role."""
    if _other(role, heading):
        return False
    judged = _by_words(role, heading, values)
    if judged is not None:
        return judged
    if not values:
        return True
    if role in _DATES:
        return _share(values, cells.is_date) >= 0.5
    if role in _MONEY or role == "quantity":
        return _share(values, cells.is_number) >= 0.7
    if role == "customer_email":
        return _share(values, cells.is_email) >= 0.5
    if role == "customer_id":
        return _share(values, lambda value: " " in value) < 0.5  # then it holds names
    return role != "customer_name" or not _codes(values)


def _a_payment_each(table: Table, found: Mapping[str, tuple[int, ...]]) -> bool:
    """Whether a row is one payment, of which an order may have several: a column numbers them, beside the orders."""
    if "order_id" not in found or cells.words(table.headings[found["order_total"][0]]) not in _PAID:
        return False
    numbers = [place for place, heading in enumerate(table.headings) if cells.words(heading) in _PAYMENTS]
    values = [_values(table, place) for place in numbers if (place,) != found["order_id"]]
    return any(len(set(one)) == len(one) == len(table.rows) for one in values)


def _by_words(role: str, heading: str, values: Sequence[str]) -> bool | None:
    """What known words in a column say about this role. None if they say nothing."""
    if role in ("status", "payment_status") and cells.words(heading) in _AMBIGUOUS:
        return bool(values) and _share(values, _is_status) >= 0.5
    if role == "kind":
        return bool(values) and _share(values, _is_kind) >= 0.5
    if role == "region" and values and _share(values, _is_status) >= 0.5:
        return False
    if role in ("cancelled_at", "mode") and values and _share(values, _is_flag) >= 0.9:
        return True
    return None


def _is_status(value: str) -> bool:
    return meaning_of(value) is not None


def _is_kind(value: str) -> bool:
    return kind_of(value) is not None


def _is_flag(value: str) -> bool:
    return value.casefold() in flags("yes") or value.casefold() in flags("no")


def _other(role: str, heading: str) -> bool:
    """Whether the heading means something else. Brackets only say how it was counted, so they are ignored."""
    return bool(_OTHER.get(role, set()).intersection(cells.words(heading.split("(")[0]).split()))


def _codes(values: Sequence[str]) -> bool:
    """Whether these are customer numbers and not names: they contain digits."""
    return _share(values, lambda value: any(sign.isdigit() for sign in value)) >= 0.5


def _by_contents(table: Table, found: Mapping[str, tuple[int, ...]], taken: set[int]) -> Iterable[tuple[str, int]]:
    """What the names did not tell: the only column of addresses, the only one of dates, the only one of amounts."""
    tests: dict[str, Callable[[Sequence[str]], bool]] = {
        "customer_email": lambda values: _share(values, cells.is_email) >= 0.5,
        "ordered_at": lambda values: _share(values, cells.is_date) >= 0.8,
        "order_total": _amounts,
    }
    if "line_total" in found or {"quantity", "unit_price"} <= found.keys():
        del tests["order_total"]
    for role, test in tests.items():
        if role in found:
            continue
        likely = [
            place
            for place, heading in enumerate(table.headings)
            if place not in taken and not _other(role, heading)
            if (values := _values(table, place)) and test(values)
        ]
        if len(likely) == 1:
            yield role, likely[0]


def _with_clock(table: Table, found: dict[str, tuple[int, ...]], taken: set[int]) -> dict[str, tuple[int, ...]]:
    """`found`, with the time of day joined to the date where the time has a column of its own."""
    date = found.get("ordered_at", ())
    if len(date) == 1 and not any(":" in value for value in _values(table, date[0])):
        for place, heading in enumerate(table.headings):
            values = _values(table, place)
            named = place not in taken and cells.words(heading) in _CLOCK
            if named and values and _share(values, cells.is_time) >= 0.8:
                return {**found, "ordered_at": (*date, place)}
    return found


def _values(table: Table, place: int) -> list[str]:
    return [row[place].strip() for row in table.rows if row[place].strip()]


def _share(values: Sequence[str], test: Callable[[str], bool]) -> float:
    return sum(map(test, values)) / len(values)


def _numbers(values: Sequence[str]) -> bool:
    return _share(values, cells.is_number) >= 0.7


def _amounts(values: Sequence[str]) -> bool:
    """Whether these are numbers, at least one of them with a fraction."""
    return _numbers(values) and any(sign in value for value in values for sign in ".,")
