"""A fault in the input, and a question that only its owner can answer."""

from collections.abc import Mapping

LONGEST = 2_000  # characters of a sentence


class Problem(Exception):  # noqa: N818 - a word of the product: shown to people, not only raised
    """A fault in the input. `str(problem)` is the one sentence to show; it never holds a traceback.

    The sentence may quote a file. Characters that a terminal would obey are removed, and a very long sentence loses its
    middle.
    """

    def __init__(self, sentence: str) -> None:
        plain = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in sentence)
        super().__init__(plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 400]} … {plain[-390:]}")


class Question(Problem):
    """Something only the owner can answer, in parts, so that each front end can put them together in its own way.

    `asked` is the sentence without its full stop, `option` the command-line option that answers it. `choices` are the
    answers in the owner's words: label -> value of `setting`, a field of `clvapp.Reading`.
    """

    setting: str = ""

    def __init__(self, asked: str, *, option: str, choices: Mapping[str, object]) -> None:
        super().__init__(f"{asked} (on the command line: {option}).")
        self.asked, self.option, self.choices = asked, option, choices
