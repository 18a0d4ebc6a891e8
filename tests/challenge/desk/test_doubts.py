"""Receipts that their scorecards do not bear out."""

from __future__ import annotations

import dataclasses
import json

import pytest
from small_challenge import NOON, ROWS

from mebench.challenge.desk import outputs
from mebench.challenge.desk.doubts import doubted_receipts
from mebench.challenge.desk.grader import Desk


@pytest.fixture
def desk(make_challenge, submit, here):
    challenge = make_challenge(("hidden = []", 'hidden = ["s2/c"]'))
    with Desk(challenge) as desk:
        desk.grade(submit("one", team="Alpha"), received=NOON)
        desk.grade(submit("two", team="Beta", rows=ROWS[:1]), received=NOON)
        yield desk


class Altered:
    """A store whose papers were altered."""

    def __init__(self, store, change):
        self.store, self.change = store, change

    def papers(self, id):
        papers = dict(self.store.papers(id))
        for part in outputs.CARD_FILES:
            plain = json.loads(papers[part])
            self.change(plain, part)
            papers[part] = json.dumps(plain)
        return papers


def test_what_the_desk_grades_is_never_doubted(desk):
    receipts = outputs.receipts_in(desk.store)
    assert len(receipts) == 2
    assert doubted_receipts(desk.challenge, desk.store, receipts) == {}
    more_digits = dataclasses.replace(desk.challenge, board=dataclasses.replace(desk.challenge.board, decimals=6))
    assert doubted_receipts(more_digits, desk.store, receipts) == {}


@pytest.mark.parametrize("part", outputs.CARD_FILES)
def test_a_typed_score_of_any_part_is_seen(desk, part):
    def change(plain, of):
        if of == part:
            next(s for s in plain["scores"] if (s["metric"], s["scope"]) == ("f1", "overall"))["value"] = 0.99

    first, second = outputs.receipts_in(desk.store)
    found = doubted_receipts(desk.challenge, Altered(desk.store, change), [first, second])
    assert found.keys() == {first.id, second.id}
    assert found[first.id].startswith(f"{outputs.CARD_FILES[part]}: f1 of overall is given as 0.990000")


def test_a_receipt_that_says_other_scores_is_seen(desk):
    first, _ = outputs.receipts_in(desk.store)
    typed = dataclasses.replace(first, scores=tuple(dataclasses.replace(s, value=0.987) for s in first.scores))
    found = doubted_receipts(desk.challenge, desk.store, [typed])
    assert "The receipt says 0.987 for f1 of overall, its scorecard does not." in found[first.id]


def test_a_card_that_cannot_be_read_is_doubted(desk):
    found = doubted_receipts(
        desk.challenge, Altered(desk.store, lambda plain, _: plain.pop("counts")), outputs.receipts_in(desk.store)
    )
    assert all("lacks the field 'counts'" in reason for reason in found.values())
