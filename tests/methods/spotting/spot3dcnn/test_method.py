from __future__ import annotations

import dataclasses
import json
from typing import Any

import numpy as np
import pytest
import torch

from mebench.errors import UserError
from mebench.methods.base import RunContext
from mebench.methods.catalogue import METHODS
from mebench.methods.spotting.base import MACRO, MICRO
from mebench.methods.spotting.spot3dcnn.method import NEVER, Spot3DCNN
from mebench.schema.recordings import Event, ExpressionType, Video, frame_labels

QUICK = {
    "samples_per_epoch": 64,
    "validation_samples": 16,
    "max_epochs": 2,
    "filters": (4, 8, 8),
    "multiplier": 4,
    "learning_rate": 0.003,
}


def quick(**options: Any) -> Spot3DCNN:
    return Spot3DCNN.configure({**QUICK, **options})


def pair(videos: list[Video], context: RunContext, **options: Any) -> tuple[Any, Any]:
    return quick(**options).fit_pair(videos[:2], videos[2:3], videos[3:], context)


def test_a_pair_is_one_training_with_two_models(videos: list[Video], context: RunContext, logged: list[Any]) -> None:
    first, second = pair(videos, context)
    epochs = [record for record in logged if record["event"] == "epoch"]
    assert len(epochs) == 2
    assert all(len(record["validation_loss"]) == 2 for record in epochs)
    sources = [record["source"] for record in logged if record["event"] == "threshold"]
    assert sources == ["validation"] * 4
    assert first.thresholds != second.thresholds
    json.dumps(logged)


def test_spotting_gives_scores_and_intervals_for_every_frame(videos: list[Video], context: RunContext) -> None:
    first, _ = pair(videos, context)
    found = first.spot(videos[3].without_truth(), context)
    assert found.scores.shape == (120, 2)
    assert found.scores.dtype == np.float32
    assert all(1 <= i.onset <= i.offset <= 120 for i in found.intervals)
    assert list(found.intervals) == sorted(found.intervals, key=lambda i: i.onset)


def test_the_same_seed_gives_the_same_numbers_on_any_thread_count(videos: list[Video], context: RunContext) -> None:
    before, state = torch.get_num_threads(), torch.random.get_rng_state()
    results = []
    for threads in (1, 2):
        torch.set_num_threads(threads)
        torch.manual_seed(threads)  # what ran before must not matter
        first, _ = pair(videos, context)
        results.append((first.state(), first.spot(videos[3], context)))
        assert torch.get_num_threads() == threads
    torch.set_num_threads(before)
    torch.random.set_rng_state(state)
    assert all(np.array_equal(results[0][0][name], results[1][0][name]) for name in results[0][0])
    assert results[0][1].intervals == results[1][1].intervals


def test_another_seed_gives_other_weights(videos: list[Video], context: RunContext) -> None:
    first, _ = pair(videos, context)
    context.seed = 1
    other, _ = pair(videos, context)
    assert not np.array_equal(first.state()["net.output.weight"], other.state()["net.output.weight"])


def test_state_survives_a_round_trip(videos: list[Video], context: RunContext) -> None:
    first, _ = pair(videos, context)
    loaded = quick()
    loaded.load_state(first.state())
    assert loaded.skips == first.skips
    assert loaded.thresholds == first.thresholds
    assert np.array_equal(loaded.spot(videos[3], context).scores, first.spot(videos[3], context).scores)


def test_a_checkpoint_of_another_network_is_refused(videos: list[Video], context: RunContext) -> None:
    first, _ = pair(videos, context)
    with pytest.raises(UserError, match="does not fit spot3dcnn"):
        quick(layers=6).load_state(first.state())
    with pytest.raises(UserError, match="does not fit"):
        quick().load_state({})


def test_untrained_methods_say_so(videos: list[Video], context: RunContext) -> None:
    with pytest.raises(UserError, match="has not been trained"):
        quick().spot(videos[0], context)
    with pytest.raises(UserError, match="no training videos"):
        quick().fit([], videos, context)


def test_a_type_without_training_frames_is_never_predicted(
    make_video: Any, context: RunContext, logged: list[Any]
) -> None:
    macro = Event(25, 54, ExpressionType.MACRO)
    videos = [make_video(f"s{i}", (macro,), seed=i) for i in range(3)]
    model = quick()
    model.fit(videos[:2], videos[2:], context)
    assert {"event": "no_positives", "type": "micro", "effect": "not trained and never predicted"} in logged
    assert model.thresholds[MICRO] == NEVER
    assert model.thresholds[MACRO] < 1
    found = model.spot(videos[2], context)
    assert all(i.type == ExpressionType.MACRO for i in found.intervals)
    assert not found.scores[:, MICRO].any()


def test_without_any_event_nothing_is_trained_or_predicted(
    make_video: Any, context: RunContext, logged: list[Any]
) -> None:
    videos = [make_video(f"s{i}", (), seed=i) for i in range(3)]
    model = quick()
    model.fit(videos[:2], videos[2:], context)
    assert not [record for record in logged if record["event"] == "epoch"]
    assert model.spot(videos[2], context).intervals == ()


def test_a_validation_subject_without_a_type_leaves_the_threshold_to_training_videos(
    videos: list[Video], make_video: Any, context: RunContext, logged: list[Any]
) -> None:
    held_out = make_video("s9", (Event(25, 54, ExpressionType.MACRO),), seed=9)
    model = quick()
    model.fit(videos, [held_out], context)
    sources = {record["type"]: record["source"] for record in logged if record["event"] == "threshold"}
    assert sources == {"micro": "training", "macro": "validation"}
    assert max(model.thresholds) < 1


def test_without_validation_videos_it_still_fits(videos: list[Video], context: RunContext, logged: list[Any]) -> None:
    model = quick()
    model.fit(videos, [], context)
    assert [record["source"] for record in logged if record["event"] == "threshold"] == ["training"] * 2
    assert model.spot(videos[0], context).scores.shape == (120, 2)


def test_movement_has_one_output_and_types_by_duration(videos: list[Video], context: RunContext) -> None:
    first, _ = pair(videos, context, target="movement", layers=6)
    assert first.net.output.out_features == 1
    raw = first.raw_scores(videos[3], context)
    assert np.array_equal(raw[:, MICRO], raw[:, MACRO])
    for interval in first.spot(videos[3], context).intervals:
        micro = interval.offset - interval.onset + 1 <= 15  # .5 s at 30 frames/s
        assert (interval.type == ExpressionType.MICRO) == micro


def test_an_aligned_folder_that_ends_early_still_scores_every_frame(videos: list[Video], context: RunContext) -> None:
    first, _ = pair(videos, context)
    source: Any = videos[3].aligned
    cut = dataclasses.replace(videos[3], aligned=type(source)(source.read(0, 90)))
    raw = first.raw_scores(cut, context)
    assert raw.shape == (120, 2)
    assert (raw[90:] == raw[89]).all()


def test_the_catalogue_finds_both_variants() -> None:
    assert METHODS.get("spot3dcnn") is Spot3DCNN
    assert METHODS.get("spot3dcnn_end_to_end").id == "spot3dcnn_end_to_end"
    assert Spot3DCNN.configure({}).supports("samm_lv", ["spotting"]) is None
    assert "recognition" in str(Spot3DCNN.configure({}).supports("casme2", ["recognition"]))


@pytest.mark.slow
def test_it_learns_to_spot_movement_on_unseen_faces(make_video: Any, context: RunContext) -> None:
    micro, macro = ExpressionType.MICRO, ExpressionType.MACRO
    random = np.random.default_rng(0)
    videos = []
    for number in range(6):
        starts = np.array([10, 60, 130, 170, 240]) + random.integers(0, 10, 5)
        kinds = [micro, macro, micro, macro, micro]
        events = tuple(Event(int(s), int(s) + (9 if k == micro else 39), k) for s, k in zip(starts, kinds, strict=True))
        videos.append(make_video(f"s{number}", events, count=300, seed=number))
    model = Spot3DCNN.configure({"samples_per_epoch": 1024, "max_epochs": 4, "learning_rate": 0.003})
    model.fit(videos[:4], videos[4:5], context)
    scores = model.spot(videos[5].without_truth(), context).scores
    for column, kind in ((MICRO, micro), (MACRO, macro)):
        labels = frame_labels(videos[5], kind)
        higher = (scores[labels, column][:, None] > scores[~labels, column][None]).mean()
        assert higher > 0.75  # area under the ROC curve
