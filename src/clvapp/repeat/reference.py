"""What the retention literature reports for shops, with sources, to show beside a shop's own figures.

We read all of them as quoted in marketing articles from 2013 to 2018. We did not see the primary studies, and each
`source` says so. They are for orientation: nobody knows which shops those studies looked at.
"""

from dataclasses import dataclass

_AS_QUOTED = "as quoted in marketing articles of 2013-2018, primary study not seen"
_GROWTH = f"RJMetrics, e-commerce growth benchmark ({_AS_QUOTED})"
_CROSS = f"Pitney Bowes ({_AS_QUOTED})"
_ARTICLES = "marketing articles of 2013-2018, which name no primary study"


@dataclass(frozen=True)
class Reference:
    """A figure from the literature: a fraction, which shops are about there or over it, and who says so."""

    key: str
    value: float
    bound: str  # "about" or "over"
    who: str
    meaning: str
    source: str


REFERENCES: dict[str, Reference] = {
    one.key: one
    for one in (
        Reference("second_purchase", 0.30, "about", "fast-growing shops",
                  "Customers who buy a second time within 30 days of the first.", _GROWTH),
        Reference("third_purchase", 0.50, "over", "fast-growing shops",
                  "Of those with a second purchase, customers who buy a third time.", _GROWTH),
        Reference("cross_buying", 0.75, "about", "shops studied",
                  "Cross-sales that happen within 90 days of the first purchase.", _CROSS),
        Reference("first_month", 0.50, "over", "shops studied",
                  "Of a customer's first-year value, what comes within the first month.", _GROWTH),
        Reference("repeat_first_months", 0.20, "about", "fast-growing shops",
                  "Of revenue in a shop's first months, what comes from repeat purchases.", _GROWTH),
        Reference("repeat_third_year", 0.50, "over", "fast-growing shops",
                  "Of revenue in a shop's third year, what comes from repeat purchases.", _GROWTH),
        Reference("existing_customers", 0.45, "about", "the average shop",
                  "Of revenue, what comes from customers who had bought before.", _ARTICLES),
        Reference("existing_customers_best", 0.75, "about", "the best shops",
                  "Of revenue, what comes from customers who had bought before.", _ARTICLES),
    )
}  # fmt: skip
