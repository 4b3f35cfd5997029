"""What is kept of what was asked, and for how long."""

from dataclasses import dataclass, field

import pandas as pd

from clvapp.memo import Views, keeping, once


@dataclass(eq=False)
class Shop:
    views: Views = field(default_factory=dict)
    worked: int = 0

    @once
    def last(self, frame: pd.DataFrame, *, word: str = "a") -> str:
        self.worked += 1
        return f"{len(frame)} {word}"

    @keeping(2)
    def several(self, number: int) -> int:
        self.worked += 1
        return -number


def test_the_same_question_is_answered_once_and_another_one_anew():
    shop, frame = Shop(), pd.DataFrame({"x": [1, 2]})
    assert [shop.last(frame), shop.last(frame)] == ["2 a", "2 a"]
    assert shop.worked == 1
    assert shop.last(frame, word="b") == "2 b"
    assert shop.last(frame.copy(), word="b") == "2 b", "an equal frame is another one: to compare them takes time"
    assert shop.worked == 3


def test_no_more_answers_are_kept_than_were_asked_for():
    shop = Shop()
    assert [shop.several(number) for number in (1, 2, 1, 3, 1)] == [-1, -2, -1, -3, -1]
    assert shop.worked == 4
    assert [answer for _, answer in shop.views[Shop.several.__wrapped__]] == [-3, -1]


def test_answers_belong_to_what_they_are_of():
    first, second = Shop(), Shop()
    first.several(1)
    second.several(1)
    assert (first.worked, second.worked) == (1, 1)
