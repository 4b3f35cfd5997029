"""What is asked of an object is computed once, and again only when something else is asked: pages run at each click."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

import pandas as pd

# By view: what it was asked, and what it said, the latest last.
Views = dict[object, list[tuple[tuple[Any, ...], Any]]]


class Kept(Protocol):
    """What keeps the answers of views of it, for as long as it is there itself."""

    views: Views


_Of = TypeVar("_Of", bound=Kept)
_Asked = ParamSpec("_Asked")
_Answer = TypeVar("_Answer")
_View = Callable[Concatenate[_Of, _Asked], _Answer]


def once(view: _View[_Of, _Asked, _Answer]) -> _View[_Of, _Asked, _Answer]:
    """`view`, whose last answer is kept with what it is of."""
    return keeping(1)(view)


def keeping(answers: int) -> Callable[[_View[_Of, _Asked, _Answer]], _View[_Of, _Asked, _Answer]]:
    """Keep the latest `answers` of a view with what it is of.

    The same is asked when all values are equal; frames are the same only when they are the very same object.
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
