"""Amounts in cents, where their heading says so -> amounts in the currency's unit."""

from dataclasses import replace

import duckdb

from clvapp.clean.lines import Raw
from clvapp.clean.numbers import MONEY
from clvapp.clean.values import Values
from clvapp.database import rows
from clvapp.formats.units import in_small_money


def in_whole_units(con: duckdb.DuckDBPyConnection, raw: Raw, values: Values) -> Values:
    """`values` with the amounts of an unknown table divided by a hundred where their heading says cents.

    A column in which an amount has a fraction is no column of cents, whatever its heading says.
    """
    if raw.format.all_of:
        return values
    small = [role for role in values.numbers if role != "quantity" and in_small_money(raw.headings.get(role, ""))]
    whole = [
        role
        for role in small
        if not rows(con, f"SELECT EXISTS (SELECT 1 FROM {raw.table} WHERE {values.numbers[role]} % 1 <> 0)")[0][0]
    ]
    divided = {role: f"try_cast({values.numbers[role]} / 100 AS {MONEY})" for role in whole}
    return replace(values, numbers={**values.numbers, **divided})
