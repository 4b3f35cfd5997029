"""What shops call things: a word of a status, and what it means, by the lists in `words.toml` and a format's own.

>>> meaning_of("NOT_PAID"), meaning_of("wc-on-hold"), meaning_of("Cancelled by customer"), meaning_of("Annulée")
('waiting', 'waiting', 'cancelled', 'cancelled')
>>> meaning_of("Shipped - Returned to sender"), meaning_of("Partially refunded"), meaning_of("Returned - rejected")
('returned', 'counts', None)
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from clvapp.formats.layout import Format

# What an owner may say that a status means.
MEANINGS: Mapping[str, str] = {
    "counts": "it counts",
    "waiting": "waits for its money",
    "unpaid": "the payment failed",
    "cancelled": "was cancelled",
    "refunded": "all of the money went back",
    "returned": "came back to the sender, never paid",
    "test": "a test",
    "draft": "a draft or a quotation",
}
# What an owner may say that a row is. Only the first two are business with a customer.
KINDS: Mapping[str, str] = {
    "sale": "a sale",
    "refund": "a refund",
    "fee": "a fee",
    "tip": "a tip",
    "payout": "a payout or a transfer",
    "none": "nothing that was sold: a quotation, a subtotal",
}
OF_LINES = ("line", "discount", "doubled")  # what rows below one order may be beside that
PARTLY_PAID = "partly_paid"  # counts, and is named
PARTLY_REFUNDED = "partly_refunded"  # a list of words that count, and are named where no amount went back
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ـ": ""})
_LONGEST = 300  # signs of a cell that are looked at: what is longer is a note, and no word
_UNDOES = ("cancelled", "refunded", "returned", "draft")  # what may be taken back
_IN_FRONT = ("counts", "waiting", PARTLY_PAID)  # what a word further on may still overrule, the weakest first


def folded(text: str) -> str:
    """`text` as plain lower-case words: without accents, signs and underscores, and camelCase taken apart.

    >>> folded("PARTIALLY_PAID"), folded("notPaid"), folded("Échouée"), folded("Zahlung: fällig")
    ('partially paid', 'not paid', 'echouee', 'zahlung fallig')
    """
    spelled = unicodedata.normalize("NFKD", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)).casefold()
    plain = "".join(sign for sign in spelled if not unicodedata.combining(sign)).translate(_LETTERS)
    return " ".join(re.findall(r"[^\W_]+", plain))


@dataclass(frozen=True)
class Words:
    """Words and what they mean. A star at the end of one stands for any ending."""

    whole: Mapping[str, str]
    beginning: Mapping[str, str]  # of those with a star, without it
    longest: int  # words in one entry

    def at(self, words: Sequence[str], start: int) -> tuple[str, int] | None:
        """The meaning of the longest entry that `words` have at `start`, and how many words it takes."""
        for length in range(min(self.longest, len(words) - start), 0, -1):
            text = " ".join(words[start : start + length])
            if found := self.whole.get(text):
                return found, length
            last = len(text) - len(words[start + length - 1])
            for end in range(len(text), last, -1):
                if found := self.beginning.get(text[:end]):
                    return found, length
        return None


def _words(lists: Iterable[tuple[str, Iterable[str]]]) -> Words:
    """Each entry under its meaning; a later list wins."""
    whole: dict[str, str] = {}
    beginning: dict[str, str] = {}
    for meaning, entries in lists:
        for entry in entries:
            (beginning if entry.endswith("*") else whole)[folded(entry)] = meaning
    longest = max((len(entry.split()) for entry in (*whole, *beginning)), default=0)
    return Words(whole, beginning, longest)


@cache
def lists() -> Mapping[str, Any]:
    """The tables of `words.toml`, as they stand."""
    found: Mapping[str, Any] = tomllib.loads(
        resources.files(__package__).joinpath("words.toml").read_text(encoding="utf-8")
    )
    return found


def _lent() -> Iterator[tuple[str, Iterable[str]]]:
    for language in lists()["statuses"].values():
        for meaning, entries in language.items():
            yield "counts" if meaning == PARTLY_REFUNDED else meaning, entries


def _own(fmt: Format | None) -> Iterator[tuple[str, Iterable[str]]]:
    if fmt is not None:
        if "true" in fmt.statuses_that_do_not_count:  # the column says yes or no
            yield "counts", lists()["flags"]["no"]
        yield "counts", fmt.statuses_that_count
        yield "cancelled", fmt.statuses_that_do_not_count
        yield "waiting", fmt.statuses_pending
        yield "refunded", fmt.statuses_refunded


@lru_cache(maxsize=128)
def _statuses(own: tuple[tuple[str, tuple[str, ...]], ...]) -> Words:
    return _words([*_lent(), *own])


@cache
def _part_back() -> Words:
    return _words([("counts", one.get(PARTLY_REFUNDED, ())) for one in lists()["statuses"].values()])


def partly_refunded(status: str) -> bool:
    """Whether a status says that a part of the money went back.

    >>> partly_refunded("PARTIALLY_REFUNDED"), partly_refunded("Shipped, teilerstattet"), partly_refunded("Refunded")
    (True, True, False)
    """
    words = folded(status[:_LONGEST]).split()
    return any(_part_back().at(words, place) for place in range(len(words)))


@cache
def _around() -> Mapping[str, frozenset[str]]:
    return {name: frozenset(map(folded, words)) for name, words in lists()["around"].items()}


def meaning_of(status: str, fmt: Format | None = None) -> str | None:
    """What a status means: one of `MEANINGS`, or `PARTLY_PAID`. None if no list knows it. A list of `fmt` wins.

    The first word with a meaning decides, but one that says that the order counts or waits gives way to one further on
    that says why it does not.
    """
    known = _statuses(tuple((meaning, tuple(words)) for meaning, words in _own(fmt)))
    words = folded(status[:_LONGEST]).split()
    if (whole := known.at(words, 0)) and whole[1] == len(words):
        return whole[0]
    found = list(_met(words, known))
    if any(one in _UNDOES for one in found) and _undone(words, known):
        return None
    firm = [meaning for meaning in found if meaning not in _IN_FRONT]
    if None in found and not (firm and found[0] == firm[0]):
        return None
    if firm:
        return firm[0]
    return max((one for one in found if one), key=_IN_FRONT.index, default=None)


@cache
def _behind(name: str) -> Words:
    return _words([(name, lists()["around"][name])])


def _undone(words: Sequence[str], known: Words) -> bool:
    """Whether a word takes back what was said before it."""
    place, said = 0, False
    while place < len(words):
        if said and _behind("undone").at(words, place):
            return True
        hit = known.at(words, place)
        said = said or (hit is not None and hit[0] in _UNDOES)
        place += hit[1] if hit else 1
    return False


@cache
def _kinds() -> Words:
    return _words(lists()["kinds"].items())


def kind_of(kind: str) -> str | None:
    """What a row is: one of `KINDS` or `OF_LINES`, by the longest entry that `kind` begins or ends with, or None.

    >>> kind_of("Sale"), kind_of("Partial refund"), kind_of("REMBOURSEMENT"), kind_of("Online") is None
    ('sale', 'refund', 'refund', True)
    >>> kind_of("Product"), kind_of("Product refund"), kind_of("Product credit") is None
    ('line', 'refund', True)
    """
    words = folded(kind[:_LONGEST]).split()
    if whole := _kinds().at(words, 0):
        if whole[1] >= len(words) or whole[0] not in {"sale", *OF_LINES}:
            return whole[0]
        rest = _kinds().at(words, len(words) - 1)
        otherwise = "sale" if whole[0] == "sale" else None  # what a line's word is followed by may be its opposite
        return rest[0] if rest else otherwise
    return next((hit[0] for place in range(1, len(words)) if (hit := _kinds().at(words, place))), None)


def is_kind(kind: str) -> bool:
    """Whether a list has all of `kind`, and not only how it begins or ends.

    >>> is_kind("Sales invoice"), is_kind("Sales invoice no. 7")
    (True, False)
    """
    return len(kind) <= _LONGEST and folded(kind) in _kinds().whole


@cache
def _sales() -> Words:
    return _words(lists()["sales"].items())


def sale_of(kind: str) -> str | None:
    """Whether a sale's word asks for money ("billed") or says that it came ("settled"). None if it may be either.

    >>> sale_of("Sales Invoice"), sale_of("Zahlung"), sale_of("Order")
    ('billed', 'settled', None)
    """
    hit = _sales().at(folded(kind[:_LONGEST]).split(), 0)
    return hit[0] if hit else None


@cache
def flags(answer: str) -> frozenset[str]:
    """The words for `answer`, "yes" or "no", in lower case."""
    return frozenset(word.casefold() for word in lists()["flags"][answer])


def _met(words: Sequence[str], known: Words) -> Iterator[str | None]:
    """The meanings met from left to right. None where a word denies what follows, or a strange one is before a sale."""
    around, place, strange, in_part, met = _around(), 0, False, False, False
    while place < len(words):
        hit = known.at(words, place)
        word = words[place]
        if hit is None:
            if word in around["denied"] or (met and _behind("doubtful").at(words, place)):
                yield None
                return
            in_part = in_part or word in around["in_part"]
            strange = strange or not (met or in_part or word in around["skipped"] or word.isdigit())
            place += 1
            continue
        meaning, length = hit
        if in_part and meaning not in _IN_FRONT:
            meaning = "counts"
        yield None if strange and meaning in _IN_FRONT else meaning
        met, in_part, strange = True, False, False
        place += length
