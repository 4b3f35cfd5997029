"""An Altair chart -> the Vega-Lite that a browser draws, with its rows beside it as named streams of Arrow."""

from typing import Any

import altair as alt
import pandas as pd
import pyarrow as pa


def spec(picture: alt.LayerChart) -> dict[str, Any]:
    """`picture` as a Vega-Lite specification. Its `datasets` holds the rows by name, as streams of Arrow.

    Altair would write the rows as text and check every part against its schema. That takes three times as long as
    everything else a page does. The tests check every chart against the schema instead.
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
    """Replace a frame by a name, and keep the frame under it. The same frame always gets the same name."""
    if not isinstance(data, pd.DataFrame):
        return data
    name = next((name for name, frame in frames.items() if frame is data), f"rows-{len(frames)}")
    frames[name] = data
    return alt.NamedData(name=name)
