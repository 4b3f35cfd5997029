"""Customers known by several keys -> who may be one person: under one name and postcode, or one telephone number.

Two addresses may belong to two people, so nothing here changes an order. The owner decides whether they are joined.
"""

from collections import defaultdict
from collections.abc import Iterable

import duckdb
import pandas as pd

from clvapp.clean import telephones
from clvapp.database import rows

# A pick-up point, a student house or a shop's own number is under more customers than one person would be.
MOST_KEYS = 8
# A first name alone is no name, unless its script puts no blank between first and last.
_NAME = "(contains(name, ' ') OR name SIMILAR TO '.*[^ -~].*')"
_POSTCODE = "regexp_replace(regexp_replace(postcode, '[ -]', '', 'g'), '^([0-9]{5})[0-9]{4}$', '\\1')"
_SHARED = {
    ("name", "postcode"): (f"strip_accents(lower(name)) || ', ' || {_POSTCODE}", _NAME),
    ("phone",): ("right(regexp_replace(phone, '[^0-9]', '', 'g'), 8)", "length(phone) > 7"),
}
_Key = tuple[str, str, str]  # what is shared, whose it is, and since when


def find(con: duckdb.DuckDBPyConnection, who: str) -> None:
    """Make the table `same_person`: one row for each key of a person with several.

    It has `customer_id`, `joined` (the key the person had first) and `shared` (what they have in common). `who` is the
    SQL for an order's customer.
    """
    there = {row[0] for row in rows(con, "DESCRIBE head_rows")}
    groups: dict[str, dict[str, str]] = defaultdict(dict)
    for needed, (shared, holds) in _SHARED.items():
        if there.issuperset(needed):
            for word, customer, since in _alike(con, who, needed, shared=shared, holds=holds):
                groups[word][customer] = since
    found = _joined(group for group in groups.items() if 1 < len(group[1]) <= MOST_KEYS)
    frame = pd.DataFrame(found, columns=["customer_id", "joined", "shared"], dtype="string")
    con.register("found_people", frame)
    rows(con, "CREATE OR REPLACE TABLE same_person AS SELECT customer_id::VARCHAR AS customer_id, "
              "joined::VARCHAR AS joined, shared::VARCHAR AS shared FROM found_people")  # fmt: skip
    con.unregister("found_people")


def _alike(con: duckdb.DuckDBPyConnection, who: str, needed: Iterable[str], *, shared: str, holds: str) -> list[_Key]:
    """What several customers share, each time with one of them. Most shops have none, and a number each tells that."""
    filled = " AND ".join(f"{name} IS NOT NULL" for name in needed)
    known = (
        f"SELECT {shared} AS shared, {who} AS customer_id, moment, {'phone' if 'phone' in needed else 'NULL'} AS phone "
        f"FROM heads h WHERE {filled} AND {holds} AND value > 0 AND NOT superseded"
    )
    several = (
        f"SELECT number FROM (SELECT hash(shared) AS number, hash(customer_id) AS customer FROM ({known})) "
        "GROUP BY number HAVING min(customer) <> max(customer)"
    )
    since = "coalesce(min(moment)::VARCHAR, 'later')"
    found = rows(con, f"SELECT shared, customer_id, phone, {since} FROM ({known}) WHERE hash(shared) IN "
                      f"({several}) AND customer_id IS NOT NULL GROUP BY ALL ORDER BY ALL")  # fmt: skip
    if "phone" not in needed:
        return [(word, customer, since) for word, customer, _, since in found]
    spelled = telephones.read(con, {phone for _, _, phone, _ in found})
    return [(number, customer, since) for _, customer, phone, since in found if (number := spelled[phone])]


def _joined(groups: Iterable[tuple[str, dict[str, str]]]) -> list[tuple[str, str, str]]:
    """Key, the first key of the same person, and what it shares with another key.

    Keys that both share something with a third are one person's, too.
    """
    above: dict[str, str] = {}
    since: dict[str, str] = {}
    shared: dict[str, str] = {}

    def top(key: str) -> str:
        while (higher := above.setdefault(key, key)) != key:
            above[key] = above[higher]
            key = higher
        return key

    for word, keys in groups:
        first, *others = keys
        for key, moment in keys.items():
            shared.setdefault(key, word)
            since[key] = min(moment, since.get(key, moment))
        for other in others:
            above[top(other)] = top(first)
    people: dict[str, list[str]] = defaultdict(list)
    for key in since:
        people[top(key)].append(key)
    found = []
    for of_one in people.values():
        oldest = min(of_one, key=lambda key: (since[key], key))
        found += [(key, oldest, shared[key]) for key in sorted(of_one)]
    return found
