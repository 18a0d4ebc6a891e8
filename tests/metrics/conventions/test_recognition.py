"""What the presets of recognition make of the same answers."""

from __future__ import annotations

import pytest

from mebench.metrics.conventions.recognition import PRESETS, RecognitionConvention
from mebench.protocols.base import Predicted
from mebench.protocols.megc.megc2019_cde import Megc2019Cde
from mebench.schema.clips import ClipRow, ClipTable
from mebench.schema.recognition import Labels

ROWS = [("s1", "negative", "negative"), ("s1", "positive", "negative"), ("s2", "negative", "negative")]
"""Subject, truth and answer: no clip is a surprise."""


def grade(preset, rows=ROWS):
    clips = ClipTable.from_rows([ClipRow("samm", s, f"c{i}", truth) for i, (s, truth, _) in enumerate(rows)], "samm")
    said = Labels(tuple(clip.key for clip in clips.clips), tuple(answer for *_, answer in rows))
    return Megc2019Cde().score(Predicted(said), clips, convention=PRESETS[preset])


def test_an_absent_class_is_nothing_in_the_mean_or_no_part_of_it():
    """Negative: 2 hits, 1 false, 0 missed, F1 .8; positive: F1 0; surprise: no sample."""
    assert grade("strict").score("uf1", "full").value == pytest.approx(0.8 / 3)
    assert grade("present_classes").score("uf1", "full").value == pytest.approx(0.8 / 2)
    assert grade("strict").score("uar", "full").value == pytest.approx(1 / 3)
    assert grade("present_classes").score("uar", "full").value == pytest.approx(1 / 2)


def test_the_mean_of_subjects_is_not_the_score_of_their_counts():
    """s1 has an F1 of 2/3 for negative, s2 of 1: their UF1 are 2/9 and 1/3."""
    assert grade("fold_mean").score("uf1", "full").value == pytest.approx((2 / 9 + 1 / 3) / 2)


@pytest.mark.parametrize("preset", PRESETS)
def test_what_does_not_depend_on_order(preset):
    assert grade(preset, ROWS[::-1]).score("uf1", "full").value == grade(preset).score("uf1", "full").value


def test_the_presets_change_one_rule_each():
    changes = [{}, {"pooling": "mean"}, {"pooling": "folds"}, {"absent_class": "drop"}]
    assert [preset.differing() for preset in PRESETS.values()] == changes
    assert RecognitionConvention.presets is PRESETS
