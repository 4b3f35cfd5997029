"""Every number in a sentence is written as its reader writes numbers: the count, the money beside it and the share.

What an American reads, number by number, is what every other reader reads in their own writing: "1,300 orders" and
"1.300 orders" are the same, and "1,300" to a German is little more than one.
"""

import datetime as dt
import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from babel.numbers import parse_decimal

import clvapp
from clvapp import findings
from clvapp.clean import Loaded, report
from clvapp.clean.totals import Shape
from clvapp.findings import import_checks
from clvapp.forecast import backtest, data_warnings, snapshot, sufficiency
from clvapp.forecast.closures import Closure
from clvapp.forecast.season import PLAIN, Clock, Season
from clvapp.profile import learners, learning
from clvapp.profile.patterns import banded
from clvapp.read import Source
from clvapp.targets import next_year, reasons
from clvapp.wording import Wording

pytestmark = pytest.mark.xdist_group("one locale")  # the shop is analysed once a reader

NOT_THEIRS = {  # how others write thousands and shares
    "en_US": r"\d\.\d{3}\b|\d[\u00a0\u202f]\d|\d\u00a0%",
    "de_DE": r"\d,\d{3}\b|\d\.\d%|\d%",
    "fr_FR": r"\d,\d{3}\b|\d\.\d|\d%",
    "hi_IN": r"\d\.\d{3}\b|\d[\u00a0\u202f]\d|\d\u00a0%|\d{3},\d{3}\b",
}
NUMBER = re.compile(r"\d(?:[\d.,\u00a0\u202f]*\d)?")
GERMAN_DATE = re.compile(r"\b0?(\d{1,2})\.\d{2}\.(\d{4})\b")  # the month, a word elsewhere, is a number here
LITERAL = "5.7E+17"  # what a spreadsheet makes of a long number
FIRST_DAY, DAYS, CUSTOMERS = dt.date(2021, 1, 1), 1_200, 720
END = (FIRST_DAY - dt.date(1970, 1, 1)).days + DAYS - 1
HEADINGS = "Order,Date,E-mail,Total,Currency,Product,Discount,Line cost"


def numbers(text, locale):
    """The numbers of `text`, read by the rules of `locale`; one that is grouped in another way is a fault."""
    read = GERMAN_DATE.sub(r"\1 \2", text.replace(LITERAL, ""))
    return [parse_decimal(one, locale=locale, strict=True) for one in NUMBER.findall(read)]


def export():
    """720 customers, of whom every fourth orders for 1,250 and more every 90 days, with the cost of these orders.

    Then 1,500 orders of nobody, a huge one, money given back to somebody who never ordered, and two more currencies.
    """
    made = []
    for i in range(CUSTOMERS):
        came, often = i * (DAYS - 1) // CUSTOMERS, i % 4 == 0
        product = "Machine" if often or i % 12 == 1 else "Filter"
        days = range(came, DAYS, 90) if often else [came, came + 200] if i % 3 == 0 else [came]
        made += [
            (day, f"{'abcdefghij'[i % 10]}{i}@example.org", 1_250 + 40 * (i % 7), product) for day in days if day < DAYS
        ]
    made += [(day % DAYS, "", 2_345, "Filter") for day in range(1_500)]
    made.append((400, "a0@example.org", 180_000, "Machine"))
    rows = [
        f"{n},{FIRST_DAY + dt.timedelta(days=day)} 09:{n % 60:02},{who},{money}.00,EUR,{product},{130 * (n % 3)}.00,"
        f"{'900.00' if product == 'Machine' else ''}"
        for n, (day, who, money, product) in enumerate(sorted(made), start=1)
    ]
    rows.append("r,2023-01-05 10:00,back@example.org,-2500.00,EUR,Filter,,")
    rows += [f"u{n},2023-01-05 10:00,x{n}@example.org,99.00,USD,Filter,," for n in range(1_300)]
    rows += [f"g{n},2023-01-05 10:00,x{n}@example.org,99.00,GBP,Filter,," for n in range(1_200)]
    return "\n".join([HEADINGS, *rows]) + "\n"


# --- what a whole shop is told ----------------------------------------------------------------------------------------
def told(of):
    """Every sentence about a shop, and every text of the profile and the lists."""
    profile, lists = of.profile, of.targets
    return [
        *findings.of_all(of), of.forecast.choice.sentence, *profile.contrasts["words"], *profile.rules["rule"],
        *profile.not_used["why"], *lists.table[list(reasons.REASONS)].to_numpy().ravel(), *lists.left_out["reason"],
    ]  # fmt: skip


@pytest.fixture(scope="module")
def analyzed():
    """`analyzed("de_DE")`: the sentences about the shop, as this reader gets them."""
    found = clvapp.load([Source("orders.csv", export().encode())])
    chosen = clvapp.Settings(
        rates={"USD": 0.92}, horizon_days=1_460, starts_at_opening=False, margin=0.356, margins={"Nothing": 0.2}
    )
    made = {}

    def of(locale):
        if locale not in made:
            made[locale] = told(clvapp.Analysis(found, chosen, locale=locale))
        return made[locale]

    yield of
    found.close()


@pytest.mark.verify
@pytest.mark.parametrize("locale", NOT_THEIRS)
def test_whatever_is_said_of_a_shop_is_said_in_the_readers_numbers(analyzed, locale):
    american, said = analyzed("en_US"), analyzed(locale)
    assert [numbers(text, locale) for text in said] == [numbers(text, "en_US") for text in american]
    assert [text for text in said if re.search(NOT_THEIRS[locale], text.replace(LITERAL, ""))] == []


@pytest.mark.verify
def test_counts_shares_money_rates_and_months_stand_in_one_writing(analyzed):
    said = analyzed("de_DE")
    for sentence in (
        "Converted at the rates given: USD (1.300 orders, 1 USD = 0,92 EUR).",
        "1.500 orders without a customer: 3.517.500\xa0€ (54\xa0% of revenue), which counts for the shop only.",
        "1 person with nothing but refunds, of sales that are not in the file: -2.500\xa0€ counts for the shop and for "
        "no customer.",
        "Value is what was earned: the cost is known for 68\xa0% of customers' revenue; a margin of 36\xa0% was taken "
        "of the rest.",
        "The largest order (1081, 180.000\xa0€) is 131 times the middle one: if it is a test or a typing error, it "
        "moves every average.",
        "The test looks 497 days ahead, the forecast 1.460: the longer view is less sure.",
        "The forecast looks 1.460 days ahead, and the history is 1.200 days long.",
        "Spent 13.410\xa0€ within 730 days of the first order; the average is 4.470\xa0€",
        "7 orders since Juli 2022",
        "it alone tells who becomes high-value almost perfectly (AUC 0,91)",
    ):
        assert sentence in said


# --- what no one shop can be told at once -----------------------------------------------------------------------------
def spend(*rows):
    frame = pd.DataFrame(rows, columns=["customer_id", "day", "revenue", "orders"])
    return frame.assign(paid=frame["revenue"])


def read_oddly(words):
    """An export with everything odd about it."""
    loaded = Loaded(
        raws=(), shapes=(Shape(totals_are_lines=False, damaged_ids=1_234, totals_differ=1_100),), date_order=None,
        rows_in=9_000, rows_ragged=0, doubled_orders=4_321, changed_orders=1_003,
        currency_signs={"€": 12_345, "£": 1_001},
    )  # fmt: skip
    counts = {
        "marked_refunded": 1_050, "weak_identities": 123_456, "pending_orders": 2_000, "refund_documents": 5_000,
        "refund_documents_linked": 4_000, "gift_card_orders": 1_300, "gift_card_money": 12_345.0,
        "disputes_lost": 1_010, "part_paid": 2_500, "part_paid_whole": 1_500, "telephone_identities": 1_700,
    }  # fmt: skip
    currencies = pd.DataFrame({"currency": ["EUR", "JPY", "IDR", "GBP"], "orders": [9_000, 2_000, 1_500, 1_200]})
    rates = {"JPY": 0.0061, "IDR": 0.0000553}
    return report.findings(loaded, currencies, main="EUR", rates=rates, counts=counts, words=words)


def looks_odd(words):
    """An import with everything to ask about."""
    months = pd.DataFrame({"month": pd.date_range("2015-01-01", periods=1_200, freq="MS"), "orders": 0})
    people = pd.DataFrame({"customer_id": ["till", *(f"c{i}" for i in range(1_500))], "orders": 1})
    once = import_checks.Imported(
        months=months, customers=people, orders=6_501, median_value=1_250.0, largest_value=1_500_000.0,
        largest_order="x", doubled=1_700, overpaid=1_300,
    )  # fmt: skip
    till = import_checks.Imported(
        months.head(0), people.assign(orders=[5_001, *[1] * 1_500]), 6_501, 40.0, 90.0, "x", doubled=0, overpaid=0
    )
    return import_checks.warnings(once, words) + import_checks.warnings(till, words)


def bought(*rows, until=END):
    return snapshot.ledger(spend(*rows)).until(until)


def warned(words):
    """Forecasts that a warning goes with."""
    random = np.random.default_rng(0)
    never = bought(*((f"c{i}", END - 3_000 + i, 1_250.0, 1) for i in range(1_800)))
    closed = bought(*((f"c{i}", END - 4_000 + 1_300 * i, 1_250.0, 1) for i in range(3)), until=END + 2_900)
    huge = bought(*((f"c{i}", END - 100 + i, 1_250.0 if i else 4_321.5, 1) for i in range(12)))
    steady = bought(*((f"c{i}", END - 5 * 1_001 + 1_001 * k, 1_250.0, 1) for i in range(3) for k in range(6)))
    uneven = [
        (f"c{i}", END - 900 + k * 10, 1_000.0 + 40 * i * random.random(), 1) for i in range(80) for k in range(2 + i)
    ]
    remarks = [data_warnings.remarks(known, PLAIN, words) for known in (never, closed, huge, steady, bought(*uneven))]
    factor = np.array([2.6, *[1.0] * 11])
    clocks = [
        Clock(Season(factor, 0.9, 30), closed=(Closure(END - 1_300, END - 100), Closure(END - 3_000, END - 2_000))),
        Clock(Season(factor, None, 12)),
        PLAIN,
    ]
    enough = [
        sufficiency.enough(known, tested=False, words=words).findings for known in (never, bought(*uneven[:1_500]))
    ]
    return [
        one.sentence
        for found in [*remarks, *(data_warnings.remarks(never, now, words) for now in clocks), *enough]
        for one in found
    ]


def chosen(words):
    """Reasons for a method: one that came closest, and one that did not."""
    return [backtest._why("a blend", {"a blend": 1.0, "own rate": other}, 2, words) for other in (13.345, 0.966)]


def unusable(words):
    """Profiles and chances that there is too little for, or that tell nothing."""
    days = pd.Series(END - 1_200 + np.arange(1_800) // 3, index=[f"c{i}" for i in range(1_800)], name="day")
    first = days.rename_axis("customer_id").reset_index().assign(value=1_250.0)
    same = first[["customer_id", "day"]].assign(revenue=1_250.0, paid=1_250.0, orders=1)
    high = pd.Series(True, index=range(1_300))
    shape = SimpleNamespace(words=words, window=1_000, learners=SimpleNamespace(later=high))
    told_apart = SimpleNamespace(auc=(0.5125, 0.49, 0.535), model="any")
    few = SimpleNamespace(high=pd.Series(np.arange(2_400) < 1_190), later=pd.Series(np.arange(2_400) >= 1_195))
    return [
        learning.profile(first, same, end_day=END, words=words).reason,
        learning.profile(first.head(110), same, end_day=END, horizon_days=1_095, words=words).reason,
        *learning.profile(first, same, end_day=END, horizon_days=1_095, words=words).findings,
        learners.too_little(few, 365, words),
        learning._why_not(told_apart, shape),
        next_year.next_year(days, same, end_day=END, words=words).reason,
        next_year.next_year(days, same, end_day=END - 1_000, words=words).reason,
    ]


def bands_in_words(words):
    """Money, shares, counts and an owner's own numbers in bands."""
    among = pd.Series(True, index=range(4_000))
    numbers_of = pd.DataFrame(
        {"value": np.arange(4_000.0), "discount_share": np.arange(4_000) / 8_000, "quantity": np.arange(4_000.0) % 5,
         "lines": np.arange(4_000.0), "attribute: height": np.arange(4_000) / 2_345}
    )  # fmt: skip
    return banded(numbers_of, among, words)[1]["words"].tolist()


ALL = (read_oddly, looks_odd, warned, chosen, unusable, bands_in_words)


@pytest.mark.parametrize("locale", NOT_THEIRS)
@pytest.mark.parametrize("say", ALL)
def test_what_only_some_shops_are_told_is_said_in_the_readers_numbers(say, locale):
    american, said = say(Wording("en_US", "EUR")), say(Wording(locale, "EUR"))
    assert [numbers(text, locale) for text in said] == [numbers(text, "en_US") for text in american]
    assert [text for text in said if re.search(NOT_THEIRS[locale], text.replace(LITERAL, ""))] == []


def test_a_german_reads_of_months_rates_and_multiples_as_they_write_them():
    german = Wording("de_DE", "EUR")
    assert looks_odd(german)[:2] == (
        "There is no order in Januar 2015, Februar 2015, März 2015, April 2015, Mai 2015, Juni 2015 and 1.194 more, in "
        "the middle of the file: if the shop was open then, an export is missing, and everybody looks as if they had "
        "paused.",
        "The largest order (x, 1.500.000\xa0€) is 1.200 times the middle one: if it is a test or a typing error, it "
        "moves every average.",
    )
    assert next(said for said in read_oddly(german) if "Converted" in said) == (
        "Converted at the rates given: JPY (2.000 orders, 1 JPY = 0,0061 EUR), IDR (1.500 orders, 1 IDR = 0,0000553 "
        "EUR)."
    )
    assert chosen(german)[0] == (
        "Over 2 earlier tests, a blend came closest to what customers spent; the square errors of own rate, the next, "
        "were 1.234,5\xa0% larger."
    )
