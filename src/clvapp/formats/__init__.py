"""The exports we know, each one TOML file beside this module, and how one is recognised by its headings."""

import re
from collections.abc import Sequence, Set
from functools import cache

from clvapp.formats.layout import (
    INNER_ROLES,
    ROLES,
    Beside,
    Format,
    Headerless,
    Signature,
    places_of,
    plain,
    plain_all,
    read_folder,
)
from clvapp.problems import FormatUnclear, LookAlike, MissingColumn, UnknownFormat

FALLBACK = "general"  # never recognised: it lends its words to the guess, and its statuses to an owner's own mapping


@cache
def known() -> tuple[Format, ...]:
    """Every export that can be recognised, by name."""
    return tuple(sorted((one for one in _every() if one.key != FALLBACK), key=lambda one: one.name.casefold()))


@cache
def lookalikes() -> tuple[Format, ...]:
    """Tables that look like orders and are none, each to be refused by its name."""
    return tuple(sorted(read_folder("lookalikes"), key=lambda one: one.name.casefold()))


def shops() -> str:
    """Whose exports are recognised, each once, as a sentence lists them."""
    names = sorted({one.name.split(" ")[0] for one in known()}, key=str.casefold)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def general() -> Format:
    """What is true of any export: words of headings in several languages, statuses that do not count."""
    return next(one for one in _every() if one.key == FALLBACK)


def named(name: str) -> Format:
    """The export whose key or name is `name`, in any case. Raises `UnknownFormat`."""
    for one in _every():
        if plain(name) in {plain(one.key), plain(one.name)}:
            return one
    raise UnknownFormat(name, tuple(one.key for one in known()))


def recognise(headings: Sequence[str]) -> Format | None:
    """The export whose signature fits `headings` and says most, if any.

    Raises `FormatUnclear` on a tie, and `LookAlike` for a table that is known to hold no orders.
    """
    fitting = _fitting(headings)
    if len(fitting) > 1:
        raise FormatUnclear(tuple(one.name for one in fitting))
    refuse_lookalike(headings)
    return fitting[0] if fitting else None


def refuse_lookalike(headings: Sequence[str]) -> None:
    """Raises `LookAlike` when `headings` are best known as those of a table without orders."""
    for one in _fitting(headings)[:1]:
        if one.refuse:
            right = named(one.instead)
            raise LookAlike(one.name, one.refuse, right.name, menu_path=right.menu_path)


def beside(headings: Sequence[str]) -> tuple[Format, Beside] | None:
    """The export, and which of its files beside the orders, that `headings` are of, if any."""
    there = places_of(headings).keys()
    for one in known():
        for other in one.beside:
            if all(heading in there for heading in plain_all(other.all_of)):
                return one, other
    return None


def headerless(lines: Sequence[str]) -> Headerless | None:
    """The export without column names that every one of `lines` looks like, if any; its names stand for headings."""
    for one in known():
        for form in one.headerless:
            if lines and all(re.match(form.line, line) for line in lines):
                return form
    return None


def fits(fmt: Format, headings: Sequence[str]) -> bool:
    """Whether the signature of `fmt` fits `headings`, whichever other one says more."""
    return _fit(fmt, places_of(headings).keys()) > 0


def mapping(fmt: Format, headings: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """Role -> positions in `headings`, several to be joined by a space. Raises `MissingColumn`."""
    places = places_of(headings)
    found: dict[str, tuple[int, ...]] = {}
    for role, alternatives in fmt.roles.items():
        for alternative in alternatives:
            if all(plain(heading) in places for heading in alternative):
                found[role] = tuple(places[plain(heading)] for heading in alternative)
                break
    for role in fmt.required:
        if role not in found:
            heading, meaning = " ".join(fmt.roles[role][0]), ROLES.get(role) or INNER_ROLES[role]
            raise MissingColumn(fmt.name, heading, meaning, menu_path=fmt.menu_path)
    return found


def _fitting(headings: Sequence[str]) -> list[Format]:
    """Those whose signature fits and says most: one, none, or several in a tie."""
    there = places_of(headings).keys()
    candidates = (*known(), *lookalikes())
    scores = [_fit(one, there) for one in candidates]
    best = max(scores, default=0)
    return [one for one, score in zip(candidates, scores, strict=True) if score == best > 0]


def _fit(fmt: Format, there: Set[str]) -> int:
    """How many headings of the signature that fits best are there; 0 when none fits."""
    main = Signature(fmt.all_of, fmt.any_of, fmt.none_of)
    return max(_signed(signature, there) for signature in (main, *fmt.alternatives))


def _signed(signature: Signature, there: Set[str]) -> int:
    if not all(heading in there for heading in plain_all(signature.all_of)):
        return 0
    some = sum(heading in there for heading in plain_all(signature.any_of))
    if (signature.any_of and not some) or any(heading in there for heading in plain_all(signature.none_of)):
        return 0
    return len(signature.all_of) + some


@cache
def _every() -> tuple[Format, ...]:
    """Each TOML file beside this module."""
    return tuple(read_folder())
