"""Receipts are listed as they count, and withdrawn for good without giving the quota back."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from small_challenge import NOON, ROWS

from mebench.challenge.desk.grader import Desk, Status
from mebench.challenge.desk.ledger import list_receipts, teams_of, withdraw
from mebench.errors import UserError

pytestmark = pytest.mark.usefixtures("here")


@pytest.fixture
def challenge(make_challenge, submit):
    """A challenge in which Alpha sent two submissions and Beta one, an hour apart."""
    challenge = make_challenge()
    sent = [("one", "Alpha", ROWS), ("two", "Beta", ROWS), ("three", "Alpha", ROWS[:1])]
    with Desk(challenge) as desk:
        for hour, (name, team, rows) in enumerate(sent):
            outcome = desk.grade(submit(name, rows, team=team), received=NOON + dt.timedelta(hours=hour))
            assert outcome.status is Status.ACCEPTED
    return challenge


def log(challenge) -> list[dict]:
    return [json.loads(line) for line in (challenge.folder / "organiser" / "log.jsonl").read_text().splitlines()]


def test_receipts_come_in_order_of_receipt(challenge):
    listed = list_receipts(challenge)
    assert [(one.receipt.team, one.receipt.received[11:13], one.status) for one in listed] == [
        ("Alpha", "12", "ranked"),
        ("Beta", "13", "ranked"),
        ("Alpha", "14", "ranked"),
    ]


@pytest.mark.parametrize(("team", "hours"), [("Alpha", ["12", "14"]), (" aLPHA ", ["12", "14"]), ("Beta", ["13"])])
def test_those_of_one_team_are_found_as_quotas_compare_names(challenge, team, hours):
    assert [one.receipt.received[11:13] for one in list_receipts(challenge, team)] == hours


def test_a_team_that_sent_nothing_is_told_the_nearest(challenge):
    with pytest.raises(UserError, match=r"No submission of 'Alfa' was accepted.*Did you mean .*Alpha"):
        list_receipts(challenge, "Alfa")


def test_a_withdrawn_submission_is_listed_and_counts(challenge):
    id = list_receipts(challenge)[0].receipt.id
    receipt = withdraw(challenge, id[:6], "on re\x1bquest", NOON + dt.timedelta(days=1))
    assert receipt.id == id
    first, *others = list_receipts(challenge)
    assert (first.status, first.in_force) == ("withdrawn", True)
    assert first.withdrawal.time == "2026-05-02T12:00:00Z"
    assert "\x1b" not in first.withdrawal.reason
    assert [one.status for one in others] == ["ranked", "ranked"]
    assert [(team.name, team.accepted, team.withdrawn) for team in teams_of(challenge)] == [
        ("Alpha", 2, 1),
        ("Beta", 1, 0),
    ]
    with Desk(challenge) as desk:
        assert desk.store.accepted("test", "alpha", "2026-05-01") == (2, 2)


def test_a_withdrawal_is_written_for_the_organisers_alone(challenge):
    receipt = withdraw(challenge, list_receipts(challenge, "Beta")[0].receipt.id, "a secret reason", NOON)
    assert json.loads((challenge.folder / "organiser" / receipt.id / "withdrawn.json").read_text()) == {
        "time": "2026-05-01T12:00:00Z",
        "reason": "a secret reason",
    }
    last = log(challenge)[-1]
    assert (last["status"], last["team"], last["receipt"]) == ("withdrawn", "Beta", receipt.id)
    for path in (challenge.folder / "receipts").rglob("*.*"):
        assert "secret" not in path.read_text()


def test_a_submission_is_withdrawn_once(challenge):
    id = list_receipts(challenge)[0].receipt.id
    withdraw(challenge, id, "first", NOON)
    lines = len(log(challenge))
    with pytest.raises(UserError, match=f"{id} was withdrawn at 2026-05-01T12:00:00Z: there is nothing left to do"):
        withdraw(challenge, id, "second")
    assert list_receipts(challenge)[0].withdrawal.reason == "first"
    assert len(log(challenge)) == lines


def test_an_id_must_fit_one_receipt(challenge):
    id = list_receipts(challenge)[0].receipt.id
    with pytest.raises(UserError, match=r"begins 1 receipt: give more digits, at least 6"):
        withdraw(challenge, id[:5])
    for unknown in ("", "zzzzzz", id + "0"):
        with pytest.raises(UserError, match=f"There is no receipt '{unknown}'"):
            withdraw(challenge, unknown)
    assert {one.status for one in list_receipts(challenge)} == {"ranked"}
