"""What lies in a stranger's folder is listed and opened without being led elsewhere, blocked or flooded."""

from __future__ import annotations

import dataclasses
import os
import socket
from pathlib import Path, PurePosixPath

import pytest

from mebench.challenge.safety.limits import SubmissionLimits
from mebench.challenge.safety.plain_files import (
    FILE,
    FOLDER,
    NotPlain,
    foreign_links,
    kind_of,
    open_below,
    open_plain,
    overrun,
    stand_in,
    walk,
)

LIMITS = SubmissionLimits(files=5, folders=4, depth=3, total_bytes=1000)


def found(folder: Path, limits: SubmissionLimits = LIMITS) -> dict[str, str]:
    return {str(entry.path): entry.kind for entry in walk(folder, limits)}


def open_descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


def test_files_come_before_folders_in_the_order_of_names(tmp_path):
    for name in ("b/y", "b/x", "a/z", "c"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    assert list(found(tmp_path)) == ["c", "a", "a/z", "b", "b/x", "b/y"]


def test_what_is_not_plain_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    os.symlink("/etc/passwd", "link")
    os.symlink("/etc", "folder")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
        assert found(tmp_path) == {"pipe": "pipe", "link": "link", "folder": "link", "socket": "socket"}
    assert kind_of(Path("/dev/zero")) == "device"
    for name in ("pipe", "link", "folder", "socket", "/dev/zero"):
        with pytest.raises(NotPlain):
            open_plain(name, None)


def test_a_stand_in_says_why_and_other_links_cannot(tmp_path):
    stand_in(tmp_path / "a", "pipe")
    (tmp_path / "b").symlink_to("refused: by me")
    assert found(tmp_path) == {"a": "pipe", "b": "link"}


def test_a_file_that_becomes_a_pipe_or_a_link_after_the_first_look_is_not_waited_for(tmp_path):
    for name in ("a", "b", "c"):
        (tmp_path / name).write_text("x")
    refused = []
    for entry in walk(tmp_path, LIMITS):
        path = tmp_path / entry.path
        path.unlink()
        if entry.path.name == "a":
            os.mkfifo(path)
        elif entry.path.name == "b":
            path.symlink_to("/etc/passwd")
        with pytest.raises(NotPlain) as caught:
            entry.open()
        refused.append(caught.value.kind)
    assert refused == ["pipe", "link", "changed"]


def test_a_pipe_that_appears_between_the_look_and_the_opening_is_refused(tmp_path, monkeypatch):
    (tmp_path / "a").write_text("x")
    really = os.open

    def swap(name, *args, **kwargs):
        (tmp_path / "a").unlink(missing_ok=True)
        os.mkfifo(tmp_path / "a")
        return really(name, *args, **kwargs)

    monkeypatch.setattr(os, "open", swap)
    with pytest.raises(NotPlain, match="changed while it was read"):
        open_plain(str(tmp_path / "a"), None)


def test_a_folder_that_becomes_a_link_between_listing_and_opening_is_not_followed(tmp_path, monkeypatch):
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "events.csv").write_text("truth")
    inner = tmp_path / "in" / "inner"
    inner.mkdir(parents=True)
    (inner / "events.csv").write_text("x")
    really = os.open

    def swap(name, *args, **kwargs):
        if name == "inner" and not inner.is_symlink():
            inner.rename(tmp_path / "gone")
            inner.symlink_to(secret)
        return really(name, *args, **kwargs)

    monkeypatch.setattr(os, "open", swap)
    assert found(tmp_path / "in") == {"inner": "link"}


def test_no_component_below_the_root_may_be_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a").write_text("x")
    (tmp_path / "by").symlink_to("real")
    with open_below(tmp_path, PurePosixPath("real/a")) as file:
        assert file.read() == b"x"
    for name in ("by/a", "real/../by/a"):
        with pytest.raises(NotPlain):
            open_below(tmp_path, PurePosixPath(name))
    with open_below(tmp_path / "by", PurePosixPath("a")) as file:
        assert file.read() == b"x"


def test_what_cannot_be_opened_is_an_entry_of_its_own(tmp_path, monkeypatch):
    (tmp_path / "closed").mkdir()
    (tmp_path / "open").mkdir()
    (tmp_path / "open" / "a").write_text("")
    really = os.open

    def refuse(name, *args, **kwargs):
        if name == "closed":
            raise PermissionError(13, "Permission denied")
        return really(name, *args, **kwargs)

    monkeypatch.setattr(os, "open", refuse)
    assert found(tmp_path) == {"closed": "unreadable", "open": FOLDER, "open/a": FILE}


@pytest.mark.parametrize(("files", "folders"), [(50, 0), (0, 50), (30, 30)])
def test_no_more_is_listed_than_one_past_the_limits(tmp_path, files, folders):
    for number in range(files):
        (tmp_path / f"f{number}").write_text("")
    for number in range(folders):
        (tmp_path / f"d{number}").mkdir()
    entries = list(walk(tmp_path, LIMITS))
    assert len(entries) <= LIMITS.files + LIMITS.folders + 1
    told = {kind for _, _, kind in overrun(entries, LIMITS)}
    assert told
    assert told <= ({"too_many_files"} if files else set()) | ({"too_many_folders"} if folders else set())


@pytest.mark.slow
def test_two_thousand_nested_folders_are_seen_to_a_depth(tmp_path, monkeypatch):
    before = open_descriptors()
    monkeypatch.chdir(tmp_path)
    for _ in range(2_000):
        os.mkdir("d")
        os.chdir("d")
    entries = list(walk(tmp_path, LIMITS))
    # No tool that goes by paths can remove them.
    for _ in range(2_000):
        os.chdir("..")
        os.rmdir("d")
    assert len(entries) == LIMITS.depth + 1
    assert [kind for _, _, kind in overrun(entries, LIMITS)] == ["too_deep"]
    assert open_descriptors() == before


def test_a_walk_that_is_left_early_closes_its_folders(tmp_path):
    (tmp_path / "a" / "b" / "c").mkdir(parents=True)
    before = open_descriptors()
    for entry in walk(tmp_path, LIMITS):
        if entry.path.name == "b":
            break
    del entry
    assert open_descriptors() == before


def test_the_sizes_of_all_files_count_together(tmp_path):
    (tmp_path / "a").write_bytes(b"x" * 600)
    (tmp_path / "README.md").write_bytes(b"x" * 600)
    assert [fault[2] for fault in overrun(walk(tmp_path, LIMITS), LIMITS)] == ["total_size"]
    assert overrun(walk(tmp_path, LIMITS), dataclasses.replace(LIMITS, total_bytes=1200)) == []


def test_hard_links_to_files_elsewhere_are_found_and_those_within_are_harmless(tmp_path):
    (tmp_path / "truth.csv").write_text("truth")
    folder = tmp_path / "in"
    folder.mkdir()
    os.link(tmp_path / "truth.csv", folder / "a.csv")
    (folder / "b.csv").write_text("")
    os.link(folder / "b.csv", folder / "c.csv")
    assert foreign_links(walk(folder, LIMITS)) == {PurePosixPath("a.csv")}
