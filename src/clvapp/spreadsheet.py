"""Cells that a spreadsheet would run as formulas, and how they are written so that it does not."""

# A spreadsheet runs a cell that starts with one of these. East Asian editions run the wide signs as well.
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


def defused(cell: str) -> str:
    """`cell`, with an apostrophe in front if a spreadsheet would run it.

    >>> defused("=1+1"), defused("tea")
    ("'=1+1", 'tea')
    """
    return f"'{cell}" if cell.startswith(_RUNS) else cell


def restored(cell: str) -> str:
    """Undo the defusing of a cell, for lists that owners load back in.

    >>> restored("'+49 170 1"), restored("'tis")
    ('+49 170 1', "'tis")
    """
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_RUNS) else cell
