"""A chart's function -> the columns of the numbers behind its picture, with the words that people read above them.

A name means different things behind different pictures: `value` is what a customer is worth behind one, a key figure
behind another. What a frame holds beside these columns serves the drawing alone.
"""

from collections.abc import Callable
from typing import Any

from clvapp.columns import Column, DType, Unit


def columns(draw: Callable[..., Any]) -> tuple[Column, ...]:
    """The columns behind what `draw` draws; none for a function that is not one of our charts."""
    page = draw.__module__.removeprefix("clvapp.chart.")
    return _BEHIND.get(f"{page}.{draw.__name__}", ())


def _number(name: str, label: str, unit: Unit = "", meaning: str = "") -> Column:
    return Column(name, "number", unit, label, meaning)


def _share(name: str, label: str, meaning: str = "") -> Column:
    return _number(name, label, "share", meaning)


def _money(name: str, label: str, meaning: str = "") -> Column:
    return _number(name, label, "money", meaning)


def _people(label: str = "Customers") -> Column:
    return Column("customers", "integer", "customers", label, "")


def _text(name: str, label: str, dtype: DType = "string") -> Column:
    return Column(name, dtype, "months" if name in ("month", "cohort") and dtype == "date" else "", label, "")


_AT_LEAST, _AT_MOST = "Lower end of what chance leaves open, at 95 %.", "Upper end of what chance leaves open, at 95 %."
_LOW, _HIGH = _share("low", "At least", _AT_LEAST), _share("high", "At most", _AT_MOST)
_EARNED = (_money("low", "At least", _AT_LEAST), _money("high", "At most", _AT_MOST))

_BEHIND: dict[str, tuple[Column, ...]] = {
    "orders.revenue_by_month": (
        _text("month", "Month", "date"), _money("revenue", "Revenue"), _number("orders", "Orders", "orders"),
        _number("buyers", "Customers who bought", "customers"),
        _number("new_customers", "New customers", "customers"),
        Column("complete", "boolean", "", "Complete", "Whether the file holds all of that month."),
    ),
    "value.value_distribution": (
        _money("start", "Worth from"), _money("end", "Worth up to", "The last step may have no upper end."), _people(),
    ),
    "value.pareto": (
        _share("share_of_customers", "Best customers", "Share of all customers, best first."),
        _share("share_of_revenue", "Share of revenue", "What they bring together."),
    ),
    "value.value_by_cohort": (
        _text("month", "First ordered in", "date"), _people(), _money("value", "Value so far, each"),
        _money("sum_value", "Value so far, together"),
    ),
    "value.value_by_group": (_text("group", "Group"), _people(), _money("value", "Value so far, each"), *_EARNED),
    "value.forecast_course": (
        _text("date", "Up to", "date"), _money("expected", "Forecast"), _money("came", "What came"),
    ),
    "value.most_expected": (_text("name", "Customer"), _money("value", "Expected revenue"), *_EARNED),
    "value.probability_alive": (
        _number("orders", "Orders so far", "orders"), _number("silent_weeks", "Silent from", "weeks"),
        _number("until", "Silent up to", "weeks"), _share("p_alive", "Still a customer"),
    ),
    "segments.bars": (
        _text("segment", "Segment"), _people(), _share("share", "Share of customers"),
        _money("revenue", "Revenue so far"), _share("revenue_share", "Share of revenue"),
        _money("basket", "Typical order", "The middle customer's mean order."),
        _number("orders", "Orders each", "times"),
        _number("days_since_last_order", "Days since last order", "days", "Of the middle customer."),
        _text("rule", "Rule"), _text("what_helps", "What usually helps"),
    ),
    "profile.contrasts": (
        _text("label", "What was known early"), _share("share_high", "Of high-value customers"),
        _share("share_high_low", "High-value: at least", _AT_LEAST),
        _share("share_high_high", "High-value: at most", _AT_MOST), _share("share_others", "Of the others"),
        _share("share_others_low", "Others: at least", _AT_LEAST),
        _share("share_others_high", "Others: at most", _AT_MOST),
    ),
    "profile.gain": (
        _share("share_contacted", "Best-scored customers"), _share("share_found", "High-value among them"),
    ),
    "targets.targets": (
        _text("customer_id", "Customer"), _share("look_alike_score", "Look-alike score"), _money("gap", "Gap"),
    ),
    "repeat.curve": (
        _number("day", "Days since the first order", "days"), _share("share", "Bought again"), _LOW, _HIGH,
        _number("at_risk", "Customers still watched", "customers"),
        _number("came", "Came that day", "customers"),
    ),
    "repeat.by_group": (
        _text("group", "Group"), _people("Customers looked at"), _share("share", "Bought again"), _LOW, _HIGH,
    ),
    "repeat.by_order": (
        _number("number", "Purchase"), _people("Customers looked at"), _number("came", "Who made it", "customers"),
        _share("share", "Share who made it"), _LOW, _HIGH, _text("reason", "Why nothing is said"),
        _number("median", "Middle gap", "days", "Days since the purchase before, of the middle customer."),
    ),
    "repeat.cohort_map": (
        _text("cohort", "First ordered in", "date"), _number("month", "Months since", "months"), _people(),
        _number("active", "Who bought", "customers"), _share("retention", "Share who bought"),
        _money("revenue", "Revenue"), _money("revenue_per_customer", "Revenue of one"),
        _money("cumulative_per_customer", "Revenue of one so far"),
        Column("complete", "boolean", "", "Complete", "Whether that month is over."),
    ),
    "then_now.moves": (
        _text("then", "Then"), _text("now", "Now"), _people(),
        _share("share", "Share", "Of those who were in the segment then."),
    ),
    "then_now.revenue_bridge": (_text("why", "Why"), _money("change", "Change in revenue")),
    "then_now.trend_line": (_text("date", "Day", "date"), _number("value", "Value")),
}  # fmt: skip
