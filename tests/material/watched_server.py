"""Streamlit, with a note a second of which shops and analyses are still there. Python never looks for circles in it.

Run as `python watched_server.py run app.py ...`; the variable WATCHED names the file that the notes go to.
"""

import gc
import json
import os
import sys
import tempfile
import time
import weakref
from pathlib import Path
from threading import Thread

gc.disable()
sys.path.insert(0, ".")

from streamlit.web import cli  # noqa: E402

from clvapp.database import Engine  # noqa: E402
from screen import session  # noqa: E402

SEEN: dict[str, list] = {"engines": [], "analyses": [], "frames": []}
began, used = Engine.__post_init__, session.use


def begun(engine):
    began(engine)
    SEEN["engines"].append(weakref.ref(engine))


def in_use(found):
    SEEN["analyses"].append(weakref.ref(found))
    SEEN["frames"].append(weakref.ref(found.customers))
    return used(found)


def watch():
    target = Path(os.environ["WATCHED"])
    while True:
        note = {kind: [len(of), sum(one() is not None for one in of)] for kind, of in SEEN.items()}
        note["folders"] = len(list(Path(tempfile.gettempdir()).glob("clvapp-*")))
        target.with_suffix(".new").write_text(json.dumps(note))
        target.with_suffix(".new").replace(target)
        time.sleep(0.2)


if __name__ == "__main__":
    Engine.__post_init__, session.use = begun, in_use
    Thread(target=watch, daemon=True).start()
    sys.argv[0] = "streamlit"
    sys.exit(cli.main())
