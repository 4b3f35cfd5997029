"""Order books in the dates, money, statuses, kinds and numbering of other countries come back, or are asked about."""

from collections import Counter
from decimal import Decimal

import numpy as np
import pytest
import restyled
from hand_frames import read

import clvapp
from clvapp.problems import Question, WordsUnknown

EACH, VERIFIED, PARTS = (
    12,
    13,
    50,
)  # the first part runs in `make test`, a quarter in `make verify`, all in `make prove`
LATER = [
    *(pytest.param(part, marks=pytest.mark.verify) for part in range(1, VERIFIED)),
    *(pytest.param(part, marks=pytest.mark.prove) for part in range(VERIFIED, PARTS)),
]


def came_back(*files, **told):
    """(customer, day, revenue) of each order that was read. Money of a returned order is none."""
    found = read(*files, reading=clvapp.Reading(**told))
    rows = found.orders[["customer_id", "date", "revenue"]].itertuples(index=False)
    return Counter((who if who == who else None, day, Decimal(f"{money:.2f}")) for who, day, money in rows)


def checked(seed: int) -> str:
    """One book. Returns what came of it: right at once, or after which questions."""
    made = restyled.restyled(seed, np.random.default_rng([40, seed]))
    asked, told = [], {}
    while True:
        try:
            got = came_back(*made.files, **told)
            break
        except Question as question:
            asked.append(question.setting)
            assert len(asked) <= 4, (made.done, str(question))
            if isinstance(question, WordsUnknown):
                known = made.statuses if question.setting == "statuses" else made.kinds
                told[question.setting] = told.get(question.setting, {}) | {
                    one.word: known[one.word] for one in question.words
                }
            else:
                told[question.setting] = made.said[question.setting]
                assert told[question.setting] is not None, (made.done, str(question))
    got = Counter({one: n for one, n in got.items() if one[:2] not in made.undecided or one[2]})
    want = Counter({one: n for one, n in made.want.items() if one[:2] not in made.undecided or one[2]})
    assert got == want, (seed, made.done, asked, "too much", got - want, "missing", want - got)
    return " ".join(asked) or "at once"


@pytest.mark.parametrize("part", [0, *LATER])
def test_books_of_other_countries_come_back_or_are_asked(part):
    outcomes = Counter(checked(seed) for seed in range(part * EACH, (part + 1) * EACH))
    print(f"{EACH} order books of other countries: {dict(outcomes)}")
    assert sum(outcomes.values()) == EACH
