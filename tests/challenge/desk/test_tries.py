from __future__ import annotations

import datetime as dt
import json

import pytest
from small_challenge import NOON, ROWS

from mebench.challenge.desk.grader import Desk, Status
from mebench.challenge.desk.rule_tables import Phase, Quota
from mebench.challenge.desk.tries import Tries, tries_line

PHASE = Phase("test", NOON, NOON + dt.timedelta(days=9), Quota(per_day=3, total=4))


@pytest.mark.parametrize(
    ("used_today", "used", "left"), [(0, 0, (3, 4)), (1, 2, (2, 2)), (1, 4, (0, 0)), (9, 9, (0, 0))]
)
def test_what_is_left_of_a_day_is_never_more_than_what_is_left_of_the_phase(used_today, used, left):
    tries = Tries.after(PHASE, "2026-05-01", used_today, used)
    assert (tries.left_today, tries.left) == left
    assert tries_line(tries.to_plain()) == tries.line


def test_what_is_not_known_is_not_told():
    assert tries_line(None) == ""


@pytest.mark.usefixtures("here")
def test_every_report_says_what_is_left(make_challenge, submit):
    challenge = make_challenge(("per_day = 5", "per_day = 2"), ("total = 50", "total = 3"))
    with Desk(challenge) as desk:
        first = desk.grade(submit("one"), received=NOON)
        again = desk.grade(submit("again"), received=NOON)
        bad = desk.grade(submit("bad", rows=["s1,a,10,5,macro"]), flags={"team": "Alpha"}, received=NOON)
        desk.grade(submit("two", rows=ROWS[:1]), received=NOON)
        over = desk.grade(submit("three", rows=ROWS[1:]), received=NOON)
        next_day = desk.grade(submit("three again", rows=ROWS[1:]), received=NOON + dt.timedelta(days=1))
    used_one = "tries left: 1 of 2 on 2026-05-01 (UTC), 2 of 3 in the phase test"
    assert used_one in first.text
    assert used_one in again.text
    assert f"no submission was used; {used_one}" in bad.text
    assert over.status is Status.OVER_QUOTA
    assert "tries left: 0 of 2 on 2026-05-01 (UTC), 1 of 3 in the phase test" in over.text
    assert "tries left: 0 of 2 on 2026-05-02 (UTC), 0 of 3 in the phase test" in next_day.text
    report = json.loads((challenge.folder / "receipts" / first.receipt.id / "report.json").read_text())
    assert (report["tries"]["left_today"], report["tries"]["left"]) == (1, 2)
    (refused,) = (challenge.folder / "receipts" / "refused").glob("*.json")
    assert json.loads(refused.read_text())["tries"]["left"] == 2
