"""Small faults put into a module, one at a time: swapped signs, numbers one off, lines left out.

Strings are left as they are, and with them f-strings: a message is held to what it names, not to
its letters. So are types, decorators, docstrings, and arguments of constructors: without one the
call fails at once, which says nothing of the tests.
"""

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

COMPARISONS = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
ARITHMETIC = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Div, ast.Mod: ast.Mult, ast.MatMult: ast.Mult, ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd, ast.BitXor: ast.BitAnd, ast.LShift: ast.RShift, ast.RShift: ast.LShift,
}  # fmt: skip
LOGIC = {ast.And: ast.Or, ast.Or: ast.And}
LEFT_OUT = ast.AugAssign | ast.Raise | ast.Continue | ast.Break | ast.Delete
FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
# What is no code that runs, or says nothing when it fails.
SKIPPED_FIELDS = {"annotation", "returns", "decorator_list", "type_params", "bases", "keywords"}

Step = tuple[str, int | None]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault: where it is, how the code read before and after, and how to make it.

    `lines`: first and last line of the statement (of its head, where it has a body). `inside`: is
    in a function, not run when the module is imported. `nth`: of those that read alike there.
    """

    path: Path
    line: int
    lines: tuple[int, int]
    function: str
    inside: bool
    before: str
    after: str
    steps: tuple[Step, ...]
    node: ast.AST | None
    nth: int = 0

    @property
    def name(self) -> tuple[str, str, str, int]:
        """What `equivalent.csv` calls it, its file aside: no line number, which would age."""
        return self.function, self.before, self.after, self.nth


@dataclass(frozen=True, slots=True)
class _Place:
    steps: tuple[Step, ...] = ()
    function: str = ""
    inside: bool = False
    statement: ast.AST | None = None
    around: ast.AST | None = None


def mutants_of(path: Path, source: str) -> list[Mutant]:
    """Return every mutant of a module, in the order of its lines."""
    tree = ast.parse(source)
    seen: Counter[tuple] = Counter()
    found = []
    for node, place in _walk(tree, _Place()):
        for changed in _changes(node, place):
            mutant = _mutant(path, tree, node, place, changed)
            found.append(replace(mutant, nth=seen[mutant.name]))
            seen[mutant.name] += 1
    return sorted(found, key=lambda mutant: mutant.line)


def mutated(source: str, mutant: Mutant) -> ast.Module:
    """Return the module's tree with the fault in it."""
    return ast.fix_missing_locations(_put(ast.parse(source), mutant.steps, mutant.node))


def _put(tree: ast.AST, steps: tuple[Step, ...], node: ast.AST | None) -> ast.AST:
    parent = tree
    for field, at in steps[:-1]:
        parent = _child(parent, field, at)
    field, at = steps[-1]
    if at is None:
        setattr(parent, field, node)
    elif node is None:
        del getattr(parent, field)[at]
    else:
        getattr(parent, field)[at] = node
    return tree


def _child(node: ast.AST, field: str, at: int | None) -> ast.AST:
    value = getattr(node, field)
    return value if at is None else value[at]


def _walk(node: ast.AST, place: _Place) -> Iterator[tuple[ast.AST, _Place]]:
    """Give every node that may change, with its place."""
    if isinstance(node, ast.stmt):
        place = replace(place, statement=node, around=None)
    yield node, place
    for field, at, child in _children(node):
        yield from _walk(
            child, _within(node, field, replace(place, steps=(*place.steps, (field, at))))
        )


def _within(node: ast.AST, field: str, place: _Place) -> _Place:
    if isinstance(node, ast.expr):
        place = replace(place, around=node)
    if isinstance(node, FUNCTION) and field == "body":
        place = replace(place, inside=True)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        name = f"{place.function}.{node.name}" if place.function else node.name
        place = replace(place, function=name)
    return place


def _children(node: ast.AST) -> Iterator[tuple[str, int | None, ast.AST]]:
    constructor = isinstance(node, ast.Call)  # whose arguments are walked all the same
    for field, value in ast.iter_fields(node):
        if field in SKIPPED_FIELDS and not (constructor and field == "keywords"):
            continue
        if isinstance(value, ast.AST):
            if not _skipped(value):
                yield field, None, value
        elif isinstance(value, list):
            for at, child in enumerate(value):
                if isinstance(child, ast.AST) and not (
                    _skipped(child) or _is_type(node, field, at)
                ):
                    yield field, at, child


def _skipped(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr | ast.Import | ast.ImportFrom | ast.expr_context)


def _is_type(node: ast.AST, field: str, at: int) -> bool:
    """Tell the second argument of isinstance."""
    named = isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"isinstance", "cast"}
    return named and field == "args" and at == (node.func.id == "isinstance")


def _changes(node: ast.AST, place: _Place) -> Iterator[tuple[tuple[Step, ...], ast.AST | None]]:
    """Give each (steps from the node, what stands there then); None leaves it out."""
    match node:
        case ast.Compare():
            for at, sign in enumerate(node.ops):
                yield (("ops", at),), COMPARISONS[type(sign)]()
        case ast.BinOp(op=op) if place.inside or not isinstance(op, ast.BitOr):
            yield (("op", None),), ARITHMETIC[type(op)]()
        case ast.AugAssign(op=op):
            yield (("op", None),), ARITHMETIC[type(op)]()
        case ast.BoolOp(op=op):
            yield (("op", None),), LOGIC[type(op)]()
        case ast.UnaryOp(op=ast.Not() | ast.USub() | ast.Invert(), operand=operand):
            yield (), operand
        case ast.Constant(value=bool(value)):
            yield (), ast.Constant(not value)
        case ast.Constant(value=int(value) | float(value)):
            for other in (value + 1, value - 1):
                if other != value:
                    yield (), ast.Constant(other)
        case ast.Return(value=ast.expr() as value) if not _is_none(value):
            yield (("value", None),), ast.Constant(None)
        case ast.Call():
            yield from _dropped(node)
    if isinstance(node, ast.If | ast.While | ast.IfExp) and not _turns_alone(node.test):
        yield (("test", None),), ast.UnaryOp(ast.Not(), node.test)
    if isinstance(node, ast.comprehension):
        for at, test in enumerate(node.ifs):
            if not _turns_alone(test):
                yield (("ifs", at),), ast.UnaryOp(ast.Not(), test)
    if _may_be_left_out(node):
        yield (), ast.Pass()


def _dropped(call: ast.Call) -> Iterator[tuple[tuple[Step, ...], None]]:
    name = getattr(call.func, "id", None) or getattr(call.func, "attr", "")
    if name.lstrip("_")[:1].isupper() or name in {"isinstance", "cast", "hasattr"}:
        return
    if len(call.args) > 1:
        yield (("args", len(call.args) - 1),), None
    for at in range(len(call.keywords)):
        yield (("keywords", at),), None


def _turns_alone(test: ast.expr) -> bool:
    """Tell a condition that another mutant turns round already, or that is for types alone."""
    signs = ast.Eq | ast.NotEq | ast.Is | ast.IsNot | ast.In | ast.NotIn
    if getattr(test, "id", "") == "TYPE_CHECKING":
        return True
    compared = isinstance(test, ast.Compare) and isinstance(test.ops[0], signs)
    return compared or (isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not))


def _may_be_left_out(node: ast.AST) -> bool:
    if isinstance(node, ast.Expr):
        return not isinstance(node.value, ast.Constant)
    stored = isinstance(node, ast.Assign) and isinstance(
        node.targets[0], ast.Attribute | ast.Subscript
    )
    return stored or isinstance(node, LEFT_OUT)


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _mutant(path: Path, tree: ast.Module, node: ast.AST, place: _Place, changed: tuple) -> Mutant:
    below, new = changed
    steps = (*place.steps, *below)
    shown = node if not isinstance(node, ast.Constant) and _can_show(node) else place.around
    shown = shown or place.statement
    return Mutant(
        path=path,
        line=getattr(node, "lineno", getattr(place.statement, "lineno", 1)),
        lines=_head(place.statement),
        function=place.function,
        inside=place.inside,
        before=_said(shown),
        after=_said(_shown_after(tree, place, steps, new, shown)),
        steps=steps,
        node=new,
    )


def _can_show(node: ast.AST) -> bool:
    return isinstance(node, ast.expr | ast.stmt)


def _shown_after(tree, place, steps, new, shown):
    """Return the part that is shown, with the change in it."""
    depth = next(d for d in range(len(steps) + 1) if _at(tree, steps[:d]) is shown)
    if depth == len(steps):
        return new
    return _put(copy.deepcopy(shown), steps[depth:], new)


def _at(tree: ast.AST, steps: tuple[Step, ...]) -> ast.AST:
    for field, at in steps:
        tree = _child(tree, field, at)
    return tree


def _said(node: ast.AST) -> str:
    """Return code on one line; of a statement with a body its head."""
    return ast.unparse(node).split(":\n")[0].replace("\n", " ")


def _head(statement: ast.AST | None) -> tuple[int, int]:
    if statement is None:
        return 1, 1
    body = getattr(statement, "body", None)
    last = body[0].lineno - 1 if body else statement.end_lineno
    return statement.lineno, max(last, statement.lineno)
