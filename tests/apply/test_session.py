from __future__ import annotations

import csv
import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mebench.apply.models import Models, choose_models
from mebench.apply.places import Places
from mebench.apply.record import INTERVALS, PAGE, RECORD, SpotRecord, read_record
from mebench.apply.session import Outcome, Session
from mebench.apply.spot import Spotted
from mebench.faces.cache import FrameCache
from mebench.runs.monitor import Monitor

from .conftest import make_frames


class Counting(Monitor):
    """Counts what is done."""

    def __init__(self) -> None:
        self.ended: list[tuple[str, str | None]] = []
        self.steps = 0

    def progress(self, task: str, what: str, done: int, total: int) -> None:
        self.steps += 1

    def finished(self, task: str, error: str | None) -> None:
        self.ended.append((task, error))


def write_page(path: Path, spotted: Spotted, record: SpotRecord) -> None:
    path.write_text(f"{record.video.name} {len(spotted.spotting.intervals)}")


@pytest.fixture
def spot(tmp_path: Path, models: Models) -> Callable[..., tuple[list[Outcome], Counting]]:
    def call(*paths: Path, out: str = "out", **changes: object) -> tuple[list[Outcome], Counting]:
        session = Session(models, Places(tmp_path / out, several=len(paths) > 1), write_page, device="cpu")
        monitor = Counting()
        cache = FrameCache(tmp_path / "cache")
        return list(dataclasses.replace(session, cache=cache, **changes).spot_all(paths, monitor)), monitor

    return call


def test_the_results_of_a_video_lie_in_one_folder(spot, frames: Path, tmp_path: Path) -> None:
    (outcome,), _ = spot(frames, fps=20.0)
    assert outcome.folder == tmp_path / "out"
    assert (tmp_path / "out" / PAGE).read_text() == "holiday 1"
    (row,) = csv.DictReader((tmp_path / "out" / INTERVALS).open())
    onset, offset = int(row["onset"]), int(row["offset"])
    assert (float(row["start"]), float(row["end"])) == (pytest.approx((onset - 1) / 20), pytest.approx(offset / 20))
    plain = json.loads((tmp_path / "out" / RECORD).read_text())
    assert (plain["video"]["name"], plain["video"]["n_frames"], plain["method"]) == ("holiday", 80, "learner")
    assert plain["intervals"][0]["onset"] == onset


def test_a_list_goes_on_where_it_was_interrupted(spot, tmp_path: Path) -> None:
    paths = [make_frames(tmp_path / "in" / name, shade=i) for i, name in enumerate("abc")]
    first, monitor = spot(*paths[:2], out="list")
    assert monitor.steps > 0
    again, monitor = spot(*paths, out="list")
    assert [o.kept for o in again] == [True, True, False]
    assert [o.folder.name for o in again] == ["a", "b", "c"]
    assert [o.record for o in again[:2]] == [o.record for o in first]


def test_other_settings_and_damaged_results_are_done_again(spot, frames: Path, tmp_path: Path) -> None:
    spot(frames)
    assert [o.kept for o in spot(frames)[0]] == [True]
    ((outcome,), _) = spot(frames, fps=20.0)
    assert (outcome.kept, "replace earlier ones of learner" in outcome.replaced) == (False, True)
    (tmp_path / "out" / INTERVALS).unlink()
    (outcome,), _ = spot(frames, fps=20.0)
    assert (outcome.kept, "was removed since" in outcome.replaced) == (False, True)
    assert (tmp_path / "out" / INTERVALS).read_text().startswith("onset,offset,type")
    (tmp_path / "out" / RECORD).unlink()
    ((outcome,), _) = spot(frames, fps=20.0)
    assert "something else" in outcome.error


def test_what_was_changed_by_hand_is_neither_believed_nor_written_over(spot, frames: Path, tmp_path: Path) -> None:
    spot(frames)
    intervals, record = tmp_path / "out" / INTERVALS, tmp_path / "out" / RECORD
    whole = intervals.read_text()
    intervals.write_text("onset,offset\n")
    (outcome,), _ = spot(frames)
    assert "was changed since it was written: move it away, or give another --out" in outcome.error
    assert intervals.read_text() == "onset,offset\n"
    intervals.write_text(whole)
    edited = record.read_text().replace('"onset": ', '"onset": 1')
    record.write_text(edited)
    (outcome,), _ = spot(frames)
    assert not outcome.kept
    assert record.read_text() == edited
    assert read_record(tmp_path / "out") is None


def test_one_video_that_fails_stops_no_other(spot, tmp_path: Path) -> None:
    good = make_frames(tmp_path / "in" / "good")
    (tmp_path / "in" / "bad").mkdir()
    outcomes, monitor = spot(tmp_path / "in" / "bad", tmp_path / "none.mp4", good, out="list")
    assert [bool(o.error) for o in outcomes] == [True, True, False]
    assert [bool(error) for _, error in monitor.ended] == [True, True, False]
    assert read_record(tmp_path / "list" / "good") == outcomes[2].record
    assert not (tmp_path / "list" / "bad").exists()


def test_nothing_is_begun_where_nothing_can_be_written(tmp_path: Path, frames: Path, plugin: Path) -> None:
    (tmp_path / "file").touch()
    session = Session(choose_models("idle", None, None), Places(tmp_path / "file" / "x", several=False), write_page)
    monitor = Counting()
    with pytest.raises(Exception, match="cannot be written"):
        list(session.spot_all([frames], monitor))
    assert monitor.ended == []
