"""A Parquet file -> its columns as text, as a CSV of the same table would hold them."""

import json
from collections.abc import Iterator
from typing import IO, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from clvapp.sandbox import BATCH, Fault, Request


def heads(request: Request, given: IO[bytes]) -> dict[str, list[list[str]]]:
    """The column names and first rows. Raises `Fault`."""
    file = _opened(given)
    if file.metadata.num_rows > request["most_rows"]:
        raise Fault({"fault": "rows"})
    columns = file.schema_arrow.names
    batch = next(file.iter_batches(batch_size=request["count"], use_threads=False), None)
    texts = [_text(column).fill_null("").to_pylist() for column in batch.columns] if batch is not None else []
    return {"": [columns, *map(list, zip(*texts, strict=True))]}


def batches(request: Request, given: IO[bytes]) -> tuple[Any, Iterator[Any]]:
    """The Arrow schema, and batches of the requested columns."""
    file = _opened(given)
    schema = pa.schema([("record", pa.int64()), *((str(place), pa.string()) for place in request["columns"])])
    return schema, _batches(file, request, schema)


def _batches(file: Any, request: Request, schema: Any) -> Iterator[Any]:
    first = request["after"] + 1
    every = [field.name for field in file.schema_arrow]
    names = [every[place] for place in request["columns"]]
    twice = len(set(every)) < len(every)  # then only its place identifies a column
    for batch in file.iter_batches(batch_size=BATCH, columns=None if twice else names, use_threads=False):
        found = batch.columns if twice else [batch.column(name) for name in names]
        columns = [found[place] for place in request["columns"]] if twice else found
        numbers = pa.array(range(first, first + batch.num_rows), pa.int64())
        first += batch.num_rows
        yield pa.record_batch([numbers, *map(_text, columns)], schema=schema)


def _opened(given: IO[bytes]) -> Any:
    return pq.ParquetFile(given, pre_buffer=False, buffer_size=1 << 20)


def _text(column: Any) -> Any:
    """The cells of one column: whole numbers without '.0', dates in ISO, moments with a zone in that zone's time."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _text(column.dictionary_decode())
    if pa.types.is_timestamp(kind):
        if kind.tz is not None:
            column = pc.local_timestamp(column)
        return pc.strftime(column.cast(pa.timestamp("s"), safe=False), format="%Y-%m-%d %H:%M:%S")
    if pa.types.is_floating(kind):
        return pa.array([_number(value) for value in column.to_pylist()], pa.string())
    if pa.types.is_nested(kind):
        return pa.array(
            [None if value is None else json.dumps(value, default=str) for value in column.to_pylist()], pa.string()
        )
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        values = column.to_pylist()
        return pa.array(
            [None if value is None else value.decode("utf-8", errors="replace") for value in values], pa.string()
        )
    if pa.types.is_duration(kind) or pa.types.is_null(kind):
        return pa.array([None if value is None else str(value) for value in column.to_pylist()], pa.string())
    return column.cast(pa.string())


def _number(value: float | None) -> str | None:
    """A number as text. NaN and infinity are blank."""
    if value is None or value != value or value in {float("inf"), float("-inf")}:
        return None
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
