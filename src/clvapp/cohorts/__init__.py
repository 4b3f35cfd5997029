"""Order days -> how many of each month's new customers still buy, what they have brought, and when they pay back."""

from clvapp.cohorts.payback import payback
from clvapp.cohorts.table import cohort_table

__all__ = ["cohort_table", "payback"]
