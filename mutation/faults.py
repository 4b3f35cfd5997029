"""A piece of code -> the same piece with one small fault in it.

Each function takes a node and what is around it, and yields what could stand in its place. Words are left alone: what a
page says is pinned whole. Faults that every test would notice (a name that is not there, text minus text) teach
nothing and are not made.
"""

import ast
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

Faults = Iterator[ast.AST]


@dataclass
class Reads:
    """What a function reads of one and the same thing: `found.low` and `found.high`, `row["low"]` and `row["high"]`."""

    of: dict[str, list[str]] = field(default_factory=dict)

    def add(self, kind: str, name: str) -> None:
        """`name` is read."""
        names = self.of.setdefault(kind, [])
        if name not in names:
            names.append(name)

    def sibling(self, kind: str, name: str) -> str | None:
        """The next other name that is read of it."""
        names = self.of.get(kind, [])
        return names[(names.index(name) + 1) % len(names)] if name in names and len(names) > 1 else None


@dataclass(frozen=True)
class Around:
    """What stands around a node: its parent, which part of the parent it is, and what its function reads."""

    parent: ast.AST
    part: str
    reads: Reads


Fault = Callable[[Any, Around], Faults]


def _other(node: ast.AST, **parts: Any) -> Any:
    """`node` with other `parts`."""
    made = copy(node)
    for name, value in parts.items():
        setattr(made, name, value)
    return made


def _both(*pairs: tuple[Any, Any]) -> dict[Any, Any]:
    return {**dict(pairs), **{second: first for first, second in pairs}}


# --- operators --------------------------------------------------------------------------------------------------------
COMPARED = _both(
    (ast.Lt, ast.LtE), (ast.Gt, ast.GtE), (ast.Eq, ast.NotEq), (ast.Is, ast.IsNot), (ast.In, ast.NotIn)
)  # fmt: skip
COUNTED = {
    **_both((ast.Add, ast.Sub), (ast.Mult, ast.Div), (ast.BitAnd, ast.BitOr)),
    ast.FloorDiv: ast.Div, ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult, ast.LShift: ast.RShift, ast.RShift: ast.LShift,
}  # fmt: skip


def comparison(node: ast.Compare, _: Around) -> Faults:
    """`a < b` to `a <= b`, `a == b` to `a != b`."""
    for place, operator in enumerate(node.ops):
        yield _other(node, ops=[*node.ops[:place], COMPARED[type(operator)](), *node.ops[place + 1 :]])


def arithmetic(node: ast.BinOp | ast.AugAssign, _: Around) -> Faults:
    """`a + b` to `a - b`, `a * b` to `a / b`, `a & b` to `a | b`; texts put together are left alone."""
    sides = (node.left, node.right) if isinstance(node, ast.BinOp) else (node.value,)
    if type(node.op) in COUNTED and not any(_is_text(side) for side in sides):
        yield _other(node, op=COUNTED[type(node.op)]())


def and_or(node: ast.BoolOp, _: Around) -> Faults:
    """`a and b` to `a or b`."""
    yield _other(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())


def sign(node: ast.UnaryOp, _: Around) -> Faults:
    """`not a`, `~a` and `-a` to `a`."""
    if not (isinstance(node.op, ast.UAdd) or isinstance(node.operand, ast.Constant)):
        yield node.operand


def condition(node: ast.expr, around: Around) -> Faults:
    """`if a` to `if not a`, where no other fault of `a` would turn it."""
    asked = isinstance(around.parent, ast.If | ast.IfExp | ast.comprehension) and around.part in {"test", "ifs"}
    turned = ast.Compare | ast.BoolOp | ast.UnaryOp
    if asked and not isinstance(node, turned):
        yield ast.UnaryOp(ast.Not(), node)


# --- values -----------------------------------------------------------------------------------------------------------
# What pandas and NumPy are asked for by a word.
OPTIONS = {
    **_both(("left", "right"), ("first", "last"), ("min", "max"), ("sum", "mean")),
    "inner": "left", "median": "mean", "nunique": "count",
}  # fmt: skip
ASKED = {"side", "how", "keep", "direction", "aggfunc"}
ROUNDING = 1e-6
ASKING = {"agg", "aggregate", "transform"}


def number(node: ast.Constant, _: Around) -> Faults:
    """`1` to `2`, `0.5` to `1.0`, `True` to `False`; what only allows for rounding may as well be twice as much."""
    if isinstance(node.value, bool):
        yield _other(node, value=not node.value)
    elif isinstance(node.value, int):
        yield _other(node, value=node.value + 1)
    elif isinstance(node.value, float) and not 0 < node.value <= ROUNDING:
        yield _other(node, value=node.value * 2 or 1.0)


def option(node: ast.keyword, _: Around) -> Faults:
    """`side="left"` to `side="right"`, `clip(lower=0)` to `clip(upper=0)`."""
    value = node.value.value if isinstance(node.value, ast.Constant) else None
    if node.arg in ASKED and value in OPTIONS:
        yield _other(node, value=ast.Constant(OPTIONS[value]))
    if node.arg in {"lower", "upper"}:
        yield _other(node, arg="upper" if node.arg == "lower" else "lower")


def aggregate(node: ast.Call, _: Around) -> Faults:
    """`agg(value=("value", "sum"))` to `agg(value=("value", "mean"))`."""
    if not (isinstance(node.func, ast.Attribute) and node.func.attr in ASKING):
        return
    for place, asked in enumerate(node.args):
        if isinstance(asked, ast.Constant) and asked.value in OPTIONS:
            args = [*node.args[:place], ast.Constant(OPTIONS[asked.value]), *node.args[place + 1 :]]
            yield _other(node, args=args)
    for place, given in enumerate(node.keywords):
        pair = given.value.elts if isinstance(given.value, ast.Tuple) else []
        if len(pair) == 2 and isinstance(pair[1], ast.Constant) and pair[1].value in OPTIONS:
            value = _other(given.value, elts=[pair[0], ast.Constant(OPTIONS[pair[1].value])])
            kept = [*node.keywords[:place], _other(given, value=value), *node.keywords[place + 1 :]]
            yield _other(node, keywords=kept)


def bound(node: ast.Slice, _: Around) -> Faults:
    """`[:-1]` and `[1:]` to `[:]`."""
    for name in ("lower", "upper"):
        if getattr(node, name) is not None:
            yield _other(node, **{name: None})


# --- names ------------------------------------------------------------------------------------------------------------
METHODS = _both(
    ("min", "max"), ("head", "tail"), ("any", "all"), ("first", "last"), ("sum", "mean"), ("nlargest", "nsmallest"),
    ("floor", "ceil"), ("idxmin", "idxmax"), ("minimum", "maximum"), ("cummin", "cummax"), ("isna", "notna"),
    ("startswith", "endswith"), ("removeprefix", "removesuffix"), ("ffill", "bfill"), ("eq", "ne"), ("lt", "le"),
    ("gt", "ge"),
)  # fmt: skip
BUILT_IN = _both(("min", "max"), ("any", "all"))
LIBRARIES = {"np", "pd", "nw", "pa", "math"}  # what is read of them is mostly types
WORDS = "words"  # all methods of a `Wording` take a number: a wrong one says dollars for days


def method(node: ast.Attribute, _: Around) -> Faults:
    """`.min` to `.max`, `.head` to `.tail`."""
    if node.attr in METHODS:
        yield _other(node, attr=METHODS[node.attr])


def built_in(node: ast.Name, _: Around) -> Faults:
    """`min` to `max`, `any` to `all`."""
    if isinstance(node.ctx, ast.Load) and node.id in BUILT_IN:
        yield _other(node, id=BUILT_IN[node.id])


def sibling(node: ast.Attribute | ast.Subscript, around: Around) -> Faults:
    """`found.low` to `found.high`, `row["low"]` to `row["high"]`, where the function reads both."""
    kind, name = read(node, around.parent)
    instead = around.reads.sibling(kind, name)
    if instead is None:
        return
    if isinstance(node, ast.Attribute):
        yield _other(node, attr=instead)
    else:
        yield _other(node, slice=ast.Constant(instead))


def read(node: ast.AST, parent: ast.AST) -> tuple[str, str]:
    """What `node` reads a name of, and the name; two blanks if it does no such thing."""
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        key = node.slice.value if isinstance(node.slice, ast.Constant) else None
        return (f"{ast.unparse(node.value)}[]", key) if isinstance(key, str) else ("", "")
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
        kind = _kind_of_read(ast.unparse(node.value), node, parent)
        return (kind, node.attr) if kind else ("", "")
    return "", ""


def _kind_of_read(of: str, node: ast.Attribute, parent: ast.AST) -> str:
    """Names of one kind could be taken for one another; "" for what is no value of the shop's.

    A method is none; only those of a `Wording` are alike enough. What is read further is a thing, and not a value.
    """
    if of in LIBRARIES:
        return ""
    if isinstance(parent, ast.Call) and parent.func is node:
        given = f"{len(parent.args)} {sorted(str(one.arg) for one in parent.keywords)}"
        return f"{of}.({given})" if of == WORDS else ""
    return f"{of}.further" if isinstance(parent, ast.Attribute | ast.Subscript) else f"{of}."


# --- order ------------------------------------------------------------------------------------------------------------
# Of these the order of what they are given makes no difference.
EITHER_WAY = {"min", "max", "isinstance", "minimum", "maximum", "isclose", "allclose", "union", "intersection"}


def arguments(node: ast.Call, _: Around) -> Faults:
    """`f(a, b)` to `f(b, a)`, `f(x=a, y=b)` to `f(x=b, y=a)`."""
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if called in EITHER_WAY:
        return
    for swapped in _swapped(node.args):
        yield _other(node, args=swapped)
    for place, (one, two) in enumerate(pairwise(node.keywords)):
        if one.arg and two.arg and _alike(one.value, two.value):
            other = [_other(one, value=two.value), _other(two, value=one.value)]
            yield _other(node, keywords=[*node.keywords[:place], *other, *node.keywords[place + 2 :]])


def interpolations(node: ast.JoinedStr, _: Around) -> Faults:
    """`f"{a} of {b}"` to `f"{b} of {a}"`."""
    told = [(place, part) for place, part in enumerate(node.values) if isinstance(part, ast.FormattedValue)]
    for (first, one), (second, two) in pairwise(told):
        if ast.dump(one.value) != ast.dump(two.value):
            parts = list(node.values)
            parts[first], parts[second] = _other(one, value=two.value), _other(two, value=one.value)
            yield _other(node, values=parts)


def together(node: ast.Tuple, around: Around) -> Faults:
    """`return a, b` to `return b, a`, and what is assigned likewise."""
    if isinstance(around.parent, ast.Return | ast.Assign) and around.part == "value":
        for swapped in _swapped(node.elts):
            yield _other(node, elts=swapped)


def _swapped(values: list[ast.expr]) -> Iterator[list[ast.expr]]:
    for place, (one, two) in enumerate(pairwise(values)):
        if _alike(one, two):
            yield [*values[:place], two, one, *values[place + 2 :]]


def _alike(one: ast.expr, two: ast.expr) -> bool:
    """Whether one could be taken for the other by somebody who types: no text, and not a number for a name."""
    return _kind(one) == _kind(two) != "text" and ast.dump(one) != ast.dump(two)


def _kind(node: ast.expr) -> str:
    if _is_text(node):
        return "text"
    if isinstance(node, ast.Constant):
        return "switch" if node.value is None or isinstance(node.value, bool) else "number"
    special = (ast.Lambda, ast.Dict, ast.List, ast.Set, ast.Tuple, ast.ListComp, ast.DictComp, ast.Starred)
    return type(node).__name__ if isinstance(node, special) else "value"


def _is_text(node: ast.expr) -> bool:
    if isinstance(node, ast.BinOp):
        return _is_text(node.left) or _is_text(node.right)
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))


# --- what is left out -------------------------------------------------------------------------------------------------
def absolute(node: ast.Call, _: Around) -> Faults:
    """`abs(a)` and `a.abs()` to `a`."""
    if isinstance(node.func, ast.Name) and node.func.id == "abs" and len(node.args) == 1:
        yield node.args[0]
    if isinstance(node.func, ast.Attribute) and node.func.attr == "abs":
        yield node.args[0] if node.args else node.func.value


def step(node: ast.Expr | ast.AugAssign, _: Around) -> Faults:
    """`found.append(a)` and `found &= a` to nothing."""
    if isinstance(node, ast.AugAssign) or isinstance(node.value, ast.Call):
        yield ast.Pass()


FAULTS: dict[type[ast.AST], tuple[Fault, ...]] = {
    ast.Attribute: (method, sibling),
    ast.AugAssign: (arithmetic, step),
    ast.BinOp: (arithmetic,),
    ast.BoolOp: (and_or,),
    ast.Call: (absolute, aggregate, arguments),
    ast.Compare: (comparison,),
    ast.Constant: (number,),
    ast.Expr: (step,),
    ast.JoinedStr: (interpolations,),
    ast.Name: (built_in,),
    ast.Slice: (bound,),
    ast.Subscript: (sibling,),
    ast.Tuple: (together,),
    ast.UnaryOp: (sign,),
    ast.keyword: (option,),
}


def faults(node: ast.AST, around: Around) -> Faults:
    """All that could stand in the place of `node`."""
    for fault in FAULTS.get(type(node), ()):
        yield from fault(node, around)
    if isinstance(node, ast.expr):
        yield from condition(node, around)
