"""A column of numbers -> a few bands that a shop owner can read."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from clvapp.wording import GIVEN, Wording

MONEY = ("value", "window_spend")
SHARE = ("discount_share",)
COUNTS = ("quantity", "lines")


@dataclass(frozen=True)
class Bands:
    """Rounded edges that cut a number into bands: band i is over `edges[i - 1]` and at most `edges[i]`."""

    feature: str
    edges: tuple[float, ...]
    words: Wording
    whole: bool = False  # the values are counts

    def codes(self, values: pd.Series) -> pd.Series:
        """The number of each value's band, as a float. Missing stays missing."""
        code = np.searchsorted(np.array(self.edges), values.to_numpy(np.float64), side="left").astype(np.float64)
        return pd.Series(code, index=values.index).where(values.notna())

    def between(self, first: int, last: int) -> str:
        """The bands from `first` to `last` in words."""
        low = self._number(first - 1) if first > 0 else None
        high = self._number(last) if last < len(self.edges) else None
        if self.whole and self.feature in COUNTS:
            return self._counts(first, last)
        if high and self.feature in SHARE and self.edges[last] == 0:
            return "no"
        if low and high:
            return f"over {low} and at most {high}"
        return f"over {low}" if low else f"at most {high}" if high else "any"

    def _counts(self, first: int, last: int) -> str:
        """The same of counts, which are 1 at least: "2", "3 to 5", "6 or more"."""
        least = self.edges[first - 1] + 1 if first > 0 else 1.0
        low = self.words.number(least, of=GIVEN)
        if last == len(self.edges):
            return f"{low} or more" if first > 0 else "any"
        high = self.words.number(self.edges[last], of=GIVEN)
        return high if self.edges[last] == least else f"{low} to {high}" if first > 0 else f"at most {high}"

    def _number(self, edge: int) -> str:
        value = self.edges[edge]
        if self.feature in MONEY:
            return self.words.money(value, of=GIVEN)
        return self.words.share(value, of=GIVEN) if self.feature in SHARE else self.words.number(value, None, of=GIVEN)


def bands(values: pd.Series, count: int, words: Wording) -> Bands:
    """At most `count` bands with about equally many `values` in each, their edges rounded to two digits."""
    known = values.dropna().to_numpy(np.float64)
    inner = np.quantile(known, np.arange(1, count) / count, method="inverted_cdf") if len(known) else np.array([])
    rounded = sorted({_two_digits(e) for e in inner})
    useful = tuple(e for e in rounded if len(known) and known.min() <= e < known.max())
    return Bands(str(values.name), useful, words, whole=bool(len(known)) and not (known % 1).any())


def _two_digits(number: float) -> float:
    return float(f"{number:.2g}")
