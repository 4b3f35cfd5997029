"""What a page says, in two parts: its numbers, which tests check against hand arithmetic, and the words around them.

The words are in one accepted file for each page, `tests/story/words/<page>.txt`. `make accept` rewrites those files,
so a change of words shows up as a diff. They hold no numbers: a wrong number fails, whatever was accepted.
"""

import re
from pathlib import Path

import pandas as pd

ACCEPTED = Path(__file__).parents[1] / "story" / "words"
_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mär|Mai|Juni|Juli|Sept|Okt|Dez"
_NUMBER = re.compile(
    rf"""\b(?:{_MONTHS})\.?\ (?:\d{{1,2}},\ )?\d{{4}}          # Jan 5, 2024; Jan 2024; Jan. 2024
      | \b\d{{1,2}}\.\ (?:{_MONTHS})[a-z]*\.?\ \d{{4}}         # 5. Jan. 2024
      | \b(?:January|February|March|April|May|June|July|August|September|October|November|December)\ \d{{4}}
      | [−+-]?[$€]?-?\d(?:[\d.,’]*\d)?(?:[\ \u00a0\u202f]?(?:%|\$|€))?
      """,
    re.VERBOSE,
)


def numbers(text: str) -> list[str]:
    """The numbers in `text` as written. Dates, months, money and percents stay whole.

    >>> numbers("Of 12 customers (25%) since Jan 5, 2024: $1,204.50 to 1.204,50\\u00a0$.")
    ['12', '25%', 'Jan 5, 2024', '$1,204.50', '1.204,50\\xa0$']
    """
    return _NUMBER.findall(text)


def words(text: str) -> str:
    """`text`, with `#` in place of each number.

    >>> words("Of 12 customers (25%) since Jan 5, 2024")
    'Of # customers (#) since #'
    """
    return _NUMBER.sub("#", text)


class Page:
    """What one page says in the tests, checked against its accepted file. `rewrite` writes that file anew."""

    def __init__(self, name: str, *, rewrite: bool) -> None:
        self.path = ACCEPTED / f"{name}.txt"
        self.rewrite = rewrite
        self.said: dict[str, str] = {}
        text = self.path.read_text(encoding="utf-8") if self.path.exists() else ""
        entries = (entry.split("\n", 1) for entry in re.split(r"^## ", text, flags=re.MULTILINE)[1:])
        self.known = {key.strip(): told.strip("\n") for key, told in entries}

    def says(self, key: str, text: str, expected: str | list[str]) -> None:
        """Check that `text` holds exactly the `expected` numbers (a list, or split at blanks) in accepted words.

        A page uses each `key` once: "answer", "answer at a margin", "figures: Orders".
        """
        assert numbers(text) == (expected.split() if isinstance(expected, str) else expected), text
        assert self.said.setdefault(key, words(text)) == words(text), f"'{key}' names two sentences"
        if not self.rewrite:
            assert key in self.known, f"`make accept` has not seen '{key}' yet"
            assert words(text) == self.known[key]

    def shows(self, key: str, frame: pd.DataFrame, expected: list[str | list[str]]) -> None:
        """Check that a table of text holds exactly these numbers: for each row a list, or a text to split at blanks."""
        rows = ["\t".join(str(cell) for cell in row) for row in frame.itertuples(index=False)]
        held = [one.split() if isinstance(one, str) else one for one in expected]
        assert [numbers(row) for row in rows] == held, rows
        text = "\n".join(["\t".join(map(str, frame.columns)), *rows])
        self.says(key, text, [*numbers("\t".join(map(str, frame.columns))), *(one for row in held for one in row)])

    def write(self) -> None:
        """Accept what the page said."""
        ACCEPTED.mkdir(exist_ok=True)
        text = "".join(f"## {key}\n{told}\n\n" for key, told in sorted(self.said.items()))
        self.path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
