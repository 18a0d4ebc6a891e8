from __future__ import annotations

import csv
import dataclasses
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mebench.apply.models import Models, choose_models
from mebench.apply.places import Places
from mebench.apply.recognise import load_recognisers, recognise_spotted
from mebench.apply.record import INTERVALS, RECORD, SpotRecord, expressions, read_record
from mebench.apply.session import Outcome, Session
from mebench.apply.spot import Spotted
from mebench.errors import UserError
from mebench.faces.cache import FrameCache
from mebench.frames.pixels import ArrayFrames
from mebench.methods.spotting.base import SpottedInterval, Spotting
from mebench.protocols.catalogue import PROTOCOLS
from mebench.runs.monitor import Monitor
from mebench.runs.plugins import load_plugin
from mebench.runs.run import run
from mebench.schema.recordings import ExpressionType, Video

TOYS = Path(__file__).parents[1] / "toys" / "toys.py"
MICRO, MACRO = ExpressionType.MICRO, ExpressionType.MACRO

COMPOSITE = '''
import dataclasses
import tests.toys.toys as toys

class Composite(toys.ToyClips):
    """Rendered clips of a database whose name is that of recorded ones."""
    id = "two_databases"
    rendered = True
    def clips(self):
        return [dataclasses.replace(clip, database="casme2") for clip in super().clips()]
'''


def recognition(out: Path, method: str = "toy_recogniser") -> Path:
    load_plugin(TOYS)
    run(
        method, ["toy_clips:subjects=3"], protocol="megc2019-cde", out=out, executor="inline", device="cpu",
        plugins=[TOYS],
    )  # fmt: skip
    return out


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run whose three models tell a class by the third of the frame that grows bright."""
    return recognition(tmp_path_factory.mktemp("recognition") / "r")


def growing(place: int, onset: int, count: int = 80) -> np.ndarray:
    """Frames whose third `place` grows bright from `onset` on, for ten frames."""
    frames = np.full((count, 24, 24), 40, np.uint8)
    for step in range(10):
        frames[onset - 1 + step, 8:16, 8 * place : 8 * place + 8] += np.uint8(6 * step)
    return frames


@pytest.fixture
def spotted() -> Spotted:
    """Positive from frame 51 and surprise from frame 11, found in the other order, and one that is too short."""
    frames = np.concatenate([growing(2, 11, 40), growing(1, 11, 40)])
    places = ((51, 60, MACRO), (11, 20, MICRO), (30, 31, MICRO))
    intervals = tuple(SpottedInterval(onset, offset, kind, 0.5) for onset, offset, kind in places)
    video = Video("", "", "v", 30.0, ArrayFrames(frames))
    return Spotted(video, Spotting(intervals, np.zeros((80, 2), np.float32)), "m", 1, ("a note",))


def test_each_interval_gets_the_emotion_of_its_frames(named: Path, spotted: Spotted, tmp_path: Path) -> None:
    recognisers = load_recognisers(named)
    assert (len(recognisers.models.each), recognisers.protocol) == (3, "megc2019-cde")
    found = recognise_spotted(spotted, recognisers, device="cpu", cache=FrameCache(tmp_path))
    assert [(e.onset, e.emotion) for e in expressions(found)] == [(11, "surprise"), (30, ""), (51, "positive")]
    for expression in expressions(found):
        assert sum(expression.probabilities.values()) == pytest.approx(1 if expression.emotion else 0)
    assert found.notes == ("a note", "No emotion was recognised in frames 30-31: shorter than 3 frames.")
    assert (found.recogniser, found.recognisers) == ("toy_recogniser", 3)


def test_nothing_spotted_is_nothing_recognised(named: Path, spotted: Spotted, tmp_path: Path) -> None:
    empty = dataclasses.replace(spotted, spotting=Spotting((), spotted.spotting.scores))
    found = recognise_spotted(empty, load_recognisers(named), device="cpu", cache=FrameCache(tmp_path))
    assert (found.emotions, found.notes) == ((), ("a note",))


def test_what_is_no_finished_run_of_recognition_is_told(
    named: Path, trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UserError, match="is a run of learner, which is for spotting: give --recognise the folder"):
        load_recognisers(trained)
    with pytest.raises(UserError, match="not the folder of a run"):
        load_recognisers(tmp_path)
    with pytest.raises(UserError, match="true_class is the truth itself and recognises nothing new"):
        load_recognisers(recognition(tmp_path / "truth", "true_class"))
    shutil.copytree(named, tmp_path / "part")
    next((tmp_path / "part").glob("folds/*/done.json")).unlink()
    with pytest.raises(UserError, match="not complete, 1 of its 3 folds are not done: give the same mebench run"):
        load_recognisers(tmp_path / "part")
    monkeypatch.setattr(PROTOCOLS.get("megc2019-cde"), "version", "99")
    with pytest.raises(UserError, match="made under version 1 of megc2019-cde, which is at 99 now"):
        load_recognisers(named)
    monkeypatch.setattr(PROTOCOLS.get("megc2019-cde"), "classes", ())
    with pytest.raises(UserError, match="follows megc2019-cde, which has no classes"):
        load_recognisers(named)


def test_a_composite_of_rendered_databases_is_said_to_be_rendered(tmp_path: Path, spotted: Spotted) -> None:
    (tmp_path / "composite.py").write_text(COMPOSITE)
    more = {"executor": "inline", "device": "cpu", "plugins": [tmp_path / "composite.py"]}
    run("majority", ["two_databases:subjects=3"], protocol="megc2019-cde", out=tmp_path / "r", **more)
    recognisers = load_recognisers(tmp_path / "r")
    assert recognisers.models.trained_on == ("two_databases",)
    found = recognise_spotted(spotted, recognisers, device="cpu", cache=FrameCache(tmp_path / "cache"))
    assert "majority has learnt emotions from rendered faces alone (two_databases)" in found.notes[-1]


def test_a_method_that_does_not_look_at_faces_takes_any_face(named: Path) -> None:
    assert load_recognisers(named, face=2).digest == load_recognisers(named).digest


@pytest.fixture
def spot(trained: Path, named: Path, tmp_path: Path) -> Callable[..., Outcome]:
    """Spot in a folder of 80 pictures by `learner`, whose models find one macro-expression."""
    cv2 = pytest.importorskip("cv2")
    folder = tmp_path / "trip"
    folder.mkdir()
    onset = expressions_of(choose_models(None, trained, None), tmp_path)
    for number, frame in enumerate(growing(1, onset + 31), 1):
        cv2.imwrite(str(folder / f"{number:03d}.png"), frame)

    def call(*, recognise: bool = True) -> Outcome:
        session = Session(
            choose_models(None, trained, None), Places(tmp_path / "out", several=False),
            lambda path, spotted, record: path.write_text("page"), device="cpu", cache=FrameCache(tmp_path / "cache"),
            recognisers=load_recognisers(named) if recognise else None,
        )  # fmt: skip
        return next(iter(session.spot_all([folder], Monitor())))

    return call


def expressions_of(models: Models, tmp_path: Path) -> int:
    """Return where the models of `learner` find their expression of 41 frames."""
    from mebench.apply.spot import spot_video

    video = Video("", "", "v", 30.0, ArrayFrames(np.zeros((80, 4, 4), np.uint8)))
    return spot_video(video, models, device="cpu", cache=FrameCache(tmp_path / "c")).spotting.intervals[0].onset


def test_emotions_are_written_and_read_again(spot: Callable[..., Outcome], tmp_path: Path) -> None:
    outcome = spot()
    (row,) = csv.DictReader((tmp_path / "out" / INTERVALS).open())
    assert list(row)[6:] == ["emotion", "p_negative", "p_positive", "p_surprise"]
    assert row["emotion"] == "positive"
    assert float(row["p_positive"]) == max(float(row[f"p_{c}"]) for c in ("negative", "positive", "surprise"))
    plain = json.loads((tmp_path / "out" / RECORD).read_text())
    assert (plain["recogniser"], plain["recognisers"]) == ("toy_recogniser", 3)
    assert plain["intervals"][0]["emotion"] == "positive"
    assert read_record(tmp_path / "out") == outcome.record
    assert spot().kept


def test_asked_and_unasked_are_two_results_that_know_each_other(spot: Callable[..., Outcome], tmp_path: Path) -> None:
    spot(recognise=False)
    plain = json.loads((tmp_path / "out" / RECORD).read_text())
    assert not {"recogniser", "recognisers"} & set(plain)
    assert not {"emotion", "probabilities"} & set(plain["intervals"][0])
    record = read_record(tmp_path / "out")
    assert isinstance(record, SpotRecord)
    assert record.intervals[0].emotion == ""
    assert spot(recognise=False).kept
    again = spot()
    assert "replace earlier ones of learner" in again.replaced
    assert again.record.intervals[0].emotion == "positive"
