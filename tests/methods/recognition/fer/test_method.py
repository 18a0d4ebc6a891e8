"""Both recognisers: they learn from stills, say something of every frame, repeat, and come through their state."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import spearmanr

from mebench.errors import UserError
from mebench.faces.cache import FrameCache
from mebench.methods.base import RunContext
from mebench.methods.catalogue import METHODS
from mebench.methods.recognition.frame_recogniser import classes_of_frames
from tests.methods.recognition.fer.faces import CLASSES, QUICK, rising, still, stills, trained

IDS = ("fer_classification", "fer_regression")


@pytest.fixture(autouse=True)
def _one_thread(one_thread: None) -> None:
    """Compute with one thread in every test here."""


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> RunContext:
    return RunContext(0, "cpu", FrameCache(tmp_path_factory.mktemp("cache")), classes=CLASSES)


@pytest.fixture(scope="module", params=IDS)
def model(request: pytest.FixtureRequest, context: RunContext) -> Any:
    return trained(METHODS.get(request.param).configure(QUICK), context)


def test_stills_of_others_are_told_apart(model: Any, context: RunContext) -> None:
    others = stills(4, 80)
    said = [np.argmax(model.recognise(one.without_truth(), context)) for one in others]
    assert np.mean([CLASSES[int(k)] == one.emotion for k, one in zip(said, others, strict=True)]) > 0.8


def test_a_clip_is_named_by_its_frames(model: Any, context: RunContext) -> None:
    clip, _ = rising(2, 999)
    outputs = model.frame_outputs(clip.without_truth(), context)
    assert outputs.shape == ((13, 3) if model.id == "fer_classification" else (13,))
    if outputs.ndim == 2:
        assert outputs.sum(axis=1) == pytest.approx(1)
        assert model.recognise(clip, context) == pytest.approx(outputs.mean(axis=0))
    else:
        assert np.argmax(model.recognise(clip, context)) == classes_of_frames(outputs.mean(keepdims=True))[0]
    vote = METHODS.get(model.id).configure({**QUICK, "video_rule": "vote"})
    vote.load_state(model.state())
    shares = np.bincount(classes_of_frames(outputs), minlength=3) / 13
    assert vote.recognise(clip, context) == pytest.approx(shares)


def test_a_regression_rises_and_falls_with_the_expression(context: RunContext) -> None:
    model = trained(METHODS.get("fer_regression").configure(QUICK), context)
    for label, sign in ((0, -1), (2, 1)):
        clip, strength = rising(label, 998)
        assert spearmanr(model.frame_outputs(clip, context), sign * strength)[0] > 0.6


def test_it_repeats_exactly_and_comes_through_its_state(model: Any, context: RunContext) -> None:
    again = trained(METHODS.get(model.id).configure(QUICK), context)
    assert all(np.array_equal(again.state()[name], array) for name, array in model.state().items())
    loaded = METHODS.get(model.id).configure(QUICK)
    loaded.load_state(model.state())
    one = still("y", 2, 77).without_truth()
    assert loaded.recognise(one, context) == model.recognise(one, context)
    other = METHODS.get(IDS[model.id == IDS[0]]).configure(QUICK)
    with pytest.raises(UserError, match="does not fit"):
        other.load_state(model.state())


def test_the_epoch_is_chosen_on_held_out_people(tmp_path: Path) -> None:
    rows: list[Any] = []
    context = RunContext(0, "cpu", FrameCache(tmp_path), classes=CLASSES, log=rows.append)
    model = METHODS.get("fer_regression").configure({**QUICK, "epochs": 6, "patience": 1})
    assert model.validation == "held_out"
    # What is validated on contradicts what is learnt: no later epoch is better than the first ones.
    wrong = [still(f"v{i}", 2 - label, i) for i in range(4) for label in (0, 2)]
    flipped = [type(one)(**{**vars(one), "emotion": CLASSES[2 - CLASSES.index(one.emotion)]}) for one in wrong]
    model.fit(stills(8), flipped, context)
    losses = [row["validation_loss"][0] for row in rows if row["event"] == "epoch"]
    kept = next(row["epoch"] for row in rows if row["event"] == "kept_epoch")
    assert kept == int(np.argmin(losses)) + 1
    assert len(losses) < 6


def test_only_the_apex_of_a_clip_is_learnt_from(context: RunContext, tmp_path: Path) -> None:
    model: Any = METHODS.get("fer_regression").configure(QUICK)
    clip, _ = rising(2, 5)
    assert np.array_equal(model.picture(clip, context), clip.frames.read(clip.apex - 1, clip.apex)[0])
    assert model.pictures([clip, clip], context).shape == (2, 32, 32)
    learnt, tested = FrameCache(tmp_path / "a"), FrameCache(tmp_path / "b")
    model.prepare(clip, RunContext(0, "cpu", learnt, only_learnt_from=lambda _: True))
    model.prepare(clip, RunContext(0, "cpu", tested))
    sizes = [sum(f.stat().st_size for f in (tmp_path / name).rglob("*") if f.is_file()) for name in "ab"]
    assert sizes[0] < 13 * 32 * 32 <= sizes[1]


@pytest.mark.parametrize("id", IDS)
def test_other_classes_and_no_training_are_refused(id: str, context: RunContext) -> None:
    model = METHODS.get(id).configure(QUICK)
    with pytest.raises(UserError, match="has not been trained"):
        model.recognise(still("y", 0, 1), context)
    other = RunContext(0, "cpu", FrameCache(), classes=("negative", "positive", "surprise"))
    with pytest.raises(UserError, match="give --protocol fer-video"):
        model.fit(stills(2), stills(1, 9), other)
    with pytest.raises(UserError, match="3 numbers above 0"):
        METHODS.get("fer_classification").configure({"weights": "1/2"})
