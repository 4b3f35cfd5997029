"""The cells that name a customer -> who that is, or nobody.

A cell costs one pattern. What the pattern cannot settle is judged once for each distinct value.
"""

from collections.abc import Callable, Collection, Iterable, Mapping

import duckdb
import pandas as pd

from clvapp.clean.addresses import PLAIN, UNSEEN, address, visible
from clvapp.clean.lines import Raw
from clvapp.database import listed, literal, quoted, rows
from clvapp.formats.nobody import looks_like_no_mailbox, looks_like_no_name, mails_anybody, mails_nobody, names_nobody

# Role -> the cells that may need another spelling, and that spelling.
_SPELLINGS: Mapping[str, tuple[str, Callable[[str], str | None]]] = {
    "customer_email": (f"NOT regexp_full_match({{}}, {literal(PLAIN)}) OR {{}} ILIKE '%xn--%'", address),
    **{role: (f"regexp_matches({{}}, {literal(UNSEEN)})", visible) for role in ("customer_id", "customer_name")},
}
_MAIL, _NAME = (looks_like_no_mailbox, mails_nobody), (looks_like_no_name, names_nobody)
_NOBODY: Mapping[str, tuple[Callable[[], str], Callable[[str], bool]]] = {
    "customer_name": _NAME, "customer_email": _MAIL, "customer_id": _NAME,
}  # fmt: skip


def spell(con: duckdb.DuckDBPyConnection, raw: Raw, filled: Collection[str]) -> None:
    """Rewrite the addresses, numbers and names of `raw` that hold more than an address, a number or a name."""
    for role, (unsure, spelling) in _SPELLINGS.items():
        if role not in filled:
            continue
        said = _distinct(con, raw, role, unsure)
        found = [(word, spelled) for word in said if (spelled := spelling(word)) not in {None, word}]
        if found:
            con.register("spelled", pd.DataFrame(found, columns=["word", "spelled"]))
            cell = quoted(role)
            rows(con, f"UPDATE {raw.table} SET {cell} = nullif(s.spelled, '') FROM spelled s WHERE {cell} = s.word")
            con.unregister("spelled")


def nobody(con: duckdb.DuckDBPyConnection, raw: Raw, filled: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Role -> the words in its cells that name nobody."""
    found = {}
    for role, (pattern, is_nobody) in _NOBODY.items():
        if role in filled:
            said = _distinct(con, raw, role, f"regexp_matches({{}}, {literal(pattern())})")
            found[role] = tuple(word for word in said if is_nobody(word))
            if role == "customer_email":
                anybody = [word for word in said if mails_anybody(word) and word not in found[role]]
                found[role] += _of_several(con, raw, anybody, names=found.get("customer_name"))
    return found


def _of_several(
    con: duckdb.DuckDBPyConnection, raw: Raw, addresses: Collection[str], *, names: Collection[str] | None
) -> tuple[str, ...]:
    """Those of `addresses` that stand under several names, or on three orders without any. `names`: of nobody."""
    if not addresses:
        return ()
    name = f"lower({but_nobody('customer_name', names)})" if names is not None else "NULL"
    order = "order_id" if "order_id" in raw.roles else "record"
    found = rows(
        con,
        f"SELECT list(DISTINCT customer_email), count(DISTINCT {name}) AS named, count(DISTINCT {order}) AS orders "
        f"FROM {raw.table} WHERE customer_email IN ({listed(addresses)}) GROUP BY lower(customer_email) "
        "HAVING named > 1 OR (named = 0 AND orders > 2)",
    )
    return tuple(word for words, _, _ in found for word in words)


def _distinct(con: duckdb.DuckDBPyConnection, raw: Raw, role: str, where: str) -> list[str]:
    cell = quoted(role)
    found = rows(con, f"SELECT DISTINCT {cell} FROM {raw.table} WHERE {cell} IS NOT NULL AND "
                      f"({where.replace('{}', cell)})")  # fmt: skip
    return sorted(word for (word,) in found)


def but_nobody(cell: str, words: Iterable[str]) -> str:
    """SQL for a cell without the `words` that name nobody."""
    none = listed(words)
    return f"CASE WHEN {cell} NOT IN ({none}) THEN {cell} END" if none else cell


def word_for_nobody(found: Mapping[str, Collection[str]]) -> str:
    """SQL for the word of a row that names nobody, the name's before the address's."""
    cells = [
        f"CASE WHEN {quoted(role)} IN ({listed(words)}) THEN {quoted(role)} END"
        for role, words in found.items()
        if words
    ]
    return f"coalesce({', '.join(cells)})" if cells else ""
