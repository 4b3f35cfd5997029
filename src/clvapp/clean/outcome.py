"""What reading and cleaning find out, apart from the tables that they make."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from clvapp.clean.lines import Raw
from clvapp.clean.strays import Trade
from clvapp.clean.totals import Shape
from clvapp.formats.layout import DateOrder


@dataclass(frozen=True)
class Loaded:
    """What was read: the raw tables and how their text was understood."""

    raws: tuple[Raw, ...]
    shapes: tuple[Shape, ...]
    date_order: DateOrder | None
    rows_in: int
    rows_ragged: int
    doubled_orders: int
    changed_orders: int
    currency_signs: Mapping[str, int] = field(default_factory=dict)  # of several currencies
    date_order_assumed: tuple[str, ...] = ()  # the formats whose dates did not show it
    unknown_kinds: tuple[str, ...] = ()
    numbers_again: int = 0  # order numbers that stand for several orders, of other days
    joined_orders: int = 0  # orders that the end of a file had cut
    damaged_phones: int = 0
    gift_cards_used: bool = False  # some were sold, and orders pay with some


@dataclass(frozen=True)
class Cleaned:
    """What counts. `report` has one row for each reason: `reason`, `label`, `rows`, `orders`, `money`.

    `currencies` has one row for each currency: `currency`, `orders`, `value`. `currency` is the one analysed. Money is
    in that currency. Rows are the file's rows; refunds and adjustments count as used. `trade` is the same whatever day
    is looked back from.
    """

    rows_in: int
    rows_used: int
    report: pd.DataFrame
    currency: str | None
    currencies: pd.DataFrame
    orders: int
    refund_documents: int
    refund_documents_linked: int
    pending_orders: int
    not_attributable_rows: int
    not_attributable_orders: int
    not_attributable_revenue: float
    weak_identities: int
    telephone_identities: int
    marked_refunded: int
    trade: Trade
    gift_card_orders: int
    gift_card_money: float
    disputes_lost: int
    part_paid: int
    part_paid_whole: int
    findings: tuple[str, ...]
