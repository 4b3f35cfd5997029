"""Columns that could move every figure and that neither headings nor rows explain -> a question to their owner."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from clvapp.formats.heading_parts import parts
from clvapp.formats.units import is_share
from clvapp.problems import AmountUnclear, BuyerUnclear, MoneyBackUnclear, StatusUnclear
from clvapp.read import cells, left_open, more_states, prices
from clvapp.read.table import Table, share
from clvapp.read.understand import Reading, Understood

_AMOUNTS = ("order_total", "line_total", "unit_price")
_BACK, _NO_MONEY = {"refunded", "came_back"}, {"number", "date", "quantity", "status", "kind", "other", "order"}
_FEW_WORDS, _FEW_ORDERS, _MOSTLY = 12, 20, 0.9
_CODE = 3  # signs of a code for a kind of document
_LEAST_ZERO = 0.5  # of an order's rows: money back is rare


def ask(understood: Sequence[Understood], reading: Reading) -> None:
    """Raises the first `Question` that guessed columns leave open, unless their owner has confirmed or answered it."""
    for one in understood:
        if one.beside or one.saved:
            continue
        told = {heading for role in reading.mapping.values() for heading in role}
        if one.guessed:
            _ask_of(one, told, reading)
        elif not one.format.kinds_refund:
            _ask_of_more_money_back(one, _open(one, told))


def _ask_of(one: Understood, told: set[str | int], reading: Reading) -> None:
    table, found = one.sheet, one.mapping
    amount = [found[role][0] for role in _AMOUNTS if role in found]
    if (
        "quantity" in found
        and len(amount) == 1
        and reading.amount_is is None
        and not told.intersection({amount[0], table.headings[amount[0]]})
        and prices.says_nothing(table, found, amount[0])
    ):
        raise AmountUnclear(table.headings[amount[0]], _first(table, amount[0]))
    open_columns = _open(one, told)
    for place in open_columns:
        if _may_be_money_back(table, place, one):
            raise MoneyBackUnclear(table.headings[place], _first(table, place))
    _ask_of_more_money_back(one, open_columns)
    _ask_of_states(one, open_columns)
    if not {"customer_email", "customer_id", "customer_name", "customer_phone"} & (
        found.keys() | reading.mapping.keys()
    ):
        likely = [table.headings[place] for place in open_columns if _may_be_a_buyer(table, place, one)]
        if likely:
            raise BuyerUnclear(tuple(likely))


def _open(one: Understood, told: set[str | int]) -> dict[int, list[str]]:
    """The columns without a role that their owner said nothing about."""
    headings = one.sheet.headings
    return {
        place: values
        for place, values in left_open.open_columns(one.sheet, one.mapping)
        if headings[place] and not told.intersection({place, headings[place]})
    }


def _ask_of_more_money_back(one: Understood, open_columns: Mapping[int, Sequence[str]]) -> None:
    """Raises `MoneyBackUnclear` for amounts whose heading speaks of money back that the refunds do not hold already."""
    table, known = one.sheet, one.mapping.get("refunded", one.mapping.get("total_after_refunds"))
    for place, values in open_columns.items():
        said = parts(table.headings[place])
        if "dispute" in one.mapping and "refunded" not in said:  # how it ended says whether the money went back
            continue
        if not said & _BACK or said & _NO_MONEY or not left_open.numeric(values):
            continue
        amounts = [cells.rough_number(row[place]) or 0.0 for row in table.rows]
        there = [cells.rough_number(row[known[0]]) or 0.0 if known else 0.0 for row in table.rows]
        money = "total" in said or left_open.with_cents(values) or is_share(table.headings[place])
        if money and any(amount and abs(amount) != abs(other) for amount, other in zip(amounts, there, strict=True)):
            beside = table.headings[known[0]] if known else ""
            raise MoneyBackUnclear(table.headings[place], _first(table, place), beside=beside)


def _ask_of_states(one: Understood, open_columns: Mapping[int, Sequence[str]]) -> None:
    table, found = one.sheet, one.mapping
    beside = tuple(table.headings[place] for place in found.get("status", ()))
    for place, values in open_columns.items():
        if words := more_states.may_undo(table, place, values, found):
            raise StatusUnclear(table.headings[place], words, beside=beside)
    if not {"status", "payment_status", "captured"} & found.keys():
        for place in open_columns:
            if words := _may_be_statuses(table, place, one):
                raise StatusUnclear(table.headings[place], words)


def _first(table: Table, place: int) -> str:
    found = (row[place].strip() for row in table.rows if not cells.is_empty(row[place]))
    return next((cell for cell in found if cells.rough_number(cell)), "")


def _may_be_money_back(table: Table, place: int, one: Understood) -> bool:
    """Whether a column holds amounts, is mostly 0 or blank, and never holds more than the order's own amount."""
    heading = table.headings[place]
    if {"refunded", "total_after_refunds"} & one.mapping.keys() or "other" in parts(heading) or is_share(heading):
        return False
    values = [row[place].strip() for row in table.rows if not cells.is_empty(row[place])]
    if share(values, cells.is_number) < 1 or not left_open.with_cents(values):
        return False
    back: dict[str, float] = defaultdict(float)
    whole = _wholes(table, one)
    for name, row in _orders(table, one):
        back[name] = max(back[name], abs(cells.rough_number(row[place]) or 0.0))
    filled = [name for name, amount in back.items() if amount]
    few = 0 < len(filled) <= (1 - _LEAST_ZERO) * len(back)
    return few and all(back[name] <= whole[name] + 0.011 for name in filled)


def _orders(table: Table, one: Understood) -> Iterator[tuple[str, Sequence[str]]]:
    """Each row beside its order's number, or its own."""
    number = one.mapping.get("order_id")
    for i, row in enumerate(table.rows):
        yield (row[number[0]].strip() if number else "") or f"row {i}", row


def _wholes(table: Table, one: Understood) -> dict[str, float]:
    """What each order comes to, by its total or by its lines."""
    totals, lines = defaultdict[str, float](float), defaultdict[str, float](float)

    def amount(row: Sequence[str], role: str) -> float:
        return abs(cells.rough_number(row[one.mapping[role][0]]) or 0.0) if role in one.mapping else 0.0

    for name, row in _orders(table, one):
        totals[name] = max(totals[name], amount(row, "order_total"))
        lines[name] += amount(row, "line_total") or amount(row, "quantity") * amount(row, "unit_price")
    if "line_total" not in one.mapping and "unit_price" not in one.mapping:  # a total may be one of each line
        for name, row in _orders(table, one):
            lines[name] += amount(row, "order_total")
    return {name: max(totals[name], lines[name]) for name in totals}


def _may_be_statuses(table: Table, place: int, one: Understood) -> tuple[str, ...]:
    """The few words of a column that comes and goes with the orders, also of one customer. Empty if it is none."""
    said: dict[str, set[str]] = defaultdict(set)
    for name, row in _orders(table, one):
        if not cells.is_empty(row[place]):
            said[name].add(row[place].strip())
    words = Counter(word for each in said.values() for word in each)
    apart = all(len(each) == 1 for each in said.values()) and len(said) >= _MOSTLY * len(_wholes(table, one))
    again = len(words) <= len(said) / 2 or len(words) < len(said) <= _FEW_ORDERS
    few = 2 <= len(words) <= _FEW_WORDS and again
    letters = all(sum(map(str.isalpha, word)) >= 2 and not any(map(str.isdigit, word)) for word in words)
    if {"kind", "order"} <= parts(table.headings[place]):  # "F2" and "G2" are invoices and credit notes to some
        letters = letters or all(len(word) <= _CODE and any(map(str.isalpha, word)) for word in words)
    if not (apart and few and letters) or "other" in parts(table.headings[place]):
        return ()
    return tuple(sorted(words)) if left_open.differs_for_one_customer(table, place, one.mapping) else ()


def _may_be_a_buyer(table: Table, place: int, one: Understood) -> bool:
    """Whether a column holds words that come back with other orders, and one of them for each order."""
    values = [row[place].strip() for row in table.rows if not cells.is_empty(row[place])]
    if share(values, cells.is_number) >= 0.5 or share(values, cells.is_date) >= 0.5:
        return False
    words_of: dict[str, set[str]] = defaultdict(set)
    for name, row in _orders(table, one):
        if row[place].strip():
            words_of[name].add(row[place].strip())
    words = {word for each in words_of.values() for word in each}
    return all(len(each) == 1 for each in words_of.values()) and 3 <= len(words) < len(words_of)
