"""The composite database of 2019: its counts, and what makes a truth another one."""

from __future__ import annotations

import dataclasses

import pytest

from mebench.protocols.base import Predicted
from mebench.protocols.megc.megc2019_cde import Megc2019Cde
from mebench.protocols.splits import Cohort
from mebench.schema.clips import ClipRow, ClipTable
from mebench.schema.people import Person
from mebench.schema.recognition import Labels

PAPER = {"casme2": (145, 24), "samm": (133, 28), "smic": (164, 16)}
"""Clips and subjects of the three databases as the guideline lists them; 442 of 68 together."""
CLASSES = {"negative": 250, "positive": 109, "surprise": 83}


def composite():
    rows = []
    for database, (counts, subjects) in Megc2019Cde.official.items():
        labels = [label for label, n in zip(Megc2019Cde.classes, counts, strict=True) for _ in range(n)]
        rows += [ClipRow(database, f"s{i % subjects}", f"c{i}", label) for i, label in enumerate(labels)]
    return ClipTable.from_rows(rows, "composite")


def test_the_counts_are_those_of_the_guideline():
    assert {name: (sum(counts), people) for name, (counts, people) in Megc2019Cde.official.items()} == PAPER
    by_class = [sum(counts[i] for counts, _ in Megc2019Cde.official.values()) for i in range(3)]
    assert dict(zip(Megc2019Cde.classes, by_class, strict=True)) == CLASSES
    assert (sum(CLASSES.values()), sum(people for _, people in PAPER.values())) == (442, 68)


def test_a_truth_of_these_counts_is_official_and_has_68_folds():
    truth = composite()
    said = Labels(tuple(clip.key for clip in truth.clips), tuple(clip.emotion for clip in truth.clips))
    card = Megc2019Cde().score(Predicted(said), truth)
    assert card.official
    for scope in ("full", *PAPER):
        assert card.score("uf1", scope).value == card.score("uar", scope).value == 1
    assert len(Megc2019Cde().splits(Cohort.of([Person.parse(clip.person) for clip in truth.clips]))) == 68


def test_saying_negative_every_time_scores_as_worked_by_hand():
    """UAR is a third; UF1 a third of 2 * 250 / (250 + 442)."""
    truth = composite()
    said = Labels(tuple(clip.key for clip in truth.clips), ("negative",) * len(truth.clips))
    card = Megc2019Cde().score(Predicted(said), truth)
    assert card.score("uar", "full").value == pytest.approx(1 / 3)
    assert card.score("uf1", "full").value == pytest.approx(500 / 692 / 3)


def test_one_clip_less_is_told():
    truth = composite()
    fewer = dataclasses.replace(truth, clips=truth.clips[1:])
    assert Megc2019Cde().official_reason(fewer).startswith("casme2 has 87 negative, 32 positive, 25 surprise")
    alone = dataclasses.replace(truth, clips=tuple(c for c in truth.clips if c.database == "samm"))
    assert Megc2019Cde().official_reason(alone).startswith("it has the databases samm, the official set has casme2")
