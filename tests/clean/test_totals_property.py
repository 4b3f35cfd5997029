"""The costliest mistake of the field: an order's total read once per line. Four shapes of one export say the same."""

from decimal import Decimal

import pytest
from hand_frames import csv_text, read
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

_PRICES = st.integers(min_value=1, max_value=99_999).map(lambda cents: Decimal(cents) / 100)
_LINES = st.lists(st.tuples(st.integers(min_value=1, max_value=9), _PRICES), min_size=1, max_size=4)
_ORDERS = st.lists(
    st.fixed_dictionaries({"day": st.integers(13, 28), "who": st.sampled_from("abc"), "lines": _LINES}),
    min_size=1, max_size=8,
)  # fmt: skip


def _rows(orders, shape):
    """The rows of an export in one of the four shapes."""
    for number, order in enumerate(orders, start=1):
        total = sum(quantity * price for quantity, price in order["lines"])
        head = {
            "Order ID": f"N-{number}",
            "Order date": f"2026-01-{order['day']}",
            "E-mail": f"{order['who']}@example.org",
        }
        if shape == "summary row":
            yield {**head, "Item": "", "Quantity": "", "Unit price": "", "Order total": total}
        for place, (quantity, price) in enumerate(order["lines"]):
            row = {**head, "Item": f"Thing {place}", "Quantity": quantity, "Unit price": price}
            if shape != "lines":
                here = shape == "repeated" or (shape == "first line" and place == 0)
                row["Order total"] = total if here else ""
            yield row


@pytest.mark.parametrize("shape", ["first line", "repeated", "summary row", "lines"])
@settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(orders=_ORDERS)
def test_revenue_and_orders_do_not_depend_on_where_the_total_stands(shape, orders):
    found = read(csv_text(list(_rows(orders, shape))))
    totals = [float(sum(quantity * price for quantity, price in order["lines"])) for order in orders]
    assert found.column("value") == pytest.approx(
        [total for _, total in sorted(zip(map(_name, range(len(orders))), totals, strict=True))]
    )
    assert found.revenue == pytest.approx(sum(totals), rel=1e-12)
    assert found.reasons == {}


def _name(place):
    return f"N-{place + 1}"
