"""What all datasets of rendered clips have in common."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mebench.datasets.catalogue import DATASETS
from mebench.datasets.synth_clips import share_out, who_shows_what
from mebench.errors import UserError

IDS = ("synth_cde", "synth_fer", "synth_macro", "synth_mmew")
FULL = {"synth_fer": {"stills": "300"}, "synth_mmew": {"size": "full", "others": "true"}}


@pytest.fixture(scope="module", params=IDS)
def dataset(request):
    return DATASETS.get(request.param).open()


def test_clips_are_sorted_named_once_and_annotated(dataset):
    clips = dataset.clips()
    keys = [clip.key for clip in clips]
    assert keys == sorted(set(keys))
    for clip in clips:
        assert 1 <= clip.onset <= clip.offset <= clip.n_frames
        assert clip.apex == 0 or clip.onset <= clip.apex <= clip.offset
        assert clip.dataset == dataset.id


def test_listing_renders_nothing(dataset, monkeypatch):
    monkeypatch.setattr("mebench.rendering.rendered.head_of", None)
    assert len(dataset.clips()) == len(dataset.recordings("clips"))


def test_names_tell_nothing_of_the_emotion(dataset):
    for clip in dataset.clips():
        assert clip.emotion[:2].lower() not in clip.id.lower().replace("sub", "")


@pytest.mark.parametrize("id", IDS)
def test_the_counts_are_kept_in_every_size(id):
    for options in ({}, FULL.get(id, {"size": "full"})):
        report = DATASETS.get(id).open(options=options).check()
        assert report.ok
        assert all(count.expected is not None for count in report.counts)


@pytest.mark.parametrize("id", IDS)
def test_the_seed_changes_people_and_expressions_and_nothing_else_does(id):
    one, again, two = (DATASETS.get(id).open(options={"seed": seed}) for seed in "001")
    assert one.digest("clips") == again.digest("clips") != two.digest("clips")
    faces = [{clip.frames.recipe.identity_seed for clip in ds.clips()} for ds in (one, two)]
    assert not faces[0] & faces[1]
    assert len(faces[0]) == len({clip.person for clip in one.clips()})


def test_no_two_datasets_share_a_person():
    seen = [clip.frames.recipe.identity_seed for id in IDS for clip in DATASETS.get(id).open().clips()]
    people = {(clip.person) for id in IDS for clip in DATASETS.get(id).open().clips()}
    assert len(set(seen)) == len(people)


@pytest.mark.parametrize(
    ("id", "options", "told"),
    [
        ("synth_cde", {"strength": "0"}, "strength=0 must be above 0"),
        ("synth_cde", {"size": "huge"}, "'huge' is not one of 'small', 'full'"),
        ("synth_mmew", {"width": "20", "quality": "0"}, "quality=0 must be at least 1"),
        ("synth_mmew", {"height": "20"}, "height=20 must be at least 120"),
        ("synth_macro", {"fps": "2"}, "fps=2 must be at least 10"),
        ("synth_fer", {"people": "60", "stills": "50"}, "stills=50 must be at least 60: every person has one or more"),
        ("synth_fer", {"face": "8"}, "face=8 must be at least 24"),
        ("synth_fer", {"neutral": "-1"}, "the shares of negative, neutral, positive, surprise must not be negative"),
    ],
)
def test_wrong_settings_are_refused_in_one_sentence(id, options, told):
    with pytest.raises(UserError, match=told):
        DATASETS.get(id).open(options=options)


def test_mmew_has_the_published_counts():
    of = {}
    for others in ("false", "true"):
        report = DATASETS.get("synth_mmew").open(options={"size": "full", "others": others}).check()
        of[others] = {count.name: count.found for count in report.counts}
    assert of["false"]["clips"] == 234
    assert of["true"] == {**of["false"], "clips": 300, "others": 66}
    assert of["true"]["subjects"] == 36


@given(
    st.integers(0, 500),
    st.dictionaries(st.sampled_from("abcdefg"), st.floats(0.01, 100), min_size=1),
)
def test_shares_add_up_and_lie_within_one_of_the_exact_part(total, shares):
    counts = share_out(total, shares)
    assert sum(counts.values()) == total
    whole = sum(shares.values())
    assert all(abs(counts[name] - total * share / whole) < 1 for name, share in shares.items())


def test_shares_by_hand():
    assert share_out(10, {"a": 1, "b": 1, "c": 1}) == {"a": 4, "b": 3, "c": 3}
    assert share_out(31, {"anger": 57, "contempt": 12, "disgust": 9, "fear": 8, "sadness": 6}) == {
        "anger": 19,
        "contempt": 4,
        "disgust": 3,
        "fear": 3,
        "sadness": 2,
    }


def test_everybody_shows_something_and_some_a_lot():
    shown = who_shows_what({"a": 40, "b": 20}, 12, np.random.SeedSequence(4))
    lengths = [len(emotions) for emotions in shown]
    assert min(lengths) >= 1
    assert max(lengths) >= 2 * np.mean(lengths)
    assert sorted(e for emotions in shown for e in emotions) == ["a"] * 40 + ["b"] * 20
    assert who_shows_what({"a": 2}, 2, np.random.SeedSequence(4)) == [["a"], ["a"]]
