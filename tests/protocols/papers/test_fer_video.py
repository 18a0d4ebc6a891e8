"""Videos named by models that learnt from stills: who learns, which labels, and the accuracies of Table 7.1 by hand."""

from __future__ import annotations

import pytest

from mebench.protocols.base import Predicted
from mebench.protocols.papers.fer_video import FerVideo
from mebench.protocols.splits import Cohort
from mebench.schema.clips import ClipRow, ClipTable
from mebench.schema.people import Person
from mebench.schema.recognition import Labels
from mebench.schema.recordings import Clip


def test_the_accuracies_of_table_7_1():
    """10 negative and 10 positive videos; 7 negative ones and all positive ones are right: .70, 1.00, .85."""
    rows = [ClipRow("mug", f"s{i}", f"n{i}", "negative") for i in range(10)]
    rows += [ClipRow("mmi", f"s{i}", f"p{i}", "positive") for i in range(10)]
    truth = ClipTable.from_rows(rows)
    wrong = {"n0": "neutral", "n1": "neutral", "n2": "positive"}
    said = Labels(
        tuple(clip.key for clip in truth.clips), tuple(wrong.get(clip.clip, clip.emotion) for clip in truth.clips)
    )
    card = FerVideo().score(Predicted(said), truth)
    found = [card.score("recall", "negative"), card.score("recall", "positive"), card.score("accuracy", "full")]
    assert [score.value for score in found] == pytest.approx([0.7, 1.0, 0.85])
    assert card.complete
    assert "20 and does not list them" in card.reason


@pytest.mark.parametrize(
    ("emotion", "tested", "learnt"),
    [
        ("happiness", "positive", "positive"),
        ("angry", "negative", "negative"),
        ("contempt", "negative", "negative"),
        ("surprise", None, "neutral"),
        ("neutral", None, "neutral"),
        ("positive", "positive", "positive"),
        ("others", None, None),
    ],
)
def test_labels(emotion, tested, learnt):
    clip = Clip("d", "s", "c", 30.0, (), emotion)
    found = [FerVideo().admit(clip), FerVideo().admit_training(clip)]
    assert [one and one.emotion for one in found] == [tested, learnt]


def test_one_model_learns_from_the_datasets_for_training_alone():
    tested, others = [Person("mug", "1"), Person("mmi", "1")], [Person("fer2013", "1"), Person("kdef", "1")]
    (split,) = FerVideo().splits(Cohort.of(tested, others))
    assert (set(split.test), set(split.train)) == (set(tested), set(others))
    assert "add --train ID" in FerVideo().supports(["mug"])
