from __future__ import annotations

import dataclasses
import json
import shutil

import pytest
from small_challenge import EVENTS, NOON, ROWS

from mebench.challenge.desk import marking as marking_module
from mebench.challenge.desk import outputs, regrade
from mebench.challenge.desk.archives import FOLDER
from mebench.challenge.desk.audit import check_state
from mebench.challenge.desk.baselines import add_baseline, list_baselines
from mebench.challenge.desk.config import load_challenge
from mebench.challenge.desk.grader import Desk
from mebench.challenge.desk.ledger import list_receipts, withdraw
from mebench.challenge.desk.rebuild import rebuild
from mebench.challenge.desk.store import Store
from mebench.challenge.safety.sandbox import LimitExceeded
from mebench.schema.intervals import Intervals
from mebench.schema.truth import Truth, VideoTable

pytestmark = pytest.mark.usefixtures("here")

HIDDEN = ("hidden = []", 'hidden = ["s2/c"]')


@pytest.fixture
def graded(make_challenge, submit):
    """A challenge in which Alpha and Beta have sent what finds one of three public events, and one of two hidden."""
    challenge = make_challenge(HIDDEN)
    with Desk(challenge) as desk:
        desk.grade(submit("one"), received=NOON)
        desk.grade(submit("two", rows=ROWS[:1], team="Beta"), received=NOON)
    return challenge


def mend_truth(challenge, *events, videos=None):
    known = Truth.read(challenge.truth).videos
    Truth(Intervals.from_rows(events), videos or known, "tiny").write(challenge.truth)


def all_of(challenge):
    return {one.team: one for one in regrade.regrade(challenge, NOON)}


def logged(challenge):
    return [json.loads(line) for line in (challenge.folder / "organiser" / "log.jsonl").read_text().splitlines()]


def test_a_mended_truth_changes_scores_and_neither_place_nor_quota(graded):
    before = {one.receipt.team: one.receipt for one in list_receipts(graded)}
    # The hidden micro-expression ends later than was thought, and a public event is gone.
    mend_truth(graded, *EVENTS[:2], EVENTS[3][:3] + (1100, "micro"), EVENTS[4])
    done = all_of(graded)
    assert {team: one.status for team, one in done.items()} == {"Alpha": "changed", "Beta": "changed"}
    found = {(c.part, c.column): (c.before, c.now) for c in done["Alpha"].changes}
    assert found["hidden", "f1:overall"] == pytest.approx((2 / 3, 0.0))
    assert found["public", "f1:overall"] == pytest.approx((0.5, 2 / 3))
    after = {one.receipt.team: one for one in list_receipts(graded)}
    for team, one in after.items():
        kept = dataclasses.replace(one.receipt, rules=before[team].rules, scores=before[team].scores)
        assert (kept, one.status) == (before[team], "ranked")
    report = json.loads((graded.folder / "receipts" / after["Alpha"].receipt.id / "report.json").read_text())
    assert "graded again by the organisers; before, it had f1 overall 0.5" in report["notes"][-1]
    assert report["tries"]["left"] == 49
    with Desk(graded) as desk:
        assert desk.store.accepted("test", "alpha", "2026-05-01") == (1, 1)
    (entry,) = (e for e in logged(graded) if (e["status"], e["team"]) == ("regraded, changed", "Alpha"))
    assert "hidden f1:overall 0.666667 -> 0" in entry["changes"]
    # Both papers and files follow, and a rebuild of the state believes them.
    check_state(graded.folder)
    (graded.folder / "state.sqlite").unlink()
    assert rebuild(graded).again == ()
    assert {one.status for one in all_of(graded).values()} == {"unchanged"}


def test_nothing_is_written_where_nothing_changes(graded):
    files = {p: p.read_bytes() for p in graded.folder.rglob("*.json*")}
    assert [one.status for one in regrade.regrade(graded)] == ["unchanged", "unchanged"]
    assert {p: p.read_bytes() for p in graded.folder.rglob("*.json*")} == files


def test_other_rules_put_receipts_back_on_the_board(graded):
    rules = graded.folder / "challenge.toml"
    rules.write_text(rules.read_text().replace('# convention = "strict"', 'convention = "softnet"'))
    changed = load_challenge(graded.folder)
    assert {one.status for one in list_receipts(changed)} == {"older rules"}
    assert all(one.is_done for one in regrade.regrade(changed))
    assert {one.status for one in list_receipts(changed)} == {"ranked"}


def test_a_new_version_is_told_by_the_receipt(graded, monkeypatch):
    monkeypatch.setattr(regrade, "mebench_version", lambda: "99.0")
    assert {one.status for one in regrade.regrade(graded)} == {"unchanged"}
    assert {one.receipt.version for one in list_receipts(graded)} == {"99.0"}
    assert [entry["status"] for entry in logged(graded)[2:]] == ["regraded, unchanged"] * 2


def test_an_interrupted_regrade_loses_nothing_and_is_ended_by_the_same_command(graded, monkeypatch):
    mend_truth(graded, *EVENTS[1:])
    replace, calls = Store.replace, []

    def fall(self, *arguments):
        calls.append(arguments)
        if len(calls) == 2:
            raise KeyboardInterrupt
        replace(self, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(Store, "replace", fall)
        with pytest.raises(KeyboardInterrupt):
            list(regrade.regrade(graded))
    check_state(graded.folder)
    assert sorted(one.status for one in list_receipts(graded)) == ["older rules", "ranked"]
    assert sorted(one.status for one in regrade.regrade(graded)) == ["changed", "unchanged"]
    assert {one.status for one in list_receipts(graded)} == {"ranked"}


def test_a_regrade_that_dies_before_it_writes_the_files_is_made_good_by_the_next_command(graded, monkeypatch):
    mend_truth(graded, *EVENTS[1:])
    with monkeypatch.context() as patch:
        patch.setattr(outputs, "write_papers", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            list(regrade.regrade(graded))
    list_receipts(graded)
    check_state(graded.folder)


def test_what_is_lost_or_was_changed_keeps_what_it_had(graded):
    receipts = {one.receipt.team: one.receipt for one in list_receipts(graded)}
    shutil.rmtree(graded.folder / FOLDER / receipts["Alpha"].submission)
    (table,) = (graded.folder / FOLDER / receipts["Beta"].submission).rglob("*.csv")
    table.write_text("changed")
    mend_truth(graded, *EVENTS[1:])
    done = all_of(graded)
    assert {one.status for one in done.values()} == {"not kept"}
    assert "is not kept: grade the same bytes again" in done["Alpha"].why
    assert "was changed on disk" in done["Beta"].why
    assert {one.receipt.team: one.receipt for one in list_receipts(graded)} == receipts


def test_what_the_mended_lists_do_not_know_keeps_what_it_had(graded):
    videos = VideoTable.from_rows([("s1", "a", 30.0, 2000), ("s2", "d", 30.0, 2000)])
    mend_truth(graded, *EVENTS[:2], videos=videos)
    rules = graded.folder / "challenge.toml"
    rules.write_text(rules.read_text().replace('hidden = ["s2/c"]', 'hidden = ["s2/d"]'))
    done = all_of(load_challenge(graded.folder))
    assert (done["Alpha"].status, done["Beta"].status) == ("refused", "changed")
    assert "c" in done["Alpha"].why


@pytest.mark.parametrize(
    ("error", "status"), [(RuntimeError("fell"), "failed"), (LimitExceeded("The grading took longer"), "refused")]
)
def test_a_grading_that_fails_is_told_and_the_others_go_on(graded, monkeypatch, error, status):
    call, calls = marking_module.run_limited, []

    def fall(*arguments):
        calls.append(arguments)
        if len(calls) == 1:
            raise error
        return call(*arguments)

    monkeypatch.setattr(marking_module, "run_limited", fall)
    assert sorted(one.status for one in regrade.regrade(graded)) == sorted([status, "unchanged"])
    assert len(list_receipts(graded)) == 2


def test_withdrawn_submissions_are_left_alone(graded):
    id = next(one.receipt.id for one in list_receipts(graded, "Alpha"))
    withdraw(graded, id, now=NOON)
    mend_truth(graded, *EVENTS[1:])
    assert [one.team for one in regrade.regrade(graded)] == ["Beta"]
    assert list_receipts(graded, "Alpha")[0].status == "withdrawn"


def test_baselines_are_graded_again(graded, submit):
    add_baseline(graded, submit("base", rows=ROWS[1:]), "Micro only")
    mend_truth(graded, *EVENTS[:4])
    done = all_of(graded)["Micro only"]
    assert (done.status, done.phase) == ("changed", "baseline")
    assert {str(change) for change in done.changes} >= {"hidden f1:overall 0.666667 -> 1"}
    assert list_baselines(graded)[0].rules == list_receipts(graded)[0].receipt.rules
    shutil.rmtree(graded.folder / FOLDER / list_baselines(graded)[0].sha256)
    assert all_of(graded)["Micro only"].status == "not kept"
