"""Headings and first rows of an unknown table -> what each column is probably for, as a suggestion to the owner."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from types import MappingProxyType
from typing import NamedTuple

from clvapp import formats
from clvapp.formats.layout import INNER_ROLES, LEFT_ALONE, ROLES, plain
from clvapp.formats.units import is_share
from clvapp.problems import ColumnUsedTwice, HeadingNotFound, NoAmountColumn, NoDateColumn, UnknownRole
from clvapp.read import buyers, cells, left_open, more_states, prices, sums
from clvapp.read.known_words import by_words
from clvapp.read.paid import paid
from clvapp.read.spellings import Spelling, folded, spellings
from clvapp.read.table import Table, share

_DATES = ("ordered_at", "paid_at", "cancelled_at", "refunded_at")
_MONEY = (
    "order_total", "line_total", "unit_price", "line_cost", "unit_cost", "discount", "refunded", "total_after_refunds",
    "charged_back", "shipping", "tax", "outstanding", "paid_amount", "gift_card",
)  # fmt: skip
_CLOCK = {"time", "uhrzeit", "zeit", "heure", "hora", "ora", "tijd", "order time", "time of day"}
# A heading with one of these words means another date, another person or another sum.
_OTHER: dict[str, set[str] | frozenset[str]] = {
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
_EXACT, _NEARLY, _INSIDE, _EMPTY = 1000, 100, 500, 450
_COUNTED = {*_MONEY, "quantity"}  # their headings may be plurals
_OTHER |= {
    "customer_id": buyers.STAFF,
    "customer_name": buyers.STAFF,
    "customer_phone": buyers.STAFF | {"shop", "store"},
}
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


class _Candidate(NamedTuple):
    score: int
    role: str
    places: tuple[int, ...]


def mapping(table: Table, told: Mapping[str, tuple[int, ...]] = MappingProxyType({})) -> dict[str, tuple[int, ...]]:
    """Role -> positions of the columns that seem to be for it, judged by names in several languages and by contents.

    This is only a suggestion. A role without a likely column is left out; several columns for one role are joined by
    a space. What its owner `told` stands, and a column named there gets no other role.
    """
    candidates = sorted(_candidates(table), key=lambda one: (-one.score, one.places))
    found = _best(candidates, told)
    if nobody := [one for one in buyers.nobody(table, found) if one[0] not in told]:
        found = _best((one for one in candidates if (one.role, one.places) not in nobody), told)
        sold = next((places for role, places in nobody if role == "customer_name"), ())
        if sold and "product" not in found and sold not in found.values():
            found["product"] = sold
    found |= dict(_by_contents(table, found, left=("order_total",)))
    for completed in (left_open.described, left_open.numbered, sums.worked_out):
        found |= dict(completed(table, found))
    if found.get("unit_price") == found.get("order_total"):  # pieces times it are the line's total
        found.pop("order_total", None)
    found = paid(table, prices.settled(table, found, told))
    if "payment_status" in found and "status" not in found:
        found["status"] = found.pop("payment_status")
    found |= dict(left_open.told_by_words(table, found))
    found |= dict(more_states.more_states(table, found))
    by_contents = dict(_by_contents(table, found))
    found |= by_contents
    if "order_total" in by_contents and "quantity" in found and "unit_price" not in found:
        role = prices.nameless(table, found)
        found[role] = found.pop("order_total")
    taken = {place for places in found.values() for place in places}
    found.pop(LEFT_ALONE, None)
    return _with_clock(table, found, taken)


def told_first(known: Mapping[str, tuple[int, ...]], told: Mapping[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    """A known export's mapping with what its owner `told`, which wins: a role that clashes over a column loses it."""
    kept = {
        role: places
        for role, places in known.items()
        if not any(set(places).intersection(own) and _clash(role, other) for other, own in told.items())
    }
    return kept | dict(told)


def _best(candidates: Iterable[_Candidate], told: Mapping[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    """The best candidate for each role that is not `told`, each column used once. `candidates` come best first."""
    found = dict(told)
    taken = {place for places in told.values() for place in places}
    for candidate in candidates:
        if candidate.role not in found and not taken.intersection(candidate.places):
            found[candidate.role] = candidate.places
            taken.update(candidate.places)
    return found


def positions(wanted: Mapping[str, Sequence[str | int]], headings: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """Role -> positions of the columns that the owner named, by heading, or by place where it is blank or occurs twice.

    Raises `UnknownRole` and `HeadingNotFound`.
    """
    places = {plain(heading): place for place, heading in reversed(list(enumerate(headings)))}
    found = {}
    for role, names in wanted.items():
        if role not in ROLES and role != LEFT_ALONE:
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
    spelled = [spellings(heading) for heading in table.headings]
    words = [{spelling.text for spelling in one if spelling.roles is None} for one in spelled]
    contents = [_values(table, place) for place in range(len(words))]
    texts = {spelling.text for one in spelled for spelling in one}
    all_texts = f" {' | '.join(texts)} "
    all_folded = {folded(text, plural=plural) for text in texts for plural in (False, True)}
    for role, alternatives in formats.general().roles.items():
        for rank, alternative in enumerate(alternatives):
            if len(alternative) > 1:
                places = [next((i for i, texts in enumerate(words) if part in texts), -1) for part in alternative]
                if min(places) >= 0:
                    yield _Candidate(_EXACT - rank, role, tuple(places))
                continue
            near = folded(alternative[0], plural=role in _COUNTED) in all_folded
            if not near and f" {alternative[0]} " not in all_texts:  # spares wide tables most comparisons
                continue
            for place, one in enumerate(spelled):
                score = max(_score(spelling, role, alternative[0], rank=rank) for spelling in one) if one else 0
                if score and _may_be(role, table.headings[place], contents[place]):
                    yield _Candidate(score - (0 if contents[place] else _EMPTY), role, (place,))


def _score(spelling: Spelling, role: str, alternative: str, *, rank: int) -> int:
    """How well a heading matches one of our words. Inside a longer heading, a match needs at least two words."""
    text, cost, roles = spelling
    if roles is not None and role not in roles:
        return 0
    if text == alternative:
        score = _EXACT
    elif folded(text, plural=role in _COUNTED) == folded(alternative, plural=role in _COUNTED):
        score = _EXACT - _NEARLY
    elif " " in alternative and f" {alternative} " in f" {text} ":
        score = _INSIDE - 5 * len(text.split())
    else:
        return 0
    return 0 if _other(role, text) else score - rank - cost


def _may_be(role: str, heading: str, values: Sequence[str]) -> bool:
    """Whether the contents allow this role."""
    judged = by_words(role, heading, values)
    if judged is not None:
        return judged
    if not values:
        return True
    if role in _DATES:
        return max(share(values, cells.is_date), share(values, cells.is_counted_date)) >= 0.5
    if role in _MONEY or role == "quantity":
        return share(values, cells.is_number) >= 0.7
    if role == "customer_email":
        return share(values, cells.is_email) >= 0.5
    if role in {"customer_id", "customer_name"} and share(values, cells.is_email) >= 0.5:
        return False
    if role == "customer_id":
        return share(values, lambda value: " " in value) < 0.5  # then it holds names
    return role != "customer_name" or not _codes(values)


def _other(role: str, heading: str) -> bool:
    """Whether the heading means something else. An amount's brackets only say how it was counted, so we skip them."""
    said = heading if role.startswith("customer") else heading.split("(")[0]
    return bool(_OTHER.get(role, set()).intersection(cells.words(said).split()))


def _codes(values: Sequence[str]) -> bool:
    """Whether these are customer numbers and not names: they contain digits."""
    return share(values, lambda value: any(sign.isdigit() for sign in value)) >= 0.5


def _by_contents(
    table: Table, found: Mapping[str, tuple[int, ...]], left: Sequence[str] = ()
) -> Iterable[tuple[str, tuple[int, ...]]]:
    """What the names did not tell: the only column of addresses, the only one of dates, the only one of amounts.

    Roles that are `left` for later are not judged.
    """
    taken = {place for places in found.values() for place in places}
    tests: dict[str, Callable[[Sequence[str]], bool]] = {
        "customer_email": lambda values: share(values, cells.is_email) >= 0.5,
        "ordered_at": lambda values: share(values, cells.is_date) >= 0.8,
        "order_total": _amounts,
    }
    if "line_total" in found or {"quantity", "unit_price"} <= found.keys():
        del tests["order_total"]
    for role, test in tests.items():
        if role in found or role in left:
            continue
        likely = [
            place
            for place, heading in enumerate(table.headings)
            if place not in taken and not _other(role, heading) and not is_share(heading)
            if (values := _values(table, place)) and test(values)
        ]
        if len(likely) == 1:
            taken.add(likely[0])
            yield role, (likely[0],)


def _with_clock(table: Table, found: dict[str, tuple[int, ...]], taken: set[int]) -> dict[str, tuple[int, ...]]:
    """`found`, with the time of day joined to the date where the time has a column of its own."""
    date = found.get("ordered_at", ())
    if len(date) == 1 and not any(":" in value for value in _values(table, date[0])):
        for place, heading in enumerate(table.headings):
            values = _values(table, place)
            named = place not in taken and cells.words(heading) in _CLOCK
            if named and values and share(values, cells.is_time) >= 0.8:
                return {**found, "ordered_at": (*date, place)}
    return found


def _values(table: Table, place: int) -> list[str]:
    return [row[place].strip() for row in table.rows if not cells.is_empty(row[place])]


def _numbers(values: Sequence[str]) -> bool:
    return share(values, cells.is_number) >= 0.7


def _amounts(values: Sequence[str]) -> bool:
    """Whether these are numbers, at least one of them with a fraction."""
    return _numbers(values) and any(sign in value for value in values for sign in ".,")
