"""A page of a large shop -> what a click on it costs, beside an empty page of the app.

A widget reruns its part of the page, which recomputes what depends on it. We run each part twice, unchanged and with
its widget changed: the difference is the query itself. We also rerun each page as a whole.
"""

import logging
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks import shopify_lines

ROOT = Path(__file__).parents[1]
LINES, TIMES, MOST = 1_000_000, 20, 3.0
# The widgets that we change on each page: kind, key, and two values to switch between.
Widget = tuple[str, str, tuple[Any, Any]]
NUMBERS = (False, True)  # of the expander behind each picture
PAGES: dict[str, tuple[Widget, ...]] = {
    "orders": (("expander", "numbers_months", NUMBERS), ("expander", "sales", NUMBERS)),
    "overview": (),
    "value": (("button_group", "group_by", (0, 1)), ("expander", "numbers_pareto", NUMBERS)),
    "segments": (("selectbox", "segment", (0, 1)),),
    "repeat": (("button_group", "again_by", (0, 1)), ("button_group", "cohort_map", (0, 1))),
    "profile": (("expander", "numbers_gain", NUMBERS),),
    "targets": (("number_input", "most", (None, 100)), ("toggle", "consent_known", (True, False))),
    "then_now": (("selectbox", "move", (0, 1)), ("selectbox", "trend", (4, 5))),
}


class Person:
    """Somebody on a page of the app, in this process. Each call times the script, in ms, as a server would run it."""

    def __init__(self) -> None:
        """Open the app."""
        from streamlit.runtime.pages_manager import PagesManager
        from streamlit.runtime.scriptrunner.script_cache import ScriptCache
        from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
        from streamlit.testing.v1 import AppTest, app_test, local_script_runner

        begin, run, compiled = PagesManager.__init__, ScriptRunner._run_script, ScriptCache()
        self.taken, self.part = 0.0, None

        def begun(manager: PagesManager, *args: Any, **kwargs: Any) -> None:
            begin(manager, *args, **kwargs)
            PagesManager.uses_pages_directory = False  # app.py runs before each page, as in a server that is up

        def timed(runner: ScriptRunner, asked: Any) -> None:
            asked = replace(asked, fragment_id_queue=[self.part] if self.part else [])  # as a browser asks for it
            start = time.perf_counter()
            run(runner, asked)
            self.taken = 1_000 * (time.perf_counter() - start)

        PagesManager.__init__ = begun  # type: ignore[method-assign]
        ScriptRunner._run_script = timed  # type: ignore[method-assign]
        for module in (app_test, local_script_runner):  # a server compiles a page once
            module.ScriptCache = lambda: compiled  # type: ignore[attr-defined]
        sys.path.insert(0, str(ROOT))
        self.at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=900).run()

    def go(self, page: str) -> float:
        """Open a page."""
        self.part = None
        self.at.switch_page(f"pages/{page}.py").run()
        return self.taken

    def again(self) -> float:
        """Rerun the page, or its part, with nothing changed."""
        self.at.run()
        return self.taken

    def into(self, key: str) -> None:
        """From now on, rerun only the part of the page that holds the widget `key`."""
        known = self.at._session_state._state._new_widget_state.widget_metadata.values()
        self.part = next(one.fragment_id for one in known if str(one.id).endswith(f"-{key}"))

    def change(self, kind: str, key: str, value: Any) -> float:
        """Change a widget: give it a value, choose an option by its place, or open an expander."""
        if kind == "expander":
            self.at.session_state[key] = value
            return self.again()
        one = next(one for one in self.at.get(kind) if one.key == key)
        one.set_value(one.options[value] if kind in {"button_group", "selectbox"} else value)
        return self.again()


def least(of: Callable[[int], float]) -> float:
    """The lowest of several turns."""
    return min(of(turn) for turn in range(TIMES))


def of_part(person: Person, page: str, widget: Widget) -> tuple[float, float]:
    """What a widget's part of the page takes: rerun unchanged, and switched to the dearer of its two values."""
    kind, key, values = widget
    person.go(page)
    person.into(key)
    again, turns = [], []
    for turn in range(2 * TIMES):
        turns.append(person.change(kind, key, values[(turn + 1) % 2]))
        again.append(min(person.again(), person.again()))  # like the empty page, not straight after other work
    return max(min(again[::2]), min(again[1::2])), max(min(turns[::2]), min(turns[1::2]))


def main() -> None:
    """Load the shop, measure each page and its parts, and print."""
    logging.disable(logging.WARNING)
    from clvapp import read
    from clvapp.shop import load

    person = Person()
    empty = min(least(lambda _, page=page: person.go(page)) for page in PAGES)
    path = shopify_lines.path(LINES)
    session = person.at.session_state["session"]
    session.shop = load([read.Source(path.name, path)])
    print(f"A click on a page of {LINES:,} lines, milliseconds; an empty page takes {empty:.1f}")
    print(f"  {'page':<10}{'widget':<18}{'again':>8}{'changed':>10}{'query':>8}   again / empty, at most {MOST:g}")
    for page, widgets in PAGES.items():
        first, whole = person.go(page), least(lambda _: person.again())
        print(f"  {page:<10}{'(all of it)':<18}{whole:>8.1f}{'':>18}   {first:,.0f} the first time", flush=True)
        for widget in widgets:
            again, changed = of_part(person, page, widget)
            ratio = again / empty
            print(
                f"  {'':<10}{widget[1]:<18}{again:>8.1f}{changed:>10.1f}{max(changed - again, 0):>8.1f}   {ratio:.1f} "
                f"{'holds' if ratio <= MOST else 'MISSED'}", flush=True,
            )  # fmt: skip
    session.shop.close()


if __name__ == "__main__":
    main()
