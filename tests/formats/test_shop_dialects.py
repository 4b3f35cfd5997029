"""Exports in words that were written without sight of the product's lists come back right, at once or once answered."""

from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
import shop_dialects
from hand_frames import read
from shop_dialects import Export

import clvapp
from clvapp.problems import (
    AmountUnclear,
    BuyerUnclear,
    MoneyBackUnclear,
    NoAmountColumn,
    NoDateColumn,
    Question,
    StatusUnclear,
    WordsUnknown,
)

UNSEEN = shop_dialects.dialects(Path(__file__).with_name("unseen_words.json"))
SECOND = shop_dialects.dialects(Path(__file__).with_name("second_words.json"))
RANDOM, DAILY = 200, 12


def truth(made: Export):
    """What an export holds, in the shape of `came_back`."""
    people = defaultdict(set)
    orders = {}
    for number, (who, day, revenue) in made.orders.items():
        name = number if made.numbered else (day, revenue)
        orders[name] = (day, revenue)
        people[who].add(name)
    nobody = people.pop(None, set())
    return orders, {frozenset(group) for group in people.values()}, nobody, made.adjusted


def came_back(made: Export, **told):
    """The orders with their day and revenue, those of each customer, those of nobody, and money that names no order."""
    found = read(made.content, reading=clvapp.Reading(**told))
    doubted = {
        word.lower() for word in made.nobody for said in found.cleaned.findings
        if f"'{word}' (" in said and "where it knows nobody" in said
    }  # fmt: skip
    people = defaultdict(set)
    orders = {}
    for number, who, day, money in found.orders[["order_id", "customer_id", "date", "revenue"]].itertuples(index=False):
        revenue = Decimal(f"{money:.2f}")
        if number in made.undecided and revenue == 0:
            continue
        name = number if made.numbered else (day, revenue)
        orders[name] = (day, revenue)
        people[None if who is None or str(who).lower() in doubted else who].add(name)
    nobody = people.pop(None, set())
    return orders, set(map(frozenset, people.values())), nobody, Decimal(f"{found.adjustments['revenue'].sum():.2f}")


def said_of_columns(fault, made: Export, told):
    """What the owner says of the columns that nothing explains."""
    if isinstance(fault, MoneyBackUnclear | StatusUnclear):
        role = "refunded" if isinstance(fault, MoneyBackUnclear) else "status"
        if made.headings.get(role) == fault.heading:
            return {role: [fault.heading]}
        return {"other": [*told.get("mapping", {}).get("other", ()), fault.heading]}
    who = {
        role: [made.headings[role]]
        for role in ("customer_email", "customer_id", "customer_name")
        if role in made.headings
    }
    return {role: names for role, names in who.items() if names[0] in fault.headings} or {"other": list(fault.headings)}


def answer(fault, made: Export, told):
    """What the owner of the export says when asked."""
    if isinstance(fault, WordsUnknown):
        known = made.meanings if fault.setting == "statuses" else made.kinds
        assert {one.word for one in fault.words} <= set(known), (made.done, str(fault))
        return {fault.setting: told.get(fault.setting, {}) | {one.word: known[one.word] for one in fault.words}}
    if isinstance(fault, NoDateColumn | NoAmountColumn):
        return {"mapping": {role: [heading] for role, heading in made.headings.items()}}
    if isinstance(fault, AmountUnclear):
        role = next(role for role, heading in made.headings.items() if heading == fault.heading)
        return {"amount_is": {"unit_price": "piece", "line_total": "line", "order_total": "order"}[role]}
    if isinstance(fault, MoneyBackUnclear | StatusUnclear | BuyerUnclear):
        return {"mapping": told.get("mapping", {}) | said_of_columns(fault, made, told)}
    said = {"date_order": made.date_order, "decimal_sign": made.decimal_sign, "cents": False, "format": "general"}.get(
        getattr(fault, "setting", "")
    )
    assert said is not None, (made.done, str(fault))
    return {fault.setting: said}


def checked(made: Export) -> str:
    """What came of an export: it is right at once, or after which questions."""
    asked, told = [], {}
    while True:
        try:
            got = came_back(made, **told)
            break
        except (Question, NoDateColumn, NoAmountColumn) as fault:
            asked.append(getattr(fault, "setting", "") or type(fault).__name__)
            assert len(asked) <= 6, (made.done, str(fault))
            told |= answer(fault, made, told)
    want = truth(made)
    assert got == want, (made.done, asked, "came back", got, "not", want)
    return " ".join(asked) or "at once"


def random_export(seed: int) -> Export:
    rng = np.random.default_rng([30, seed])
    return shop_dialects.export(UNSEEN[seed % len(UNSEEN)], rng)


@pytest.mark.parametrize("seed", range(DAILY))
def test_an_export_in_unseen_words_comes_back_right_or_asked(seed):
    checked(random_export(seed))


@pytest.mark.verify
def test_of_all_random_exports_most_are_right_at_once_and_none_is_wrong():
    outcomes = Counter(checked(random_export(seed)) for seed in range(RANDOM))
    print(f"{RANDOM} random exports in unseen words: {dict(outcomes)}")
    assert sum(outcomes.values()) == RANDOM
    assert sum(count for asked, count in outcomes.items() if "format" in asked) < RANDOM // 20, outcomes


@pytest.mark.verify
@pytest.mark.parametrize("seed", range(60))
def test_an_export_in_words_of_a_second_list_comes_back_right_or_asked(seed):
    rng = np.random.default_rng([31, seed])
    checked(shop_dialects.export(SECOND[seed % len(SECOND)], rng))
