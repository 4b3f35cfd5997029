"""One function a chart: a tidy frame in, an Altair chart out, nothing computed beyond how it is drawn.

Each takes the frame, the reader's `Words` and the `title` that states the finding, and carries its message in
its `description`, which browsers read out. So `st.altair_chart(picture)` needs no `alt=`; with one, Streamlit
writes both texts, customers' figures among them, into the log.

A colour means the same everywhere (`COLOURS`). Text takes its colour and font from the page, so that one
chart serves light and dark, and nothing process-wide is touched.
"""

from clvapp.chart.act import MAX_POINTS, contrasts, gain, targets
from clvapp.chart.look import COLOURS, SMALL_GROUP, Words
from clvapp.chart.understand import (
    factors,
    pareto,
    revenue_by_month,
    sparkline,
    value_by_cohort,
    value_by_group,
    value_distribution,
)

__all__ = [
    "COLOURS",
    "MAX_POINTS",
    "SMALL_GROUP",
    "Words",
    "contrasts",
    "factors",
    "gain",
    "pareto",
    "revenue_by_month",
    "sparkline",
    "targets",
    "value_by_cohort",
    "value_by_group",
    "value_distribution",
]
