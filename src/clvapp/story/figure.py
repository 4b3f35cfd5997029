"""What all stories are made of: a figure with its meaning, and the shares that are spoken of."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

TENTH, FIFTH = 0.1, 0.2


@dataclass(frozen=True)
class Figure:
    """A figure of a page: what it is, its value in the reader's words, and what it means."""

    label: str
    value: str
    meaning: str


def rows_of(frame: pd.DataFrame) -> list[Any]:
    """The rows of a frame by the names of its columns, for comprehensions."""
    return list(frame.itertuples())
