"""Bytes or a path -> a `Sheet` (what kind of table it is) -> a raw text table in the session's own database.

>>> from clvapp.database import Engine
>>> orders = Source("orders.csv", b"Order,Date,Total\\nA-1,2026-01-05,10.00\\nA-2,2026-01-06,7.50\\n")
>>> sheet = look(orders)
>>> sheet.headings, sheet.header_row, sheet.delimiter
(('Order', 'Date', 'Total'), 1, ',')
>>> with Engine() as engine:
...     load(sheet, {"ordered_at": (1,), "order_total": (2,)}, engine.con).rows_in
...     engine.con.sql("SELECT record, ordered_at, order_total FROM raw ORDER BY record").fetchall()
2
[(2, '2026-01-05', '10.00'), (3, '2026-01-06', '7.50')]
"""

from clvapp.read.archive import Files, files
from clvapp.read.load import Loaded, load
from clvapp.read.sheet import Sheet, look
from clvapp.read.source import LIMITS, Limits, Source
from clvapp.read.understand import Reading, Understood, headings, taken_for, understand

__all__ = [
    "LIMITS", "Files", "Limits", "Loaded", "Reading", "Sheet", "Source", "Understood", "files", "headings", "load",
    "look", "taken_for", "understand",
]  # fmt: skip
