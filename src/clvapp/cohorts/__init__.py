"""Order days -> who of each month's new customers is still buying, what they have brought, and when they pay back."""

from clvapp.cohorts.payback import payback, payback_sentence
from clvapp.cohorts.triangle import MONTH_DAYS, triangle

__all__ = ["MONTH_DAYS", "payback", "payback_sentence", "triangle"]
