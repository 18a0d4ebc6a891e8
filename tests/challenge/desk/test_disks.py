"""Full disks, read-only disks and other accounts: a sentence, and nothing is lost or counted twice."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_challenge import NOON, ROWS

from mebench.challenge.desk import audit
from mebench.challenge.desk.config import load_challenge
from mebench.challenge.desk.grader import Desk, Status
from mebench.challenge.pages.board import build_board
from mebench.errors import UserError

NOBODY = 65534


@pytest.fixture
def used(make_challenge, submit, here):
    """A challenge in which Beta has one submission; Alpha's lies ready."""
    challenge = make_challenge()
    with Desk(challenge) as desk:
        desk.grade(submit("beta", team="Beta"), received=NOON)
    submit("one", rows=ROWS[:1])
    return challenge


@contextlib.contextmanager
def mounted(place: Path, size: str) -> Iterator[Path]:
    place.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)], check=False, capture_output=True
    )
    if done.returncode:
        pytest.skip("this account may not mount a small disk")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


@pytest.fixture
def small(tmp_path):
    if os.geteuid() or shutil.which("mount") is None:
        pytest.skip("only root mounts a small disk")
    with mounted(tmp_path / "small", "2m") as place:
        yield place


@pytest.mark.parametrize("left", [0, 8, 20, 40, 60, 70, 80, 90, 100, 120, 160])
def test_a_full_disk_loses_nothing(used, small, left):
    shutil.copytree(used.folder, small / "c")
    challenge = load_challenge(small / "c")
    free = os.statvfs(small)
    fill = small / "fill"
    fill.write_bytes(b"x" * max(0, free.f_bavail * free.f_frsize - (left << 10)))
    path = used.folder.parent / "sent" / "one"
    status = None
    with contextlib.suppress(UserError, OSError), Desk(challenge) as desk:
        status = desk.grade(path, received=NOON).status
    assert status in (None, Status.ACCEPTED)
    fill.unlink()
    with Desk(challenge) as desk:
        assert desk.grade(path, received=NOON).status in (Status.ACCEPTED, Status.CACHED)
        assert desk.grade(path, received=NOON).status is Status.CACHED
        assert desk.store.accepted("test", "alpha", "2026-05-01") == (1, 1)
        assert desk.store._db.execute("SELECT count(*) FROM claims").fetchone() == (0,)


def test_a_read_only_disk_is_told(used, small, tmp_path):
    shutil.copytree(used.folder, small / "c")
    subprocess.run(["mount", "-o", "remount,ro", str(small)], check=True)
    challenge = load_challenge(small / "c")
    with pytest.raises(UserError, match="state.sqlite cannot be opened .* not read-only"):
        Desk(challenge)
    with pytest.raises(UserError, match=r"state.sqlite cannot be opened"):
        build_board(challenge, tmp_path / "out")


@pytest.fixture
def foreign(used, monkeypatch):
    """The challenge in a folder of root's that everybody may enter, while the process is somebody else's."""
    if os.geteuid():
        pytest.skip("only root becomes somebody else")
    monkeypatch.setattr(audit, "_PAUSE_SECONDS", 0.0)
    place = Path(tempfile.mkdtemp())
    place.chmod(0o755)
    shutil.copytree(used.folder, place / "c")
    try:
        yield place / "c"
    finally:
        os.seteuid(0)
        shutil.rmtree(place)


def test_another_account_is_told(foreign, used):
    challenge = used.__class__(**{**vars(used), "folder": foreign})
    os.seteuid(NOBODY)
    with pytest.raises(UserError, match="belongs to the account root and this is .*: let its owner run"):
        Desk(challenge)
    with pytest.raises(UserError, match="challenge.toml cannot be read"):
        load_challenge(foreign)


def test_a_state_of_another_account_is_told(foreign, used):
    challenge = used.__class__(**{**vars(used), "folder": foreign})
    for path in (foreign, *foreign.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    state = foreign / "state.sqlite"
    os.chown(state, 0, 0)
    os.seteuid(NOBODY)
    with pytest.raises(UserError, match="state.sqlite cannot be opened .*use an account that may write to it"):
        Desk(challenge)
    os.seteuid(0)
    state.chmod(0o644)
    os.seteuid(NOBODY)
    with pytest.raises(UserError, match="open to others .mode 644. and cannot be closed .*chmod 600"):
        Desk(challenge)


def test_a_folder_that_may_not_be_written_is_told(foreign, used):
    challenge = used.__class__(**{**vars(used), "folder": foreign})
    for path in (foreign, *foreign.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    foreign.chmod(0o555)
    os.seteuid(NOBODY)
    with pytest.raises(UserError, match="state.sqlite cannot be (opened|written)"):
        Desk(challenge)


def test_root_is_refused_in_a_challenge_of_another_account_and_leaves_nothing(foreign, used):
    challenge = used.__class__(**{**vars(used), "folder": foreign})
    for path in (foreign, *foreign.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    before = sorted(foreign.rglob("*"))
    with pytest.raises(UserError, match="belongs to the account .* and this is root: let its owner run"):
        Desk(challenge)
    assert sorted(foreign.rglob("*")) == before
    os.seteuid(NOBODY)
    Desk(challenge).store.close()
