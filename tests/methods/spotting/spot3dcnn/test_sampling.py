from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from mebench.methods.spotting.base import MACRO, MICRO
from mebench.methods.spotting.spot3dcnn.config import Spot3DConfig
from mebench.methods.spotting.spot3dcnn.sampling import SampleTable, stack_offsets
from mebench.methods.spotting.spot3dcnn.skips import Skips
from mebench.schema.presence import Presence
from mebench.schema.recordings import Event, ExpressionType, Video, frame_labels

CONFIG = Spot3DConfig(micro_share=0.2, macro_share=0.3, reference="past")
SKIPS = Skips(5, 20, (3, 7), (15, 25))


def table(videos: list[Video], config: Spot3DConfig = CONFIG) -> SampleTable:
    return SampleTable(videos, [video.aligned for video in videos], [SKIPS] * len(videos), config)  # type: ignore[misc]


def draw(videos: list[Video], count: int, config: Spot3DConfig = CONFIG) -> Any:
    return table(videos, config).draw(count, np.random.default_rng(0))


def test_labels_are_those_of_the_scored_frame(videos: list[Video]) -> None:
    drawn = draw(videos, 200)
    for video, frames, labels in zip(drawn.videos, drawn.frames, drawn.labels, strict=True):
        assert frames[1] == frames[3]  # with past references both pairs end at the scored frame
        for column, kind in ((MICRO, ExpressionType.MICRO), (MACRO, ExpressionType.MACRO)):
            assert labels[column] == frame_labels(videos[video], kind)[frames[1]]


def test_skips_stay_in_their_ranges_and_reach_both_ends(videos: list[Video]) -> None:
    frames = draw(videos, 2000).frames
    inner = frames[frames[:, 2] > 0]
    assert set(inner[:, 1] - inner[:, 0]) == set(range(3, 8))
    assert set(inner[:, 3] - inner[:, 2]) == set(range(15, 26))


def test_ranges_that_all_share_are_drawn_as_plain_numbers(videos: list[Video]) -> None:
    drawn, random = draw(videos, 500, dataclasses.replace(CONFIG, reference="future")), np.random.default_rng(0)
    random.choice(3, size=500, p=[0.2, 0.3, 0.5])
    random.random(500)
    short, long = random.integers(3, 8, size=500), random.integers(15, 26, size=500)
    inner = drawn.frames.max(axis=1) < 119
    assert np.array_equal(drawn.frames[inner, 1] - drawn.frames[inner, 0], short[inner])
    assert np.array_equal(drawn.frames[inner, 3] - drawn.frames[inner, 2], long[inner])


def test_each_video_draws_from_its_own_ranges(videos: list[Video]) -> None:
    own = [SKIPS, Skips(1, 2, (1, 1), (2, 4))]
    samples = SampleTable(videos[:2], [video.aligned for video in videos[:2]], own, CONFIG)  # type: ignore[misc]
    drawn = samples.draw(3000, np.random.default_rng(0))
    for video, short, long in ((0, set(range(3, 8)), set(range(15, 26))), (1, {1}, {2, 3, 4})):
        frames = drawn.frames[(drawn.videos == video) & (drawn.frames[:, 2] > 0)]
        assert set(frames[:, 1] - frames[:, 0]) == short
        assert set(frames[:, 3] - frames[:, 2]) == long
    assert samples.digest() != table(videos[:2]).digest()


def test_types_are_drawn_in_their_shares(videos: list[Video]) -> None:
    labels = draw(videos, 5000).labels
    assert labels.mean(axis=0) == pytest.approx([0.2, 0.3], abs=0.03)


def test_a_missing_type_leaves_its_share_to_the_others(make_video: Any) -> None:
    video = make_video("s1", (Event(10, 40, ExpressionType.MACRO),))
    labels = draw([video], 3000).labels
    assert labels[:, MICRO].sum() == 0
    assert labels[:, MACRO].mean() == pytest.approx(0.3 / 0.8, abs=0.04)
    everywhere = make_video("s2", (Event(1, 120, ExpressionType.MACRO),))
    assert draw([everywhere], 10, dataclasses.replace(CONFIG, macro_share=0.0)).labels[:, MACRO].all()


def test_frames_outside_the_video_are_replaced_by_its_ends(videos: list[Video]) -> None:
    for reference in ("past", "future", "around"):
        frames = draw(videos, 3000, dataclasses.replace(CONFIG, reference=reference)).frames
        assert frames.min() == 0
        assert frames.max() == 119


def test_pixels_belong_to_their_indices(videos: list[Video]) -> None:
    samples = table(videos)
    drawn = samples.draw(30, np.random.default_rng(1))
    pixels = samples.read(drawn)
    assert pixels.shape == (30, 4, 112, 112)
    for video, frames, stack in zip(drawn.videos, drawn.frames, pixels, strict=True):
        assert np.array_equal(stack, videos[video].frames.read(0, 120)[frames])


def test_movement_is_either_type(videos: list[Video]) -> None:
    drawn = draw(videos, 500, dataclasses.replace(CONFIG, target="movement"))
    assert drawn.labels.shape == (500, 1)
    assert drawn.labels.mean() == pytest.approx(0.5, abs=0.07)


def test_a_shorter_aligned_folder_is_never_read_beyond_its_end(videos: list[Video]) -> None:
    short = videos[0].aligned
    assert short is not None
    reader = type(short)(short.read(0, 60))  # type: ignore[call-arg]
    samples = SampleTable(videos[:1], [reader], [SKIPS], CONFIG)  # type: ignore[list-item]
    assert samples.draw(500, np.random.default_rng(0)).frames.max() == 59


def test_part_cuts_all_three_alike(videos: list[Video]) -> None:
    drawn = draw(videos, 10)
    part = drawn[4:6]
    assert len(part) == 2
    assert np.array_equal(part.frames, drawn.frames[4:6])


def test_stack_offsets_put_the_short_pair_first() -> None:
    assert stack_offsets(5, 20, "past").tolist() == [-5, 0, -20, 0]
    assert stack_offsets(5, 20, "future").tolist() == [0, 5, 0, 20]


@pytest.mark.parametrize("reference", ["past", "future", "around"])
def test_no_stack_lacks_a_face_or_spans_a_border(videos: list[Video], reference: Any) -> None:
    found, begins = np.ones(120, bool), np.zeros(120, bool)
    found[20:45] = False
    begins[80] = True
    seen = Presence(found, begins)
    config = dataclasses.replace(CONFIG, reference=reference)
    readers: Any = [video.aligned for video in videos]
    samples = SampleTable(videos, readers, [SKIPS] * len(videos), config, [seen] * len(videos))
    frames = samples.draw(3000, np.random.default_rng(0)).frames
    assert seen.found[frames].all()
    stretch = seen.stretch[frames]
    assert (stretch == stretch[:, :1]).all()
    assert set(np.unique(stretch)) == {1, 2, 3}
    assert len(samples) == 95 * len(videos)


def test_events_without_a_face_are_no_positives(videos: list[Video]) -> None:
    events = (Event(30, 40, ExpressionType.MICRO), Event(60, 90, ExpressionType.MACRO))
    found = np.ones(120, bool)
    found[20:45] = False
    one = dataclasses.replace(videos[0], events=events)
    samples = SampleTable([one], [one.aligned], [SKIPS], CONFIG, [Presence(found, np.zeros(120, bool))])  # type: ignore[list-item]
    assert not samples.has(MICRO)
    assert samples.has(MACRO)


def test_a_face_everywhere_draws_what_no_word_of_faces_draws(videos: list[Video]) -> None:
    readers: Any = [video.aligned for video in videos]
    everywhere = [Presence.everywhere(120)] * len(videos)
    told = SampleTable(videos, readers, [SKIPS] * len(videos), CONFIG, everywhere).draw(500, np.random.default_rng(0))
    plain = draw(videos, 500)
    assert np.array_equal(told.frames, plain.frames)
    assert np.array_equal(told.labels, plain.labels)


def test_a_natural_draw_takes_every_frame_as_often_as_any_other(make_video: Any) -> None:
    many = make_video("s1", (Event(1, 60, ExpressionType.MACRO), Event(61, 72, ExpressionType.MICRO)))
    none = make_video("s2", (), count=360)
    config = dataclasses.replace(CONFIG, sampling="natural", micro_share=0.2, macro_share=0.3)
    drawn = draw([many, none], 20_000, config)
    assert drawn.labels.mean(axis=0) == pytest.approx([12 / 480, 60 / 480], abs=0.01)
    counts = np.bincount(drawn.frames[:, 1] + 120 * drawn.videos, minlength=480)
    assert counts.min() > 15
    assert counts.max() < 80


def test_a_natural_draw_leaves_frames_without_a_face_out(make_video: Any) -> None:
    video = make_video("s1", (Event(10, 40, ExpressionType.MACRO),))
    found = np.arange(120) < 30
    presence = Presence(found, np.zeros(120, np.int64))
    config = dataclasses.replace(CONFIG, sampling="natural")
    samples = SampleTable([video], [video.aligned], [SKIPS], config, [presence])
    assert set(samples.draw(500, np.random.default_rng(0)).frames[:, 1]) == set(range(30))


def test_a_balanced_draw_takes_the_random_numbers_that_it_took_before_there_was_another(videos: list[Video]) -> None:
    random = np.random.default_rng(0)
    drawn, samples = draw(videos, 500), table(videos)
    kinds, places = random.choice(3, size=500, p=[0.2, 0.3, 0.5]), random.random(500)
    pools = samples.pools
    rows = np.array([pools[kind][int(at * len(pools[kind]))] for kind, at in zip(kinds, places, strict=True)])
    assert np.array_equal(drawn.frames[:, 1] + 120 * drawn.videos, rows)
