"""Files -> a shop's orders in their own engine, using the formats we know and what only the owner can say."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

import numpy as np
import pandas as pd

from clvapp import clean, formats, read
from clvapp.customers import attributes as about
from clvapp.database import Engine, in_memory, quoted, rows
from clvapp.formats.layout import DateOrder
from clvapp.formats.words import folded
from clvapp.problems import OnlyMappings
from clvapp.read import companions, date_order, guess, saved_mapping, unclear
from clvapp.read.notes import notes
from clvapp.read.saved_mapping import SavedMapping
from clvapp.read.source import LIMITS, Limits
from clvapp.read.tidy import LONGEST_CELL
from clvapp.read.understand import Reading, Understood, headings, understand
from clvapp.wording import GIVEN, Of, Wording

Progress = Callable[[str], None]


def silent(_: str) -> None:
    """Nobody is watching."""


@dataclass(eq=False)
class Shop:
    """Orders as they were read, in their own engine. `close` forgets them. We do not keep the files themselves."""

    engine: Engine
    loaded: clean.Loaded
    file_names: tuple[str, ...]
    format_name: str
    known: bool  # whether we recognised the export of every file
    guessed: tuple[Mapping[str, str], ...]  # role -> heading, for each file whose columns we guessed
    ragged: pd.DataFrame
    saved: tuple[SavedMapping, ...] = ()  # for the files that no format knows, as we read them
    attributes: about.Attributes | None = None
    not_read: tuple[str, ...] = ()  # sentences about files, sheets and columns that we passed over

    def close(self) -> None:
        """Give back the memory and the spill folder."""
        self.engine.close()


@dataclass(frozen=True)
class Prepared:
    """Files that we looked at but have not read yet: what each one is, and everything said about how to read them."""

    reading: Reading
    files: read.Files
    understood: tuple[Understood, ...]
    limits: Limits = LIMITS

    @property
    def guessed(self) -> tuple[Understood, ...]:
        """The files whose columns we only guessed. Their owner should confirm them."""
        return tuple(one for one in self.understood if one.guessed)


def load(
    sources: Sequence[read.Source],
    reading: Reading = Reading(),
    *,
    attributes: read.Source | None = None,
    progress: Progress = silent,
) -> Shop:
    """Read `sources` into their own engine, using any column mappings among them.

    If it raises a `Problem` or a `Question`, it keeps nothing.
    """
    with in_memory():
        shop = read_whole(prepared(sources, reading), progress=progress)
    try:
        with in_memory():
            return with_attributes(shop, attributes) if attributes else shop
    except BaseException:
        shop.close()
        raise


def prepared(sources: Sequence[read.Source], reading: Reading = Reading(), *, limits: Limits = LIMITS) -> Prepared:
    """Look at `sources`: open archives, take workbooks apart into sheets, and use the column mappings among them."""
    exports, saved = saved_mapping.split(sources)
    if not exports and saved:
        raise OnlyMappings(sources[0].name)
    reading = replace(reading, saved=(*reading.saved, *saved))
    given = read.files(exports, reading.sheets, limits=limits)
    return Prepared(
        reading, given, tuple(understand(source, reading, limits=limits) for source in given.sources), limits
    )


def read_whole(made: Prepared, *, progress: Progress = silent) -> Shop:
    """Read the files we looked at into their own engine."""
    understood, reading = made.understood, made.reading
    companions.check(understood)
    unclear.ask(understood, reading)
    engine = Engine(made.limits.memory)
    try:
        progress("Reading your rows")
        raws, ragged, rows_in, cut = _raw_tables(engine, made)
        progress("Making orders out of lines")
        loaded = clean.load(engine.con, raws, rows_in=rows_in, rows_ragged=len(ragged))
        return Shop(
            engine, loaded, tuple(one.sheet.label for one in understood),
            " + ".join(dict.fromkeys(one.format.name for one in understood)),
            all(one.format.key != formats.FALLBACK for one in understood),
            tuple(headings(one) for one in understood if one.guessed), ragged,
            saved=_as_read(understood, reading),
            not_read=(*_not_read(made.files, understood), *cut, *_left_out_of_account(understood)),
        )  # fmt: skip
    except BaseException:
        engine.close()
        raise


def _left_out_of_account(understood: Sequence[Understood]) -> Iterator[str]:
    for one in understood:
        if one.guessed:
            yield from notes(one.sheet, one.mapping)


def _not_read(given: read.Files, understood: Sequence[Understood]) -> Iterator[str]:
    """The dropped files that hold no orders, one sentence each."""
    if given.passed_over:
        listed = ", ".join(f"'{name}'" for name in given.passed_over[:10])
        verbs = ("holds", "was") if len(given.passed_over) == 1 else ("hold", "were")
        files = Wording().count(
            len(given.passed_over), "file", of=Of("files_passed_over")
        )  # we read a shop before we know its reader's locale
        yield f"{files} {verbs[0]} no table and {verbs[1]} passed over: {listed}."
    for one in understood:
        read_too = {
            other.sheet.sheet_name for other in understood if other.sheet.source.content is one.sheet.source.content
        }
        if others := [name for name in one.sheet.other_sheets if name not in read_too]:
            listed = ", ".join(f"'{name}'" for name in others[:10])
            yield f"Of '{one.sheet.name}' the sheet '{one.sheet.sheet_name}' was read; not read: {listed}."


def _cut(name: str, count: int) -> list[str]:
    """What is said of cells that were too long, if there were any."""
    are, each = ("is", "its") if count == 1 else ("are", "their")
    words = Wording()
    most = words.count(LONGEST_CELL, of=GIVEN)
    said = (
        f"{words.count(count, 'cell', of=Of('cells_cut', group=name))} of '{name}' {are} longer than {most} characters"
    )
    return [f"{said}: only {each} beginning was read."] if count else []


def with_attributes(shop: Shop, source: read.Source, *, limits: Limits = LIMITS) -> Shop:
    """`shop`, plus what a file says about its customers. Both use the same engine."""
    sheet = read.look(source, of_orders=False, limits=limits)
    con, table = shop.engine.con, "attributes"
    columns = _unique(sheet.headings)
    rows(con, f"DROP TABLE IF EXISTS {table}")
    read.load(sheet, {f"a{i}": (i,) for i in range(len(columns))}, con, table=table, limits=limits)
    frame = con.execute(f"SELECT * EXCLUDE (file, record, first_cell) FROM {table} ORDER BY record").df()
    rows(con, f"DROP TABLE {table}")
    return replace(shop, attributes=about.attributes(source.name, frame.set_axis(columns, axis=1)))


def _unique(names: Sequence[str]) -> list[str]:
    """`names` without blanks or repeats: a database table, like a frame, has each name once.

    >>> _unique(["age", "", "age", "age (2)", "age"])
    ['age', 'Column 2', 'age (2)', 'age (2) (2)', 'age (3)']
    """
    found: dict[str, None] = {}
    for i, name in enumerate(names):
        filled = name or f"Column {i + 1}"
        numbered = (f"{filled} ({n})" for n in count(2))
        found[filled if filled not in found else next(one for one in numbered if one not in found)] = None
    return list(found)


def _as_read(understood: Sequence[Understood], reading: Reading) -> tuple[SavedMapping, ...]:
    """The mappings for the files, each once, with the answers about their dates, numbers and words."""
    words_alone = {  # an export that a format knows has nothing to keep but what was said about its words
        one.sheet.headings: SavedMapping(one.sheet.headings)
        for one in understood if (reading.statuses or reading.kinds) and not (one.saved or one.guessed or one.beside)
    }  # fmt: skip
    said = [*(one.saved for one in understood if one.saved), *words_alone.values()]
    return tuple(
        replace(one, date_order=one.date_order or reading.date_order,
                decimal_sign=one.decimal_sign or reading.decimal_sign,
                cents=reading.cents if one.cents is None else one.cents,
                statuses={**one.statuses, **reading.statuses}, kinds={**one.kinds, **reading.kinds})
        for i, one in enumerate(said) if one not in said[:i]
    )  # fmt: skip


def _raw_tables(engine: Engine, made: Prepared) -> tuple[list[clean.Raw], pd.DataFrame, int, list[str]]:
    """One raw table a format, or a layout of an owner's own; the rows that could not be read; what was cut."""
    understood, reading = made.understood, made.reading
    tables: dict[tuple[str, ...], list[int]] = {}
    for i, one in enumerate(understood):
        own = one.sheet.headings if one.format.key == formats.FALLBACK else ()
        tables.setdefault((one.format.key, *own), []).append(i)
    raws, ragged, rows_in, cut = [], [], 0, []
    for number, (_, members) in enumerate(tables.items()):
        named: dict[str, str] = {}
        for i in members:
            one = understood[i]
            table = companions.table(f"raw_{number}", one.beside)
            found = read.load(one.sheet, one.mapping, engine.con, table=table, file=i, limits=made.limits)
            ragged.append(found.unreadable)
            rows_in += found.rows_in
            cut += _cut(one.sheet.name, found.cut)
            named |= {} if one.beside else headings(one)
        beside = companions.beside(f"raw_{number}", [understood[i] for i in members])
        raw = _raw(f"raw_{number}", understood[members[0]], named, reading)
        raws.append(replace(raw, beside=beside, alone=len(understood) == 1, proven_order=_proven(understood, members)))
    return raws, pd.concat(ragged, ignore_index=True), rows_in, cut


def _proven(understood: Sequence[Understood], members: Sequence[int]) -> DateOrder | None:
    """Whether day or month comes first, as other dates of these files prove, if all agree."""
    files = [understood[i] for i in members]
    found = {date_order.proven(one.sheet, but=one.mapping.get("ordered_at", ())) for one in files} - {None}
    return found.pop() if len(found) == 1 else None


def _raw(table: str, one: Understood, named: Mapping[str, str], reading: Reading) -> clean.Raw:
    said = one.saved or SavedMapping(())
    return clean.Raw(
        table, one.format, tuple(named), named, said.date_order or reading.date_order,
        said.decimal_sign or reading.decimal_sign,
        reading.cents if said.cents is None else said.cents,
        statuses={folded(word): meaning for word, meaning in {**said.statuses, **reading.statuses}.items()},
        kinds={folded(word): meaning for word, meaning in {**said.kinds, **reading.kinds}.items()},
    )  # fmt: skip


def preview(one: Understood, reading: Reading = Reading(), *, most: int = 5) -> pd.DataFrame:
    """The first orders in the sample rows of a sheet: `order_id`, `customer_id`, `date`, `revenue`."""
    guess.check(one.mapping, one.sheet.headings)
    sample = pd.DataFrame(
        {
            "file": 0,
            "record": np.arange(len(one.sheet.rows)) + one.sheet.header_row + 1,
            "first_cell": [row[0].strip() or None for row in one.sheet.rows],
            **{
                role: [" ".join(row[place].strip() for place in places).strip() or None for row in one.sheet.rows]
                for role, places in one.mapping.items()
            },
        }
    ).astype({"file": "int32", **dict.fromkeys(["first_cell", *one.mapping], "object")})
    columns = ", ".join(f"{quoted(role)}::VARCHAR AS {quoted(role)}" for role in ["first_cell", *one.mapping])
    with Engine() as engine:
        engine.con.register("shown", sample)
        rows(engine.con, f"CREATE TABLE raw AS SELECT file, record, {columns} FROM shown")
        engine.con.unregister("shown")
        raw = replace(_raw("raw", one, headings(one), reading), proven_order=_proven([one], [0]))
        loaded = clean.load(engine.con, [raw], rows_in=len(sample), ask=False)
        clean.orders(engine.con, loaded, count_pending=True, keep_strays=True)
        return engine.con.execute(
            "SELECT order_id, customer_id, moment::DATE AS date, revenue::DOUBLE AS revenue FROM orders "
            f"ORDER BY moment, order_id LIMIT {int(most)}"
        ).df()
