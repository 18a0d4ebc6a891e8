from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from mebench.errors import UserError
from mebench.faces.cache import FrameCache
from mebench.methods.base import RunContext
from mebench.methods.catalogue import METHODS
from mebench.methods.resume import Resume
from mebench.methods.spotting.base import MACRO, MICRO
from mebench.methods.spotting.softnet import training
from mebench.methods.spotting.softnet.config import LEGACY_P, SoftnetConfig
from mebench.methods.spotting.softnet.method import NEVER, SoftNet
from mebench.schema.presence import Presence
from mebench.schema.recordings import ExpressionType, Video
from mebench.settings import setting
from mebench.testing.methods import check_method
from tests.methods.spotting.planted import micro, planted

QUICK = {"flow": "farneback", "learning_rate": 0.02, "epochs": 6, "samples_per_k": 3, "micro_k": 6, "macro_k": 12}
TRAIN = [planted(f"t{i}", (micro(21 + 7 * i, 32 + 7 * i), micro(65, 76)), count=100, seed=i) for i in range(2)]


def context_in(folder: Path, logged: list[Any] | None = None, resume: Resume | None = None) -> RunContext:
    log = (lambda _: None) if logged is None else logged.append
    return RunContext(0, "cpu", FrameCache(folder), log=log, resume=resume or Resume.nowhere())


def trained(context: RunContext, train: list[Video] | None = None, **options: Any) -> SoftNet:
    model = SoftNet.configure({**QUICK, **options})
    model.fit(train or TRAIN, (), context)
    return model


@pytest.fixture(autouse=True)
def _one_thread(one_thread: None) -> None:
    """Compute with one thread in every test here."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def logged() -> list[Any]:
    return []


@pytest.fixture(scope="module")
def model(folder: Path, logged: list[Any]) -> SoftNet:
    return trained(context_in(folder, logged))


def test_it_is_registered_and_keeps_the_last_epoch() -> None:
    assert METHODS.get("softnet") is SoftNet
    assert SoftNet.validation == "none"
    config = SoftNet.configure().config
    assert (config.flow, config.learning_rate, config.batch_size, config.epochs) == ("tvl1", 0.0005, 12, 10)
    assert (config.keep_negatives, config.augment, config.samples_per_k, config.tracking) == (0.5, True, 0, False)
    assert SoftNet.configure(dataset="casme_sq").config.lags == (6, 18)
    assert SoftNet.configure(dataset="samm_lv").config.lags == (37, 174)
    assert SoftNet.configure({"k_from": "training"}, "samm_lv").config.lags == (None, None)


def test_a_planted_movement_is_found_and_a_quiet_video_has_none(model: SoftNet, folder: Path) -> None:
    """A micro-expression of 12 frames in 100: the interval around it has 2 * 6 + 1."""
    found = model.spot(planted("p", (micro(51, 62),), count=100, seed=7).without_truth(), context_in(folder))
    (interval,) = [i for i in found.intervals if i.type == ExpressionType.MICRO]
    overlap = min(interval.offset, 62) - max(interval.onset, 51) + 1
    assert overlap / (max(interval.offset, 62) - min(interval.onset, 51) + 1) >= 0.5
    assert found.scores.shape == (100, 2)
    assert abs(int(found.scores[:, MICRO].argmax()) - 54) <= 6
    assert model.spot(planted("q", (), count=100, seed=7), context_in(folder)).intervals == ()


def test_p_comes_from_the_training_videos_and_a_type_without_events_is_never_predicted(
    model: SoftNet, logged: list[Any], folder: Path
) -> None:
    (chosen,) = [row for row in logged if row["event"] == "p"]
    assert (chosen["type"], chosen["source"], chosen["value"]) == ("micro", "training", model.p[MICRO])
    assert chosen["f1"] > 0
    assert {"event": "lags", "dataset": "toy", "micro": 6, "macro": 12} in logged
    assert [row["type"] for row in logged if row["event"] == "no_positives"] == ["macro"]
    assert model.p[MACRO] == NEVER
    assert not model.spot(TRAIN[0], context_in(folder)).scores[:, MACRO].any()
    losses = [row["loss"] for row in logged if row["event"] == "epoch"]
    assert len(losses) == 6
    assert losses[-1] < losses[0]


def test_the_published_p_is_taken_on_demand_and_told(folder: Path) -> None:
    rows: list[Any] = []
    legacy = trained(context_in(folder, rows), legacy=True, epochs=1)
    assert legacy.p == (LEGACY_P, NEVER)
    assert [row["source"] for row in rows if row["event"] == "p"] == ["legacy"]
    assert "p = 0.55 of softnet was chosen on the scored videos" in legacy.tuned_on_test()
    assert SoftNet.configure().tuned_on_test() == ""


def test_the_same_seed_gives_the_same_numbers_and_another_one_others(model: SoftNet, folder: Path) -> None:
    torch.manual_seed(5)  # what ran before must not matter
    again, context = trained(context_in(folder)), context_in(folder)
    assert all(np.array_equal(array, again.state()[name]) for name, array in model.state().items())
    context.seed = 1
    assert not np.array_equal(trained(context, epochs=1).state()["micro.output.weight"], 0)
    assert not np.array_equal(
        trained(context, epochs=1).state()["micro.output.weight"],
        trained(context_in(folder), epochs=1).state()["micro.output.weight"],
    )


def test_state_comes_through_and_another_one_is_refused(model: SoftNet, folder: Path) -> None:
    loaded = SoftNet.configure(QUICK)
    loaded.load_state(model.state())
    video = TRAIN[0].without_truth()
    assert loaded.p == model.p
    assert np.array_equal(loaded.spot(video, context_in(folder)).scores, model.spot(video, context_in(folder)).scores)
    with pytest.raises(UserError, match="does not fit softnet"):
        loaded.load_state({"p": np.zeros(2)})
    with pytest.raises(UserError, match="does not fit softnet"):
        loaded.load_state({**model.state(), "micro.output.weight": np.zeros((1, 3), np.float32)})


def test_an_interrupted_training_goes_on_and_ends_in_the_same_weights(
    model: SoftNet, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resume, steps = Resume(tmp_path / "resume", "fold"), training.PictureTrainer.step
    left, total = [12], 6 * 15

    def interrupted(self: Any, *args: Any) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return steps(self, *args)

    monkeypatch.setattr(training.PictureTrainer, "step", interrupted)
    with pytest.raises(KeyboardInterrupt):
        trained(context_in(folder, resume=resume))
    done: list[Any] = []
    monkeypatch.setattr(training.PictureTrainer, "step", lambda *args: done.append(1) or steps(*args))
    again = trained(context_in(folder, resume=resume))
    assert 0 < len(done) < total
    assert all(np.array_equal(array, again.state()[name]) for name, array in model.state().items())


def test_no_flow_reaches_over_a_cut(model: SoftNet, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    video = TRAIN[0]
    cut = Presence(np.arange(100) != 70, np.arange(100) == 50)
    monkeypatch.setattr(FrameCache, "presence", lambda *_: cut)
    found = model.spot(video.without_truth(), context_in(folder))
    assert not found.scores[70].any()
    assert all(not (i.onset <= 50 < i.offset) for i in found.intervals)


def test_a_video_that_is_too_short_has_nothing_and_says_so(model: SoftNet, folder: Path) -> None:
    short = planted("x", (), count=5)
    assert model.spot(short, context_in(folder)).intervals == ()
    assert model.notes(short) == (
        "softnet looks for micro-expressions in videos of at least 19 frames, this one has 5",
    )
    assert model.notes(TRAIN[0]) == ()


def test_what_cannot_be_is_told(folder: Path) -> None:
    context = context_in(folder)
    with pytest.raises(UserError, match="has not been trained"):
        SoftNet.configure().spot(TRAIN[0], context)
    with pytest.raises(UserError, match="no training videos"):
        SoftNet.configure().fit((), (), context)
    with pytest.raises(UserError, match="more than 6 frames in a row, .* give a smaller micro_k than 6"):
        trained(context, [planted("x", (micro(1, 4),), count=5)])
    for options, message in (
        ({"micro_k": 0}, "micro_k=0 must be at least 1"),
        ({"micro_k": 6, "k_from": "training"}, "leave micro_k out"),
        ({"batch_size": 0}, "batch_size=0 must be at least 1"),
        ({"keep_negatives": 0}, "keep_negatives=0 must be"),
        ({"p": 1.5}, "p=1.5 must be"),
        ({"legacy": True, "p": 0.5}, "leave p out"),
    ):
        with pytest.raises(UserError, match=message):
            SoftNet.configure(options)


def test_each_video_has_the_lags_of_its_own_dataset() -> None:
    model = SoftNet.for_datasets({}, ["casme_sq", "samm_lv"])
    other = dataclasses.replace(TRAIN[0], dataset="casme_sq")
    assert model.config_for(other).lags == (6, 18)


@dataclasses.dataclass(frozen=True)
class QuickConfig(SoftnetConfig):
    """Settings with which a training takes seconds."""

    flow: str = setting("farneback", "optical flow")  # type: ignore[assignment]
    samples_per_k: int = setting(2, "scores computed within k frames")
    epochs: int = setting(1, "epochs", unit="epochs")
    ends: str = setting("full", "ends of the curve")  # type: ignore[assignment]


class QuickNet(SoftNet):
    """softnet with these."""

    Config = QuickConfig


@pytest.mark.slow
def test_it_keeps_what_every_method_must() -> None:
    assert [finding for finding in check_method(QuickNet) if finding.state != "ok"] == []
