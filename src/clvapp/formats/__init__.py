"""The exports we know, each one TOML file beside this module, and how one is recognised by its headings."""

from collections.abc import Mapping
from dataclasses import dataclass, field

# What a column of an export can be for. A raw table has one text column a role that was mapped.
ROLES: Mapping[str, str] = {
    "customer_email": "the buyer's e-mail address",
    "customer_id": "the shop's own number of the customer",
    "customer_name": "the buyer's name (several headings are joined by a space)",
    "customer_phone": "the buyer's telephone number",
    "postcode": "the buyer's postcode",
    "order_id": "the order's number, as people know it",
    "order_uid": "the shop's inner number of the order, unique where order numbers repeat",
    "ordered_at": "when the order was placed (several headings are joined by a space)",
    "paid_at": "when it was paid",
    "cancelled_at": "when it was cancelled: filled means that the order does not count",
    "order_total": "the order's total, as the customer paid it, before refunds",
    "line_total": "one line's total",
    "quantity": "pieces on the line",
    "unit_price": "price of one piece",
    "discount": "money taken off the order",
    "refunded": "money given back, a positive amount on the order",
    "refunded_at": "when it was given back",
    "shipping": "shipping inside the order's total",
    "tax": "tax inside the order's total",
    "currency": "the currency's three-letter code",
    "status": "the order's status",
    "mode": "live or test",
    "product": "what was bought",
    "category": "the kind of product",
    "sku": "the product's number",
    "country": "country",
    "region": "state or province",
    "city": "town",
    "channel": "where the order came from",
    "accepts_marketing": "consent to marketing",
}


@dataclass(frozen=True)
class Format:
    """One export: the headings that recognise it, what its columns are for, and what its words mean.

    `roles` maps a role to alternatives, best first; an alternative is the headings to join by a space (mostly one).
    Statuses and patterns are compared in lower case, trimmed.
    """

    key: str
    name: str
    menu_path: str = ""
    all_of: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    roles: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    date_formats: tuple[str, ...] = ()
    statuses_that_do_not_count: tuple[str, ...] = ()
    statuses_pending: tuple[str, ...] = ()
    test_modes: tuple[str, ...] = ()
    adjustment_pattern: str = ""  # an order number like this changes money but is no order
    total_means: str = ""
    notes: tuple[str, ...] = ()
