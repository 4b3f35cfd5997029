"""A heading that no list knows -> what its parts speak of, in many languages, by the lists in `words/headings.toml`.

>>> sorted(parts("Bon-Nr.")), sorted(parts("Pos.-Wert")), sorted(parts("N° pièce")), sorted(parts("Loppusumma"))
(['number', 'order'], ['line', 'total'], ['number', 'order'], ['total'])
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources

from clvapp.formats.words import folded

_LONG = 4  # letters from which a word may begin or end a longer one
_SIGNS = str.maketrans({"#": " number ", "№": " number ", "°": "o"})
_JOINTS = "sn"  # letters that German and its neighbours put between the words that they join


@cache
def _lists() -> Mapping[str, tuple[frozenset[str], tuple[str, ...], tuple[str, ...]]]:
    """Part -> its single words, its phrases, and what may stand anywhere because its script knows no blanks."""
    text = resources.files(__package__).joinpath("words", "headings.toml").read_text(encoding="utf-8")
    found = {}
    for part, entries in tomllib.loads(text).items():
        latin = [folded(entry) for entry in entries if re.search("[a-z]", folded(entry))]
        other = [_run_together(folded(entry)) for entry in entries if not re.search("[a-z]", folded(entry))]
        words = frozenset(entry for entry in latin if " " not in entry)
        found[part] = (words, tuple(entry for entry in latin if " " in entry), tuple(filter(None, other)))
    return found


@cache
def all_words() -> frozenset[str]:
    """Every word of the lists, in plain letters."""
    return frozenset(word for words, phrases, anywhere in _lists().values() for word in (*words, *phrases, *anywhere))


@lru_cache(4096)
def parts(heading: str) -> frozenset[str]:
    """What `heading` speaks of: "order", "number", "customer", "name", "total", "status" and so on."""
    text = folded(heading.translate(_SIGNS))
    found = set[str]()
    rest = f" {text} "
    for phrase, part in _phrases():
        if f" {phrase} " in f" {text} ":
            found.add(part)
            rest = rest.replace(f" {phrase} ", "  ")
    found |= {part for token in rest.split() for part in _of_token(token)}
    return frozenset(found | _of_other_script(_run_together(text)))


@cache
def _phrases() -> tuple[tuple[str, str], ...]:
    """Entries of several words, longest first: their words say nothing else."""
    every = [(phrase, part) for part, (_, phrases, _) in _lists().items() for phrase in phrases]
    return tuple(sorted(every, key=lambda one: -len(one[0])))


def _of_other_script(run: str) -> set[str]:
    """The parts of text in a script without blanks. What stands inside a longer entry of another part says nothing."""
    met = {entry: part for part, (_, _, anywhere) in _lists().items() for entry in anywhere if entry in run}
    return {part for entry, part in met.items() if not any(entry in other and entry != other for other in met)}


def _of_token(token: str) -> set[str]:
    """The parts of one word: of all of it, or else of its two halves, or of a long beginning or end."""
    whole = {part for part, (words, _, _) in _lists().items() if token in words}
    if whole:
        return whole
    for cut in range(2, len(token) - 1):
        halves = [_parts_of(token[:cut]) or _parts_of(token[:cut].rstrip(_JOINTS)), _parts_of(token[cut:])]
        if all(halves) and max(cut, len(token) - cut) >= _LONG:
            return halves[0] | halves[1]
    for length in range(len(token) - 1, _LONG - 1, -1):
        if ends := _parts_of(token[:length]) | _parts_of(token[-length:]):
            return ends
    return set()


@cache
def _parts_of(word: str) -> set[str]:
    return {part for part, (words, _, _) in _lists().items() if word in words}


def _run_together(text: str) -> str:
    return text.replace(" ", "")
