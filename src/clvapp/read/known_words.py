"""The words of a column -> whether it holds statuses, kinds, flags or shares, whatever its heading may mean."""

from collections.abc import Sequence

from clvapp.formats.units import is_share
from clvapp.formats.words import OF_LINES, flags, kind_of, meaning_of
from clvapp.read import cells
from clvapp.read.spellings import AMOUNTS
from clvapp.read.table import share

# A state of the country or of the order, an outcome of anything: such a column holds statuses only if they are known.
_AMBIGUOUS = {
    "state", "etat", "estado", "stato", "stan", "stav", "zustand", "situacao", "durum", "result", "results", "resultat",
    "resultado", "risultato", "ergebnis",
}  # fmt: skip


def by_words(role: str, heading: str, values: Sequence[str]) -> bool | None:
    """What known words in a column say about this role. None if they say nothing."""
    if (role in AMOUNTS or role == "quantity") and (is_share(heading) or _are_shares(values)):
        return False
    if role in ("status", "payment_status") and cells.words(heading) in _AMBIGUOUS:
        return bool(values) and share(values, _is_status) >= 0.5
    if role == "kind":
        return bool(values) and share(values, _is_kind) >= 0.5
    if role == "region" and values and share(values, _is_status) >= 0.5:
        return False
    if role in ("cancelled_at", "mode") and values and share(values, is_flag) >= 0.9:
        return True
    return None


def _are_shares(values: Sequence[str]) -> bool:
    return bool(values) and share(values, lambda value: "%" in value) >= 0.5


def _is_status(value: str) -> bool:
    return meaning_of(value) is not None


def _is_kind(value: str) -> bool:
    return kind_of(value) not in {None, *OF_LINES}


def is_flag(value: str) -> bool:
    """Whether a cell says yes or no."""
    return value.casefold() in flags("yes") or value.casefold() in flags("no")
