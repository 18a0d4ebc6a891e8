"""Which clips each stage learns from, with which labels, and what is refused."""

from __future__ import annotations

import pytest

from mebench.errors import UserError
from mebench.methods.base import RunContext
from mebench.methods.stages import StageSettings, stages
from mebench.schema.recordings import Clip

CLASSES = ("negative", "positive", "surprise")
OWN = [Clip("target", "s", f"c{i}", 30.0, (), label) for i, label in enumerate(CLASSES)]
FIRST = [Clip("smic", "s", "c", 30.0, (), "negative"), Clip("ck", "s", "c", 30.0, (), "positive")]
TRAIN = [FIRST[0], *OWN, FIRST[1]]


def context(classes=CLASSES, sources=("smic", "ck"), **more):
    of = {"smic": "smic", "ck": "ck"} if sources else {}
    return RunContext(
        0, "cpu", None, classes=classes, first_sources=sources, source_of=lambda r: of.get(r.dataset, ""), **more
    )


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, [FIRST, OWN]),
        ({"together": ("ck",)}, [FIRST[:1], [*OWN, FIRST[1]]]),
        ({"together": ("ck", "smic")}, [TRAIN]),
        ({"fine_tune": False}, [FIRST]),
        ({"fine_tune": False, "together": ("ck",)}, [FIRST[:1]]),
    ],
)
def test_what_each_stage_learns_from(settings, expected):
    found = stages(TRAIN, context(), StageSettings(**settings))
    assert [list(stage.recordings) for stage in found] == expected
    assert {stage.classes for stage in found} == {CLASSES}


def test_without_a_first_stage_all_is_learnt_at_once():
    (stage,) = stages(TRAIN, context(sources=()), StageSettings())
    assert list(stage.recordings) == TRAIN
    (stage,) = stages(OWN, context(), StageSettings())
    assert list(stage.recordings) == OWN


def test_a_first_stage_has_its_own_labels_where_they_are_not_the_protocols():
    own = [Clip("target", "s", "c", 30.0, (), "fear")]
    first, last = stages([*FIRST, *own], context(("anger", "fear")), StageSettings())
    assert (first.classes, last.classes) == (("negative", "positive"), ("anger", "fear"))
    first, _ = stages([FIRST[0], *own], context(("fear", "negative")), StageSettings())
    assert first.classes == ("fear", "negative")


def test_what_cannot_be_is_refused():
    with pytest.raises(UserError, match="together=smik names nothing that is learnt from.*Did you mean 'smic'"):
        stages(TRAIN, context(), StageSettings(together=("smik",)))
    with pytest.raises(UserError, match="fine_tune=no leaves nothing to learn from: add --train"):
        stages(TRAIN, context(sources=()), StageSettings(fine_tune=False))
    for settings in ({"fine_tune": False}, {"together": ("smic", "ck")}):
        with pytest.raises(UserError, match="its clips are negative, positive, and the classes are fear"):
            stages(FIRST, context(("fear",)), StageSettings(**settings))
