"""Measures of datasets against counts by hand, on rendered videos and small tables."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mebench.analysis.durations import movement_by_person
from mebench.datasets.base import Dataset
from mebench.datasets.catalogue import DATASETS
from mebench.errors import UserError
from mebench.reproduce.measures.of_datasets import SEEN, classes, drawn_table, durations, presence, ratio, with_tables
from mebench.schema.action_units import ACTION_UNITS, action_unit_numbers
from mebench.schema.recordings import ExpressionType

from .tables import write_table


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return DATASETS.get("synth_lv").open(None, {"subjects": "3", "videos": "2", "seconds": "10"})


def test_durations_are_named_by_type_and_statistic(dataset: Dataset) -> None:
    found = {value.name: value.value for value in durations(dataset)}
    micro = dataset.durations()[ExpressionType.MICRO]
    assert found["micro: shortest (s)"] == micro.min()
    assert found["micro: mean (s)"] == micro.mean()
    assert len(found) == 6


def test_the_ratio_is_a_mean_over_subjects_in_both_readings(dataset: Dataset) -> None:
    neutral, share = ratio(dataset)
    people = movement_by_person(dataset.videos()).values()
    assert neutral.value == pytest.approx(np.mean([p.moving / (p.frames - p.moving) for p in people]))
    assert share.value == pytest.approx(np.mean([p.moving / p.frames for p in people]))
    assert neutral.interval is not None
    assert neutral.interval[0] <= neutral.value <= neutral.interval[1]
    again, elsewhere = ratio(dataset)[0], ratio(dataset, 1)[0]
    assert np.array_equal(again.draws, neutral.draws)
    assert not np.array_equal(elsewhere.draws, neutral.draws)


def test_classes_are_counted_and_their_interval_is_the_count(tmp_path: Path) -> None:
    for name in ("AF01AFS.JPG", "AF01SUS.JPG", "AF01NES.JPG", "AF01HAS.JPG", "BF01HAS.JPG"):
        (tmp_path / name).touch()
    found = {value.row: value for value in classes(DATASETS.get("kdef").open(tmp_path))}
    counts = {"negative": 1, "neutral": 2, "positive": 2, "of no class": 0, "all": 5}
    assert {name: value.value for name, value in found.items()} == counts
    assert found["all"].interval == (5.0, 5.0)


def test_presence_of_units_that_are_always_seen(dataset: Dataset, tmp_path: Path) -> None:
    for video in dataset.videos():
        write_table(tmp_path / f"{video.id}.csv", np.zeros((video.n_frames, len(ACTION_UNITS))), present=(12, 45))
    told: list[str] = []
    found = {value.row: value for value in presence(dataset, tmp_path, told.append)}
    sets = [{u for e in video.events for u in action_unit_numbers(e.action_units)} for video in dataset.videos()]
    seen, annotated = sum(len(s & {12, 45}) for s in sets), sum(map(len, sets))
    assert found["combined"].value == pytest.approx(seen / annotated)
    assert f"combined: {seen} of {annotated} action units were seen." in told
    assert found["combined"].interval is not None
    assert sorted(found) == ["combined", "macro", "micro"]
    alone = presence(dataset, tmp_path, told.append, alone=True)
    assert [value.row for value in alone] == ["micro-only videos", "macro-only videos"]


def test_tables_come_from_the_folder_alone(dataset: Dataset, tmp_path: Path) -> None:
    first, *others = dataset.videos()
    (tmp_path / f"{first.id}.csv").touch()
    given, *rest = with_tables([first, *others], tmp_path)
    assert given.action_units_csv == str(tmp_path / f"{first.id}.csv")
    assert all(video.action_units_csv is None for video in rest)
    with pytest.raises(UserError, match=r"no OpenFace table.*VIDEO.csv"):
        presence(dataset, tmp_path, [].append)


def test_of_rendered_videos_it_is_known_what_was_drawn(dataset: Dataset) -> None:
    video = max(dataset.videos(), key=lambda video: len(video.events))
    table = drawn_table(video)
    event = video.events[0]
    assert table.presence.shape == (video.n_frames, 18)
    assert not table.presence[:, 16].any()  # AU28
    strongest = table.intensities[event.onset - 1 : event.offset].max(axis=0)
    assert table.presence[event.onset - 1 : event.offset].max(axis=0)[[0, 8]].tolist() == [
        float(strongest[0] >= SEEN),
        float(strongest[8] >= SEEN),
    ]
    told: list[str] = []
    found = {value.row: value.value for value in presence(dataset, None, told.append)}
    assert 0 < found["combined"] <= 1
    assert told[0].startswith("Nothing was detected")
