from __future__ import annotations

import copy
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
from mebench.methods.spotting.postprocess.pipeline import condition
from mebench.methods.spotting.spot3dcnn.config import Spot3DConfig
from mebench.methods.spotting.spot3dcnn.dataset_skips import DatasetSkips
from mebench.methods.spotting.spot3dcnn.method import NEVER, Spot3DCNN
from mebench.methods.spotting.spot3dcnn.sampling import SampleTable
from mebench.methods.spotting.spot3dcnn.skips import Skips, choose_skips
from mebench.metrics.frames import roc_threshold
from mebench.schema.presence import Presence
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


def test_an_aligned_folder_that_ends_early_leaves_the_rest_unscored(videos: list[Video], context: RunContext) -> None:
    first, _ = pair(videos, context)
    source: Any = videos[3].aligned
    cut = dataclasses.replace(videos[3], aligned=type(source)(source.read(0, 90)))
    raw = first.raw_scores(cut, context)
    assert raw.shape == (120, 2)
    assert raw[:90].all()
    assert not raw[90:].any()


def test_the_catalogue_finds_both_variants() -> None:
    assert METHODS.get("spot3dcnn") is Spot3DCNN
    assert METHODS.get("spot3dcnn_end_to_end").id == "spot3dcnn_end_to_end"
    assert Spot3DCNN.configure({}).supports("samm_lv", ["spotting"]) is None
    assert "recognition" in str(Spot3DCNN.configure({}).supports("casme2", ["recognition"]))


def cohort(make_video: Any) -> tuple[list[Video], list[Video]]:
    """Return four people of a dataset at 30 frames/s, and four of one at 60 whose events are longer."""
    micro, macro = ExpressionType.MICRO, ExpressionType.MACRO
    events = (Event(8, 31, micro), Event(50, 109, macro))
    slow = [make_video(f"s{i}", SHORT_EVENTS, seed=i, dataset="slow") for i in range(4)]
    return slow, [make_video(f"s{i}", events, seed=9 + i, dataset="quick", fps=60.0) for i in range(4)]


SHORT_EVENTS = (Event(8, 15, ExpressionType.MICRO), Event(25, 44, ExpressionType.MACRO))


def reach(drawn: Any, video: int) -> set[tuple[int, int]]:
    """Return the (short, long) skips of a video's stacks that no end of the video cut off."""
    frames = drawn.frames[(drawn.videos == video) & (drawn.frames.min(axis=1) > 0) & (drawn.frames.max(axis=1) < 119)]
    return {(int(row[1] - row[0]), int(row[3] - row[2])) for row in frames}


def test_two_datasets_train_together_with_skips_of_their_own(
    make_video: Any, context: RunContext, logged: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, quick = cohort(make_video)
    drawn: list[Any] = []
    plain = SampleTable.draw
    monkeypatch.setattr(SampleTable, "draw", lambda *given: drawn.append(plain(*given)) or drawn[-1])
    model = Spot3DCNN.for_datasets({**QUICK, "samples_per_epoch": 1024, "max_epochs": 1}, ["slow", "quick"])
    one, other = model.fit_pair([slow[0], quick[0], slow[1]], slow[2:3], quick[2:3], context)
    slow_skips, quick_skips = (choose_skips([v[0]], Spot3DConfig()) for v in (slow, quick))
    assert slow_skips.short_range[1] < quick_skips.short_range[1]
    validation = ((drawn[0], 0, slow_skips), (drawn[1], 0, quick_skips))
    training = [(drawn[2], place, own) for place, own in enumerate((slow_skips, quick_skips, slow_skips))]
    for stacks, place, own in (*validation, *training):
        short, long = zip(*reach(stacks, place), strict=True)
        assert own.short_range[0] <= min(short) < max(short) <= own.short_range[1]
        assert own.long_range[0] <= min(long) < max(long) <= own.long_range[1]
    assert max(short for short, _ in reach(drawn[2], 1)) > slow_skips.short_range[1]
    rows = [row for row in logged if row["event"] == "skips"]
    assert [(row["dataset"], row["short"], row["long"]) for row in rows] == [
        ("slow", *slow_skips.pair),
        ("quick", *quick_skips.pair),
    ]
    for trained in (one, other):
        assert trained.skips_of(slow[3]) == slow_skips.pair
        assert trained.skips_of(quick[3]) == quick_skips.pair
        assert trained.spot(quick[3].without_truth(), context).scores.shape == (120, 2)


def test_the_ranges_that_a_dataset_names_are_its_own(
    make_video: Any, context: RunContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    presets = {"slow": {"short_range": (2, 3), "long_range": (8, 9)}, "quick": {"short_skip": 11, "learning_rate": 9.0}}
    monkeypatch.setattr(Spot3DCNN, "presets", presets)
    slow, quick = cohort(make_video)
    model = Spot3DCNN.for_datasets({"max_epochs": 1, "samples_per_epoch": 32}, ["slow", "quick"])
    model.fit([*slow[:2], *quick[:2]], [], context)
    assert model.skips.trained["slow"].short_range == (2, 3)
    assert model.skips.trained["quick"].short_range == choose_skips(quick, Spot3DConfig()).short_range
    assert model.skips_of(quick[3])[0] == 11
    assert model.config.learning_rate == Spot3DConfig().learning_rate


def test_an_unseen_dataset_is_scored_with_converted_skips(
    make_video: Any, context: RunContext, logged: list[Any]
) -> None:
    slow, quick = cohort(make_video)
    model = Spot3DCNN.for_datasets({**QUICK, "max_epochs": 1}, ["slow", "quick", "third"])
    model.fit([*slow[:2], *quick[:2]], slow[2:3], context)
    assert model.skips.trained["slow"].pair == (4, 10)
    third = dataclasses.replace(make_video("s9", SHORT_EVENTS, seed=20), dataset="third", fps=75.0)
    assert model.skips_of(third) == (10, 25)  # 4 and 10 frames at 30 frames/s
    found = model.spot(third.without_truth(), context)
    assert {"event": "skips", "short": 10, "long": 25, "dataset": "third", "subject": "s9", "video": "s9_1"} in logged
    expected = copy.copy(model)
    expected.skips = DatasetSkips(Skips.fixed(10, 25))
    assert np.array_equal(found.scores, expected.spot(third, context).scores)
    loaded = Spot3DCNN.for_datasets(QUICK, ["slow", "quick", "third"])
    loaded.load_state(model.state())
    assert loaded.skips == model.skips
    assert loaded.spot(third, context).intervals == found.intervals


def test_post_processing_is_that_of_the_dataset_of_a_video(
    make_video: Any, context: RunContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Spot3DCNN, "presets", {"quick": {"normalise": "none", "micro_cutoff": 0.1}})
    slow, quick = cohort(make_video)
    model = Spot3DCNN.for_datasets({**QUICK, "max_epochs": 1}, ["slow", "quick"])
    model.fit([slow[0], quick[0]], [], context)
    for video, options in ((slow[3], {}), (quick[3], {"normalise": "none", "micro_cutoff": 0.1})):
        raw, config = model.raw_scores(video, context), dataclasses.replace(Spot3DConfig(), **options)
        assert np.array_equal(model.spot(video, context).scores, condition(raw, model.skips_of(video), config))


def test_one_dataset_is_trained_alike_by_either_way_of_making_the_method(
    videos: list[Video], context: RunContext, logged: list[Any]
) -> None:
    first, _ = pair(videos, context)
    rows, logged[:] = list(logged), []
    again, _ = Spot3DCNN.for_datasets(QUICK, ["toy"]).fit_pair(videos[:2], videos[2:3], videos[3:], context)
    assert logged == rows
    assert logged[0] == {"event": "skips", "short": 5, "long": 15, "known": [True, True]}
    assert all(np.array_equal(first.state()[name], again.state()[name]) for name in first.state())


def test_a_state_of_the_first_version_loads(videos: list[Video], context: RunContext) -> None:
    first, _ = pair(videos, context)
    old = {name: a for name, a in first.state().items() if name.startswith("net.") or name in ("skips", "thresholds")}
    loaded = quick()
    loaded.load_state(old)
    faster = dataclasses.replace(videos[3], dataset="other", fps=60.0)
    assert loaded.skips_of(faster) == loaded.skips_of(videos[3]) == first.skips_of(videos[3])
    assert loaded.spot(videos[3], context).intervals == first.spot(videos[3], context).intervals
    assert set(loaded.state()) == set(old)


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


def test_a_lost_face_neither_trains_nor_scores(videos: list[Video], context: RunContext) -> None:
    found = np.ones(120, bool)
    found[60:80] = False
    cache: Any = context.cache
    cache.presences = {video.id: Presence(found, np.zeros(120, bool)) for video in videos}
    first, _ = pair(videos, context)
    loud = copy.copy(first)
    loud.thresholds = (0.0, 0.0)  # every frame of a stretch is an interval
    raw, spotted = loud.raw_scores(videos[3], context), loud.spot(videos[3], context)
    for scores in (raw, spotted.scores):
        assert not scores[60:80].any()
        assert scores[:60].all()
        assert scores[80:].all()
    assert {(i.onset, i.offset) for i in spotted.intervals if i.type == ExpressionType.MACRO} == {(1, 60), (81, 120)}


def test_training_videos_without_any_face_are_told(
    videos: list[Video], context: RunContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = Presence(np.zeros(120, bool), np.zeros(120, bool))
    monkeypatch.setattr(Spot3DCNN, "presence", lambda *_: nowhere)
    with pytest.raises(UserError, match="training videos without a face"):
        pair(videos, context)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_a_gpu_trains_repeatably_and_its_model_scores_on_a_cpu(videos: list[Video], context: RunContext) -> None:
    context.device = "cuda"
    first, again = (pair(videos, context)[0] for _ in range(2))
    assert all(np.array_equal(first.state()[name], again.state()[name]) for name in first.state())
    on_gpu = first.raw_scores(videos[3], context)
    context.device = "cpu"
    moved = quick()
    moved.load_state(first.state())
    assert np.abs(moved.raw_scores(videos[3], context) - on_gpu).max() < 1e-3
    assert np.ptp(on_gpu, axis=0).max() > 1e-4


def test_raw_scores_are_the_sigmoids_and_have_thresholds_of_their_own(videos: list[Video], context: RunContext) -> None:
    first, second = pair(videos, context)
    found = first.spot(videos[3].without_truth(), context)
    assert np.array_equal(found.raw, first.raw_scores(videos[3], context))
    assert found.raw.min() >= 0
    assert found.raw.max() <= 1
    # Of the validation subject's scores, each video stretched to 0..1.
    raw, labels = first.raw_scores(videos[2], context), frame_labels(videos[2], ExpressionType.MACRO)
    low, high = raw[:, MACRO].min(), raw[:, MACRO].max()
    assert first.raw_levels[MACRO] == roc_threshold(labels, (raw[:, MACRO].astype(float) - low) / (high - low))
    spread = found.raw[:, MACRO].min(), found.raw[:, MACRO].max()
    assert found.raw_thresholds[MACRO] == pytest.approx(
        spread[0] + first.raw_levels[MACRO] * (spread[1] - spread[0]), abs=1e-6
    )
    assert first.raw_levels != second.raw_levels


def test_raw_scores_may_meet_their_threshold_as_they_are(videos: list[Video], context: RunContext) -> None:
    first, _ = pair(videos, context, raw_normalise="none")
    assert first.spot(videos[3], context).raw_thresholds == first.raw_levels
    raw, labels = first.raw_scores(videos[2], context), frame_labels(videos[2], ExpressionType.MICRO)
    assert first.raw_levels[MICRO] == roc_threshold(labels, raw[:, MICRO])


def test_movement_has_one_column_of_raw_scores(videos: list[Video], context: RunContext) -> None:
    first, _ = pair(videos, context, target="movement")
    found = first.spot(videos[3], context)
    assert found.raw.shape == (120, 1)
    assert len(found.raw_thresholds) == 1


def test_models_from_before_raw_thresholds_are_loaded(videos: list[Video], context: RunContext) -> None:
    first, _ = pair(videos, context)
    state = first.state()
    old, new = quick(), quick()
    new.load_state(state)
    assert new.raw_levels == first.raw_levels
    del state["raw_levels"]
    old.load_state(state)
    assert old.spot(videos[3], context).intervals == first.spot(videos[3], context).intervals
    assert old.spot(videos[3], context).raw_thresholds is None
    assert "raw_levels" not in old.state()
    with pytest.raises(UserError, match="does not fit spot3dcnn"):
        old.load_state({**state, "raw_levels": np.zeros(3)})
