"""What has changed in the datasets of a run, in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from mebench.errors import UserError
from mebench.runs.changes import TRUTH, differences, require_same_data
from mebench.schema.intervals import Intervals
from mebench.schema.truth import Truth, VideoTable
from mebench.tasks.catalogue import task_of

VIDEOS = [("s1", "a", 30.0, 200), ("s1", "b", 30.0, 150), ("s2", "c", 30.0, 120)]
EVENTS = [("s1", "a", 10, 49, "macro"), ("s2", "c", 30, 39, "micro")]


def truth(videos=VIDEOS, events=EVENTS):
    return Truth(Intervals.from_rows(events), VideoTable.from_rows(videos), "tiny")


def config(*digests):
    return {"datasets": [{"id": f"d{i}", "digest": digest} for i, digest in enumerate(digests)]}


def require(run: Path, now: Truth, old=("x",), new=("y",)) -> None:
    truth().write(run / TRUTH)
    require_same_data(config(*old), config(*new), run, now, task_of("spotting"))


def test_equal_digests_are_not_looked_into(tmp_path, monkeypatch):
    looked = []
    monkeypatch.setattr(Truth, "read", lambda *_: looked.append(1))
    require(tmp_path, truth(VIDEOS[:1], EVENTS[:1]), ["x", "y"], ["x", "y"])
    assert looked == []


@pytest.mark.parametrize(
    ("videos", "events", "words"),
    [
        (VIDEOS[:2], EVENTS[:1], "gone: s2/c"),
        ([*VIDEOS, ("s3", "d", 30.0, 10)], EVENTS, "new: s3/d"),
        ([("s1", "a", 30.0, 201), *VIDEOS[1:]], EVENTS, "of another length or frame rate: s1/a"),
        ([("s1", "a", 25.0, 200), *VIDEOS[1:]], EVENTS, "of another length or frame rate: s1/a"),
        (VIDEOS, [EVENTS[0], ("s2", "c", 30, 40, "micro")], "annotated differently: s2/c"),
        (VIDEOS[1:], EVENTS[1:], "gone: s1/a"),
    ],
)
def test_what_has_changed_is_named(tmp_path, videos, events, words):
    with pytest.raises(UserError, match=rf"d0 has changed since the run .* began \({words}\): put the old files back"):
        require(tmp_path, truth(videos, events))


def test_only_the_first_few_are_listed(tmp_path):
    many = [*VIDEOS, *((f"t{i}", "v", 30.0, 10) for i in range(5))]
    with pytest.raises(UserError, match=r"\(new: t0/v, t1/v, t2/v and 2 more\)"):
        require(tmp_path, truth(many))


def test_datasets_that_changed_are_named_and_the_others_not(tmp_path):
    with pytest.raises(UserError, match="^d0 and d2 have changed since the run"):
        require(tmp_path, truth(), ["x", "y", "z"], ["1", "y", "3"])


def test_a_truth_that_cannot_be_read_costs_the_details_alone(tmp_path):
    with pytest.raises(UserError, match="began: put the old files back"):
        require_same_data(config("x"), config("y"), tmp_path, truth(), task_of("spotting"))


def plain(**more):
    """A configuration of a run on one dataset."""
    entry = {"id": "d", "version": "1", "settings": {"light": "mild"}, "digest": "x", "method_settings": {"lcn": True}}
    return {"method": {"id": "m", "version": "1"}, "datasets": [{**entry, **more}], "seed": 0, "folds": [1]}


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (plain(), []),
        (plain(method_settings={"lcn": False}, digest="y"), ["m:lcn (true there, false asked for)"]),
        (plain(settings={"light": "even"}), ['d:light ("mild" there, "even" asked for)']),
        (plain(version="2"), ['version of d ("1" there, "2" asked for)']),
        (plain(id="e"), ['--dataset (["d"] there, ["e"] asked for)']),
        ({**plain(), "method": {"id": "n", "version": "1"}}, ['method.id ("m" there, "n" asked for)']),
        ({**plain(), "seed": 1, "folds": [2]}, ["seed (0 there, 1 asked for)"]),
        ({**plain(), "folds": [2]}, ["folds ([1] there, [2] asked for)"]),
    ],
)
def test_settings_are_named_the_way_they_are_typed(now, words):
    assert differences(plain(), now) == words
