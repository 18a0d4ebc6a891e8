"""What lies in the place of an organisers' file never blocks, fills the memory or ends in a traceback."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from small_challenge import NOON

from mebench.challenge.desk.grader import Desk
from mebench.challenge.safety.own_files import NoPlainFile, check_plain, check_plain_below, open_own, read_own


def pipe(path: Path) -> None:
    os.mkfifo(path)


def endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def folder(path: Path) -> None:
    path.mkdir()


def socket_there(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(os.path.relpath(path))


KINDS = {"a pipe": pipe, "a device": endless, "a folder": folder, "a socket": socket_there}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_plain_file_is_told_at_once(tmp_path, monkeypatch, kind):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "place"
    KINDS[kind](path)
    message = f"place is no plain file: (a link to )?{kind} lies there; move it away, and repeat.$"
    for read in (check_plain, read_own, lambda path: open_own(path, os.O_RDWR | os.O_APPEND | os.O_CREAT)):
        with pytest.raises(NoPlainFile, match=message):
            read(path)
    if kind != "a folder":
        with pytest.raises(NoPlainFile, match=message):
            check_plain_below(tmp_path)


def test_links_to_plain_files_are_for_what_people_write(tmp_path):
    (tmp_path / "there").write_text("x")
    (tmp_path / "link").symlink_to("there")
    check_plain(tmp_path / "link")
    check_plain(tmp_path / "missing")
    with pytest.raises(NoPlainFile, match="a link to a file lies there"):
        read_own(tmp_path / "link")
    assert read_own(tmp_path / "there") == b"x"
    with pytest.raises(OSError, match="more than 0 bytes"):
        read_own(tmp_path / "there", most=0)
    with pytest.raises(FileNotFoundError):
        read_own(tmp_path / "missing")


FILES = ["challenge.toml", "truth/events.csv", "truth/videos.csv", "organiser/log.jsonl", "state.sqlite"]
OF_A_RECEIPT = ["receipts/ID/receipt.json", "receipts/ID/report.json", "organiser/ID/scorecard.json"]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["a pipe", "a device"])
@pytest.mark.usefixtures("here")
def test_every_verb_says_so_in_one_sentence(make_challenge, submit, kind, tmp_path):
    challenge = make_challenge()
    with Desk(challenge) as desk:
        id = desk.grade(submit(), received=NOON).receipt.id
    for name in [*FILES, *(name.replace("ID", id) for name in OF_A_RECEIPT)]:
        copy = shutil.copytree(challenge.folder, tmp_path / "copy" / name.replace("/", "-"))
        (copy / name).unlink()
        KINDS[kind](copy / name)
        for verb in (["receipts"], ["grade", str(submit_again(tmp_path)), "--team", "A"]):
            command = [sys.executable, "-m", "mebench", "challenge", verb[0], str(copy), *verb[1:]]
            done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
            assert done.returncode == 2, (name, done.stderr)
            assert f"{Path(name).name} is no plain file" in done.stderr, (name, done.stderr)


def submit_again(tmp_path: Path) -> Path:
    return tmp_path / "sent" / "one"
