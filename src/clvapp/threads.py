"""One numerical thread: fits are many small sums, over which several threads spend longer waiting than adding.

The sample shop's profile took 19 s on two threads beside other work, and 5 s on one.
"""

from collections.abc import Callable
from functools import cache, wraps
from importlib import import_module
from typing import Any, ParamSpec, TypeVar

_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")
_Run = Callable[_Given, _Made]


def on_one_thread(module: str) -> Callable[[_Run[_Given, _Made]], _Run[_Given, _Made]]:
    """Keep the numerical libraries that `module` brings to one thread while what is decorated runs.

    The module is imported when that is called for the first time, and not before: scikit-learn is slow to load.
    """

    def kept(run: _Run[_Given, _Made]) -> _Run[_Given, _Made]:
        @wraps(run)
        def limited(*given: _Given.args, **named: _Given.kwargs) -> _Made:
            with _libraries(module).limit(limits=1):
                return run(*given, **named)

        return limited

    return kept


@cache
def _libraries(module: str) -> Any:
    from threadpoolctl import ThreadpoolController

    import_module(module)  # only what is loaded can be limited
    return ThreadpoolController()
