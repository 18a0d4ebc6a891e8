from __future__ import annotations

import pytest
from small_challenge import NOON, ROWS

from mebench.challenge.desk import archives
from mebench.challenge.desk import marking as marking_module
from mebench.challenge.desk.grader import Desk, Status

pytestmark = pytest.mark.usefixtures("here")


def test_what_is_accepted_is_kept_for_the_organiser_alone(make_challenge, submit):
    challenge = make_challenge()
    sent = submit("one")
    with Desk(challenge) as desk:
        receipt = desk.grade(sent, received=NOON).receipt
        desk.grade(submit("bad", rows=["s1,a,10,5,macro"]), received=NOON)
    kept = archives.find(challenge.folder, receipt.submission)
    assert kept == challenge.folder / "organiser" / "archives" / receipt.submission / "one"
    assert {p.name: p.read_bytes() for p in kept.iterdir()} == {p.name: p.read_bytes() for p in sent.iterdir()}
    places = [kept, kept.parent, kept.parent.parent, *kept.iterdir()]
    assert {(p.is_dir(), p.stat().st_mode & 0o777) for p in places} == {(True, 0o700), (False, 0o600)}
    assert len(list((challenge.folder / "organiser" / "archives").iterdir())) == 1, "what is refused is not kept"


def test_the_same_bytes_are_kept_once_and_put_back_when_they_are_sent_again(make_challenge, submit):
    challenge = make_challenge()
    table = submit("one") / "predictions.csv"
    with Desk(challenge) as desk:
        receipt = desk.grade(table, flags={"team": "A", "method": "m"}, received=NOON).receipt
        desk.grade(table, flags={"team": "B", "method": "m"}, received=NOON)
        (kept,) = (challenge.folder / "organiser" / "archives" / receipt.submission).iterdir()
        kept.write_text("changed")
        assert archives.is_damaged(challenge.folder, receipt.submission)
        again = desk.grade(table, flags={"team": "A", "method": "m"}, received=NOON)
    assert again.status is Status.CACHED
    assert kept.read_bytes() == table.read_bytes()
    assert not archives.is_damaged(challenge.folder, receipt.submission)


def test_a_copy_that_its_reader_changed_is_not_accepted(make_challenge, submit, monkeypatch):
    call = marking_module.run_limited

    def taken_over(target, request, limits, folder):
        found = call(target, request, limits, folder)
        if target.endswith(":read"):
            (folder / request["path"] / "predictions.csv").write_text("subject,video,onset,offset,type\n")
        return found

    monkeypatch.setattr(marking_module, "run_limited", taken_over)
    challenge = make_challenge()
    with Desk(challenge) as desk:
        outcome = desk.grade(submit("one", rows=ROWS), received=NOON)
        assert desk.store.accepted("test", "alpha", "2026-05-01") == (0, 0)
    assert outcome.status is Status.FAILED
    assert "was changed while it was read" in outcome.private
    assert archives.find(challenge.folder, "0" * 64) is None
