"""An Altair chart -> what a browser draws: Vega-Lite, with its rows beside it as Arrow, under names of their own."""

from typing import Any

import altair as alt
import pandas as pd
import pyarrow as pa


def spec(picture: alt.LayerChart) -> dict[str, Any]:
    """`picture` as a Vega-Lite specification; `datasets` has its rows by name, as streams of Arrow.

    Altair would write rows out as text, and checks every part against its schema: three times the work of all
    else that a page does. The tests check every chart against the schema instead.
    """
    drawn = picture.copy(deep=False)
    frames: dict[str, pd.DataFrame] = {}
    drawn.data = _named(drawn.data, frames)
    drawn.layer = [layer.copy(deep=False) for layer in drawn.layer]
    for layer in drawn.layer:
        layer.data = _named(layer.data, frames)
    found: dict[str, Any] = drawn.to_dict(validate=False)
    return found | {"datasets": {name: _stream(frame) for name, frame in frames.items()}}


def _stream(frame: pd.DataFrame) -> bytes:
    table = pa.Table.from_pandas(frame)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def _named(data: Any, frames: dict[str, pd.DataFrame]) -> Any:
    """A name in place of a frame, which is kept under it; the same frame has one name."""
    if not isinstance(data, pd.DataFrame):
        return data
    name = next((name for name, frame in frames.items() if frame is data), f"rows-{len(frames)}")
    frames[name] = data
    return alt.NamedData(name=name)
