"""Roots are found where the user has named them, in the order that is promised."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from mebench.errors import UserError
from mebench.runs.roots import FILE, find_root, remember_root, remembered_roots


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in ("MEBENCH_DATA", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MEBENCH_CONFIG", str(tmp_path / "config"))
    return tmp_path


def test_what_is_remembered_is_found_and_can_be_forgotten(home, monkeypatch):
    (home / "copy").mkdir()
    monkeypatch.chdir(home)
    assert find_root("samm_lv") is None
    remember_root("samm_lv", home.__class__("copy"))
    root = find_root("samm_lv")
    assert (root.path, root.origin, root.is_there) == (home / "copy", "remembered", True)
    (home / "copy").rmdir()
    assert not find_root("samm_lv").is_there
    remember_root("samm_lv", None)
    assert remembered_roots() == {}
    with pytest.raises(UserError, match="No root of samm_lv is remembered"):
        remember_root("samm_lv", None)


def test_a_folder_of_datasets_comes_before_what_is_remembered(home, monkeypatch):
    for name in ("copy", "data/samm_lv"):
        (home / name).mkdir(parents=True)
    remember_root("samm_lv", home / "copy")
    remember_root("casme_sq", home / "copy")
    monkeypatch.setenv("MEBENCH_DATA", str(home / "data"))
    assert find_root("samm_lv").path == home / "data/samm_lv"
    assert find_root("samm_lv").origin == "MEBENCH_DATA"
    assert find_root("casme_sq").path == home / "copy"


def test_a_folder_that_is_not_there_is_not_remembered(home):
    with pytest.raises(UserError, match="does not exist: give the folder that holds samm_lv"):
        remember_root("samm_lv", home / "nowhere")
    assert remembered_roots() == {}


@pytest.mark.parametrize(
    "text", ["", "[]", "null", "{", '{"roots": {}}', '{"schema": 9, "roots": {}}', '{"schema": 1, "roots": {"a": 1}}', "[" * 100_000]
)  # fmt: skip
def test_a_broken_file_is_one_sentence(home, text):
    (home / "config").mkdir()
    (home / "config" / FILE).write_text(text)
    with pytest.raises(UserError, match="cannot be read .*mend it, or remove it"):
        find_root("samm_lv")


def test_without_a_home_nothing_is_remembered_and_saying_so_is_one_sentence(home, monkeypatch):
    monkeypatch.delenv("MEBENCH_CONFIG")

    def no_home():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr("pathlib.Path.home", no_home)
    assert find_root("samm_lv") is None
    with pytest.raises(UserError, match="no home folder to remember roots in: set MEBENCH_CONFIG"):
        remember_root("samm_lv", home)


def test_the_file_is_plain(home):
    remember_root("samm_lv", home)
    assert json.loads((home / "config" / FILE).read_text()) == {"schema": 1, "roots": {"samm_lv": str(home)}}


def test_a_tilde_of_a_user_without_a_home_is_no_folder(home, monkeypatch):
    monkeypatch.setenv("MEBENCH_DATA", "~nobody-of-that-name/data")
    with pytest.raises(UserError, match="MEBENCH_DATA=~nobody-of-that-name/data is no folder"):
        find_root("samm_lv")


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo], ids=["a folder", "a pipe"])
def test_what_is_no_file_is_told_and_not_waited_for(home, make):
    (home / "config").mkdir()
    make(home / "config" / FILE)
    with pytest.raises(
        UserError, match=r"roots.json cannot be read \(it is a .* and not a file.*\): mend it, or remove"
    ):
        remembered_roots()
