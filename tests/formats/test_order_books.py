"""Order books in every layout, after a walk through other programs, come back as the same orders, or as a question."""

from collections import Counter
from decimal import Decimal

import numpy as np
import order_books
import pytest
from hand_frames import read

import clvapp
from clvapp import formats
from clvapp.problems import Question, StatusUnclear

CASES, DAILY, PARTS = 4_000, 400, 40


def came_back(*files, **told):
    """(number, customer, day, revenue) of the orders that were read."""
    found = read(*files, reading=clvapp.Reading(**told))
    rows = found.orders[["order_id", "customer_id", "date", "revenue"]].itertuples(index=False)
    return {
        (str(number), None if who != who or who is None else str(who), str(day), Decimal(f"{money:.2f}"))
        for number, who, day, money in rows
    }


def checked(seed: int) -> str:
    """One book, one layout, one walk. Returns what came of it: the same orders at once, or after which question."""
    rng = np.random.default_rng([20, seed])
    layout = order_books.LAYOUTS[seed % len(order_books.LAYOUTS)]
    orders = order_books.book(rng)
    file = order_books.mangled(orders, layout, rng)
    asked, told = [], {}
    while True:
        try:
            got = came_back(file.content, **told)
            break
        except Question as question:
            asked.append(question.setting)
            assert len(asked) <= 5, file.done
            if isinstance(question, StatusUnclear):  # a column of remarks
                assert question.heading.startswith("Memo"), (file.done, str(question))
                remarks = (*told.get("mapping", {}).get("other", ()), question.heading)
                told["mapping"] = {"other": remarks}
                continue
            known = {"date_order": file.date_order, "decimal_sign": file.decimal_sign, "cents": False}
            told[question.setting] = known[question.setting]
            assert told[question.setting] is not None, (file.done, str(question))
    want = order_books.expected(orders, layout)
    if "number" not in layout.columns.values():
        got = {("", *one[1:]) for one in got}
    assert got == want, (seed, file.done, got ^ want)
    return " ".join(asked) or "at once"


@pytest.mark.parametrize("part", [0, *(pytest.param(part, marks=pytest.mark.verify) for part in range(1, PARTS))])
def test_order_books_come_back_whatever_happened_to_the_file(part):
    outcomes = Counter(checked(seed) for seed in range(part * DAILY // PARTS, (part + 1) * DAILY // PARTS))
    assert outcomes["at once"] > DAILY // PARTS * 0.6, outcomes


@pytest.mark.prove
def test_many_more_order_books_come_back():
    outcomes = Counter(checked(seed) for seed in range(DAILY, CASES))
    print(f"{CASES:,} order books: {dict(outcomes)}")
    assert outcomes["at once"] > 0.7 * (CASES - DAILY)


@pytest.mark.parametrize("seed", range(20))
def test_columns_of_fixed_width_without_a_header_come_back(seed):
    rng = np.random.default_rng([21, seed])
    content, want = order_books.fixed_width(order_books.book(rng) * 3, rng)
    assert {("", *one[1:]) for one in came_back(content)} == want


@pytest.mark.parametrize("seed", range(20))
def test_an_export_of_several_files_comes_back_in_any_order_of_them(seed):
    rng = np.random.default_rng([22, seed])
    files, want = order_books.several_files(order_books.book(rng), rng)
    assert came_back(*files) == want


def test_every_format_has_a_writer():
    written = {layout.key for layout in order_books.LAYOUTS} | {"cdnow", "olist"}
    assert written == {one.key for one in formats.known()} | {"general"}
