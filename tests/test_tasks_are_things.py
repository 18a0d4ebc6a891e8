"""A task is a thing, not a string: only `tasks/` and the catalogue of metrics know which tasks there are.

The syntax trees of the package are walked: nowhere else is a task's id compared with a literal, or a truth or
predictions asked for their class. A class may ask for itself, as its `__eq__` does.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "mebench"
ALLOWED = ("tasks/", "metrics/catalogue.py")
OF_TASKS = frozenset({"Truth", "ClipTable", "Answers", "RatedItems", "GeneratedTable", "Intervals", "Labels"})
"""Classes of truths and predictions."""

Place = tuple[int, str]


def is_task(node: ast.AST) -> bool:
    """Tell whether an expression is a task's id: `task`, `x.task`, `x["task"]`, `x.get("task")`, `x.task.id`."""
    match node:
        case ast.Name(id=name):
            return name == "task" or name.endswith("_task")
        case ast.Attribute(attr="task"):
            return True
        case ast.Attribute(value=value, attr="id"):
            return is_task(value)
        case ast.Subscript(slice=ast.Constant(value="task")):
            return True
        case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(value="task"), *_]):
            return True
    return False


def is_literal(node: ast.AST) -> bool:
    """Tell whether an expression is a text that is not empty, or a group of such texts."""
    match node:
        case ast.Constant(value=str(text)):
            return bool(text)
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            return any(map(is_literal, parts))
        case ast.Dict(keys=keys):
            return any(is_literal(key) for key in keys if key is not None)
        case ast.Call(func=ast.Name(id="frozenset" | "set"), args=parts):
            return any(map(is_literal, parts))
    return False


def names_in(node: ast.AST) -> set[str]:
    return {
        n.id if isinstance(n, ast.Name) else n.attr for n in ast.walk(node) if isinstance(n, ast.Name | ast.Attribute)
    }


def faults(tree: ast.AST, own: frozenset[str] = frozenset()) -> Iterator[Place]:
    """Yield line and text of everything that treats a task as a string; `own` are the classes around a node."""
    for node in ast.iter_child_nodes(tree):
        match node:
            case ast.Compare(left=left, comparators=others):
                sides = [left, *others]
                if any(map(is_task, sides)) and any(map(is_literal, sides)):
                    yield node.lineno, ast.unparse(node)
            case ast.Match(subject=subject) if is_task(subject):
                yield node.lineno, f"match {ast.unparse(subject)}"
            case ast.Call(func=ast.Name(id="isinstance" | "issubclass"), args=[_, kinds]):
                if (names_in(kinds) & OF_TASKS) - own:
                    yield node.lineno, ast.unparse(node)
            case ast.MatchClass(cls=kind) if (names_in(kind) & OF_TASKS) - own:
                yield node.lineno, ast.unparse(node)
        yield from faults(node, own | {node.name} if isinstance(node, ast.ClassDef) else own)


def test_nothing_but_the_tasks_knows_which_tasks_there_are():
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(PACKAGE).as_posix()
        if not place.startswith(ALLOWED):
            found += [f"{place}:{line}: {text}" for line, text in faults(ast.parse(path.read_text()))]
    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        'x = task == "spotting"',
        'if protocol.task != "recognition": pass',
        'ok = card["task"] in ("spotting", "spot_recognise")',
        'ok = task in frozenset({"spotting"})',
        'ok = {"a": 1}.get(1) if "spotting" == config.get("task") else 2',
        'ok = rules.task.id == "spotting"',
        'match card.task:\n case "spotting": pass',
        "ok = isinstance(truth, Truth)",
        "ok = isinstance(found, Labels | Answers)",
        "ok = isinstance(found, (schema.Intervals, int))",
        "class Other:\n def __eq__(self, other):\n  return isinstance(other, Intervals)",
        "match truth:\n case ClipTable(): pass",
    ],
)
def test_a_task_as_a_string_is_found(code):
    assert len(list(faults(ast.parse(code)))) == 1


@pytest.mark.parametrize(
    "code",
    [
        "ok = card.task == other.task",
        "ok = not task",
        'ok = task == ""',
        "class Intervals:\n def __eq__(self, other):\n  return isinstance(other, Intervals)",
        'name = {"spotting": 1}[task]',
        'ok = status == "spotting"',
        "ok = isinstance(recording, Video)",
    ],
)
def test_what_is_no_such_thing_is_let_pass(code):
    assert list(faults(ast.parse(code))) == []
