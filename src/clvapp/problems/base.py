"""A fault in what was given, and a question that only its owner can answer."""

LONGEST = 2_000  # characters of a sentence


class Problem(Exception):  # noqa: N818 - a word of the product: shown to people, not only raised
    """A fault in what was given. `str(problem)` is the one sentence to show; it never holds a traceback.

    What a file says may stand in it: signs that a terminal would obey are gone, and the middle of a very long one.
    """

    def __init__(self, sentence: str) -> None:
        plain = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in sentence)
        super().__init__(plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 400]} … {plain[-390:]}")


class Question(Problem):
    """Something only the owner can answer. `setting` is the setting, and the command-line option, that answers it."""

    setting: str = ""
