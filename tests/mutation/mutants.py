"""Small wrong turns in a function: one comparison, operator, constant, condition or returned value changed."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Div: ast.Mult, ast.Mod: ast.Add,
}  # fmt: skip
#: Exact arithmetic is written as calls of the decimal context.
CALLS = {
    "add": "subtract",
    "subtract": "add",
    "multiply": "divide",
    "divide": "multiply",
    "min": "max",
    "max": "min",
}
Change = Callable[[ast.AST], str]


@dataclass(frozen=True, slots=True)
class Mutant:
    """One place to change: the module's file, which node of its tree, and which of the changes possible there."""

    path: Path
    node: int
    turn: int
    line: int

    def changed(self) -> tuple[str, ast.Module]:
        """What is changed, in words, and the whole changed module."""
        tree = ast.parse(self.path.read_text("utf-8"))
        place = list(ast.walk(tree))[self.node]
        what = list(changes_of(place))[self.turn](place)
        return what, ast.fix_missing_locations(tree)


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Every mutant of the functions of a module."""
    tree = ast.parse(path.read_text("utf-8"))
    inside = {
        id(place)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for statement in node.body
        for place in ast.walk(statement)
    }
    for number, place in enumerate(ast.walk(tree)):
        if id(place) in inside:
            for turn, _change in enumerate(changes_of(place)):
                yield Mutant(path, number, turn, getattr(place, "lineno", 0))


def changes_of(place: ast.AST) -> Iterator[Change]:
    """What may be changed at a place of the tree; each change says in words what it did."""
    match place:
        case ast.Compare(ops=[operator]) if type(operator) in COMPARISONS:
            yield _other_comparison
        case ast.BinOp(op=operator) if type(operator) in OPERATORS:
            yield _other_operator
        case ast.BoolOp():
            yield _other_word
        case ast.UnaryOp(op=ast.Not()) | ast.UnaryOp(op=ast.USub()):
            yield _without_sign
        case ast.Constant(value=bool()):
            yield _opposite
        case ast.Constant(value=int()):
            yield _one_more
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)) if name in CALLS:
            yield _other_call
        case ast.If() | ast.IfExp():
            yield _condition_negated
        case _:
            return


def _other_comparison(place: ast.AST) -> str:
    assert isinstance(place, ast.Compare)
    before = ast.unparse(place)
    place.ops = [COMPARISONS[type(place.ops[0])]()]
    return f"{before} → {ast.unparse(place)}"


def _other_operator(place: ast.AST) -> str:
    assert isinstance(place, ast.BinOp)
    before = ast.unparse(place)
    place.op = OPERATORS[type(place.op)]()
    return f"{before} → {ast.unparse(place)}"


def _other_word(place: ast.AST) -> str:
    assert isinstance(place, ast.BoolOp)
    before = ast.unparse(place)
    place.op = ast.Or() if isinstance(place.op, ast.And) else ast.And()
    return f"{before} → {ast.unparse(place)}"


def _without_sign(place: ast.AST) -> str:
    assert isinstance(place, ast.UnaryOp)
    before = ast.unparse(place)
    place.op = ast.UAdd() if isinstance(place.op, ast.USub) else ast.Not()
    if isinstance(place.op, ast.Not):
        place.operand = ast.UnaryOp(ast.Not(), place.operand)
    return f"{before} → {ast.unparse(place)}"


def _opposite(place: ast.AST) -> str:
    assert isinstance(place, ast.Constant)
    place.value = not place.value
    return f"{not place.value} → {place.value}"


def _one_more(place: ast.AST) -> str:
    assert isinstance(place, ast.Constant)
    assert isinstance(place.value, int)
    place.value = place.value + 1
    return f"{place.value - 1} → {place.value}"


def _other_call(place: ast.AST) -> str:
    assert isinstance(place, ast.Call)
    before = ast.unparse(place)
    if isinstance(place.func, ast.Attribute):
        place.func.attr = CALLS[place.func.attr]
    elif isinstance(place.func, ast.Name):
        place.func.id = CALLS[place.func.id]
    return f"{before} → {ast.unparse(place)}"


def _condition_negated(place: ast.AST) -> str:
    assert isinstance(place, ast.If | ast.IfExp)
    before = ast.unparse(place.test)
    place.test = ast.UnaryOp(ast.Not(), place.test)
    return f"if {before} → if not ({before})"
