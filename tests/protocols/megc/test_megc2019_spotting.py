"""Micro-expressions alone, and the years on unseen sets."""

from __future__ import annotations

import pytest

from mebench.protocols.base import Predicted
from mebench.protocols.megc.megc2019_spotting import Megc2019Spotting, without_macro
from mebench.protocols.megc.megc2020_spotting import Megc2020Spotting
from mebench.protocols.megc.megc2022_spotting import Megc2022Spotting
from mebench.protocols.megc.megc2023_spotting import Megc2023Spotting
from mebench.protocols.megc.megc2024_ccs import Megc2024Ccs
from mebench.protocols.splits import Cohort
from mebench.schema.intervals import Intervals
from mebench.schema.people import Person
from mebench.schema.problems import InvalidTable
from mebench.schema.scorecard import Counts
from mebench.schema.truth import Truth, VideoTable


def test_macro_expressions_count_on_neither_side(truth, predictions):
    card = Megc2019Spotting().score(Predicted(predictions), truth)
    both = Megc2020Spotting().score(Predicted(predictions), truth)
    assert card.counts["overall"] == card.counts["micro"] == both.counts["micro"]
    assert card.counts["macro"] == Counts(0, 0, 0)
    assert len(card.by_video) == 4


def test_the_official_set_has_no_macro_expressions():
    videos = VideoTable.from_rows([(f"s{i % 5}", f"v{i:02d}", 200.0, 10**5) for i in range(79)])
    rows = [("s0", "v00", 60 * i + 1, 60 * i + 9, "micro") for i in range(159)]
    extra = [("s1", "v01", 5, 500, "macro")]
    truth = Truth(Intervals.from_rows(rows + extra), videos, "samm_lv")
    card = Megc2019Spotting().score(Predicted(truth.events), truth)
    assert card.official
    assert card.counts["overall"] == Counts(159, 0, 0)
    assert without_macro(truth).counts().macro == 0


def test_lines_of_the_file_survive_the_selection(truth):
    rows = [("s1", "a", 1, 5, "macro"), ("s1", "a", 5, 1, "micro")]
    with pytest.raises(InvalidTable, match="p.csv:9, offset: expected a frame not before the onset 5"):
        Megc2019Spotting().score(Predicted(Intervals.from_rows(rows), source="p.csv", lines=(7, 9)), truth)


@pytest.mark.parametrize("protocol", [Megc2023Spotting(), Megc2024Ccs()])
def test_unseen_sets_are_graded_as_in_2022_and_run_by_nobody(protocol, truth, predictions):
    card, older = (p.score(Predicted(predictions), truth) for p in (protocol, Megc2022Spotting()))
    assert card.scores == older.scores
    assert card.protocol.id == protocol.id
    assert not card.official
    assert [split.name for split in protocol.splits(Cohort.of([Person("d", "b"), Person("d", "a")]))] == ["unseen"]
    assert protocol.id in protocol.supports(["synth_lv"])
