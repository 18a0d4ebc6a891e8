"""The rooms of `mebench.challenge`: imports only go down, at module level and inside functions."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import mebench.challenge

FLOORS = (("safety",), ("checks",), ("reading",), ("desk",), ("pages", "export"))
"""From the lowest up; rooms on one floor do not import each other."""

HOUSE = Path(mebench.challenge.__file__).parent


def imported_rooms(path: Path) -> set[str]:
    """Return the rooms that a module names in its imports, and in texts such as `mebench.challenge.desk.x:y`."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and " " not in node.value:
            names.add(node.value)
    return {name.split(".")[2] for name in names if name.startswith("mebench.challenge.")}


def test_every_module_is_in_a_room():
    assert [path.name for path in HOUSE.glob("*.py")] == ["__init__.py"]
    rooms = {path.name for path in HOUSE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert rooms == {room for floor in FLOORS for room in floor}


@pytest.mark.parametrize("level", range(len(FLOORS)), ids=lambda level: "+".join(FLOORS[level]))
def test_imports_only_go_down(level):
    below = {room for floor in FLOORS[:level] for room in floor}
    for room in FLOORS[level]:
        for path in (HOUSE / room).rglob("*.py"):
            assert imported_rooms(path) <= below | {room}, path
