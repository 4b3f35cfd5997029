"""Customers and their order days -> named groups by visible rules, each customer's state, and the groups' sizes."""

from clvapp.segments.groups import Segmented, segmented, sizes
from clvapp.segments.rfm import Cuts, cuts, scores
from clvapp.segments.rules import rule
from clvapp.segments.table import checked, content, default, read

__all__ = [
    "Cuts", "Segmented", "checked", "content", "cuts", "default", "read", "rule", "scores", "segmented",
    "sizes",
]  # fmt: skip
