"""The exports we know, one TOML file each, next to this module, and how their headings identify them."""

import re
from collections.abc import Container, Sequence, Set
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

FALLBACK = "general"  # never recognised: the guess uses its words, and an owner's own mapping uses its statuses


@cache
def known() -> tuple[Format, ...]:
    """Every export that we can recognise, by name."""
    return tuple(sorted((one for one in _every() if one.key != FALLBACK), key=lambda one: one.name.casefold()))


@cache
def lookalikes() -> tuple[Format, ...]:
    """Tables that look like order exports but are not, so that we can refuse each by name."""
    return tuple(sorted(read_folder("lookalikes"), key=lambda one: one.name.casefold()))


def shops() -> str:
    """The shops whose exports we recognise, each once, listed as in a sentence."""
    names = sorted({one.name.split(" ")[0] for one in known()}, key=str.casefold)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def general() -> Format:
    """What holds for any export: heading words in several languages, and statuses that do not count."""
    return next(one for one in _every() if one.key == FALLBACK)


def named(name: str) -> Format:
    """The export whose key or name is `name`, in any case. Raises `UnknownFormat`."""
    for one in _every():
        if plain(name) in {plain(one.key), plain(one.name)}:
            return one
    raise UnknownFormat(name, tuple(one.key for one in known()))


def recognise(headings: Sequence[str]) -> Format | None:
    """The export with the most specific signature that fits `headings`, or None.

    Raises `FormatUnclear` on a tie, and `LookAlike` for a table that we know holds no orders.
    """
    fitting = _fitting(headings)
    if len(fitting) > 1:
        raise FormatUnclear(tuple(one.name for one in fitting))
    refuse_lookalike(headings)
    return fitting[0] if fitting else None


def refuse_lookalike(headings: Sequence[str]) -> None:
    """Raises `LookAlike` when the best match for `headings` is a table without orders."""
    for one in _fitting(headings)[:1]:
        if one.refuse:
            right = named(one.instead)
            raise LookAlike(one.name, one.refuse, right.name, menu_path=right.menu_path)


def beside(headings: Sequence[str]) -> tuple[Format, Beside] | None:
    """The export and its companion file that `headings` belong to, or None."""
    there = places_of(headings).keys()
    for one in known():
        for other in one.beside:
            if all(heading in there for heading in plain_all(other.all_of)):
                return one, other
    return None


def headerless(lines: Sequence[str]) -> Headerless | None:
    """The export without column names that all of `lines` look like, or None. Its own names then serve as headings."""
    for one in known():
        for form in one.headerless:
            if lines and all(re.match(form.line, line) for line in lines):
                return form
    return None


def fits(fmt: Format, headings: Sequence[str]) -> bool:
    """Whether the signature of `fmt` fits `headings`, even if another one is more specific."""
    return _fit(fmt, places_of(headings).keys()) > 0


def mapping(fmt: Format, headings: Sequence[str], told: Container[str] = ()) -> dict[str, tuple[int, ...]]:
    """Role -> positions in `headings`. Several positions are joined by a space.

    `told`: roles whose columns the owner named, which need not be there. Raises `MissingColumn`.
    """
    places = places_of(headings)
    found: dict[str, tuple[int, ...]] = {}
    for role, alternatives in fmt.roles.items():
        for alternative in alternatives:
            if all(plain(heading) in places for heading in alternative):
                found[role] = tuple(places[plain(heading)] for heading in alternative)
                break
    for role in fmt.required:
        if role not in found and role not in told:
            heading, meaning = " ".join(fmt.roles[role][0]), ROLES.get(role) or INNER_ROLES[role]
            raise MissingColumn(fmt.name, heading, meaning, menu_path=fmt.menu_path)
    return found


def _fitting(headings: Sequence[str]) -> list[Format]:
    """The formats whose signature fits and is the most specific: one, none, or several in a tie."""
    there = places_of(headings).keys()
    candidates = (*known(), *lookalikes())
    scores = [_fit(one, there) for one in candidates]
    best = max(scores, default=0)
    return [one for one, score in zip(candidates, scores, strict=True) if score == best > 0]


def _fit(fmt: Format, there: Set[str]) -> int:
    """How many headings of the best-fitting signature are there. 0 when none fits."""
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
    """Each TOML file next to this module."""
    return tuple(read_folder())
