"""Bytes of an older encoding -> which one, by the words that we know from the headings and statuses of shops.

The same bytes are letters in each of them: only the right one makes words of a language of them.
"""

import codecs
import re
from functools import cache

from clvapp import formats
from clvapp.formats.heading_parts import all_words
from clvapp.formats.words import folded, lists

_PAGES = ("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp874", "cp932", "gb18030", "cp949",
          "big5")  # fmt: skip
_LEAST = 4  # letters of a word that tells a language
_LONGEST = 40
_MOST = 20_000
_WORD = re.compile(r"[^\W\d_]+")


def told_by_words(sample: bytes) -> str | None:
    """The encoding under which the most words with special letters are ones we know. None if no word is, or cp1252."""
    found = {page: _known_words(_decoded(sample[:_MOST], page)) for page in _PAGES}
    best = max(found, key=lambda page: found[page])
    return best if found[best] > found["cp1252"] else None


def _decoded(sample: bytes, page: str) -> str:
    try:
        return codecs.getincrementaldecoder(page)().decode(sample)
    except UnicodeDecodeError:
        return ""


def _known_words(text: str) -> int:
    special = {word for word in _WORD.findall(text) if not word.isascii()}
    return sum(bool(_known(folded(word))) for word in special)


@cache
def _words() -> frozenset[str]:
    entries = [entry for language in lists()["statuses"].values() for words in language.values() for entry in words]
    entries += [word for ways in formats.general().roles.values() for way in ways for word in way]
    return all_words() | {word for entry in entries for word in folded(entry).split()}


def _known(word: str) -> bool:
    short = 2 if word and word[0] > "\u02ff" else _LEAST
    return len(word) >= short and (
        word in _words() or any(word[:end] in _words() for end in range(_LEAST, min(len(word), _LONGEST)))
    )
