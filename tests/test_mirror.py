"""Every module has tests under its mirrored name, or is named in one list with the test that covers it."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mirror import COVERED_BY

ROOT = Path(__file__).parent.parent
PACKAGE, TESTS = ROOT / "mebench", ROOT / "tests"
NOT_YET = ("challenge/",)  # REMOVE when the tests of the challenge are mirrored as well.

MODULES = {
    path.relative_to(PACKAGE).as_posix(): path
    for path in sorted(PACKAGE.rglob("*.py"))
    if path.name != "__init__.py" or path.parent == PACKAGE
}
"""Modules by their paths; packages hold no code, but for the public face."""

NAMES = {f"mebench.{place.removesuffix('.py').replace('/', '.')}": place for place in MODULES}
_LAZY = re.compile(r"([A-Za-z_][\w.]*):\w+")
_IN_TEXT = re.compile(r"mebench(?:\.\w+)+")


def mirrored(place: str) -> Path:
    """Return where the tests of a module lie when it has some of its own."""
    return TESTS / Path(place).with_name(f"test_{Path(place).name}")


def mentioned(path: Path) -> Iterator[str]:
    """Yield the names of modules that a file imports, at its top or later, or names in a text that is no docstring.

    Such texts are `module:object`, the code of another process, and the file of a sibling that is copied somewhere.
    """
    tree = ast.parse(path.read_text())
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield module
                yield from (f"{module}.{alias.name}" for alias in names)
            case ast.Constant(value=str(text)) if id(node) not in told:
                yield from in_text(text, path)


def in_text(text: str, path: Path) -> Iterator[str]:
    """Yield the names of modules in a text of a file."""
    if lazy := _LAZY.fullmatch(text):
        yield from (name for name in NAMES if name.endswith(f".{lazy[1]}"))
    for found in _IN_TEXT.findall(text):
        yield found
        yield found.rpartition(".")[0]
    if re.fullmatch(r"\w+\.py", text):
        yield from (name for name, place in NAMES.items() if MODULES[place] == path.with_name(text))


@functools.cache
def leads_to(place: str) -> frozenset[str]:
    """Return the modules of the package that one of them imports or looks up."""
    return frozenset(NAMES[name] for name in mentioned(MODULES[place]) if name in NAMES)


@functools.cache
def reached(test: str) -> frozenset[str]:
    """Return every module that a test file, what it shares with others, and the command that it gives lead to."""
    path = TESTS / test
    shared = [folder / "conftest.py" for folder in path.parents if folder.is_relative_to(TESTS)]
    found, names = set(), {name for file in (path, *shared) if file.is_file() for name in mentioned(file)}
    helpers = [
        TESTS / f"{name.removeprefix('tests.').replace('.', '/')}.py" for name in names if name.startswith("tests.")
    ]
    names |= {name for helper in helpers if helper.is_file() for name in mentioned(helper)}
    if '"mebench"' in path.read_text() or "import mebench" in path.read_text():
        names |= {"mebench.__main__"}
        found.add("__init__.py")
    waiting = [NAMES[name] for name in names if name in NAMES]
    while waiting:
        place = waiting.pop()
        if place not in found:
            found.add(place)
            waiting += leads_to(place)
    return frozenset(found)


def test_every_module_has_tests():
    without = [place for place in MODULES if not place.startswith(NOT_YET) and not mirrored(place).is_file()]
    assert [place for place in without if place not in COVERED_BY] == []


def test_the_list_is_no_longer_than_it_must_be():
    assert [place for place in COVERED_BY if place not in MODULES] == []
    assert [place for place in COVERED_BY if mirrored(place).is_file()] == []
    assert list(COVERED_BY) == sorted(COVERED_BY)


@pytest.mark.parametrize("test", sorted(set(COVERED_BY.values())))
def test_a_test_that_is_named_leads_to_what_it_covers(test):
    assert (TESTS / test).is_file()
    assert re.search(r"^def test_", (TESTS / test).read_text(), flags=re.MULTILINE)
    assert {place for place, by in COVERED_BY.items() if by == test} - reached(test) == set()


def test_a_test_leads_to_no_more_than_it_imports():
    assert "rendering/hair.py" not in reached("schema/test_people.py")
    assert "runs/run.py" not in reached("metrics/test_catalogue.py")
