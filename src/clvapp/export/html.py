"""Headings, sentences and tables -> a self-contained page of HTML: no script, no picture, nothing fetched; it prints.

>>> b"&lt;b&gt;" in page("Shop", [Part("", ["<b>"])])
True
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import pandas as pd

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#0f172a}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;vertical-align:top;padding:.35rem .5rem;border-bottom:1px solid #cbd5e1}"
    "h1{font-size:1.6rem}h2{font-size:1.15rem;margin-top:2rem}"
)


@dataclass(frozen=True)
class Part:
    """A heading ("" for none), the paragraphs below it, and a table of text."""

    heading: str
    paragraphs: Sequence[str]
    table: pd.DataFrame | None = None


def page(title: str, parts: Sequence[Part]) -> bytes:
    """The page in UTF-8. All text is escaped, so a name in an export cannot smuggle in markup."""
    body = "".join(map(_part, parts))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width"><title>{escape(title)}</title><style>{_STYLE}</style></head><body>'
        f"<h1>{escape(title)}</h1>{body}</body></html>\n"
    ).encode()


def _part(part: Part) -> str:
    heading = f"<h2>{escape(part.heading)}</h2>" if part.heading else ""
    said = "".join(f"<p>{escape(one)}</p>" for one in part.paragraphs)
    return heading + said + ("" if part.table is None or part.table.empty else _table(part.table))


def _table(frame: pd.DataFrame) -> str:
    head = "".join(f"<th>{escape(str(name))}</th>" for name in frame.columns)
    rows = ("".join(f"<td>{escape(str(cell))}</td>" for cell in row) for row in frame.itertuples(index=False))
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(f'<tr>{row}</tr>' for row in rows)}</tbody></table>"
