from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mebench.datasets.base import Dataset
from mebench.datasets.casme_sq import CasmeSq
from mebench.datasets.export.write import export_dataset
from mebench.datasets.samm_lv import SammLv
from mebench.errors import UserError
from mebench.frames.pixels import ArrayFrames
from mebench.methods.spotting.kth_frame import kth_frame, mean_length
from mebench.methods.spotting.spot3dcnn.config import Spot3DConfig
from mebench.methods.spotting.spot3dcnn.dataset_skips import DatasetSkips
from mebench.methods.spotting.spot3dcnn.method import Spot3DCNN
from mebench.methods.spotting.spot3dcnn.skips import (
    LONG_SHARES,
    SHORT_SHARES,
    Skips,
    choose_skips,
    named_skips,
    pair_offsets,
)
from mebench.protocols.megc.megc2020_spotting import Megc2020Spotting
from mebench.protocols.splits import Cohort
from mebench.runs.plan import plan_folds
from mebench.schema.recordings import Event, ExpressionType, Video

MICRO, MACRO = ExpressionType.MICRO, ExpressionType.MACRO


def test_skips_follow_from_the_training_events(make_video: Any) -> None:
    video = make_video("s1", (Event(1, 10, MICRO), Event(20, 33, MICRO), Event(40, 80, MACRO)))
    skips = choose_skips([video], Spot3DConfig())
    assert mean_length([video], MICRO) == 12
    assert skips.pair == (6, 21)
    assert skips.short_range == (round(SHORT_SHARES[0] * 12), round(SHORT_SHARES[1] * 12)) == (3, 10)
    assert skips.long_range == (round(LONG_SHARES[0] * 41), round(LONG_SHARES[1] * 41))


def test_given_skips_win(make_video: Any) -> None:
    config = Spot3DConfig(short_skip=30, long_skip=310, short_range=(25, 75), long_range=(200, 400))
    skips = choose_skips([make_video("s1", ())], config)
    assert (skips.pair, skips.short_range, skips.long_range) == ((30, 310), (25, 75), (200, 400))


def test_skips_keep_their_duration_at_another_rate() -> None:
    skips = Skips(6, 19, (3, 9), (16, 50))
    assert skips.scaled(1.0) == skips
    assert skips.scaled(200 / 30) == Skips(40, 127, (20, 60), (107, 333))
    assert skips.scaled(0.01) == Skips.fixed(1, 1)
    named = named_skips(Spot3DConfig(short_skip=8, long_range=(5, 6)), skips)
    assert named == Skips(8, 19, (3, 9), (5, 6))


def test_without_events_the_usual_durations_stand_in(make_video: Any) -> None:
    skips = choose_skips([make_video("s1", ())], Spot3DConfig())  # .37 s and 2.17 s at 30 frames/s
    assert skips.pair == (6, 33)


@pytest.mark.parametrize(("reference", "offsets"), [("past", (-7, 0)), ("future", (0, 7)), ("around", (-3, 4))])
def test_pairs_are_a_skip_apart(reference: str, offsets: tuple[int, int]) -> None:
    assert pair_offsets(7, reference) == offsets


def test_presets_hold_what_table_5_5_prints() -> None:
    samm, casme = Spot3DCNN.configure({}, "samm_lv").config, Spot3DCNN.configure({}, "casme_sq").config
    assert (samm.learning_rate, casme.learning_rate) == (0.007, 0.005)
    assert (samm.batch_size, casme.batch_size, samm.patience) == (16, 16, 5)
    assert (samm.short_range, samm.long_range) == ((25, 75), (200, 400))
    assert (casme.short_range, casme.long_range) == ((3, 9), (16, 50))
    assert (samm.weight_positive, samm.weight_micro, samm.weight_macro) == (3, 0.9, 0.1)
    assert (casme.weight_positive, casme.weight_micro, casme.weight_macro) == (1, 1, 1)
    assert (samm.short_skip, samm.long_skip, casme.short_skip, casme.long_skip) == (37, 217, 6, 19)


@pytest.mark.parametrize(("dataset", "fps", "published"), [("samm_lv", 200.0, (37, 217)), ("casme_sq", 30.0, (6, 19))])
def test_the_published_skips_serve_every_fold_whatever_its_training_events(
    make_video: Any, dataset: str, fps: float, published: tuple[int, int]
) -> None:
    def pair(options: dict[str, Any], length: int) -> tuple[int, int]:
        events = (Event(1, length, MICRO), Event(100, 99 + 4 * length, MACRO))
        video = dataclasses.replace(make_video("s1", ()), dataset=dataset, events=events, fps=fps)
        config = Spot3DCNN.for_datasets(options, [dataset]).config_for(video)
        return DatasetSkips.of_training([video], lambda _: config).of(video, config).pair

    assert {pair({}, length) for length in (8, 12, 60)} == {published}
    assert [pair({"k_from": "training"}, length) for length in (8, 12, 60)] == [(4, 16), (6, 24), (30, 120)]
    assert pair({"short_skip": "30", "long_skip": "310"}, 12) == (30, 310)


def test_a_skip_of_ones_own_and_one_from_training_exclude_each_other() -> None:
    with pytest.raises(UserError, match="k_from=training takes the skips from the training events: leave long_skip"):
        Spot3DCNN.configure({"k_from": "training", "long_skip": "9"}, "samm_lv")


@pytest.mark.parametrize(
    ("mean", "fps", "k"), [(0.37, 200, 37), (2.17, 200, 217), (12.58 / 30, 30, 6), (37.52 / 30, 30, 19)]
)
def test_the_mean_durations_of_the_whole_datasets_give_the_published_skips(mean: float, fps: int, k: int) -> None:
    assert kth_frame(mean * fps) == k


MEANS = {
    # layout: frame rate, frames of a video, lengths of one micro- and one macro-expression of each subject, both ends
    # included, and the mean durations of Table 5.3. Of CAS(ME)^2 the thesis counts offset - onset and mirrors offsets of
    # 0 about the apex: the export writes the last macro-expression with its offset as apex and an offset of 0.
    "samm_lv": (200.0, 700, ((66, 72, 78, 80), (334, 400, 466, 536)), (0.37, 2.17)),
    "casme_sq": (30.0, 80, ((12, 15, 13, 14), (31, 37, 45, 21)), (0.42, 1.25)),
}


class Measured(Dataset):
    """Four subjects with a video each, whose expressions last as long in the mean as those of a published dataset."""

    id = "measured"
    needs_root = False

    def __init__(self, layout: str) -> None:
        super().__init__(self.Config())
        self.fps, self.frames, self.lengths, _ = MEANS[layout]

    def videos(self) -> list[Video]:
        found = []
        for number, (short, long) in enumerate(zip(*self.lengths, strict=True), 1):
            events = (Event(2, 1 + short, MICRO, 5), Event(short + 5, short + 4 + long, MACRO, short + 9))
            frames = ArrayFrames(np.zeros((self.frames, 8, 8, 3), np.uint8))
            found.append(Video("measured", f"p{number}", f"p{number}_1", self.fps, frames, events))
        return found


def skips_of_folds(dataset: Dataset, options: dict[str, Any]) -> list[set[tuple[int, int]]]:
    """Return, for every fold, the skips that its tested and validated videos are scored with."""
    by_person = {video.person: video for video in dataset.videos()}
    splits = Megc2020Spotting().splits(Cohort.of(by_person))
    method = Spot3DCNN.for_datasets(options, [dataset.id])
    found = []
    for fold in plan_folds(splits, trains=True, validation="pair"):
        skips = DatasetSkips.of_training([by_person[person] for person in fold.train], method.config_for)
        scored = [by_person[person] for person in fold.held_out]
        found.append({skips.of(video, method.config_for(video)).pair for video in scored})
    return found


@pytest.mark.parametrize(
    ("layout", "loader", "published", "trained"),
    [
        ("samm_lv", SammLv, (37, 217), [{(40, 251)}, {(35, 184)}]),
        ("casme_sq", CasmeSq, (6, 19), [{(7, 17)}, {(7, 17)}]),
    ],
)
def test_on_an_exported_set_with_the_real_mean_durations_every_fold_has_the_published_skips(
    tmp_path: Path, layout: str, loader: type[Dataset], published: tuple[int, int], trained: list[set[tuple[int, int]]]
) -> None:
    export_dataset(Measured(layout), layout, tmp_path / "copy")
    dataset = loader.open(tmp_path / "copy")
    fps, *_, means = MEANS[layout]
    durations = dataset.durations()
    assert [float(durations[kind].mean()) for kind in (MICRO, MACRO)] == pytest.approx(means, abs=0.006)
    assert tuple(kth_frame(float(durations[kind].mean()) * fps) for kind in (MICRO, MACRO)) == published
    assert skips_of_folds(dataset, {}) == [{published}] * 2
    assert skips_of_folds(dataset, {"profile": "thesis"}) == [{published}] * 2
    assert skips_of_folds(dataset, {"k_from": "training"}) == trained
