"""What a verb writes replaces no device and nothing that it reads."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import mebench
from mebench.cli.outputs import PAGES, output_file
from mebench.errors import UserError


@pytest.fixture
def table(tmp_path: Path) -> Path:
    (tmp_path / "truth").mkdir()
    (tmp_path / "truth" / "events.csv").write_text("events")
    (tmp_path / "p.csv").write_text("p")
    return tmp_path / "p.csv"


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo], ids=["a folder", "a pipe"])
def test_only_files_are_replaced(tmp_path: Path, make: object) -> None:
    make(tmp_path / "x")  # type: ignore[operator]
    with pytest.raises(
        UserError, match="x is a (folder|pipe) and not a file: give the name of a new file with --errors"
    ):
        output_file(tmp_path / "x", [], "--errors")
    with pytest.raises(UserError, match="/dev/full is a device and not a file"):
        output_file("/dev/full", [])


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "old.json").write_text(' {"fingerprint": 1}')
    (tmp_path / "link").symlink_to("old.json")
    assert output_file(tmp_path / "link", []) == tmp_path.resolve() / "old.json"
    (tmp_path / "null").symlink_to(os.devnull)
    with pytest.raises(UserError, match="null is a device"):
        output_file(tmp_path / "null", [])


@pytest.mark.parametrize("name", ["p.csv", "./p.csv", "truth/../p.csv", "hard.csv", "soft.csv"])
def test_an_input_is_never_replaced(table: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(table.parent)
    os.link("p.csv", "hard.csv")
    Path("soft.csv").symlink_to("p.csv")
    with pytest.raises(UserError, match="p.csv.* is read by this command: give another name with --output"):
        output_file(name, [table, Path("truth")])


@pytest.mark.parametrize("name", ["truth/events.csv", "truth/new.json", "again/new.json"])
def test_nothing_is_written_into_a_folder_that_is_read(table: Path, name: str) -> None:
    (table.parent / "again").symlink_to("truth")
    with pytest.raises(UserError, match="lies in .*truth, which is read by this command"):
        output_file(table.parent / name, [table, table.parent / "truth"])


def test_a_new_name_and_an_older_result_are_taken(table: Path) -> None:
    (table.parent / "card.json").write_text('{"convention": {"fingerprint": "x"}}')
    (table.parent / "empty").touch()
    for name in ("card.json", "new/card.json", "empty"):
        assert output_file(table.parent / name, [table, table.parent / "truth"]) == (table.parent / name).resolve()


@pytest.mark.parametrize("name", ["", "-", ".", Path(), Path("-")], ids=repr)
def test_what_is_no_name_of_a_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str | Path
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match="is no name of a file: give one with --errors"):
        output_file(name, [], "--errors")


@pytest.mark.parametrize(
    ("name", "content"), [("a.py", "print()"), ("b.json", '{"name": "mine"}'), ("c.md", "# Notes")]
)
def test_a_file_of_another_kind_is_not_replaced(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(
        UserError, match=f"{name} is a file of another kind: remove it, or give another name with --errors"
    ):
        output_file(tmp_path / name, [], "--errors")


def test_a_page_replaces_a_page_of_mebench_alone(tmp_path: Path) -> None:
    page = tmp_path / "index.html"
    page.write_text("<!DOCTYPE html><h1>My site</h1>")
    with pytest.raises(UserError, match="index.html is a file of another kind"):
        output_file(page, [], "--out", PAGES)
    page.write_text('<p class="eyebrow">mebench \u00b7 leaderboard</p>')
    assert output_file(page, [], "--out", PAGES) == page.resolve()
    for template in Path(mebench.__file__).parent.rglob("*.html.j2"):
        if "{% block body %}" in template.read_text() and template.name != "page.html.j2":
            assert PAGES[0] in template.read_bytes(), template
