"""A source -> which export it is and what each column is for, by the formats we know and by what its owner says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from clvapp import formats
from clvapp.formats.layout import LEFT_ALONE, AmountIs, Beside, DateOrder, DecimalSign, Format
from clvapp.read import guess, more_states, prices
from clvapp.read.saved_mapping import SavedMapping
from clvapp.read.sheet import Sheet, look
from clvapp.read.source import LIMITS, Limits, Source


@dataclass(frozen=True)
class Reading:
    """What only the owner can tell us about how to read a file.

    `mapping` is role -> headings or places of columns, joined by a space. It corrects what we know or guess. `saved`
    mappings describe whole files: where one with columns fits, we guess nothing.
    """

    format: str | None = None
    mapping: Mapping[str, Sequence[str | int]] = field(default_factory=dict)
    saved: tuple[SavedMapping, ...] = ()
    date_order: DateOrder | None = None
    decimal_sign: DecimalSign | None = None
    statuses: Mapping[str, str] = field(default_factory=dict)  # word -> one of `clvapp.formats.words.MEANINGS`
    kinds: Mapping[str, str] = field(default_factory=dict)  # word for what a row is -> one of `words.KINDS`
    amount_is: AmountIs | None = None  # what a lone amount beside pieces is of
    cents: bool | None = None  # whether whole amounts are cents
    sheets: tuple[str, ...] = ()  # of workbooks in which several sheets could hold the orders


@dataclass(frozen=True)
class Understood:
    """A sheet, the format we took it for, and what each column is for. A `guessed` mapping should be confirmed.

    `beside` says which companion file it is, when it does not hold the orders.
    """

    sheet: Sheet
    format: Format
    mapping: Mapping[str, tuple[int, ...]]
    guessed: bool
    saved: SavedMapping | None = None
    beside: Beside | None = None


def understand(source: Source, reading: Reading = Reading(), *, limits: Limits = LIMITS) -> Understood:
    """What `source` is, without reading all of it. Raises a `Problem` when it cannot hold orders."""
    return taken_for(look(source, limits=limits), reading)


def taken_for(sheet: Sheet, reading: Reading = Reading()) -> Understood:
    """What a sheet is, by its headings, its first rows and what its owner said."""
    saved = next((one for one in reading.saved if one.fits(sheet.headings)), None)
    if saved is not None and saved.roles:
        formats.refuse_lookalike(sheet.headings)
        said = guess.positions(saved.roles, sheet.headings)
        return Understood(sheet, formats.general(), said, guessed=False, saved=saved)
    known = formats.named(reading.format) if reading.format else formats.recognise(sheet.headings)
    if known is None and (part := formats.beside(sheet.headings)):
        return Understood(sheet, part[0], part[1].places(sheet.headings), guessed=False, beside=part[1])
    told = guess.positions(reading.mapping, sheet.headings)
    if known is None or known.key == formats.FALLBACK:
        formats.refuse_lookalike(sheet.headings)
        found = prices.as_told(sheet, guess.mapping(sheet, told), reading.amount_is)
        general = formats.general()
        if prices.are_payments(sheet, found) or more_states.differ_by_line(sheet, found):  # with statuses of their own
            general = replace(general, status_per_line=True)
        return Understood(sheet, general, found, guessed=True)
    mapped = guess.told_first(formats.mapping(known, sheet.headings, told), told)
    mapped.pop(LEFT_ALONE, None)
    return Understood(sheet, known, mapped, guessed=False, saved=saved)


def headings(one: Understood) -> dict[str, str]:
    """Role -> the heading that it is read from, as the owner wrote it."""
    return {role: one.sheet.headings[places[0]] for role, places in one.mapping.items()}
