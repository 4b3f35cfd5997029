"""Columns that no list of headings knows -> what they are for, by parts of their headings and by how the rows hang
together: which column numbers the orders, whose words are statuses.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from clvapp.formats import general
from clvapp.formats.heading_parts import parts
from clvapp.formats.units import is_share
from clvapp.formats.words import folded, kind_of, meaning_of, sale_of
from clvapp.read import cells
from clvapp.read.buyers import may_be_a_person
from clvapp.read.known_words import by_words
from clvapp.read.spellings import spellings
from clvapp.read.table import Table, share

Found = Mapping[str, tuple[int, ...]]
_MOST_COLUMNS = 300  # of a wider table the rest is left alone
_FEWEST, _FEW_WORDS, _FEW_KINDS = 3, 25, 6
_SHORT = 3  # words of a status
_MOSTLY, _HALF = 0.9, 0.5
_NET = {"net", "netto", "excl", "ex", "ohne", "bez", "ht", "neto"}
# What a ledger writes for its two sides.
_SIDES = ({"s", "h"}, {"d", "c"}, {"dr", "cr"}, {"d", "h"}, {"debit", "credit"}, {"soll", "haben"}, {"debe", "haber"})
_SUMS = ("order_total", "line_total")
_NOT_LINES = {"discount", "doubled", "none", "payout", "fee"}  # kinds of rows that may be no money of an order
_PHONE = re.compile(r"^\+?[\d ()/.-]{7,}$")
_CODE = re.compile(r"^[A-Za-z]{3}$|^[^\w\s]$")
_WHO = ("customer_email", "customer_id", "customer_name")


def numbered(table: Table, found: Found) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The column that numbers the orders, where no heading said so: rows of one order stand together under it."""
    if "order_id" in found:
        return
    likely = [
        (not _named_a_number(table.headings[place]), len(set(values)), place)
        for place, values in open_columns(table, found)
        if numbers_orders(table, place, found)
    ]
    if likely:
        yield "order_id", (min(likely)[2],)


def described(table: Table, found: Found) -> Iterator[tuple[str, tuple[int, ...]]]:
    """What parts of the headings say, as far as the contents allow it. Each role goes to its first column."""
    known = dict(found)
    states_last = sorted(open_columns(table, found), key=lambda one: _is_second(table.headings[one[0]]))
    for place, values in states_last:
        role = _role(table, place, values, known)
        if role and role not in known and not (role == "status" and "payment_status" in known):
            known[role] = (place,)
            yield role, (place,)


def _is_second(heading: str) -> bool:
    """Whether another column may be the better one: of states, or of amounts without their tax."""
    return "status" in parts(heading) or bool(_NET.intersection(folded(heading).split()))


def told_by_words(table: Table, found: Found) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The column whose words are statuses, and the one whose words are kinds of rows, whatever their headings are."""
    for place, values in open_columns(table, found):
        words = set(values)
        if len(words) > _FEW_WORDS or len(words) == len(values) > _FEWEST or numeric(values):
            continue
        if "kind" not in found and _tells_money_back(table, place, words, found):
            yield "kind", (place,)
            found = {**found, "kind": (place,)}
        elif not {"status", "payment_status"} & found.keys() and _tells_what_counts(values):
            yield "status", (place,)
            found = {**found, "status": (place,)}


def _tells_money_back(table: Table, place: int, words: set[str], found: Found) -> bool:
    """Whether some words are sales and others money back: known words, or by what their rows have in common.

    Money back has its sale's number on a later day, or, under a heading of kinds, a minus or numbers of its own series.
    """
    kinds = {kind_of(word) for word in words}
    if {"sale", "refund"} <= kinds or {folded(word) for word in words} in _SIDES:
        return True
    if "line" in kinds and "order_total" not in found and (kinds & _NOT_LINES or _settles(words)):
        return True
    if not 2 <= len(words) <= _FEW_KINDS or "order_id" not in found:
        return False
    rows = [(row[place].strip(), row) for row in table.rows if row[place].strip()]
    number = found["order_id"][0]
    if "ordered_at" in found and _comes_later(rows, number, found["ordered_at"][0]):
        return True
    if not left_to_kinds(table.headings[place]):
        return False
    series = {(word, re.sub(r"\d+", "", row[number]).strip(" -/")) for word, row in rows}
    by_word, names = Counter(word for word, _ in series), {name for _, name in series}
    amount = next((found[role][0] for role in (*_SUMS, "unit_price") if role in found), None)
    signs = {(word, row[amount].strip()[:1] in "-−(") for word, row in rows if amount and row[amount].strip()}
    return (
        (len(names) > 1 and max(by_word.values()) == 1)
        or (len({minus for _, minus in signs}) == 2 and len(signs) == len({word for word, _ in signs}))
    )  # fmt: skip


def _settles(words: set[str]) -> bool:
    return any(sale_of(word) == "settled" for word in words)


def _comes_later(rows: Sequence[tuple[str, Sequence[str]]], number: int, date: int) -> bool:
    """Whether another word of an order comes on another day, and no word of an order has two days."""
    days: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for word, row in rows:
        days[row[number].strip()][word].add(row[date].strip())
    several = [one for name, one in days.items() if name and len(one) > 1]
    return bool(several) and all(
        len(one) == 2 and all(len(each) == 1 for each in one.values()) and len(set().union(*one.values())) == 2
        for one in several
    )


def left_to_kinds(heading: str) -> bool:
    """Whether a heading is one of those of kinds of rows."""
    said = {spelling.text for spelling in spellings(heading)}
    return any(word in said for (word,) in general().roles["kind"]) or "kind" in parts(heading)


def numbers_orders(table: Table, place: int, found: Found) -> bool:
    """Whether a column seems to number the orders: codes that go up or down from order to order, each in one piece."""
    rows = [row for row in table.rows if sum(bool(cell.strip()) for cell in row) > 1]
    codes = [row[place].strip() for row in rows]
    filled = [code for code in codes if code]
    if len(filled) < _MOSTLY * len(rows) or len(set(filled)) < 2 or not _are_codes(filled):
        return False
    runs = [code for i, code in enumerate(filled) if i == 0 or filled[i - 1] != code]
    named = _named_a_number(table.headings[place])
    if len(runs) > 1.1 * len(set(runs)) + 1 or not (named or _hold_together(table, rows, place, found)):
        return False
    digits = [int("".join(filter(str.isdigit, code)) or 0) for code in runs]
    steps = [b - a for a, b in pairwise(digits)]
    steady = max(sum(step >= 0 for step in steps), sum(step <= 0 for step in steps)) >= _MOSTLY * len(steps)
    return (steady and len(set(runs)) >= _FEWEST) or named


def _hold_together(table: Table, rows: Sequence[Sequence[str]], place: int, found: Found) -> bool:
    """Whether the rows with one code have one customer, or at least one day, where there is more than one row."""
    who = [found[role] for role in _WHO if role in found]
    fixed = who[:1] or [found[role] for role in ("ordered_at",) if role in found]
    groups: dict[str, list[Sequence[str]]] = defaultdict(list)
    for row in rows:
        groups[row[place].strip()].append(row)
    several = [group for group in groups.values() if len(group) > 1]
    whole = sum(
        all(len({tuple(row[i] for i in places) for row in group if row[places[0]].strip()}) <= 1 for places in fixed)
        for group in several
    )
    return whole >= _HALF * len(several)


def _are_codes(values: Sequence[str]) -> bool:
    return (
        share(values, lambda value: any(map(str.isdigit, value))) >= _MOSTLY
        and share(values, lambda value: len(value) <= 40 and len(value.split()) <= 3 and "@" not in value) >= _MOSTLY
        and share(values, cells.is_date) < _HALF
        and share(values, lambda value: value.startswith("+")) < _HALF
        and not _with_signs(values)
    )


def _with_signs(values: Sequence[str]) -> bool:
    """Whether these are numbers, at least half of them with a sign among the digits: money has it, codes have not."""
    return share(values, lambda value: cells.is_number(value) and bool(re.search(r"\d[.,]\d", value))) >= _HALF


def with_cents(values: Sequence[str]) -> bool:
    """Whether these are numbers, at least half of them with one or two digits after a sign."""
    return share(values, lambda value: cells.is_number(value) and bool(re.search(r"[.,]\d\d?\D*$", value))) >= _HALF


def _named_a_number(heading: str) -> bool:
    said = parts(heading)
    return "number" in said and bool({"order"} & said or said == {"number"})


def _role(table: Table, place: int, values: Sequence[str], found: Found) -> str | None:
    said = parts(table.headings[place])
    if not said or not values or is_share(table.headings[place]):
        return None
    if "refunded" in said:
        return "refunded" if numeric(values) else None
    if "other" in said:
        return None
    if "customer" in said or "phone" in said or "mail" in said:
        role = _of_customer(said, values)
        own = role != "customer_id" or not differs_for_one_customer(table, place, found)
        return role if own else None
    if "currency" in said and share(values, lambda value: bool(_CODE.match(value))) >= _MOSTLY:
        return "currency"
    if "date" in said and "ordered_at" not in found and share(values, cells.is_date) >= _MOSTLY:
        return "ordered_at"
    if "status" in said and not numeric(values) and share(values, cells.is_date) < _HALF:
        known = by_words("status", table.headings[place], values) is not False
        few = len(set(values)) <= _FEW_WORDS
        return "status" if few and (known or differs_for_one_customer(table, place, found)) else None
    if said & {"number", "order"} and not said & {"line", "total", "price", "quantity"}:
        return "order_id" if numbers_orders(table, place, found) else None
    return _of_money(said, values) if numeric(values) else _of_words(said, values)


def _of_customer(said: frozenset[str], values: Sequence[str]) -> str | None:
    if share(values, cells.is_email) >= _HALF:
        return "customer_email"
    if share(values, cells.is_date) >= _HALF or _with_signs(values):
        return None
    if "phone" in said:
        return "customer_phone" if share(values, lambda value: bool(_PHONE.match(value))) >= _HALF else None
    if "mail" in said:
        return None
    digits = share(values, lambda value: any(map(str.isdigit, value))) >= _HALF
    if digits:
        return "customer_id" if "name" not in said else None
    return "customer_name"


def _of_money(said: frozenset[str], values: Sequence[str]) -> str | None:
    if "quantity" in said and not said & {"price", "total"}:
        return "quantity" if counts(values) else None
    if "total" in said:
        return "line_total" if "line" in said and "order" not in said else "order_total"
    return "unit_price" if "price" in said else None


def _of_words(said: frozenset[str], values: Sequence[str]) -> str | None:
    if "name" in said and not said & {"line", "order"} and share(values, may_be_a_person) >= _HALF:
        return "customer_name"
    return "product" if "line" in said else None


def differs_for_one_customer(table: Table, place: int, found: Found) -> bool:
    """Whether customers have several words under a column: states of orders differ so, states of a country do not."""
    who = next((found[role][0] for role in _WHO if role in found), None)
    if who is None:
        return False
    words: dict[str, set[str]] = defaultdict(set)
    for row in table.rows:
        if row[who].strip() and row[place].strip():
            words[row[who].strip()].add(row[place].strip())
    return sum(len(one) > 1 for one in words.values()) > 0.2 * len(words)


def _tells_what_counts(values: Sequence[str]) -> bool:
    """Whether at least half of the cells are known statuses. The other words are asked."""
    return share(values, _is_a_status) >= _HALF


def _is_a_status(value: str) -> bool:
    """Whether it is one, or begins with one. A remark is longer, and may hold such a word anywhere."""
    words = folded(value).split()
    said = value if len(words) <= _SHORT else " ".join(words[:1])
    return meaning_of(said) is not None


def counts(values: Sequence[str]) -> bool:
    """Whether these are whole numbers as small as pieces are."""
    numbers = [cells.rough_number(value) for value in values]
    return all(one is not None and one == int(one) and abs(one) <= 1000 for one in numbers) and not with_cents(values)


def numeric(values: Sequence[str]) -> bool:
    """Whether nearly all of these are numbers."""
    return share(values, cells.is_number) >= _MOSTLY


def open_columns(table: Table, found: Found) -> Iterator[tuple[int, list[str]]]:
    """The columns without a role, with what stands in them."""
    taken = {place for places in found.values() for place in places}
    for place in range(min(len(table.headings), _MOST_COLUMNS)):
        values = [row[place].strip() for row in table.rows if place < len(row) and not cells.is_empty(row[place])]
        if place not in taken and values:
            yield place, values
