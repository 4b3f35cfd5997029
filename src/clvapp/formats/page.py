"""The known exports -> the page of the docs that lists them: `python -m clvapp.formats.page > docs/formats.md`."""

import sys

from clvapp import formats
from clvapp.formats.layout import Format

_INTRODUCTION = """\
# The exports that are known

A file of one of these is recognised by its column names and read without a question, but for what only its owner can
know (such as whether 03/04 is in March or April). Any other table of orders is read too: its columns are guessed from
their names and contents, and shown for you to confirm.

This page is written from the files in `src/clvapp/formats` by `python -m clvapp.formats.page > docs/formats.md`.
"""
_LIST = "| export | key | where the shop makes it | one row is |\n|---|---|---|---|"


def page() -> str:
    """The whole page, in Markdown."""
    listed = [f"| {one.name} | `{one.key}` | {_cell(one.menu_path)} | {one.one_row} |" for one in formats.known()]
    parts = ["\n".join([_LIST, *listed]), *map(_section, formats.known())]
    if formats.lookalikes():
        parts.append(_refused())
    return "\n\n".join([_INTRODUCTION.rstrip(), *parts]) + "\n"


def _section(one: Format) -> str:
    """One export: what its total means, and what else an owner should know."""
    nobody = [f"It names no customer. {one.nobody_named}"] if one.nobody_named else []
    lines = [f"Made in the shop at: {one.menu_path}.", f"An order's value is: {one.total_means}.", *nobody, *one.notes]
    return "\n".join([f"## {one.name}", "", *(f"- {line}" for line in lines)])


def _refused() -> str:
    """The tables that look like order exports but are not, and what to give instead."""
    lines = [
        f"- **{one.name}**: it {one.refuse}. Give '{formats.named(one.instead).name}'." for one in formats.lookalikes()
    ]
    return "\n".join(["## Refused by name", "", "These look like orders and are none:", "", *lines])


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(page())
