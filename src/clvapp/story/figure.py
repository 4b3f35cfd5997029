"""What all stories share: a figure with its meaning, and the shares that they speak of."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

TENTH, FIFTH = 0.1, 0.2


@dataclass(frozen=True)
class Figure:
    """A figure on a page: its name, its value in the reader's words, and what it means."""

    label: str
    value: str
    meaning: str


def rows_of(frame: pd.DataFrame) -> list[Any]:
    """The rows of a frame, with columns as attributes, for comprehensions."""
    return list(frame.itertuples())
