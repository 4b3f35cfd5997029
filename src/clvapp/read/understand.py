"""A source -> which export it is, and which column is for what, by the formats we know and what its owner says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from clvapp import formats
from clvapp.formats.layout import Beside, DateOrder, DecimalSign, Format
from clvapp.read import guess
from clvapp.read.saved_mapping import SavedMapping
from clvapp.read.sheet import Sheet, look
from clvapp.read.source import Source


@dataclass(frozen=True)
class Reading:
    """What only the owner can say about how a file is to be read.

    `mapping` is role -> headings or places of columns, joined by a space, to put right what is known or guessed.
    `saved` mappings are of whole files: where one fits, nothing is guessed.
    """

    format: str | None = None
    mapping: Mapping[str, Sequence[str | int]] = field(default_factory=dict)
    saved: tuple[SavedMapping, ...] = ()
    date_order: DateOrder | None = None
    decimal_sign: DecimalSign | None = None
    sheets: tuple[str, ...] = ()  # of workbooks, where several sheets could hold the orders


@dataclass(frozen=True)
class Understood:
    """A sheet, the format it was taken for, and which column is for what. `guessed` mappings want confirming.

    `beside` says which of a format's files it is, when it is not the one with the orders.
    """

    sheet: Sheet
    format: Format
    mapping: Mapping[str, tuple[int, ...]]
    guessed: bool
    saved: SavedMapping | None = None
    beside: Beside | None = None


def understand(source: Source, reading: Reading = Reading()) -> Understood:
    """What `source` is, without reading it whole. Raises a `Problem` when it cannot be orders."""
    return taken_for(look(source), reading)


def taken_for(sheet: Sheet, reading: Reading = Reading()) -> Understood:
    """What a sheet that was looked at is, by its headings, its first rows and what its owner said."""
    saved = next((one for one in reading.saved if one.fits(sheet.headings)), None)
    if saved is not None:
        formats.refuse_lookalike(sheet.headings)
        said = guess.positions(saved.roles, sheet.headings)
        return Understood(sheet, formats.general(), said, guessed=False, saved=saved)
    known = formats.named(reading.format) if reading.format else formats.recognise(sheet.headings)
    if known is None and (part := formats.beside(sheet.headings)):
        return Understood(sheet, part[0], part[1].places(sheet.headings), guessed=False, beside=part[1])
    told = guess.positions(reading.mapping, sheet.headings)
    if known is None or known.key == formats.FALLBACK:
        formats.refuse_lookalike(sheet.headings)
        return Understood(sheet, formats.general(), guess.mapping(sheet) | told, guessed=True)
    return Understood(sheet, known, formats.mapping(known, sheet.headings) | told, guessed=False)


def headings(one: Understood) -> dict[str, str]:
    """Role -> the heading it is read from, as the owner wrote it."""
    return {role: one.sheet.headings[places[0]] for role, places in one.mapping.items()}
