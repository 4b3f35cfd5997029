"""A view of an analysis is computed once, and again only when something else is asked: pages run anew at each click."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import pandas as pd

from clvapp.analysis import Analysis

_Asked = ParamSpec("_Asked")
_View = TypeVar("_View")


def once(view: Callable[Concatenate[Analysis, _Asked], _View]) -> Callable[Concatenate[Analysis, _Asked], _View]:
    """`view`, which keeps its last answer with the analysis that it is of.

    The same is asked when all values are equal; frames are the same only when they are the very same object.
    """

    @wraps(view)
    def kept(analysis: Analysis, /, *args: _Asked.args, **kwargs: _Asked.kwargs) -> _View:
        asked = (*args, *(part for item in sorted(kwargs.items()) for part in item))
        last = analysis.views.get(view)
        if last is None or not _same(last[0], asked):
            last = analysis.views[view] = (asked, view(analysis, *args, **kwargs))
        found: _View = last[1]
        return found

    return kept


def _same(before: tuple[Any, ...], now: tuple[Any, ...]) -> bool:
    return len(before) == len(now) and all(
        one is other or (not (isinstance(one, pd.DataFrame) or isinstance(other, pd.DataFrame)) and bool(one == other))
        for one, other in zip(before, now, strict=True)
    )
