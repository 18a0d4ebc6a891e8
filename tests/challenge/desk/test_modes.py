"""Nobody but the organiser can read the truth, hidden scores and the state, whatever the umask."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from small_challenge import NOON, ROWS

from mebench.challenge.desk import modes
from mebench.challenge.desk.grader import Desk, Status
from mebench.challenge.desk.ledger import withdraw
from mebench.challenge.desk.modes import close_to_others, require_not_for_teams, require_outside
from mebench.challenge.desk.rebuild import rebuild
from mebench.challenge.export.targets import TARGETS, export_challenge
from mebench.challenge.pages.board import build_board
from mebench.errors import UserError

BAD = ["s1,a,10,5,macro"]


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=["umask 000", "umask 022", "umask 077"])
def umask(request):
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def modes_in(folder: Path) -> dict[str, int]:
    return {p.relative_to(folder).as_posix(): p.lstat().st_mode for p in (folder, *folder.rglob("*"))}


def is_public(name: str) -> bool:
    """Tell whether the documentation lets everybody read a file of a challenge's folder."""
    return name in (".", "board.html") or name.split("/")[0] in ("receipts", "public_kit")


def check_modes(folder: Path) -> int:
    found = modes_in(folder)
    for name, mode in found.items():
        is_folder = stat.S_ISDIR(mode)
        if is_public(name):
            allowed = 0o755 if is_folder else 0o644
            assert not stat.S_IMODE(mode) & ~allowed, (name, oct(mode))
        else:
            assert stat.S_IMODE(mode) == (0o700 if is_folder else 0o600), (name, oct(mode))
    return len(found)


@pytest.mark.usefixtures("here", "umask")
def test_the_files_of_a_whole_season(make_challenge, submit):
    challenge = make_challenge(("hidden = []", 'hidden = ["s2/c"]'), ("per_day = 5", "per_day = 2"))
    folder = challenge.folder
    for target in TARGETS:
        export_challenge(challenge, target, folder / ("public_kit" if target == "participants" else target))
    with Desk(challenge) as desk:
        good = desk.grade(submit("good"), received=NOON)
        statuses = [
            good.status,
            desk.grade(submit("bad", rows=BAD), received=NOON).status,
            desk.grade(submit("next", rows=ROWS[:1]), received=NOON).status,
            desk.grade(submit("many", rows=ROWS[1:]), received=NOON).status,
        ]
        # SQLite's own files are there while somebody works.
        beside = list(folder.glob("state.sqlite-*"))
        assert len(beside) == 2
        check_modes(folder)
    assert statuses == [Status.ACCEPTED, Status.REFUSED, Status.ACCEPTED, Status.OVER_QUOTA]
    withdraw(challenge, good.receipt.id, "on request")
    build_board(challenge, folder)
    build_board(challenge, folder / "organiser", organiser=True)
    (folder / "state.sqlite").write_text("damaged")
    rebuild(challenge)
    assert check_modes(folder) > 30
    assert (folder / "state.damaged-1.sqlite").exists()


@pytest.mark.usefixtures("here", "umask")
def test_an_organisers_board_is_private_wherever_it_goes(make_challenge, tmp_path):
    path = build_board(make_challenge(), tmp_path / "out", organiser=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_what_is_open_is_closed_and_told(make_challenge):
    challenge = make_challenge()
    folder = challenge.folder
    close_to_others(folder)
    assert close_to_others(folder) == ()
    (folder / "challenge.toml").chmod(0o640)
    (folder / "truth" / "events.csv").chmod(0o644)
    (folder / "truth").chmod(0o755)
    (folder / "receipts").chmod(0o777)
    folder.chmod(0o775)
    read, written = close_to_others(folder)
    assert read == ("Others could read challenge.toml, truth, truth/events.csv: these are for this account alone now.")
    assert written.startswith(f"Others could write to {folder}, receipts: ")
    check_modes(folder)
    with Desk(challenge) as desk:
        assert desk.notes == ()


def test_a_link_to_what_others_can_read_is_refused(make_challenge, tmp_path):
    challenge = make_challenge()
    outside = tmp_path / "events.csv"
    events = challenge.folder / "truth" / "events.csv"
    events.rename(outside)
    events.symlink_to(outside)
    outside.chmod(0o644)
    with pytest.raises(UserError, match=r"leads to .*events.csv, which others can read \(mode 644\)"):
        close_to_others(challenge.folder)
    assert stat.S_IMODE(outside.stat().st_mode) == 0o644, "what lies elsewhere is left alone"
    outside.chmod(0o600)
    assert not any("events" in note for note in close_to_others(challenge.folder))


@pytest.mark.parametrize("fails", [True, False], ids=["refuses", "forgets"])
def test_a_disk_without_permissions_is_refused(make_challenge, monkeypatch, fails):
    challenge = make_challenge()
    close_to_others(challenge.folder)
    (challenge.folder / "truth" / "events.csv").chmod(0o644)

    def chmod(*_):
        if fails:
            raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(modes.Path, "chmod", chmod)
    with pytest.raises(UserError, match="events.csv is open to others .mode 644. and cannot be closed .*`chmod 600"):
        Desk(challenge)


def test_a_challenge_of_another_account_is_refused_before_anything_is_made(make_challenge, monkeypatch):
    folder = make_challenge().folder
    owner = folder.stat().st_uid
    monkeypatch.setattr(modes.os, "geteuid", lambda: owner + 7_654_321)
    before = modes_in(folder)
    with pytest.raises(
        UserError, match=f"belongs to the account .* and this is number {owner + 7_654_321}: let its owner"
    ):
        close_to_others(folder)
    assert modes_in(folder) == before
    monkeypatch.undo()
    close_to_others(folder)


def test_a_file_in_the_way_of_the_work_folder_is_told(make_challenge):
    folder = make_challenge().folder
    (folder / ".work").write_text("")
    with pytest.raises(UserError, match="work is in the way: a folder belongs there; move it away, and repeat"):
        close_to_others(folder)


def test_a_link_to_a_device_is_told_as_one(make_challenge):
    challenge = make_challenge()
    events = challenge.folder / "truth" / "events.csv"
    events.unlink()
    events.symlink_to("/dev/zero")
    with pytest.raises(UserError, match="events.csv is no plain file: a link to a device lies there"):
        close_to_others(challenge.folder)


@pytest.mark.parametrize(
    "name", ["truth", "organiser/kit", "submissions/x.zip", "receipts/board.html", ".work/a/b", "link/k"]
)
def test_nothing_is_handed_out_among_what_a_challenge_keeps(make_challenge, name):
    folder = make_challenge().folder
    (folder / "link").symlink_to("truth")
    with pytest.raises(UserError, match="where the challenge keeps its own files: write it elsewhere"):
        require_outside(folder, folder / name)


@pytest.mark.parametrize("name", ["board.html", "public_kit", "truths/kit", "truth/../kit", "../kit.zip"])
def test_what_is_handed_out_may_lie_elsewhere(make_challenge, name):
    folder = make_challenge().folder
    assert require_outside(folder, folder / name) is None  # nothing is raised


@pytest.mark.parametrize("target", TARGETS)
def test_no_kit_and_no_export_goes_among_what_the_teams_get(make_challenge, target):
    challenge = make_challenge()
    out = challenge.folder / "receipts" / "new"
    with pytest.raises(UserError, match="new (is in the folder for the teams|lies in .*receipts).* elsewhere"):
        export_challenge(challenge, target, out)
    assert not out.exists()


def test_what_is_for_the_organisers_alone_may_lie_anywhere_else(make_challenge):
    folder = make_challenge().folder
    for name in ("organiser/x", "receipts.html", "x"):
        require_not_for_teams(folder, folder / name, "it")
    for name in ("receipts", "receipts/x"):
        with pytest.raises(UserError, match="is in the folder for the teams: write it elsewhere"):
            require_not_for_teams(folder, folder / name, "it")
