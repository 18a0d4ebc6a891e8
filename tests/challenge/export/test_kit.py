from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from platforms import python

from mebench.challenge.desk.config import load_challenge
from mebench.challenge.desk.public import check_with_kit
from mebench.challenge.export.kit import write_kit
from mebench.challenge.pages.template import init_challenge
from mebench.cli.challenge import check
from mebench.errors import UserError
from tests.every_task import TASKS

TRUTHS = {"megc2022-spotting": "megc2024-str"}
"""Protocols whose truth has the form of another's."""


def in_kit(kit: Path, *words: str) -> subprocess.CompletedProcess:
    """Run the check in a process of its own that knows the kit alone."""
    command = [sys.executable, "-P", "-m", "mebench", "challenge", "check", "--kit", ".", *words]
    return subprocess.run(command, cwd=kit, capture_output=True, text=True, timeout=120, check=False)


def test_the_archive_alone_is_enough_for_a_participant(make_challenge, tmp_path):
    archive = write_kit(make_challenge(("hidden = []", 'hidden = ["s2/c"]')), tmp_path / "kit.zip")
    assert not stat.S_IMODE(archive.stat().st_mode) & 0o022
    with zipfile.ZipFile(archive) as content:
        content.extractall(tmp_path / "empty")
    (kit,) = (tmp_path / "empty").iterdir()
    assert kit.name == "kit"
    alone = python("check.py", "example", cwd=kit)
    assert (alone.returncode, alone.stderr) == (0, "")
    accepted = in_kit(kit, "example")
    assert accepted.stdout == alone.stdout
    assert (accepted.returncode, accepted.stderr) == (0, "")
    assert "example is accepted: 3 predictions" in accepted.stdout
    table = kit / "example" / "predictions.csv"
    table.write_text(table.read_text().replace("s1,a,5,14,", "s1,a,14,5,").replace("s2,c", "s9,c"))
    wrong = in_kit(kit, "example")
    alone = python("check.py", "example", cwd=kit)
    assert (alone.returncode, alone.stdout) == (2, wrong.stdout)
    assert python("check.py", "missing", cwd=kit).stderr.startswith("Error: ")
    assert wrong.returncode == 2
    assert "predictions.csv:2, offset: expected a frame not before the onset 14, found '5'" in wrong.stdout
    assert "s9" in wrong.stdout
    readme = (kit / "README.txt").read_text()
    assert "pip install numpy" in readme
    assert "python check.py example" in readme
    assert "predictions.csv" not in os.listdir(kit)


def test_the_check_of_the_kit_takes_what_challenge_check_takes(make_challenge, tmp_path):
    kit = write_kit(make_challenge(), tmp_path / "kit")
    flags = {word for param in check.params if param.name != "kit" for word in param.opts if word.startswith("--")}
    assert flags > {"--team", "--protocol", "--first-frame", "--format"}
    told = python("check.py", "--help", cwd=kit)
    assert (told.returncode, {flag for flag in flags if flag not in told.stdout}) == (0, set())
    (tmp_path / "table.csv").write_text("subject,video,onset,offset,type\ns1,a,0,9,micro\n")
    words = ["--team", "Beta", "--method", "m2", "--protocol", "megc2022-spotting", "--first-frame", "0"]
    for form in (["--format", "json"], []):
        alone = python("check.py", "../table.csv", *words, *form, cwd=kit)
        assert alone.stdout == in_kit(kit, "../table.csv", *words, *form).stdout
        assert (alone.returncode, alone.stderr) == (0, "")
    assert json.loads(python("check.py", "../table.csv", *words, "--format", "json", cwd=kit).stdout)["accepted"]
    other = python("check.py", "../table.csv", *words[:5], "other", cwd=kit)
    assert (other.returncode, "the protocol megc2022-spotting" in other.stdout) == (2, True)
    assert python("check.py", "../table.csv", "--first-frame", "2", cwd=kit).returncode == 2


def test_the_check_of_the_kit_says_what_python_lacks(make_challenge, tmp_path):
    kit = write_kit(make_challenge(), tmp_path / "kit")
    # Without `site` an interpreter has nothing but the standard library.
    bare = python("-I", "-S", "check.py", "example", cwd=kit)
    how = f"{sys.executable} -m pip install numpy"
    assert (bare.returncode, bare.stdout) == (2, "")
    assert bare.stderr == f"Error: the check needs numpy: install it with {how}\n"
    assert python("-I", "-S", "check.py", "--help", cwd=kit).returncode == 0


@pytest.mark.parametrize("protocol", ["megc2022-spotting", "megc2024-str", "megc2019-cde", "megc2025-vqa"])
def test_every_task_has_formats_and_an_example_that_is_accepted(tmp_path, protocol):
    challenge = tmp_path / "challenge"
    init_challenge(challenge, protocol=protocol)
    TASKS[TRUTHS.get(protocol, protocol)][1](0.5)[1].write(challenge / "truth")
    kit = write_kit(load_challenge(challenge), tmp_path / "kit")
    found = check_with_kit(kit, kit / "example", {})
    assert found.accepted, found.text
    assert "`example/`" in (kit / "FORMATS.md").read_text()
    manifest = json.loads((kit / "example" / "manifest.json").read_text())
    assert manifest["protocol"] == protocol == json.loads((kit / "kit.json").read_text())["protocol"]


def test_the_same_challenge_gives_the_same_archive_and_nothing_is_overwritten(make_challenge, tmp_path):
    challenge = make_challenge()
    first, second = write_kit(challenge, tmp_path / "a" / "kit.zip"), write_kit(challenge, tmp_path / "b" / "kit.zip")
    assert first.read_bytes() == second.read_bytes()
    with pytest.raises(UserError, match="is there already"):
        write_kit(challenge, first)
    with pytest.raises(UserError, match="is not empty"):
        write_kit(challenge, first.parent)
    with pytest.raises(UserError, match="unpack the kit, and give its folder"):
        check_with_kit(first, first, {})


@pytest.mark.parametrize("name", ["organiser/kit", "truth/kit.zip"])
def test_no_kit_is_written_among_what_the_challenge_keeps(make_challenge, name):
    challenge = make_challenge()
    with pytest.raises(UserError, match="where the challenge keeps its own files: write it elsewhere"):
        write_kit(challenge, challenge.folder / name)
    assert not (challenge.folder / name).exists()
