"""The named groups of customers, as a table that the owner can edit and save. The first row that fits wins.

>>> table = default()
>>> read(content(table), "segments.csv").equals(table)
True
"""

import csv
import io
from itertools import product

import numpy as np
import pandas as pd

from clvapp.problems import DamagedSegments
from clvapp.segments.rfm import SCORES
from clvapp.spreadsheet import defused, restored
from clvapp.stats import Bools

MEASURES = ("recency", "frequency", "money")
RANGES = tuple(f"{measure}_{end}" for measure in MEASURES for end in ("from", "to"))
COLUMNS = ("segment", *RANGES, "what_helps")
REST = "Everyone else"
REST_HELPS = "Your table has no row for them: add one, or leave them alone."
MOST_SEGMENTS, MOST_BYTES = 30, 1 << 18
_MOST_COLUMNS = 100
_TEXTS = ("segment", "what_helps")

_DEFAULT = (
    ("Champions", 4, 5, 4, 5, 4, 5,
     "Thank them, let them see new things first, ask them to recommend you. No discounts."),
    ("Loyal", 3, 5, 3, 5, 1, 5,
     "Reward them, and offer what goes with what they buy: a better version, a larger size."),
    ("Potential loyalists", 4, 5, 2, 2, 1, 5,
     "A third order makes the habit: say when the next one is due, offer a subscription."),
    ("New customers", 5, 5, 1, 1, 1, 5,
     "Welcome them, help them use what they bought, and ask for the second order soon."),
    ("Promising", 4, 4, 1, 1, 1, 5,
     "Remind them of what they looked at; the second order rarely comes much later by itself."),
    ("Need attention", 3, 3, 2, 2, 1, 5,
     "Write before they forget you: something new since their last order, for a short time."),
    ("About to sleep", 3, 3, 1, 1, 1, 5,
     "Show what others bought after the same first order; a small reason to come back."),
    ("Cannot lose them", 1, 2, 4, 5, 4, 5,
     "Call or write in person, ask what went wrong, and put it right. Worth real effort."),
    ("At risk", 1, 2, 2, 5, 1, 5,
     "Win them back with what they used to buy; ask why they stopped."),
    ("Hibernating", 2, 2, 1, 1, 1, 5,
     "One cheap reminder in season; do not spend more."),
    ("Lost", 1, 1, 1, 1, 1, 5,
     "Leave them alone, or ask once whether they still want to hear from you."),
)  # fmt: skip


def default() -> pd.DataFrame:
    """The well-known groups: `segment`, each score's from and to (1 to 5, both included), `what_helps`."""
    return pd.DataFrame(_DEFAULT, columns=list(COLUMNS))


def checked(table: pd.DataFrame, name: str = "your table") -> pd.DataFrame:
    """`table` with whole numbers and trimmed texts. Raises `DamagedSegments`, which says what to put right."""
    missing = [column for column in COLUMNS if column not in table]
    if missing:
        raise DamagedSegments(
            name, f"the column '{missing[0]}' is missing. Start from the table that can be downloaded."
        )
    table = table[list(COLUMNS)].reset_index(drop=True)
    if not 1 <= len(table) <= MOST_SEGMENTS:
        raise DamagedSegments(name, f"it has {len(table)} rows; give at least 1 and at most {MOST_SEGMENTS}.")
    words = {column: table[column].fillna("").astype(str).str.strip() for column in ("segment", "what_helps")}
    blank, doubled = words["segment"] == "", words["segment"].str.casefold().duplicated()
    if blank.any():
        raise DamagedSegments(name, f"row {_row(blank)} has no name in 'segment'. Give it one or remove the row.")
    if doubled.any():
        twice = words["segment"][doubled].iloc[0]
        raise DamagedSegments(name, f"'{twice}' stands in two rows. Give one of them another name.")
    found = pd.DataFrame({"segment": words["segment"]} | {column: _whole(table, column, name) for column in RANGES})
    for measure in MEASURES:
        turned = found[f"{measure}_from"] > found[f"{measure}_to"]
        if turned.any():
            raise DamagedSegments(
                name, f"in row {_row(turned)} '{measure}_from' is larger than '{measure}_to'. Swap them."
            )
    _check_reachable(found, name)
    return found.assign(what_helps=words["what_helps"])


def _row(wrong: pd.Series) -> int:
    """The number of the first wrong row, counted from 1."""
    return int(wrong.to_numpy().argmax()) + 1


def _whole(table: pd.DataFrame, column: str, name: str) -> pd.Series:
    numbers = pd.to_numeric(table[column], errors="coerce")
    wrong = ~numbers.isin(SCORES)
    if wrong.any():
        shown = table[column][wrong].iloc[0]
        raise DamagedSegments(
            name, f"row {_row(wrong)} has '{shown}' in '{column}', which takes a whole number from 1 to 5."
        )
    return numbers.astype("int64")


def _check_reachable(table: pd.DataFrame, name: str) -> None:
    every = pd.DataFrame(list(product(SCORES, repeat=3)), columns=list(MEASURES))
    unused = ~np.isin(np.arange(len(table)), placed(every, table))
    if unused.any():
        segment = table["segment"].iloc[int(unused.argmax())]
        raise DamagedSegments(
            name,
            f"nobody can ever be in '{segment}', because the rows above it take them all. Move it up or remove it.",
        )


def placed(scores: pd.DataFrame, table: pd.DataFrame) -> np.ndarray:
    """For each row of `scores`, the place of the first row of `table` that fits; -1 if none does."""
    found = np.full(len(scores), -1)
    for i in reversed(range(len(table))):
        found[_fits(scores, table.iloc[i])] = i
    return found


def _fits(scores: pd.DataFrame, row: pd.Series) -> Bools:
    inside = np.ones(len(scores), bool)
    for measure in MEASURES:
        score = scores[measure].to_numpy()
        inside &= (score >= row[f"{measure}_from"]) & (score <= row[f"{measure}_to"])
    return inside


def content(table: pd.DataFrame) -> bytes:
    """The table as a CSV in UTF-8, to keep, edit anywhere and load again. A spreadsheet runs none of its texts."""
    safe = table[list(COLUMNS)].assign(**{name: table[name].astype(str).map(defused) for name in _TEXTS})
    return safe.to_csv(index=False).encode("utf-8-sig", errors="replace")


def read(text: bytes, name: str) -> pd.DataFrame:
    """The table that `content` wrote, even if a spreadsheet changed its commas. Raises `DamagedSegments`."""
    if len(text) > MOST_BYTES:
        raise DamagedSegments(name, "it is far larger than a table of segments. Choose the file that was saved here.")
    try:
        words = text.decode("utf-8-sig")
        first = words.split("\n", 1)[0]
        separator = max(",;\t", key=first.count)
        _refuse_wide(words, separator, name)
        table = pd.read_csv(io.StringIO(words), sep=separator, dtype=str, keep_default_na=False)
    except (UnicodeDecodeError, csv.Error, pd.errors.ParserError, pd.errors.EmptyDataError) as fault:
        raise DamagedSegments(name, "it is no CSV table. Save it again as 'CSV UTF-8'.") from fault
    texts = [column for column in _TEXTS if column in table]
    return checked(table.assign(**{column: table[column].map(restored) for column in texts}), name)


def _refuse_wide(words: str, separator: str, name: str) -> None:
    """Count the headings before anything gives each its own name: 40,000 equal ones take half a minute."""
    rows = csv.reader(io.StringIO(words, newline=""), delimiter=separator)
    count = len(next(filter(any, rows), []))
    if count > _MOST_COLUMNS:
        raise DamagedSegments(name, f"it has {count:,} columns. Choose the file that was saved here.")
