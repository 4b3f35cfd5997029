"""One function a chart: a tidy frame in, an Altair chart out, nothing computed beyond how it is drawn.

Each takes the frame, the reader's `Words` and the `title` that states the finding, and carries its message in
its `description`, which browsers read out. So `st.vega_lite_chart` needs no `alt=`; with one, Streamlit writes both
texts, customers' figures among them, into the log.

A colour means the same everywhere (`COLOURS`). Text takes its colour and font from the page, so that one
chart serves light and dark, and nothing process-wide is touched.
"""

from clvapp.chart.act import MAX_POINTS, contrasts, gain, targets
from clvapp.chart.ahead import alive_plane, forecast_course, most_expected
from clvapp.chart.flow import moves
from clvapp.chart.look import COLOURS, SMALL_GROUP, Words
from clvapp.chart.returns import (
    cohort_map,
    repeat_by_group,
    repeat_curve,
    repeat_ladder,
    revenue_bridge,
    segment_bars,
    trend_line,
)
from clvapp.chart.spec import spec
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
    "alive_plane",
    "cohort_map",
    "contrasts",
    "factors",
    "forecast_course",
    "gain",
    "most_expected",
    "moves",
    "pareto",
    "repeat_by_group",
    "repeat_curve",
    "repeat_ladder",
    "revenue_bridge",
    "revenue_by_month",
    "segment_bars",
    "sparkline",
    "spec",
    "targets",
    "trend_line",
    "value_by_cohort",
    "value_by_group",
    "value_distribution",
]
