"""What shops call things: each word has one meaning, however it is written, and a strange one has none."""

from collections import defaultdict

import pytest

from clvapp import formats
from clvapp.formats import words
from clvapp.formats.words import folded, meaning_of


def test_each_word_stands_under_one_meaning_in_all_languages():
    found = defaultdict(set)
    for language in words.lists()["statuses"].values():
        for meaning, entries in language.items():
            assert meaning in {*words.MEANINGS, words.PARTLY_PAID, words.PARTLY_REFUNDED}
            for entry in entries:
                found[folded(entry) + "*" * entry.endswith("*")].add(meaning)
    assert {word: sorted(meanings) for word, meanings in found.items() if len(meanings) > 1} == {}


def test_each_word_of_the_lists_is_found_with_its_meaning():
    for language in words.lists()["statuses"].values():
        for meaning, entries in language.items():
            for entry in entries:
                counted = "counts" if meaning == words.PARTLY_REFUNDED else meaning
                assert meaning_of(entry.rstrip("*")) == counted, entry
                assert words.partly_refunded(entry.rstrip("*")) or meaning != words.PARTLY_REFUNDED


def test_a_format_lists_only_what_the_words_of_all_do_not_say():
    for fmt in formats.known():
        assert not [word for word in fmt.statuses_that_count if meaning_of(word) == "counts"], fmt.key
        assert not [word for word in fmt.statuses_pending if meaning_of(word) == "waiting"], fmt.key
        assert not [word for word in fmt.statuses_refunded if meaning_of(word) == "refunded"], fmt.key
        out = {"cancelled", "unpaid", "draft", "test", "returned"}
        assert not [word for word in fmt.statuses_that_do_not_count if meaning_of(word) in out], fmt.key


@pytest.mark.parametrize(
    ("written", "meaning"),
    [
        ("NOT_PAID", "waiting"), ("notPaid", "waiting"), ("not-paid", "waiting"), ("wc-on-hold", "waiting"),
        ("PARTIALLY_PAID", "partly_paid"), ("Partially refunded", "counts"), ("paid", "counts"),
        ("Cancelled by customer", "cancelled"), ("Order Cancelled", "cancelled"), ("The buyer cancelled", "cancelled"),
        ("Payment failed: insufficient funds", "unpaid"), ("Delivered, unpaid", "waiting"), ("Paid (test)", "test"),
        ("On backorder (paid)", "counts"), ("On backorder (not paid)", "waiting"), ("Not refunded", "counts"),
        ("RTO IN TRANSIT", "returned"), ("Shipped - refused at the door", "returned"), ("Returned", "refunded"),
        ("Quotation Sent", "draft"), ("Dispute lost", "refunded"), ("Dispute won", "counts"),
        ("ANNULÉE", "cancelled"), ("Échouée", "unpaid"), ("Zahlung ausstehend", "waiting"),
        ("İptal Edildi", "cancelled"),
        ("キャンセル済み", "cancelled"), ("入金待ち", "waiting"), ("تم الإلغاء", "cancelled"), ("Zrušeno", "cancelled"),
        ("3 - Cancelled", "cancelled"), ("Successfully delivered", "counts"),
    ],
)  # fmt: skip
def test_a_status_is_known_however_it_is_written(written, meaning):
    assert meaning_of(written) == meaning


@pytest.mark.parametrize(
    "strange", ["Blue", "open", "closed", "Not delivered", "Never shipped", "17", "Unpaidable paid", ""]
)
def test_a_sale_behind_a_strange_or_denying_word_is_no_sale(strange):
    assert meaning_of(strange) is None


def test_a_word_of_the_formats_own_wins_over_the_list_of_all():
    assert meaning_of("closed", formats.named("magento")) == "refunded"
    assert meaning_of("processing", formats.named("paypal_activity")) == "waiting"
    assert meaning_of("processing") == "counts"
    assert meaning_of("false", formats.named("toast_order_details")) == "counts"
