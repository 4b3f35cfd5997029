"""Every column of our tables and downloads: its name, type, unit, label and meaning, written once."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import pandas as pd

DType = Literal["string", "category", "integer", "number", "boolean", "date", "timestamp"]
Unit = Literal[
    "", "money", "share", "times", "days", "weeks", "months", "orders", "order days", "pieces", "lines", "customers"
]


@dataclass(frozen=True)
class Column:
    """A column: the name it has in code and in files, and the words that people read for it."""

    name: str
    dtype: DType
    unit: Unit
    label: str
    meaning: str


# --- one row an order (a table of the engine, and orders.parquet) --------------------------------------------------
ORDER_ID = Column("order_id", "string", "", "Order", "The order's number as the shop wrote it.")
CUSTOMER_ID = Column(
    "customer_id",
    "string",
    "",
    "Customer",
    "E-mail address; else the shop's customer number; else name with postcode; else the name alone.",
)
DAY = Column("day", "integer", "days", "Day", "The order's local calendar day, counted from 1 January 1970.")
MONTH = Column("month", "integer", "", "Month", "The order's month, counted from January 1970.")
RANK = Column("rank", "integer", "", "Order number", "1 for a customer's first order, 2 for the second, and so on.")
VALUE = Column("value", "number", "money", "Order value", "What the order came to before refunds, counted once.")
REFUNDED = Column("refunded", "number", "money", "Refunded", "Money given back on this order.")
REVENUE = Column("revenue", "number", "money", "Revenue", "Order value minus refunds.")
ORDER_DATE = Column("date", "date", "", "Day", "The order's local calendar day.")
QUANTITY = Column("quantity", "number", "pieces", "Pieces", "How many pieces the order held.")
LINES = Column("lines", "integer", "lines", "Lines", "How many different lines the order had.")
COST = Column(
    "cost", "number", "money", "Cost", "What the goods of the order cost the shop; blank where the file does not say."
)
DISCOUNT = Column("discount", "number", "money", "Discount", "Money taken off before payment.")
PRODUCT = Column("product", "string", "", "Product", "The product of the order's most valuable line.")
CATEGORY = Column("category", "string", "", "Category", "The category of the order's most valuable line.")
COUNTRY = Column("country", "string", "", "Country", "The country on the order.")
REGION = Column("region", "string", "", "Region", "The state or province on the order.")
CITY = Column("city", "string", "", "City", "The town on the order.")
CHANNEL = Column("channel", "string", "", "Channel", "Where the order came from: web, point of sale, an app.")
ACCEPTS_MARKETING = Column(
    "accepts_marketing", "boolean", "", "May be written to", "Consent to marketing; blank where the file does not say."
)

ORDERS = (
    ORDER_ID, CUSTOMER_ID, DAY, MONTH, RANK, VALUE, REFUNDED, REVENUE, QUANTITY, LINES, DISCOUNT, COST, PRODUCT,
    CATEGORY, COUNTRY, REGION, CITY, CHANNEL, ACCEPTS_MARKETING,
)  # fmt: skip

ORDERED_AT = Column("ordered_at", "timestamp", "", "Placed at", "The order's local moment.")
ORDERS_FILE = (*ORDERS, ORDERED_AT)

# --- one row a customer ---------------------------------------------------------------------------------------------
EMAIL = Column("email", "string", "", "E-mail", "The customer's e-mail address, in lower case.")
NAME = Column("name", "string", "", "Name", "The customer's name on their latest order.")
FIRST_ORDER = Column("first_order", "date", "", "First order", "Day of the first order in the file.")
LAST_ORDER = Column("last_order", "date", "", "Last order", "Day of the latest order in the file.")
ORDER_COUNT = Column("orders", "integer", "orders", "Orders", "Paid orders, those refunded later included.")
ORDER_DAYS = Column(
    "order_days",
    "integer",
    "order days",
    "Order days",
    "Days on which the customer's orders came to more than nothing.",
)
FREQUENCY = Column("frequency", "integer", "order days", "Came back", "Order days after the first.")
RECENCY = Column("recency", "number", "weeks", "Recency (t_x)", "Weeks from the first order day to the last.")
TENURE = Column("T", "number", "weeks", "Tenure (T)", "Weeks from the first order day to the day looked back from.")
MONETARY_VALUE = Column(
    "monetary_value",
    "number",
    "money",
    "Value of a return",
    "Mean value of the order days after the first; blank when there are none.",
)
DAYS_SINCE_LAST_ORDER = Column(
    "days_since_last_order",
    "integer",
    "days",
    "Days since last order",
    "Days from the last order to the day looked back from.",
)
HISTORIC_VALUE = Column(
    "historic_value", "number", "money", "Value so far", "Margin times what the customer has paid, after refunds."
)
VALUE_SEGMENT = Column(
    "value_segment",
    "category",
    "",
    "Against the average",
    "Above or below the average customer's value so far, or the line that the settings draw instead.",
)
EXPECTED_ORDERS = Column(
    "expected_orders", "number", "order days", "Expected orders", "Order days expected within the horizon."
)
EXPECTED_REVENUE = Column(
    "expected_revenue",
    "number",
    "money",
    "Expected revenue",
    "What is expected of the customer within the horizon, undiscounted.",
)
EXPECTED_LOW = Column(
    "expected_revenue_low", "number", "money", "At least", "Lower end of 95 % of what may come of the customer."
)
EXPECTED_HIGH = Column(
    "expected_revenue_high", "number", "money", "At most", "Upper end of 95 % of what may come of the customer."
)
EXPECTED_VALUE = Column(
    "expected_value", "number", "money", "Expected value", "Discounted margin expected within the horizon."
)
PROBABILITY_ALIVE = Column(
    "probability_alive", "number", "share", "P(alive)", "Chance that the customer has not left for good."
)
NEXT_ORDER = Column(
    "expected_next_order",
    "date",
    "",
    "Next order",
    "Day by which the next order is as likely as not; blank where that is over two years off.",
)
LIFETIME_VALUE = Column(
    "lifetime_value", "number", "money", "Lifetime value", "Value so far plus the value expected within the horizon."
)
FORECAST = (
    EXPECTED_ORDERS, EXPECTED_REVENUE, EXPECTED_LOW, EXPECTED_HIGH, EXPECTED_VALUE, PROBABILITY_ALIVE, NEXT_ORDER,
    LIFETIME_VALUE,
)  # fmt: skip
LOOK_ALIKE_SCORE = Column(
    "look_alike_score",
    "number",
    "share",
    "Look-alike score",
    "Of customers whose first order looked like this one's, so many in 100 became high-value. "
    "It is not this customer's chance from here, nor the chance that they answer an offer.",
)
NEXT_YEAR_PROBABILITY = Column(
    "next_year_probability",
    "number",
    "share",
    "Chance next year",
    "Chance of spending more than the average customer in the next 12 months.",
)
GAP = Column(
    "gap",
    "number",
    "money",
    "Gap",
    "What customers like them who became valuable had spent by the same age, less their own spend. "
    "Not money to be earned.",
)
REASONS = tuple(
    Column(f"reason_{i}", "string", "", f"Reason {i}", "Why the customer is on this list, strongest first.")
    for i in (1, 2, 3)
)
LIST = Column("list", "category", "", "List", "Which of the lists on Upsell targets the customer is on.")

CUSTOMERS = (
    CUSTOMER_ID, EMAIL, NAME, FIRST_ORDER, LAST_ORDER, ORDER_COUNT, ORDER_DAYS, REVENUE, FREQUENCY, RECENCY, TENURE,
    MONETARY_VALUE, DAYS_SINCE_LAST_ORDER, COUNTRY, ACCEPTS_MARKETING, HISTORIC_VALUE, *FORECAST, VALUE_SEGMENT,
    LOOK_ALIKE_SCORE, NEXT_YEAR_PROBABILITY,
)  # fmt: skip
TARGETS = (
    CUSTOMER_ID, EMAIL, NAME, LIST, LOOK_ALIKE_SCORE, NEXT_YEAR_PROBABILITY, GAP, *REASONS, COUNTRY,
    ACCEPTS_MARKETING, FIRST_ORDER, LAST_ORDER, ORDER_COUNT, REVENUE,
)  # fmt: skip

# --- one row a month of first order ---------------------------------------------------------------------------------
COHORT = Column("cohort", "date", "months", "First ordered in", "The month of the first order, by its first day.")
COHORT_CUSTOMERS = Column("customers", "integer", "customers", "Customers", "How many first ordered in that month.")
ACQUISITION_COST = Column("acquisition_cost", "number", "money", "Cost of winning one", "As you gave it.")
COMPLETE_MONTHS = Column("months", "integer", "months", "Months so far", "Complete months since then.")
EARNED = Column("earned", "number", "money", "Earned of one", "Margin per customer in those months.")
PAID_BACK_IN = Column(
    "paid_back_in", "integer", "months", "Paid back in",
    "Months until the margin had paid for winning them; blank where that is still to come.",
)  # fmt: skip
PAYS_BACK_IN = Column(
    "pays_back_in", "integer", "months", "Will have paid back in",
    "If they go on as others did at that age; blank where they have, or where it is not seen within 36 months.",
)  # fmt: skip
LTV_CAC = Column(
    "ltv_cac", "number", "times", "LTV:CAC", "Earned so far over the cost of winning; blank where that was nothing."
)
LTV_CAC_YEAR = Column(
    "ltv_cac_year", "number", "times", "LTV:CAC, one year", "The same of the first 12 months, once they are complete."
)
TOLD_APART = Column(
    "told_apart", "boolean", "", "New customers",
    "Whether they were: in the first months of a file that begins later than the shop, old customers look new.",
)  # fmt: skip
PAYBACK = (
    COHORT, COHORT_CUSTOMERS, ACQUISITION_COST, COMPLETE_MONTHS, EARNED, PAID_BACK_IN, PAYS_BACK_IN, LTV_CAC,
    LTV_CAC_YEAR, TOLD_APART,
)  # fmt: skip

# --- one row a customer who may come back -----------------------------------------------------------------------------
NEXT_DUE = Column("due", "date", "", "Next order due", "The last order day and the usual gap after it.")
OVERDUE = Column("overdue_days", "integer", "days", "Days overdue", "Since the next order was due; 0 before that.")
USUAL_GAP = Column(
    "usual_gap_days", "number", "days", "Usual gap",
    "Median days between order days: their own from three gaps on, before that the shop's.",
)  # fmt: skip
OWN_RHYTHM = Column("own_rhythm", "boolean", "", "Own rhythm", "Whether the usual gap is their own, or the shop's.")
LATE_FROM = Column("late_from", "date", "", "Late from", "From that day on they are slipping, if they do not order.")
STATE = Column(
    "state",
    "category",
    "",
    "State",
    "New, active or slipping, by their own rhythm; blank until 20 came back.",
)
DUE = (
    CUSTOMER_ID, EMAIL, NAME, NEXT_DUE, OVERDUE, USUAL_GAP, OWN_RHYTHM, LATE_FROM, LAST_ORDER, STATE,
)  # fmt: skip


def names(columns: Iterable[Column]) -> list[str]:
    """The names of `columns`, in their order."""
    return [column.name for column in columns]


def telling(frame: pd.DataFrame, columns: Iterable[Column]) -> list[Column]:
    """The `columns` worth showing for `frame`: none that is all blank, and no customer twice by their e-mail.

    A customer with an e-mail address is known by it. If everybody has one, we show only the address; if not, the
    customer.
    """
    known = [column for column in columns if column.name in frame and (frame.empty or frame[column.name].notna().any())]
    if not {EMAIL, CUSTOMER_ID} <= set(known):
        return known
    mail = frame[EMAIL.name]
    if not (mail.isna() | (mail == frame[CUSTOMER_ID.name])).all():
        return known
    known.remove(EMAIL if mail.isna().any() else CUSTOMER_ID)
    return known
