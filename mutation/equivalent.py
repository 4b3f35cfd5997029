"""The list of mutants that nobody could tell from the code, each with the reason why."""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from mutation.mutants import Mutant, plain

Key = tuple[str, str, str, str, int]


def equivalent(path: Path) -> dict[Key, str]:
    """Each listed mutant's key -> why it may live."""
    listed = tomllib.loads(path.read_text(encoding="utf-8")).get("equivalent", [])
    return {_key(one): str(one["why"]) for one in listed}


def gone(listed: Iterable[Key], found: Iterable[Mutant]) -> list[Key]:
    """Those of the `listed` that are no mutants any more: their code was changed, so somebody has to look again."""
    there = {mutant.key for mutant in found}
    return [key for key in listed if key not in there]


def _key(one: dict[str, Any]) -> Key:
    return one["module"], one["function"], plain(one["was"]), plain(one["now"]), one.get("nth", 1)
