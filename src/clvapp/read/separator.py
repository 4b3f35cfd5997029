"""The line that tells a spreadsheet a table's separator ("sep=;") -> the separators to try."""

import re
from collections.abc import Sequence

_TOLD = re.compile(r"""\s*"?sep=([!#-/:-@[-`{-~\t])"?[ \t]*[\r\n]+([^\r\n]*)""", re.IGNORECASE)


def separators(text: str, usual: Sequence[str]) -> Sequence[str]:
    """The one that the first line of `text` tells, or else the `usual` ones.

    We believe it only where the next line has one. A file that was stored again may have another by now.

    >>> separators("sep=^\\nOrder^Total\\n", ",;"), separators("sep=,\\nOrder;Total\\n", ",;")
    ('^', ',;')
    """
    told = _TOLD.match(text)
    return told[1] if told and told[1] in told[2] else usual
