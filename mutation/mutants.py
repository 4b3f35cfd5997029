"""The source of a module -> its mutants, each with one fault, and the few that are drawn of them."""

import ast
import difflib
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field, replace

from mutation.faults import Around, Reads, faults, read

WIDE = 80  # a fault is told with what stands around it, as far as that goes on a line

# What is never run, never decides, or words: decorators, types, messages, the layout of a number in a text.
LEFT_ALONE = {
    (ast.FunctionDef, "decorator_list"), (ast.FunctionDef, "returns"), (ast.arg, "annotation"),
    (ast.ClassDef, "decorator_list"), (ast.ClassDef, "bases"), (ast.AnnAssign, "annotation"),
    (ast.FormattedValue, "format_spec"),
}  # fmt: skip
NOT_RUN = (ast.Raise, ast.Assert, ast.Import, ast.ImportFrom)
# Arguments that tell a library how, not what.
HOW = {"strict", "axis", "inplace", "stacklevel", "copy", "maxsize"}

# The way from a module to a node of it: of each node the part, and the place where the part is a list.
Way = tuple[tuple[str, int | None], ...]


@dataclass(frozen=True)
class Mutant:
    """One fault.

    Attributes
    ----------
    module, function, line
        where it is; `function` is "" outside of functions, and the outer one inside of nested ones
    was, now
        the code with a little around it, without and with the fault
    nth
        which one it is, of those in the function that read the same
    """

    module: str
    function: str
    line: int
    was: str
    now: str
    nth: int = 1
    way: Way = field(default=(), repr=False, compare=False)
    instead: ast.AST = field(default_factory=ast.Pass, repr=False, compare=False)

    @property
    def key(self) -> tuple[str, str, str, str, int]:
        """What it is known by: no line, which moves with every edit above it."""
        return self.module, self.function, plain(self.was), plain(self.now), self.nth

    @property
    def name(self) -> str:
        """The same in eight letters."""
        told = (self.module, self.function, self.was, self.now, str(self.nth))
        return hashlib.sha256("\0".join(told).encode()).hexdigest()[:8]

    def __str__(self) -> str:
        place = f"{self.module}:{self.line}" + (f" {self.function}" if self.function else "")
        return f"{self.name}  {place}\n    - {_indented(self.was)}\n    + {_indented(self.now)}"


def _indented(text: str) -> str:
    return text.replace("\n", "\n      ")


def plain(code: str) -> str:
    """`code` however it is laid out."""
    return ast.dump(ast.parse(code))


def mutants(module: str, source: str) -> list[Mutant]:
    """Every mutant of a module, in the order of its lines."""
    seen: Counter[tuple[str, str, str]] = Counter()
    found = []
    for mutant in _module(module, ast.parse(source)):
        same = (mutant.function, mutant.was, mutant.now)
        seen[same] += 1
        found.append(replace(mutant, nth=seen[same]))
    return found


def source_of(mutant: Mutant, source: str) -> str:
    """The source of a module with the fault in it."""
    tree = ast.parse(source)
    _put(tree, mutant.way, mutant.instead)
    return ast.unparse(tree)


def difference(mutant: Mutant, source: str) -> str:
    """What the fault changes, as a patch of the source without its layout and comments."""
    before, after = (text.splitlines() for text in (ast.unparse(ast.parse(source)), source_of(mutant, source)))
    heads = f"{mutant.module}:{mutant.line} {mutant.function}".strip(), f"mutant {mutant.name}"
    return "\n".join(difflib.unified_diff(before, after, *heads, lineterm=""))


def entry(mutant: Mutant, why: str = "") -> str:
    """What to write into the list of equivalent mutants."""
    told = {"module": mutant.module, "function": mutant.function, "was": mutant.was, "now": mutant.now}
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in told.items()]
    nth = [f"nth = {mutant.nth}"] if mutant.nth > 1 else []
    return "\n".join(["[[equivalent]]", *lines, *nth, f"why = {json.dumps(why, ensure_ascii=False)}"])


def drawn(found: Iterable[Mutant], *, count: int, seed: int) -> list[Mutant]:
    """So many of the mutants, by chance.

    Whether a mutant is drawn hangs on itself and the seed alone: an edit of one function leaves the draw of the others
    as it was.
    """

    def lot(mutant: Mutant) -> str:
        return hashlib.sha256(f"{seed} {mutant.name}".encode()).hexdigest()

    return sorted(sorted(found, key=lot)[:count], key=lambda mutant: (mutant.module, mutant.line, mutant.name))


# --- the walk through a module ----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class _Place:
    """Where the walk is: the nodes from the module to here, the way, and the names of the classes and the function."""

    nodes: tuple[ast.AST, ...]
    way: Way = ()
    names: tuple[str, ...] = ()
    reads: Reads | None = None  # of the function, where we are in one

    @property
    def function(self) -> str:
        return ".".join(self.names) if self.reads else ""


def _module(module: str, tree: ast.Module) -> Iterator[Mutant]:
    for place in _places(_Place((tree,))):
        parent = place.nodes[-2] if len(place.nodes) > 1 else tree
        part = place.way[-1][0] if place.way else ""
        told = set()
        for instead in faults(place.nodes[-1], Around(parent, part, place.reads or Reads())):
            was, now = _told(place, instead)
            if was != now and now not in told:
                told.add(now)
                line = next(node.lineno for node in reversed(place.nodes) if hasattr(node, "lineno"))
                yield Mutant(module, place.function, line, was, now, way=place.way, instead=instead)


def _places(place: _Place) -> Iterator[_Place]:
    """Every node that may be changed."""
    node = place.nodes[-1]
    if _never(node):
        return
    inside = _entered(place, node)
    yield inside
    for part, value in ast.iter_fields(node):
        if (type(node), part) in LEFT_ALONE:
            continue
        for at, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST):
                yield from _places(replace(inside, nodes=(*place.nodes, child), way=(*place.way, (part, at))))


def _entered(place: _Place, node: ast.AST) -> _Place:
    if place.reads is None and isinstance(node, ast.ClassDef):
        return replace(place, names=(*place.names, node.name))
    if place.reads is None and isinstance(node, ast.FunctionDef):
        return replace(place, names=(*place.names, node.name), reads=_reads(node))
    return place


def _never(node: ast.AST) -> bool:
    """Whether `node` is nothing that runs in a test."""
    if isinstance(node, ast.If):
        asked = ast.unparse(node.test)
        return asked.endswith("TYPE_CHECKING") or asked.startswith("__name__ ")
    if isinstance(node, ast.ClassDef):
        return any(ast.unparse(base).split("[")[0].endswith("Protocol") for base in node.bases)
    if isinstance(node, ast.keyword):
        return node.arg in HOW
    return isinstance(node, NOT_RUN)


def _reads(function: ast.FunctionDef) -> Reads:
    found = Reads()
    for parent in ast.walk(function):
        for child in ast.iter_child_nodes(parent):
            kind, name = read(child, parent)
            if name:
                found.add(kind, name)
    return found


def _told(place: _Place, instead: ast.AST) -> tuple[str, str]:
    """The code without and with the fault: the widest piece around it that fits on a line, or else the smallest."""
    best: int | None = None
    for depth in range(len(place.nodes) - 1, 0, -1):
        node = place.nodes[depth]
        if not _stands_alone(node, place.nodes[depth - 1]):
            continue
        if best is not None and len(ast.unparse(_header(node))) > WIDE:
            break
        best = depth
        if isinstance(node, ast.stmt):
            break
    assert best is not None  # every node is in a statement
    node, way = place.nodes[best], place.way[best:]
    was = ast.unparse(_header(node))
    if not way:
        return was, ast.unparse(instead)
    before = _put(node, way, instead)
    now = ast.unparse(_header(node))
    _put(node, way, before)
    return was, now


def _stands_alone(node: ast.AST, parent: ast.AST) -> bool:
    """Whether `node` can be read, and parsed, without what is around it."""
    part = ast.Slice | ast.Starred | ast.FormattedValue
    of_text = isinstance(parent, ast.JoinedStr | ast.FormattedValue)
    return isinstance(node, ast.stmt) or (isinstance(node, ast.expr) and not isinstance(node, part) and not of_text)


def _header(node: ast.AST) -> ast.AST:
    """A loop, a condition or a function without what is in it."""
    if not hasattr(node, "body") or not isinstance(node, ast.stmt):
        return node
    made = copy(node)
    for part in ("body", "orelse", "handlers", "finalbody", "decorator_list"):
        if hasattr(made, part):
            setattr(made, part, [ast.Expr(ast.Constant(...))] if part == "body" else [])
    return made


def _put(node: ast.AST, way: Way, instead: ast.AST) -> ast.AST:
    """Put `instead` at the end of the `way` from `node`; returns what was there."""
    for part, at in way[:-1]:
        node = getattr(node, part) if at is None else getattr(node, part)[at]
    part, at = way[-1]
    held: ast.AST = getattr(node, part) if at is None else getattr(node, part)[at]
    if at is None:
        setattr(node, part, instead)
    else:
        getattr(node, part)[at] = instead
    return held


def by_name(found: Sequence[Mutant], names: Iterable[str]) -> list[Mutant]:
    """The mutants of these names; each name may be cut short."""
    return [mutant for mutant in found if any(mutant.name.startswith(name) for name in names)]
