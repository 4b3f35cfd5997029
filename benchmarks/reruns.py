"""What a click costs on a page of a large shop, beside the same page with nothing loaded.

Pages run anew at each click, so all that they show must be there already but what the click asks for. Each page is run
again unchanged, and again with one of its widgets changed; what the second takes longer is the query itself.
"""

import logging
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import shopify_lines

ROOT = Path(__file__).parents[1]
LINES, TIMES, MOST = 1_000_000, 7, 3.0
# A page, and the widget that is changed on it: its kind, its key, and two values to go between.
Widget = tuple[str, str, tuple[Any, Any]]
PAGES: dict[str, Widget | None] = {
    "orders": None,
    "overview": None,
    "value": ("button_group", "group_by", (0, 1)),
    "segments": ("selectbox", "segment", (0, 1)),
    "repeat": ("button_group", "again_by", (0, 1)),
    "profile": None,
    "targets": ("number_input", "most", (None, 100)),
    "then_now": ("selectbox", "trend", (4, 5)),
}


class Person:
    """Somebody on a page of the app in this process: `milliseconds` of the script, as a server would run it."""

    def __init__(self) -> None:
        """Open the app."""
        from streamlit.runtime.pages_manager import PagesManager
        from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
        from streamlit.testing.v1 import AppTest

        begin, run = PagesManager.__init__, ScriptRunner._run_script
        self.taken = 0.0

        def begun(manager: PagesManager, *args: Any, **kwargs: Any) -> None:
            begin(manager, *args, **kwargs)
            PagesManager.uses_pages_directory = False  # app.py runs before each page, as in a server that is up

        def timed(runner: ScriptRunner, *args: Any, **kwargs: Any) -> None:
            start = time.perf_counter()
            run(runner, *args, **kwargs)
            self.taken = 1_000 * (time.perf_counter() - start)

        PagesManager.__init__ = begun  # type: ignore[method-assign]
        ScriptRunner._run_script = timed  # type: ignore[method-assign]
        sys.path.insert(0, str(ROOT))
        self.at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=900).run()

    def go(self, page: str) -> float:
        """Open a page."""
        self.at.switch_page(f"pages/{page}.py").run()
        return self.taken

    def again(self) -> float:
        """The same page, nothing asked of it."""
        self.at.run()
        return self.taken

    def change(self, kind: str, key: str, value: Any) -> float:
        """Ask something of a widget: a value, or an option by its place."""
        one = next(one for one in self.at.get(kind) if str(one.key).startswith(key))
        one.set_value(value if kind == "number_input" else one.options[value])
        return self.again()


def least(of: Callable[[int], float]) -> float:
    """The least of several turns."""
    return min(of(turn) for turn in range(TIMES))


def asked(person: Person, widget: Widget) -> float:
    """The least that a rerun takes that is asked for the other of two values each time."""
    kind, key, values = widget
    return least(lambda turn: person.change(kind, key, values[(turn + 1) % 2]))


def main() -> None:
    """Load the shop, measure each page, and print."""
    logging.disable(logging.WARNING)
    from clvapp import read
    from clvapp.analysis import load

    person = Person()
    empty = {page: least(lambda _, page=page: person.go(page)) for page in PAGES}
    path = shopify_lines.path(LINES)
    session = person.at.session_state["session"]
    session.shop = load([read.Source(path.name, path)])
    print(f"A click on a page of {LINES:,} lines, milliseconds; again / empty shall be at most {MOST:g}")
    print(f"  {'page':<12}{'empty':>8}{'first':>10}{'again':>8}{'changed':>9}{'query':>8}{'again / empty':>15}")
    for page, widget in PAGES.items():
        first, again = person.go(page), least(lambda _: person.again())
        other = asked(person, widget) if widget else again
        ratio = again / empty[page]
        print(
            f"  {page:<12}{empty[page]:>8.1f}{first:>10.0f}{again:>8.1f}{other:>9.1f}{max(other - again, 0):>8.1f}"
            f"{ratio:>9.1f} {'holds' if ratio <= MOST else 'MISSED'}", flush=True,
        )  # fmt: skip
    session.shop.close()


if __name__ == "__main__":
    main()
