from __future__ import annotations

import time

import pytest
from small_challenge import NOON, ROWS

from mebench.challenge.desk.grader import Desk
from mebench.challenge.desk.receipt import PublicScore, Receipt, RulesDigest, receipt_id
from mebench.challenge.desk.teams import Roster, list_teams, named_team
from mebench.errors import UserError
from mebench.schema.scorecard import ProtocolRef

RULES = RulesDigest(ProtocolRef("megc2022-spotting", "1"), "c", "t", "s")
CYRILLIC = "\u0410lpha"


def receipt(team, sent, phase="test", hour=1):
    time = f"2026-05-01T{hour:02}:00:00Z"
    score = PublicScore("f1", "overall", 0.5)
    return Receipt(receipt_id(phase, team, sent), team, "m", phase, time, sent, RULES, "1", (score,))


def test_shared_bytes_and_alike_names_are_flagged_and_spellings_of_one_team_are_not():
    roster = Roster([receipt("Alpha", "1"), receipt("ALPHA ", "1"), receipt("Beta", "1"), receipt(CYRILLIC, "2")])
    assert roster.flags("alpha", ["1"]) == (
        "sent the same bytes as Beta",
        f"has a name that looks like {CYRILLIC} ('\\u0410lpha')",
    )
    assert roster.flags("Gamma", ["3"]) == ()
    assert roster.flags("Gamma", ["2"]) == (f"sent the same bytes as {CYRILLIC}",)


def test_teams_are_listed_by_phase_with_what_they_used():
    receipts = [receipt("Beta", "1"), receipt("Alpha", "2"), receipt(" alpha", "3", hour=2), receipt("Beta", "4", "b")]
    listed = list_teams(receipts, {receipts[1].id})
    assert [(t.phase, t.name, t.accepted, t.withdrawn, t.last[11:13]) for t in listed] == [
        ("b", "Beta", 1, 0, "01"),
        ("test", " alpha", 2, 1, "02"),
        ("test", "Beta", 1, 0, "01"),
    ]


def test_thousands_of_receipts_take_no_time():
    receipts = [receipt(f"team {n % 300}", str(n)) for n in range(5000)]
    begun = time.process_time()
    assert len(list_teams(receipts, ())) == 300
    assert time.process_time() - begun < 5


@pytest.mark.parametrize("name", ["", " ", "\u200b", "\u3164", "\u2800\u115f", "\u0301", "\x1b[31m", "x" * 81])
def test_names_that_print_as_nothing_are_refused(name):
    with pytest.raises(UserError, match="1 to 80 printable characters"):
        named_team(name)


@pytest.mark.usefixtures("here")
def test_the_desk_flags_for_the_organisers_alone(make_challenge, submit):
    challenge = make_challenge(('teams = "manifest"', 'teams = "named"'))
    path = submit("one")
    with Desk(challenge) as desk:
        with pytest.raises(UserError, match="Give --team NAME"):
            desk.grade(path, received=NOON)
        with pytest.raises(UserError, match="printable"):
            desk.grade(path, flags={"team": "\u3164"}, received=NOON)
        desk.grade(path, flags={"team": "Alpha"}, received=NOON)
        copied = desk.grade(path, flags={"team": "Beta"}, received=NOON)
        alike = desk.grade(submit("two", rows=ROWS[:1]), flags={"team": CYRILLIC}, received=NOON)
    assert copied.private == "look at Beta: it sent the same bytes as Alpha"
    assert "looks like Alpha" in alike.private
    assert "Alpha" not in copied.text
    log = (challenge.folder / "organiser" / "log.jsonl").read_text()
    assert "sent the same bytes as Alpha" in log
