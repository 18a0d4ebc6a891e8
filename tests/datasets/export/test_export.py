from __future__ import annotations

import errno
import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import openpyxl
import pytest

from mebench.datasets.base import Dataset
from mebench.datasets.casme_sq import CasmeSq
from mebench.datasets.export.casme_sq import emotion_class
from mebench.datasets.export.write import LAYOUTS, export_dataset
from mebench.datasets.export_record import ExportRecord
from mebench.datasets.samm_lv import SammLv
from mebench.datasets.synth_lv import SynthLV
from mebench.errors import UserError
from mebench.frames.pixels import ArrayFrames
from mebench.schema.recordings import Event, ExpressionType, Video

MACRO, MICRO = ExpressionType.MACRO, ExpressionType.MICRO
LOADERS = {"samm_lv": SammLv, "casme_sq": CasmeSq}
FRAMES = 90


class Encoded(ArrayFrames):
    """Frames that are JPEG files already."""

    def encoded(self, index):
        return cv2.imencode(".jpg", self.read(index, index + 1, grey=False)[0])[1].tobytes()


def toy_events(rng):
    events, at = [Event(1, 20, MACRO, 9, "happiness", "6B+12C")], 24
    for n in range(7):
        length = int(rng.integers(3, 8))
        events.append(Event(at, at + length - 1, MICRO if n % 3 == 0 else MACRO, at + length // 2, "fear", "4"))
        at += length + int(rng.integers(-2, 4))
    events.append(Event(FRAMES - 5, FRAMES, MACRO, None, "", "L12+R14"))
    return tuple(sorted(events, key=lambda e: (e.onset, e.offset, e.type)))


class Toy(Dataset):
    """Three subjects with three videos each, the last one of each without events."""

    id = "toy"
    needs_root = False
    source = ArrayFrames
    fps = 25.0

    def videos(self):
        rng = np.random.default_rng(5)
        videos = []
        for subject in ("p1", "p2", "p3"):
            for number in (1, 2, 3):
                frames = rng.integers(0, 255, (FRAMES, 8, 10, 3), dtype=np.uint8)
                events = toy_events(rng) if number < 3 else ()
                videos.append(Video("toy", subject, f"{subject}_{number}", self.fps, self.source(frames), events))
        return videos


@pytest.fixture(params=["samm_lv", "casme_sq"])
def copy(request, tmp_path):
    record = export_dataset(Toy.open(), request.param, tmp_path / "copy")
    return SimpleNamespace(layout=request.param, root=tmp_path / "copy", record=record, loader=LOADERS[request.param])


def intervals(video):
    return sorted((e.onset, e.offset, str(e.type), e.action_units) for e in video.events)


def test_the_loader_gives_back_every_interval_and_frame_count(copy):
    read = copy.loader.open(copy.root).videos()
    original = Toy.open().videos()
    assert [intervals(v) for v in read] == [intervals(v) for v in original]
    assert [v.n_frames for v in read] == [FRAMES] * 9
    assert {v.fps for v in read} == {25.0}


def test_counts_are_found_as_exported(copy):
    report = copy.loader.open(copy.root).check()
    assert report.ok
    counts = {c.name: (c.found, c.expected) for c in report.counts}
    assert counts["annotated rows"] == (54, 54)
    assert counts["videos"] == (9, 9)
    assert counts["videos with rows"] == (6, 6)
    assert counts["events kept"][0] == 54


def test_every_quirk_that_was_written_is_reported_where_it_was_put(copy, kinds):
    found = kinds(copy.loader.open(copy.root).check())
    written = {}
    for quirk in copy.record.quirks:
        written.setdefault(quirk["kind"], []).append(quirk["where"])
    expected = {
        "samm_lv": {
            "nested_folder",
            "padding",
            "duplicate_filename",
            "apex_missing",
            "fractional_frame",
            "onset_zero",
            "beyond_end",
        },
        "casme_sq": {"offset_zero", "apex_outside", "apex_zero"},
    }[copy.layout]
    assert set(written) == expected
    assert set(found) >= expected
    for kind in expected - {"nested_folder"}:
        assert set(found[kind]) >= set(written[kind])


def test_a_video_that_was_lost_shows_in_the_check(copy):
    shutil.rmtree(min(path.parent for path in copy.root.rglob("*.jpg")))
    report = copy.loader.open(copy.root).check()
    assert [c.name for c in report.counts if not c.ok] == ["videos"]


def test_a_frame_rate_of_the_users_own_goes_before_the_recorded_one(copy):
    assert copy.loader.open(copy.root, {"fps": "200"}).videos()[0].fps == 200.0


def test_without_the_record_the_copy_is_taken_for_the_release(copy):
    (copy.root / "mebench_export.json").unlink()
    dataset = copy.loader.open(copy.root)
    assert dataset.videos()[0].fps == {"samm_lv": 200.0, "casme_sq": 30.0}[copy.layout]
    assert not dataset.check().ok


def test_the_record_maps_the_names(copy):
    record = ExportRecord.load(copy.root)
    subjects = {"samm_lv": ["006", "007", "008"], "casme_sq": ["s15", "s16", "s19"]}[copy.layout]
    assert list(record.subjects.items()) == list(zip(["p1", "p2", "p3"], subjects, strict=True))
    assert record.videos[4]["source"] == ["p2", "p2_2"]
    ids = {"samm_lv": "007_2", "casme_sq": "16_0102"}
    assert record.videos[4]["exported"] == [subjects[1], ids[copy.layout]]
    assert record.dataset == "toy"
    assert record.digest == Toy.open().digest()


def test_a_damaged_record_is_the_users_error(copy):
    (copy.root / "mebench_export.json").write_text('{"layout": "samm_lv"')
    with pytest.raises(UserError, match=r"mebench_export\.json is damaged .*: export the dataset again"):
        copy.loader.open(copy.root).videos()


def test_two_exports_are_identical(copy, tmp_path):
    export_dataset(Toy.open(), copy.layout, tmp_path / "again")
    files = [
        sorted(p.relative_to(root) for p in root.rglob("*") if p.is_file()) for root in (copy.root, tmp_path / "again")
    ]
    assert files[0] == files[1]
    assert all((copy.root / f).read_bytes() == (tmp_path / "again" / f).read_bytes() for f in files[0])


def test_frames_look_like_those_of_the_dataset(tmp_path):
    ramp = np.broadcast_to(np.linspace(0, 250, 64).astype(np.uint8)[None, None, :, None], (3, 48, 64, 3)).copy()
    ramp[..., 2] //= 2

    class Smooth(Toy):
        def videos(self):
            return [Video("toy", "a", "a_1", 30.0, Encoded(ramp))]

    for layout, grey in (("samm_lv", True), ("casme_sq", False)):
        export_dataset(Smooth.open(), layout, tmp_path / layout)
        video = LOADERS[layout].open(tmp_path / layout).videos()[0]
        wanted = Encoded(ramp).read(0, 3, grey=grey).astype(int)
        assert np.abs(video.frames.read(0, 3, grey=grey) - wanted).max() <= 6
        path = next((tmp_path / layout).rglob("*.jpg"))
        assert cv2.imread(str(path), cv2.IMREAD_UNCHANGED).ndim == (2 if grey else 3)
    assert path.read_bytes() == Encoded(ramp).encoded(int(path.stem.removeprefix("img")) - 1)


def test_the_samm_workbook_has_its_form(tmp_path):
    export_dataset(Toy.open(), "samm_lv", tmp_path / "copy")
    book = openpyxl.load_workbook(tmp_path / "copy" / "SAMM_LongVideos_V2_Release.xlsx")
    assert book.sheetnames == ["FACS_Movement_Only"]
    header = [c.value for c in book.active[10]]
    assert header == [
        "Subject",
        "Filename",
        "Inducement Code",
        "Onset",
        "Apex",
        "Offset",
        "Duration",
        "Type",
        "Action Units",
        "Notes",
    ]
    first = [c.value for c in book.active[11]]
    assert first[:4] == ["006", "006_1_1", "1", 0]
    assert first[6] == "=SUM(F11-D11)+1"
    assert {row[7].value for row in book.active.iter_rows(11)} == {"Macro", "Micro - 1/2"}
    assert any(isinstance(row[3].value, float) for row in book.active.iter_rows(11))
    paths = sorted((tmp_path / "copy" / "SAMM_longvideos" / "SAMM_longvideos").iterdir())
    assert {len(next(p.iterdir()).stem.rpartition("_")[2]) for p in paths} == {4, 5}


def test_the_casme_workbook_has_its_form(tmp_path):
    export_dataset(Toy.open(), "casme_sq", tmp_path / "copy")
    book = openpyxl.load_workbook(tmp_path / "copy" / "CAS(ME)^2" / "CAS(ME)^2code_final.xlsx")
    assert book.sheetnames == ["CASFEcode_final", "naming rule1", "naming rule2"]
    events, rule1, rule2 = book.worksheets
    assert [c.value for c in events[1]] == [
        1,
        "disgust1_1",
        1,
        9,
        20,
        "6B+12C",
        "positive",
        "macro-expression",
        "happiness",
    ]
    assert [c.value for c in rule1[1]] == [15, "s15", 1]
    assert rule1.max_row == events.max_row == 54
    assert [c.value for c in rule2[1]] == ["0101", "disgust1"]
    assert rule2.max_row == 9
    units = [row[5].value for row in events.iter_rows()]
    assert 4 in units
    assert (tmp_path / "copy/CAS(ME)^2/rawpic/s15/15_0101disgustingteeth/img001.jpg").is_file()


def test_more_videos_than_the_release_has_names_for_get_names_of_the_same_form(tmp_path):
    class Many(Toy):
        def videos(self):
            frames = ArrayFrames(np.zeros((1, 4, 4), np.uint8))
            events = (Event(1, 1, MICRO, 1),)
            subjects = [(f"p{s:02d}", v) for s in range(35) for v in range(11 if s == 0 else 1)]
            return [Video("toy", p, f"{p}_{v:02d}", 30.0, frames, events) for p, v in subjects]

    for layout, loader in LOADERS.items():
        export_dataset(Many.open(), layout, tmp_path / layout)
        dataset = loader.open(tmp_path / layout)
        assert dataset.check().ok
        assert len(dataset.videos()) == 45
        assert sum(len(v.events) for v in dataset.videos()) == 45


def test_progress_counts_frames(tmp_path):
    seen = []
    export_dataset(Toy.open(), "casme_sq", tmp_path / "copy", lambda *args: seen.append(args))
    assert seen[0] == ("export 15_0101", 16, 9 * FRAMES)
    assert [done for _, done, _ in seen] == sorted(done for _, done, _ in seen)
    assert seen[-1] == ("export 19_0401", 9 * FRAMES, 9 * FRAMES)


def test_emotions_fall_into_the_four_classes():
    assert [emotion_class(e) for e in ("Happiness", "contempt", "surprise", "", "tense")] == [
        "positive",
        "negative",
        "surprise",
        "others",
        "others",
    ]


@pytest.mark.parametrize(
    ("code", "message"), [(errno.ENOSPC, "is full: free some space"), (errno.EACCES, "cannot be written")]
)
def test_a_full_disk_is_the_users_error_and_leaves_nothing(tmp_path, monkeypatch, code, message):
    written = []

    def fail(path, data):
        written.append(path)
        if len(written) > 20:
            raise OSError(code, "no")
        with open(path, "wb") as file:
            return file.write(data)

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(UserError, match=message):
        export_dataset(Toy.open(), "samm_lv", tmp_path / "deep" / "copy")
    assert list((tmp_path / "deep").iterdir()) == []


def test_an_interrupted_export_leaves_nothing(tmp_path):
    def interrupt(what, done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_dataset(Toy.open(), "samm_lv", tmp_path / "copy", interrupt)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_use_is_not_touched(tmp_path):
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "mine.txt").write_text("keep")
    with pytest.raises(UserError, match="exists and is not empty: give --out another folder"):
        export_dataset(Toy.open(), "samm_lv", tmp_path / "copy")
    assert [p.name for p in (tmp_path / "copy").iterdir()] == ["mine.txt"]


def test_an_empty_folder_is_filled(tmp_path):
    export_dataset(Toy.open(), "samm_lv", tmp_path)
    assert SammLv.open(tmp_path).check().ok


def test_what_cannot_be_exported_is_one_sentence(tmp_path):
    with pytest.raises(UserError, match="There is no layout 'samm_v'. Did you mean 'samm_lv'"):
        export_dataset(Toy.open(), "samm_v", tmp_path / "copy")

    class Empty(Toy):
        def videos(self):
            return []

    class Mixed(Toy):
        def videos(self):
            frames = ArrayFrames(np.zeros((2, 4, 4), np.uint8))
            return [Video("toy", "a", f"a_{fps}", fps, frames) for fps in (25.0, 30.0)]

    with pytest.raises(UserError, match="has no videos to export"):
        export_dataset(Empty.open(), "samm_lv", tmp_path / "copy")
    with pytest.raises(UserError, match="has videos of 25 to 30 fps"):
        export_dataset(Mixed.open(), "samm_lv", tmp_path / "copy")


def test_the_record_is_plain_json(copy):
    assert json.loads((copy.root / "mebench_export.json").read_text())["fps"] == 25.0


@pytest.mark.parametrize("layout", ["samm_lv", "casme_sq"])
def test_synthetic_videos_come_back_with_their_events_and_frames(tmp_path, layout):
    dataset = SynthLV.open(None, {"subjects": 3, "videos": 1, "seconds": 8, "fps": 10, "width": 160, "height": 120})
    export_dataset(dataset, layout, tmp_path / "copy")
    copied = LOADERS[layout].open(tmp_path / "copy")
    assert copied.check().ok
    for video, original in zip(copied.videos(), dataset.videos(), strict=True):
        assert intervals(video) == intervals(original)
        assert (video.n_frames, video.fps) == (80, 10.0)
        assert np.array_equal(video.frames.read(40, 41), original.frames.read(40, 41))


def test_every_layout_has_a_loader():
    assert set(LAYOUTS) == set(LOADERS)
