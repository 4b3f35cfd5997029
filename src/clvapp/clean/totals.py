"""Whether the totals of a raw table are of orders or of their lines, by what the whole column shows."""

from dataclasses import dataclass

import duckdb

from clvapp.clean.lines import Raw
from clvapp.database import rows

# A repeated total may differ between the rows of its order. If it does in more than this share of the orders that
# repeat one, the totals are line totals.
LINE_LEVEL_SHARE = 0.2
# Where pieces times price give the total in nearly every row of the orders with several, the totals are line totals
# too, even if all the lines of each order cost the same.
OF_LINES_SHARE, SAME_MONEY = 0.9, "greatest(0.011, 0.005 * quantity)"


@dataclass(frozen=True)
class Shape:
    """What we found about a raw table on the way: whether its totals are line totals, and how many ids are damaged."""

    totals_are_lines: bool
    damaged_ids: int
    totals_differ: int
    totals_are_products: bool = False  # line totals by pieces times price, though the rows of an order agree
    numbers_again: int = 0  # order numbers that stand for several orders, of other days


def shape_of_totals(con: duckdb.DuckDBPyConnection, raw: Raw, damaged: int, repeated: frozenset[str]) -> Shape:
    """Totals that differ within an order, or are pieces times price, belong to its lines. The whole column decides."""
    if "order_total" not in repeated:
        return Shape(totals_are_lines=False, damaged_ids=damaged, totals_differ=0)
    differ, repeat = rows(con, "SELECT count(*) FILTER (s_totals_differ), count(*) FILTER (s_totals > 1) FROM sums")[0]
    lines = not raw.format.all_of and differ > LINE_LEVEL_SHARE * max(repeat, 1)
    if repeat and not lines and lines_show_price(raw):
        found = "sum(s_totals_of_lines), sum(s_totals) FROM sums WHERE s_totals > 1"
        of_lines, totals = rows(con, f"SELECT {found}")[0]
        if of_lines >= OF_LINES_SHARE * totals:
            return Shape(True, damaged_ids=damaged, totals_differ=differ, totals_are_products=True)
    return Shape(totals_are_lines=lines, damaged_ids=damaged, totals_differ=differ)


def lines_show_price(raw: Raw) -> bool:
    """Whether pieces and a price of an unknown table say what each line costs, whatever its total says."""
    return not raw.format.all_of and {"quantity", "unit_price"} <= set(raw.roles)
