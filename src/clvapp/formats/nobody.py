"""Words for nobody, in several languages: what stands in the customer's place when the shop knows no customer.

>>> names_nobody("WALK-IN Customer"), names_nobody("Ann Guest"), names_nobody("-"), names_nobody("Público en General")
(True, False, True, True)
"""

import re
import tomllib
import unicodedata
from functools import cache
from importlib import resources

_OTHER_LETTERS = str.maketrans({"ı": "i", "ł": "l", "ß": "ss"})
_REPEATED_X = re.compile(r"x+|\\n")
_NOTHING_BUT = re.compile(r"[\W_0]*")


@cache
def _lists() -> dict[str, tuple[str, ...]]:
    text = resources.files(__package__).joinpath("words", "nobody.toml").read_text(encoding="utf-8")
    return {name: tuple(map(_folded, words)) for name, words in tomllib.loads(text).items()}


@cache
def _sets() -> dict[str, frozenset[str]]:
    return {name: frozenset(words) for name, words in _lists().items()}


def _folded(text: str) -> str:
    """`text` as plain words: without accents, signs and case."""
    if not text.isascii():
        spelled = unicodedata.normalize("NFKD", text.casefold().translate(_OTHER_LETTERS))
        text = "".join(
            sign for sign in spelled if not unicodedata.combining(sign) and unicodedata.category(sign) != "Cf"
        )
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def names_nobody(text: str) -> bool:
    """Whether a cell in the place of a name or a customer number names nobody.

    A cell without a letter or a digit other than 0 is nobody's, and so is one word of the lists twice, as first name
    and last name.

    >>> [names_nobody(text) for text in ("Barverkauf Filiale 2", "Guest Guest", "\\\\N", "0.0", "xxx", "Customer 12")]
    [True, True, True, True, True, False]
    """
    if _NOTHING_BUT.fullmatch(text) or _REPEATED_X.fullmatch(text.casefold()):
        return True
    words, tills = _folded(text).split(), _sets()["tills"]
    half = len(words) // 2
    if half and words[:half] == words[half:]:
        words = words[:half]
    if " ".join(words) in _sets()["names"]:
        return True
    return any(" ".join(words[:n]) in tills or " ".join(words[-n:]) in tills for n in range(1, min(len(words), 4) + 1))


def mails_nobody(address: str) -> bool:
    """Whether an e-mail address is one that somebody typed because a till wanted one.

    >>> [mails_nobody(text) for text in ("no-reply@shop.com", "n/a@n.a", "noemail14@x.com", "a@a.com", "x@none.com")]
    [True, True, True, True, True]
    >>> [mails_nobody(text) for text in ("nora@shop.com", "ida.test@x.com", "w8k2@marketplace.amazon.com", "hp@hp.com")]
    [False, False, False, False]
    """
    mailbox, _, domain = address.casefold().rpartition("@")
    known, label = _sets(), domain.split(".")[0]
    bare = "".join(re.findall(r"[^\W_]", mailbox.split("+")[0]))
    unnumbered = bare.rstrip("0123456789")
    if bare in known["mailboxes"] or (unnumbered != bare and unnumbered in known["numbered"]):
        return True
    return re.sub(r"[\W_]", "", label) in known["domains"] or (bare == label and bare in known["typed"])


def mails_anybody(address: str) -> bool:
    """Whether an address may be one person's, or everybody's who was asked for one: who uses it decides.

    >>> mails_anybody("Guest@shop.com"), mails_anybody("ann.guest@shop.com")
    (True, False)
    """
    return address.casefold().rpartition("@")[0] in _sets()["shared"]


@cache
def looks_like_no_name() -> str:
    """A pattern (RE2) that every cell fits which names nobody. A cell that fits may still name somebody."""
    words = {word for name in ("tills", "names") for word in _lists()[name] if word.isascii()}
    starts = sorted({word.split()[0][:4] for word in words if len(word.split()[0]) >= 4})
    short = sorted({word.split()[0] for word in words if len(word.split()[0]) < 4})
    inside = rf"(?:^|[^a-z])(?:{'|'.join(starts)})|(?:^|[^a-z])(?:{'|'.join(short)})(?:[^a-z]|$)"
    return rf"(?i)[^\x00-\x7f]|^[^a-z1-9]*$|^x+$|{inside}"


@cache
def looks_like_no_mailbox() -> str:
    """A pattern (RE2) that every address fits which is nobody's. An address that fits may still be somebody's."""
    known = _lists()
    starts = sorted({"[^a-z0-9@]*".join(word[:3]) for word in (*known["mailboxes"], *known["shared"])})
    typed, domains = "|".join(known["typed"]), "|".join(known["domains"])
    return rf"(?i)^[^a-z0-9@]*(?:{'|'.join(starts)})|^(?:{typed})@|@(?:{domains})[.]"
