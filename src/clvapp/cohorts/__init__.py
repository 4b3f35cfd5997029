"""Order days -> how many of each month's new customers still buy, what they have brought, and when they pay back."""

from clvapp.cohorts.payback import payback
from clvapp.cohorts.table import MONTH_DAYS, cohort_table

__all__ = ["MONTH_DAYS", "cohort_table", "payback"]
