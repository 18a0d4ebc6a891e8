"""Names that could leave the folder, mislead, or fall upon each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mebench.challenge.safety.zip_directory import Entry
from mebench.challenge.safety.zip_names import clashes, is_folder, name_faults, parts_of


def entry(name: str, other: str | None = None) -> Entry:
    return Entry(name, name.encode("utf-8", "surrogatepass"), other, 0, 0, 0, 0, 0, 0, 0)


def kinds(name: str, other: str | None = None) -> list[str]:
    return [fault.kind for fault in name_faults(entry(name, other))]


def clashing(*names: str) -> list[tuple[str, str]]:
    return [(fault.kind, fault.member) for fault in clashes(names)]


@pytest.mark.parametrize(
    ("name", "parts"),
    [("a/b.csv", ("a", "b.csv")), ("./a//b/", ("a", "b")), ("/", ()), ("a/..b", ("a", "..b")), ("..", ("..",))],
)
def test_empty_parts_and_single_dots_do_not_count(name, parts):
    assert parts_of(name) == parts


@pytest.mark.parametrize("name", ["p.csv", "a/b/c.csv", "é.csv", "表.csv", ".hidden", "a..b", "a/", "x" * 255])
def test_a_plain_name_has_no_fault(name):
    assert kinds(name) == []
    assert kinds(name, name) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a\0", ["nul"]),
        ("a\\b", ["backslash"]),
        ("/a", ["absolute"]),
        ("\uff0fa", ["absolute"]),
        ("c:a", ["drive"]),
        ("a:b/c:d", ["drive"]),
        ("ab:c", []),
        ("a/../b", ["traversal"]),
        ("a\\..\\b", ["backslash", "traversal"]),
        ("\u2025/a", ["traversal"]),
        ("a\x1b", ["control"]),
        ("a\u202e", ["control"]),
        ("x" * 256, ["name"]),
        ("é" * 128, ["name"]),
        ("", ["name"]),
        ("./", ["name"]),
        ("a/. /b", ["name"]),
        ("a/" * 16 + "b", ["depth"]),
        ("a/" * 15 + "b", []),
    ],
)
def test_each_danger_has_its_kind(name, expected):
    assert kinds(name) == expected


def test_a_second_name_must_be_the_first():
    (fault,) = name_faults(entry("p.csv", "q.csv"))
    assert (fault.kind, fault.member, str(fault)) == ("names", "p.csv", "expected one name, found another one, q.csv")
    assert kinds("p.csv", "") == ["names"]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("a", "b", "c/a"), []),
        (("a", "A"), [("duplicate", "A")]),
        (("a", "a", "a"), [("duplicate", "a"), ("duplicate", "a")]),
        (("é", "e\u0301"), [("duplicate", "e\u0301")]),
        (("\u03c2", "\u03c3"), [("duplicate", "\u03c3")]),
        (("\u2121", "tel"), [("duplicate", "tel")]),
        (("a", "a."), [("duplicate", "a.")]),
        (("x/a", "X /a"), [("duplicate", "X /a")]),
        (("a", "a\u200b"), [("duplicate", "a\u200b")]),
        (("a/", "A/"), []),
        (("a/b", "a"), [("clash", "a")]),
        (("a", "a/b"), [("clash", "a")]),
        (("a/", "a"), [("clash", "a")]),
        (("a/b/c", "A/B"), [("clash", "A/B")]),
    ],
)
def test_files_that_some_system_takes_for_one(names, expected):
    assert clashing(*names) == expected


def test_a_duplicate_names_the_first_of_its_name():
    (fault,) = clashes(["P.csv", "p.csv"])
    assert "found P.csv too" in str(fault)


@given(st.lists(st.text("ab./", min_size=1, max_size=5).filter(lambda name: not name.endswith("/")), max_size=6))
def test_what_is_a_duplicate_does_not_depend_on_the_order(names):
    def duplicates(given: list[str]) -> int:
        return sum(kind == "duplicate" for kind, _ in clashing(*given))

    assert duplicates(names) == duplicates(names[::-1])
    assert duplicates(names) == len(names) - len({tuple(p.rstrip(".") for p in parts_of(name)) for name in names})


def test_a_folder_ends_with_a_slash():
    assert is_folder(entry("a/"))
    assert not is_folder(entry("a/b"))
