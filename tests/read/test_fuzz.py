"""Whatever a file holds, reading it ends in a result or in one sentence. `FUZZ_MINUTES` says for how long to look."""

import json
import os
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clvapp import Source, load, segments
from clvapp.problems import Problem
from clvapp.read import saved_mapping
from clvapp.shop import prepared, with_attributes

pytestmark = pytest.mark.prove
MINUTES = float(os.environ.get("FUZZ_MINUTES", "2"))
ODD = [
    "",
    "'",
    '"',
    "=1",
    "\x00",
    "\ufeff",
    "é",
    "\u2028",
    "x" * 3_000,
    "1e999",
    "31/02/2024",
    "-0",
    "NaN",
    "２０２４",
    "٣",
]
SHOPIFY = ["Name", "Email", "Created at", "Total", "Lineitem name", "Lineitem quantity", "Lineitem price"]
CELLS = st.one_of(
    st.sampled_from(ODD), st.text(max_size=12), st.dates().map(str), st.decimals(allow_nan=False, places=2).map(str),
    st.emails(), st.integers().map(str),
)  # fmt: skip
HEADINGS = st.one_of(
    st.sampled_from(["Order", "Date", "E-mail", "Total", "Fecha", "Betrag", "Quantity", "Price", "Status", "Currency"]),
    st.sampled_from(SHOPIFY), CELLS,
)  # fmt: skip
SIGNS = st.sampled_from([",", ";", "\t", "|"])
ENCODINGS = st.sampled_from(["utf-8", "utf-16", "cp1252", "utf-8-sig", "shift_jis", "utf-16-be"])


@st.composite
def tables(draw, headings=HEADINGS):
    """The bytes of a table, whole or torn."""
    rows = [draw(st.lists(headings, min_size=1, max_size=8)), *draw(st.lists(st.lists(CELLS, max_size=9), max_size=12))]
    text = draw(st.sampled_from(["\n", "\r\n", "\r"])).join(draw(SIGNS).join(row) for row in rows)
    content = text.encode(draw(ENCODINGS), errors="replace")
    return content[: draw(st.integers(0, len(content)))] if draw(st.booleans()) else content


def look(test, share):
    """Run `test` on new examples for its share of the minutes."""
    until = time.monotonic() + 60 * MINUTES * share
    while True:
        settings(max_examples=50, database=None, suppress_health_check=list(HealthCheck))(test)()
        if time.monotonic() > until:
            return


def test_any_bytes_are_orders_or_a_sentence():
    @given(st.one_of(tables(), st.binary(max_size=400)))
    def one(content):
        try:
            load([Source("orders.csv", content)]).close()
        except Problem as problem:
            assert str(problem)

    look(one, 0.5)


def test_any_saved_mapping_is_used_or_a_sentence():
    good = saved_mapping.SavedMapping(("Datum", "Betrag"), {"ordered_at": ("Datum",), "order_total": ("Betrag",)})
    anything = st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), CELLS),
        lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(CELLS, inner, max_size=4)), max_leaves=8,
    )  # fmt: skip

    @given(
        st.sampled_from(["headings", "roles", "date_order", "decimal_sign", "cents", "version", "kind"]),
        anything,
        tables(),
    )
    def one(field, value, content):

        changed = json.loads(good.content()) | {field: value}
        try:
            prepared([Source("columns.json", json.dumps(changed).encode()), Source("orders.csv", content)])
        except Problem as problem:
            assert str(problem)

    look(one, 0.2)


def test_any_table_of_segments_is_used_or_a_sentence():
    @given(st.one_of(tables(st.one_of(st.sampled_from(segments.table.COLUMNS), CELLS)), st.binary(max_size=300)))
    def one(content):
        try:
            table = segments.read(content, "segments.csv")
        except Problem as problem:
            assert str(problem)
        else:
            assert segments.read(segments.content(table), "segments.csv").equals(table)

    look(one, 0.1)


def test_any_file_about_customers_is_joined_or_a_sentence():
    rows = "".join(f"{i},2024-03-{1 + i:02d},c{i}@example.org,{10 + i}.50\n" for i in range(20))
    shop = load([Source("orders.csv", f"Order,Date,E-mail,Total\n{rows}".encode())])

    @given(tables(st.one_of(st.sampled_from(["E-mail", "customer id", "Age"]), CELLS)))
    def one(content):
        try:
            with_attributes(shop, Source("about.csv", content))
        except Problem as problem:
            assert str(problem)

    look(one, 0.2)
    shop.close()
