"""What all stories share: a figure with its meaning, the shares that they speak of, and how all of a thing is said."""

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from clvapp.wording import Of, Wording

TENTH, FIFTH = 0.1, 0.2


@dataclass(frozen=True)
class Figure:
    """A figure on a page: its name, its value in the reader's words, and what it means."""

    label: str
    value: str
    meaning: str


def part(words: Wording, share: float, *, of: Of) -> str:
    """A share of money as a percentage; "all", where it is that."""
    said = words.share(share, of=of)
    return "all" if abs(share - 1) < 1e-12 else said


def rows_of(frame: pd.DataFrame) -> list[Any]:
    """The rows of a frame, with columns as attributes, for comprehensions."""
    return list(frame.itertuples())


def between(low: float, high: float, words: Wording, of: Of) -> str:
    """The ends of a share's interval in percent, to stand in brackets behind it: "9–14"."""
    ends = ((low, "low"), (high, "high"))
    return "–".join(words.number(100 * end, of=replace(of, name=f"{of.name}, {name} end in %")) for end, name in ends)
