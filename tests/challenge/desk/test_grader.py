from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re

import pytest
from small_challenge import EVENTS, NOON, ROWS

from mebench.challenge.desk import marking as marking_module
from mebench.challenge.desk import outputs
from mebench.challenge.desk.config import load_challenge
from mebench.challenge.desk.grader import Desk, Status
from mebench.challenge.desk.rule_tables import BoardRules
from mebench.challenge.safety.sandbox import LimitExceeded
from mebench.errors import UserError
from mebench.schema.scorecard import Scorecard

HIDDEN = ("hidden = []", 'hidden = ["s2/c"]')
BROKEN = ["s1,a,10,5,macro", "s9,a,10,50,macro", "s1,a,x,60,micro", "s1,b,10,50,tiny", "s1,a,10,5000.5,micro"]


def logged(challenge):
    return [json.loads(line) for line in (challenge.folder / "organiser" / "log.jsonl").read_text().splitlines()]


@pytest.mark.usefixtures("here")
def test_an_accepted_submission_gets_scorecard_receipt_and_report(make_challenge, submit):
    challenge = make_challenge(HIDDEN)
    with Desk(challenge) as desk:
        outcome = desk.grade(submit(), received=NOON)
    receipt = outcome.receipt
    assert outcome.status is Status.ACCEPTED
    assert (receipt.team, receipt.method, receipt.phase) == ("Alpha", "m1", "test")
    assert receipt.received == "2026-05-01T12:00:00Z"
    # Public: s1 and s3, 1 TP, 0 FP, 2 FN; hidden: s2, 1 TP, 0 FP, 1 FN.
    assert [(s.scope, s.value) for s in receipt.scores] == [("overall", 0.5), ("macro", 0.6667), ("micro", 0.0)]
    private = challenge.folder / "organiser" / receipt.id
    parts = {part: Scorecard.read(private / name) for part, name in outputs.CARD_FILES.items()}
    counts = {part: card.counts["overall"] for part, card in parts.items()}
    assert [(c.tp, c.fp, c.fn) for c in (counts["all"], counts["public"], counts["hidden"])] == [
        (2, 0, 3),
        (1, 0, 2),
        (1, 0, 1),
    ]
    assert outcome.private == "hidden: f1:overall 0.6667, f1:macro 0.0000, f1:micro 1.0000"
    folder = challenge.folder / "receipts" / receipt.id
    assert (folder / "receipt.json").read_text() == receipt.to_json()
    assert (folder / "report.txt").read_text() == outcome.text


@pytest.mark.usefixtures("here")
def test_the_same_bytes_get_the_same_receipt_and_use_one_submission(make_challenge, submit):
    challenge = make_challenge(("per_day = 5", "per_day = 1"))
    with Desk(challenge) as desk:
        first = desk.grade(submit("one"), received=NOON)
        again = desk.grade(submit("two"), received=NOON + dt.timedelta(days=3))
        other_team = desk.grade(submit("three", team="Beta"), received=NOON)
        late = desk.grade(submit("four", rows=ROWS[:1]), received=NOON)
    assert again.status is Status.CACHED
    assert again.receipt == first.receipt
    assert other_team.receipt.id != first.receipt.id
    assert late.status is Status.OVER_QUOTA
    assert "submit tomorrow" in late.text


@pytest.mark.usefixtures("here")
def test_spellings_of_a_team_share_one_quota(make_challenge, submit):
    with Desk(make_challenge(("per_day = 5", "per_day = 1"))) as desk:
        desk.grade(submit("one"), received=NOON)
        outcome = desk.grade(submit("two", rows=ROWS[:1], team=" ＡLPHA "), received=NOON)
    assert outcome.status is Status.OVER_QUOTA


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("flags", [{}, {"team": "Gamma"}])
def test_a_refused_submission_uses_no_quota_and_tells_everything(make_challenge, submit, flags):
    challenge = make_challenge(("total = 50", "total = 1"))
    with Desk(challenge) as desk:
        refused = desk.grade(submit("bad", rows=BROKEN), flags=flags, received=NOON)
        good = desk.grade(submit("good"), flags=flags, received=NOON)
    assert (refused.status, good.status) == (Status.REFUSED, Status.ACCEPTED)
    assert refused.text.startswith("The submission has 5 errors")
    (report,) = (challenge.folder / "receipts" / "refused").glob("*.txt")
    assert report.read_text() == refused.text
    entry = logged(challenge)[0]
    assert entry["status"] == "refused"
    assert len(entry["report"]["problems"]) == 5


@pytest.mark.usefixtures("here")
def test_what_a_team_gets_holds_nothing_of_the_truth(make_challenge, submit):
    challenge = make_challenge(HIDDEN)
    with Desk(challenge) as desk:
        outcomes = [
            desk.grade(submit("bad", rows=BROKEN), received=NOON),
            desk.grade(submit("worse", rows=BROKEN), flags={"team": "Beta"}, received=NOON),
            desk.grade(submit("good", rows=["s3,d,5,40,micro"]), received=NOON),
        ]
    texts = [o.text for o in outcomes] + [
        p.read_text() for p in (challenge.folder / "receipts").rglob("*") if p.is_file() and p.name != "README.txt"
    ]
    numbers = {str(frame) for event in EVENTS for frame in event[2:4]}
    assert len(texts) == 3 + 4 + 3
    for text in texts:
        # Digests and the time may hold any digits.
        plain = re.sub(r"\b[0-9a-f]{12,}\b|\d{4}-\d\d-\d\dT[\d:]+Z", "", text.replace(outputs.HOW_FINAL, ""))
        assert not numbers & set(re.findall(r"\d+", plain))
        assert "hidden" not in plain
        assert "truth " not in plain
    private = (challenge.folder / "organiser" / "log.jsonl").read_text()
    assert numbers <= set(re.findall(r"\d+", private)), "the organisers' log does hold the truth"


@pytest.mark.usefixtures("here")
def test_new_rules_grade_again_without_using_quota(make_challenge, submit):
    challenge = make_challenge(("per_day = 5", "per_day = 1"))
    path = submit()
    with Desk(challenge) as desk:
        first = desk.grade(path, received=NOON)
    rules = challenge.folder / "challenge.toml"
    rules.write_text(rules.read_text().replace('# convention = "strict"', 'convention = "softnet"'))
    with Desk(load_challenge(challenge.folder)) as desk:
        again = desk.grade(path, received=NOON + dt.timedelta(days=1))
    assert again.status is Status.ACCEPTED
    assert again.receipt.id == first.receipt.id
    assert again.receipt.received == first.receipt.received
    assert again.receipt.rules != first.receipt.rules


@pytest.mark.parametrize("error", [RuntimeError("fell at 1013"), UserError("event 1013 is odd")])
def test_a_grading_that_fails_uses_no_quota_and_tells_the_team_nothing(make_challenge, submit, monkeypatch, error):
    challenge = make_challenge(("total = 50", "total = 1"))

    def fall(*_):
        raise error

    monkeypatch.setattr(marking_module, "run_limited", fall)
    with Desk(challenge) as desk:
        outcome = desk.grade(submit(), flags={"team": "Alpha"}, received=NOON)
        assert desk.store.accepted("test", "alpha", "2026-05-01") == (0, 0)
        assert desk.store._db.execute("SELECT count(*) FROM claims").fetchone() == (0,)
    assert outcome.status is Status.FAILED
    assert "1013" not in outcome.text
    assert "1013" in outcome.private
    assert "1013" in logged(challenge)[0]["fault"]


def test_a_submission_that_needs_too_much_is_refused(make_challenge, submit, monkeypatch):
    def fall(*_):
        raise LimitExceeded("The grading took longer than 1 s: submit less, or raise the limit.")

    monkeypatch.setattr(marking_module, "run_limited", fall)
    with Desk(make_challenge()) as desk:
        outcome = desk.grade(submit(), flags={"team": "Alpha"}, received=NOON)
    assert outcome.status is Status.REFUSED
    assert "longer than 1 s" in outcome.text


@pytest.mark.usefixtures("here")
def test_a_grader_that_dies_before_it_writes_the_files_loses_none(make_challenge, submit, monkeypatch):
    challenge = make_challenge()
    path = submit()
    with monkeypatch.context() as patch, Desk(challenge) as desk:
        patch.setattr(outputs, "write_papers", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            desk.grade(path, received=NOON)
    assert not list((challenge.folder / "receipts").glob("*/receipt.json"))
    with Desk(challenge) as desk:
        (kept,) = (challenge.folder / "receipts").glob("*/receipt.json")
        assert desk.grade(path, received=NOON).receipt.to_json() == kept.read_text()


@pytest.mark.usefixtures("here")
def test_a_public_column_that_the_protocol_lacks_is_the_organisers_mistake(make_challenge, submit):
    with Desk(make_challenge()) as desk:
        # A desk refuses such columns when it opens.
        desk.challenge = dataclasses.replace(desk.challenge, board=BoardRules(columns=("f1:overal",)))
        with pytest.raises(UserError, match="no f1 of overal"):
            desk.grade(submit(), received=NOON)
        assert desk.store._db.execute("SELECT count(*) FROM claims").fetchone() == (0,)


def test_a_closed_phase_takes_nothing(make_challenge, submit):
    with Desk(make_challenge()) as desk, pytest.raises(UserError, match="No phase is open"):
        desk.grade(submit(), received=NOON - dt.timedelta(days=1))


def test_through_a_real_child_process(make_challenge, submit):
    challenge = make_challenge()
    with Desk(challenge) as desk:
        assert desk.grade(submit(), received=NOON).status is Status.ACCEPTED
        bad = desk.grade(submit("bad", rows=BROKEN), flags={"team": "Beta"}, received=NOON)
    assert bad.status is Status.REFUSED
    assert list((challenge.folder / ".work").iterdir()) == []
