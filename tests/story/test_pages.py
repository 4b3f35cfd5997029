"""Every page under every setting: one number under one name, each with a name, and what is set otherwise is said."""

import datetime as dt
import itertools
import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

import pytest

import clvapp
from clvapp import Analysis, Settings, sample
from clvapp.read import Source
from clvapp.shop import Shop
from clvapp.story import pages
from clvapp.wording import GIVEN, Of, Said, Wording

Told = tuple[dict[str, list[str]], dict[str, list[Said]]]
SET = "Set by you: "

OTHERWISE: dict[str, Any] = {
    "observation_end": dt.date(2024, 6, 20),
    "margin": 0.4,
    "margins": {"House Espresso Beans - 1 kg": 0.25},
    "threshold": "median",
    "basis": "with_expected",
    "discount_rate": 0.2,
    "horizon_days": 182,
    "count_shipping": False,
    "count_tax": False,
    "count_pending": True,
    "strays": "keep",
    "starts_at_opening": False,
    "acquisition_cost": 20.0,
}


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    made = clvapp.load([Source("orders.csv", sample.shop(seed=11, customers=260).orders_csv)])
    yield made
    made.close()


@pytest.fixture(scope="module")
def told(shop: Shop) -> Callable[..., Told]:
    """`told("margin")`: by page, what it says under these settings alone, and the numbers in it."""
    return lru_cache(maxsize=None)(lambda *settings: _told(shop, {one: OTHERWISE[one] for one in settings}))


def _told(shop: Shop, settings: dict[str, Any]) -> Told:
    heard: dict[str, list[Said]] = defaultdict(list)
    page = ""
    words = Wording("en_US", "USD", lambda one: heard[page].append(one))
    analysis = Analysis(shop, Settings(**settings))
    said = {}
    for page, says in pages.PAGES.items():
        said[page] = [sentence for sentence in says(analysis, words) if sentence]
    return said, heard


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None or math.isnan(one) or math.isnan(other):
        return (one is None or math.isnan(one)) and (other is None or math.isnan(other))
    return math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-6)


def contradictions(heard: dict[str, list[Said]]) -> list[str]:
    """Numbers of one name, group and period that are two numbers, or are of two numbers of people."""
    first: dict[tuple[str, str, str], tuple[str, Said]] = {}
    found = []
    for page, numbers in heard.items():
        for number in numbers:
            of = number.of
            if of == GIVEN or not of.name:
                continue
            where, before = first.setdefault((of.name, of.period, of.group), (page, number))
            other_people = None not in (before.of.people, of.people) and before.of.people != of.people
            if other_people or not _same(before.value, number.value):
                found.append(f"{before.of}: {before.text} on {where}, {number.text} of {of.people} on {page}")
    return sorted(set(found))


def test_two_numbers_of_one_name_are_found_out():
    heard: dict[str, list[Said]] = {"one": [], "two": []}
    Wording("en_US", "USD", heard["one"].append).count(720, of=Of("active"))
    Wording("en_US", "USD", heard["two"].append).count(403, of=Of("active"))
    Wording("en_US", "USD", heard["two"].append).count(720, of=Of("active", period="then"))
    assert contradictions(heard) == [f"{Of('active')}: 720 on one, 403 of None on two"]


@pytest.mark.parametrize("setting", ["", *OTHERWISE])
def test_under_each_setting_alone_a_number_of_one_name_is_one_number(told: Callable[..., Told], setting: str) -> None:
    said, heard = told(*[setting] * bool(setting))
    assert contradictions(heard) == []
    assert {f"{page}: {one.text}" for page, numbers in heard.items() for one in numbers if not one.of.name} == set()
    assert [one for page in said.values() for one in page if re.search(r"\b(nan|None|inf)\b", one)] == []


@pytest.mark.verify
@pytest.mark.parametrize("pair", list(itertools.combinations(OTHERWISE, 2)), ids=" and ".join)
def test_under_each_pair_of_settings_a_number_of_one_name_is_one_number(
    told: Callable[..., Told], pair: tuple[str, str]
) -> None:
    assert contradictions(told(*pair)[1]) == []


@pytest.mark.parametrize("setting", OTHERWISE)
def test_a_setting_is_named_on_every_page_that_it_changes(told: Callable[..., Told], setting: str) -> None:
    (usual, _), (said, _) = told(), told(setting)
    changed = {page for page in said if [one for one in said[page] if not one.startswith(SET)] != usual[page]}
    named = {page for page, sentences in said.items() if any(one.startswith(SET) for one in sentences)}
    if setting == "acquisition_cost":  # the one page that it changes asks for it, and shows what was answered
        assert (changed, named) == ({"repeat"}, set())
    else:
        assert named
        assert changed <= named
    assert [one for page in usual.values() for one in page if one.startswith(SET)] == []
