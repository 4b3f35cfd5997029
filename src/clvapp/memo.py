"""A view -> the same view, computed once and again only when its arguments change, since pages rerun at each click."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

import pandas as pd

# For each view: its arguments and its answers, the latest last.
Views = dict[object, list[tuple[tuple[Any, ...], Any]]]


class Kept(Protocol):
    """An object that keeps the answers of its views for as long as it lives."""

    views: Views


_Of = TypeVar("_Of", bound=Kept)
_Asked = ParamSpec("_Asked")
_Answer = TypeVar("_Answer")
_View = Callable[Concatenate[_Of, _Asked], _Answer]


def once(view: _View[_Of, _Asked, _Answer]) -> _View[_Of, _Asked, _Answer]:
    """`view`, with its last answer kept on the object."""
    return keeping(1)(view)


def keeping(answers: int) -> Callable[[_View[_Of, _Asked, _Answer]], _View[_Of, _Asked, _Answer]]:
    """Keep the latest `answers` of a view on its object.

    A call is the same when all its values are equal. Frames are equal only when they are the very same object.
    """

    def keep(view: _View[_Of, _Asked, _Answer]) -> _View[_Of, _Asked, _Answer]:
        @wraps(view)
        def kept(of: _Of, /, *args: _Asked.args, **kwargs: _Asked.kwargs) -> _Answer:
            asked = (*args, *(part for item in sorted(kwargs.items()) for part in item))
            known = of.views.setdefault(view, [])
            for before, answer in known:
                if _same(before, asked):
                    found: _Answer = answer
                    return found
            found = view(of, *args, **kwargs)
            known.append((asked, found))
            del known[:-answers]
            return found

        return kept

    return keep


def _same(before: tuple[Any, ...], now: tuple[Any, ...]) -> bool:
    return len(before) == len(now) and all(
        one is other or (not (isinstance(one, pd.DataFrame) or isinstance(other, pd.DataFrame)) and bool(one == other))
        for one, other in zip(before, now, strict=True)
    )
