from __future__ import annotations

import json

import pytest
from small_challenge import NOON, ROWS

from mebench.challenge.desk.grader import Desk
from mebench.challenge.desk.journal import LOG, read_journal, receipt_of, torn_lines
from mebench.errors import UserError

pytestmark = pytest.mark.usefixtures("here")


def test_a_torn_line_swallows_nothing_and_is_told(make_challenge, submit):
    challenge = make_challenge()
    log = challenge.folder / LOG
    assert torn_lines(challenge.folder) == ""
    with Desk(challenge) as desk:
        desk.grade(submit("first"), received=NOON)
        assert torn_lines(challenge.folder) == ""
        log.write_bytes(log.read_bytes()[:-20])
        assert "cannot be read in line 1: a grader died there" in torn_lines(challenge.folder)
        second = desk.grade(submit("second", rows=ROWS[:1]), received=NOON).receipt
    assert [json.loads(line)["receipt"] for line in log.read_bytes().splitlines()[1:]] == [second.id]
    journal = read_journal(challenge.folder)
    assert (set(journal.accepted), journal.torn) == ({second.id}, (1,))


def test_a_line_without_its_end_alone_is_whole(make_challenge, submit):
    challenge = make_challenge()
    log = challenge.folder / LOG
    with Desk(challenge) as desk:
        desk.grade(submit("first"), received=NOON)
        log.write_bytes(log.read_bytes().rstrip(b"\n"))
        desk.grade(submit("second", rows=ROWS[:1]), received=NOON)
    assert len(read_journal(challenge.folder).accepted) == 2
    assert torn_lines(challenge.folder) == ""


def test_a_receipt_of_the_log_has_all_but_method_and_rules(make_challenge, submit):
    challenge = make_challenge()
    with Desk(challenge) as desk:
        receipt = desk.grade(submit("first"), received=NOON).receipt
    event = read_journal(challenge.folder).accepted[receipt.id]
    found = receipt_of(challenge, receipt.id, event)
    assert (found.whose, found.submission, found.scores) == (receipt.whose, receipt.submission, receipt.scores)
    assert (found.method, found.rules == receipt.rules) == ("unknown", False)


@pytest.mark.parametrize(
    "change", [{"team": "Gamma"}, {"team": None}, {"scores": 3}, {"time": "yesterday"}, {"sha256": "0"}]
)
def test_a_line_that_was_changed_is_no_receipt(make_challenge, submit, change):
    challenge = make_challenge()
    with Desk(challenge) as desk:
        id = desk.grade(submit("first"), received=NOON).receipt.id
    with pytest.raises(UserError, match="put back a copy|write the file again"):
        receipt_of(challenge, id, {**read_journal(challenge.folder).accepted[id], **change})
