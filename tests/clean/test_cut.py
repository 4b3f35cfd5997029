"""An order that the end of a file cuts off goes on in the next file."""

import pytest
from hand_frames import line, made, order


@pytest.mark.parametrize("turned", [False, True])
def test_an_order_cut_by_two_files_is_joined_in_whichever_order_they_are_given(turned):
    first = [line("A", "1", "4.00"), line("B", "1", "40.00", product="Pot")]
    second = [line("B", "2", "5.00", product="Lid"), line("C", "1", "7.00")]
    found = made(second, first) if turned else made(first, second)
    assert (found.column("value"), found.column("lines"), found.reasons) == ([4, 50, 7], [1, 2, 1], {})
    assert any("1 order cut off by the end of a file" in sentence for sentence in found.cleaned.findings)


def test_the_rest_may_lack_the_total_and_the_words():
    first = [order("A", "90.00", product="Pot", status="paid")]
    second = [order("A", None, product="Lid", status=None, customer_email=None), order("B", "5.00", product="Pot")]
    assert made(first, second).column("value") == [90, 5]


def test_an_order_shown_again_at_the_top_of_the_next_file_is_an_older_state():
    first = [line("A", "2", "4.00"), line("B", "2", "40.00", product="Pot")]
    second = [line("B", "1", "40.00", product="Pot"), line("B", "1", "3.00", product="Lid"), line("C", "1", "7.00")]
    found = made(first, second)
    assert (found.column("value"), found.reasons) == ([8, 43, 7], {"duplicate": 1})


def test_a_number_of_another_moment_is_no_rest():
    first = [line("B", "1", "40.00", product="Pot")]
    second = [line("B", "2", "5.00", product="Lid", ordered_at="2026-03-05", customer_id="18")]
    assert len(made(first, second).orders) == 2
