"""A rebuild takes what is sound of the state and of the disk, and changes nothing before it has found everything."""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3

import pytest
from small_challenge import NOON, ROWS

from mebench.challenge.desk import audit
from mebench.challenge.desk.database import StoreFault
from mebench.challenge.desk.grader import Desk, Status
from mebench.challenge.desk.ledger import list_receipts, withdraw
from mebench.challenge.desk.rebuild import Rebuilt, rebuild
from mebench.challenge.desk.store import Store

pytestmark = pytest.mark.usefixtures("here")


@pytest.fixture
def challenge(make_challenge, submit, monkeypatch):
    """A challenge in which Alpha and Beta have one receipt each."""
    monkeypatch.setattr(audit, "_PAUSE_SECONDS", 0.0)
    challenge = make_challenge()
    with Desk(challenge) as desk:
        for team in ("Alpha", "Beta"):
            assert desk.grade(submit(team, ROWS, team=team), received=NOON).status is Status.ACCEPTED
    return challenge


def files(challenge) -> dict[str, bytes]:
    """Return the papers of all receipts but the text, whose notes may differ."""
    found = [path for name in ("receipts", "organiser") for path in (challenge.folder / name).glob("*/*.json")]
    return {path.relative_to(challenge.folder).as_posix(): path.read_bytes() for path in found}


def sql(challenge, statement: str) -> None:
    with contextlib.closing(sqlite3.connect(challenge.folder / "state.sqlite")) as db:
        db.execute(statement)
        db.commit()


def id_of(challenge, team: str) -> str:
    return list_receipts(challenge, team)[0].receipt.id


def test_nothing_wrong_changes_nothing(challenge):
    before = files(challenge)
    assert rebuild(challenge) == Rebuilt(2, 0, 0, (), None)
    assert files(challenge) == before


def test_a_state_that_is_gone_is_made_from_the_disk(challenge):
    before = files(challenge)
    (challenge.folder / "state.sqlite").unlink()
    assert rebuild(challenge) == Rebuilt(0, 2, 0, (), None)
    assert files(challenge) == before
    assert [one.status for one in list_receipts(challenge)] == ["ranked", "ranked"]


def test_a_disk_that_is_empty_is_written_from_the_state(challenge):
    before = files(challenge)
    shutil.rmtree(challenge.folder / "receipts")
    assert rebuild(challenge) == Rebuilt(2, 0, 0, (), None)
    assert files(challenge) == before


def test_each_receipt_is_taken_from_where_it_is_sound(challenge):
    before, id = files(challenge), id_of(challenge, "Alpha")
    other = id_of(challenge, "Beta")
    sql(challenge, f"UPDATE receipts SET receipt = '{{' WHERE id = '{id}'")
    (challenge.folder / "receipts" / other / "receipt.json").write_text("{")
    assert rebuild(challenge) == Rebuilt(1, 1, 0, (), None)
    assert files(challenge) == before


@pytest.mark.parametrize("times", [1, 3])
def test_a_damaged_state_is_kept_beside_the_new_one(challenge, times):
    state = challenge.folder / "state.sqlite"
    for number in range(1, times + 1):
        state.write_bytes(b"rubbish %d" % number)
        assert rebuild(challenge).aside == challenge.folder / f"state.damaged-{number}.sqlite"
    asides = sorted(challenge.folder.glob("state.damaged-*.sqlite"))
    assert [path.read_bytes() for path in asides] == [b"rubbish %d" % number for number in range(1, times + 1)]


def test_what_is_sound_nowhere_is_refused_before_anything_changes(challenge):
    id = id_of(challenge, "Alpha")
    state = challenge.folder / "state.sqlite"
    state.write_bytes(b"rubbish")
    (challenge.folder / "receipts" / id / "receipt.json").write_text("{")
    before = files(challenge)
    with pytest.raises(StoreFault, match=f"1 receipt is sound neither in state.sqlite nor on disk, such as {id}"):
        rebuild(challenge)
    assert files(challenge) == before
    assert state.read_bytes() == b"rubbish"
    assert list(challenge.folder.glob("state.damaged-*")) == []


def test_a_receipt_in_the_folder_of_another_is_not_believed(challenge):
    id, other = id_of(challenge, "Alpha"), id_of(challenge, "Beta")
    (challenge.folder / "state.sqlite").unlink()
    folder = challenge.folder / "receipts"
    for name in ("receipt.json", "report.json"):
        shutil.copy(folder / other / name, folder / id / name)
    with pytest.raises(StoreFault, match=f"such as {id} "):
        rebuild(challenge)


def test_a_report_with_better_scores_is_not_believed(challenge):
    path = challenge.folder / "receipts" / id_of(challenge, "Alpha") / "report.json"
    report = json.loads(path.read_text())
    report["scores"][0]["value"] = 1.0
    (challenge.folder / "state.sqlite").unlink()
    path.write_text(json.dumps(report))
    with pytest.raises(StoreFault, match="1 receipt is sound neither"):
        rebuild(challenge)


def test_a_report_that_is_gone_is_written_again_with_a_note(challenge):
    path = challenge.folder / "receipts" / id_of(challenge, "Alpha") / "report.json"
    before = json.loads(path.read_text())
    (challenge.folder / "state.sqlite").unlink()
    path.unlink()
    assert rebuild(challenge).from_disk == 2
    assert json.loads(path.read_text()) == {**before, "notes": ["this report was written again"], "tries": None}


def test_scorecards_that_differ_are_believed_in_neither_place(challenge):
    id = id_of(challenge, "Alpha")
    path = challenge.folder / "organiser" / id / "scorecard.json"
    card = json.loads(path.read_text())
    card["method"]["id"] = "another"
    path.write_text(json.dumps(card))
    assert rebuild(challenge).again == (id,)


def test_a_withdrawal_is_kept_from_either_place(challenge):
    id = id_of(challenge, "Alpha")
    withdraw(challenge, id, "on request", NOON)
    (challenge.folder / "state.sqlite").unlink()
    rebuild(challenge)
    assert list_receipts(challenge, "Alpha")[0].withdrawal.reason == "on request"
    (challenge.folder / "organiser" / id / "withdrawn.json").unlink()
    rebuild(challenge)
    assert [one.status for one in list_receipts(challenge)].count("withdrawn") == 1


def test_a_withdrawal_that_cannot_be_read_still_is_one(challenge):
    id = id_of(challenge, "Beta")
    (challenge.folder / "organiser" / id / "withdrawn.json").write_text("{")
    rebuild(challenge)
    (withdrawn,) = [one for one in list_receipts(challenge) if one.status == "withdrawn"]
    assert (withdrawn.receipt.id, withdrawn.withdrawal.time) == (id, "unknown")


def test_what_only_the_log_remembers_is_restored_from_it(challenge):
    id = id_of(challenge, "Alpha")
    sql(challenge, f"DELETE FROM papers WHERE id = '{id}'")
    sql(challenge, f"DELETE FROM receipts WHERE id = '{id}'")
    for name in ("receipts", "organiser"):
        shutil.rmtree(challenge.folder / name / id)
    assert rebuild(challenge) == Rebuilt(1, 0, 1, (id,), None)


def test_a_clock_that_was_ahead_is_forgotten(challenge):
    sql(challenge, "UPDATE receipts SET graded = 1e12")
    rebuild(challenge)
    with Store(challenge.folder) as store:
        assert 0 < store.last_graded() < 1e11
