"""One numerical thread: fits are many small sums, over which several threads spend longer waiting than adding."""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar

_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")


def on_one_thread(run: Callable[_Given, _Made]) -> Callable[_Given, _Made]:
    """`run`, with the numerical libraries kept to one thread while it lasts."""

    @wraps(run)
    def limited(*given: _Given.args, **named: _Given.kwargs) -> _Made:
        with _libraries().limit(limits=1):
            return run(*given, **named)

    return limited


@cache
def _libraries() -> Any:
    import scipy.optimize  # noqa: F401 - only what is loaded can be limited
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
