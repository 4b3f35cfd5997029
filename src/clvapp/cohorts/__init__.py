"""Order days -> how many of each month's new customers still buy, what they have brought, when they pay back.

And what a customer won now will be worth.
"""

from clvapp.cohorts.payback import payback
from clvapp.cohorts.table import cohort_table

__all__ = ["cohort_table", "payback"]
