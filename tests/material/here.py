"""What the product does in a process of its own, done in this one."""

import contextlib
import io

from clvapp.read import outside
from clvapp.sandbox.__main__ import answer


@contextlib.contextmanager
def in_this_process(source, request, limits):
    """What the process that reads workbooks does, for files that cannot end it: twenty times as quick."""
    out = io.BytesIO()
    with source.seekable(limits) as given:
        code = answer(request, io.BytesIO(given.read()), out)
    out.seek(0)
    yield outside.Asked(out, lambda: code != 0)
