"""Two dates of the same orders -> every key figure on both, the trend, who moved, and why revenue changed.

It may import other stages, because it runs them at another date. Only the analysis stands above it.
"""

from clvapp.days import year_before
from clvapp.then_now.bridge import bridge
from clvapp.then_now.compare import compare, holm
from clvapp.then_now.figures import FIGURES, KeyFigure, figures_at, trend, usual_days, window_days
from clvapp.then_now.history import History, history
from clvapp.then_now.moves import NOT_YET, behind, moves, then_and_now

__all__ = [
    "FIGURES",
    "NOT_YET",
    "History",
    "KeyFigure",
    "behind",
    "bridge",
    "compare",
    "figures_at",
    "history",
    "holm",
    "moves",
    "then_and_now",
    "trend",
    "usual_days",
    "window_days",
    "year_before",
]  # fmt: skip
