"""Datasets that change under a run: noticed, named, and never mixed with what is done."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from mebench.errors import UserError
from mebench.runs.monitor import Monitor
from mebench.runs.plan import Arm, Fold
from mebench.runs.run import RunResult, load_run, run
from mebench.runs.used_frames import FramesByPerson, format_frames, parse_frames
from mebench.schema.people import Person
from tests.run_files import comparable

PLUGIN = Path(__file__).parent / "disk_plugin.py"
VIDEOS = ("s01/v1", "s01/v2", "s02/v1", "s03/v1")


def write_video(folder: Path, seed: int, count: int = 8) -> None:
    """Bitmaps of one size with fixed times, as an unpacked archive has them."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, image in enumerate(np.random.default_rng(seed).integers(0, 255, (count, 6, 5), dtype=np.uint8), 1):
        path = folder / f"{number:03d}.bmp"
        cv2.imwrite(str(path), image)
        os.utime(path, (0, 0))


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MEBENCH_CACHE", str(tmp_path / "cache"))
    root = tmp_path / "data"
    for seed, name in enumerate(VIDEOS):
        write_video(root / "frames" / name, seed)
    (root / "events.json").write_text(json.dumps({name: [[2, 3]] for name in VIDEOS}))
    return root


class Notes(Monitor):
    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        self.notes.append(text)


def spot(root: Path, method: str = "brightness", monitor: Monitor | None = None, **more: object) -> RunResult:
    out = root.parent / "run"
    arguments = {"out": out, "executor": "inline", "device": "cpu", "plugins": [PLUGIN], **more}
    return run(method, ["disk_lv"], roots=[str(root)], monitor=monitor, **arguments)  # type: ignore[arg-type]


def content(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(comparable(path)).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in ("timing.json", ".lock")
    }


def test_a_run_keeps_the_digests_of_its_frames(root: Path) -> None:
    spot(root)
    kept = parse_frames((root.parent / "run" / "frames.txt").read_text())
    assert kept is not None
    assert list(kept) == [f"disk_lv/{name}" for name in VIDEOS]
    assert len(set(kept.values())) == 4
    used = [folder.frames_used() for folder in load_run(root.parent / "run").folds()]
    assert [list(frames) for frames in used] == [
        ["disk_lv/s01/v1", "disk_lv/s01/v2"],
        ["disk_lv/s02/v1"],
        ["disk_lv/s03/v1"],
    ]
    assert {name: digest for frames in used for name, digest in frames.items()} == kept


def test_a_copy_of_the_dataset_elsewhere_is_the_same_data(root: Path) -> None:
    spot(root)
    before = content(root.parent / "run")
    shutil.move(root, root.parent / "elsewhere")
    result = spot(root.parent / "elsewhere")
    assert len(result.progress.skipped) == 3
    assert content(root.parent / "run") == before


def replace(root: Path, name: str) -> None:
    write_video(root / "frames" / name, 99)


def other_order(root: Path, name: str) -> None:
    folder = root / "frames" / name
    (folder / "001.bmp").rename(folder / "t")
    (folder / "002.bmp").rename(folder / "001.bmp")
    (folder / "t").rename(folder / "002.bmp")


def one_pixel(root: Path, name: str) -> None:
    path = root / "frames" / name / "004.bmp"
    data = bytearray(path.read_bytes())
    data[-9] ^= 1
    path.write_bytes(data)
    os.utime(path, (0, 0))


def remove_between(root: Path, name: str) -> None:
    (root / "frames" / name / "004.bmp").unlink()


@pytest.mark.parametrize("unfinished", ["001-s01", "003-s03"])
@pytest.mark.parametrize("name", ["s01/v2", "s03/v1"])
@pytest.mark.parametrize("change", [replace, other_order, one_pixel, remove_between])
def test_frames_that_change_under_a_resumed_run_are_refused(
    root: Path, change: Callable[[Path, str], None], name: str, unfinished: str
) -> None:
    spot(root)
    before = content(root.parent / "run")
    shutil.copytree(root, root.parent / "kept")
    (root.parent / "run" / "folds" / unfinished / "done.json").unlink()
    time.sleep(0.02)
    change(root, name)
    if name.startswith(unfinished.partition("-")[2]):
        # Nothing that is done has read them: the fold goes on with the frames of today.
        assert spot(root).complete
        assert not spot(root).progress.seconds
        return
    with pytest.raises(UserError, match=rf"The frames of disk_lv/{name} have changed .*: put the old frames back, or"):
        spot(root)
    shutil.rmtree(root)
    shutil.copytree(root.parent / "kept", root)
    spot(root)
    assert content(root.parent / "run") == before


def last_frame(root: Path) -> None:
    (root / "frames" / "s03/v1" / "008.bmp").unlink()


def no_video(root: Path) -> None:
    events = json.loads((root / "events.json").read_text())
    del events["s03/v1"]
    (root / "events.json").write_text(json.dumps(events))


def more_videos(root: Path) -> None:
    events = json.loads((root / "events.json").read_text())
    for number in range(2, 7):
        write_video(root / "frames" / f"s03/v{number}", number)
        events[f"s03/v{number}"] = []
    (root / "events.json").write_text(json.dumps(events))


def one_number(root: Path) -> None:
    events = json.loads((root / "events.json").read_text())
    events["s02/v1"][0][1] = 4
    (root / "events.json").write_text(json.dumps(events))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (last_frame, r"of another length or frame rate: s03/v1"),
        (no_video, r"gone: s03/v1"),
        (more_videos, r"new: s03/v2, s03/v3, s03/v4 and 2 more"),
        (one_number, r"annotated differently: s02/v1"),
    ],
)
def test_annotations_and_videos_that_change_are_named(root: Path, change: Callable[[Path], None], words: str) -> None:
    spot(root)
    before = content(root.parent / "run")
    change(root)
    with pytest.raises(UserError, match=rf"^disk_lv has changed since the run .* began \({words}\): put the old files"):
        spot(root)
    assert content(root.parent / "run") == before
    (root.parent / "run" / "truth" / "videos.csv").write_text("garbled")
    with pytest.raises(UserError, match=r"^disk_lv has changed since the run \S+ began: put the old files back"):
        spot(root)


def test_all_frames_gone(root: Path) -> None:
    spot(root)
    shutil.rmtree(root / "frames")
    with pytest.raises(UserError, match="does not exist"):
        spot(root)


@pytest.mark.parametrize(("after", "changed"), [("001-s01", "s03/v1"), ("003-s03", "s01/v1")])
def test_frames_that_change_while_the_run_is_at_work_are_noticed(root: Path, after: str, changed: str) -> None:
    """A fold that has yet to read them fails, and one that has read them is kept; no scorecard tells of either."""

    class Change(Notes):
        def finished(self, task: str, error: str | None) -> None:
            if task == after:
                replace(root, changed)

    with pytest.raises(UserError, match=f"The frames of disk_lv/{changed} have changed"):
        spot(root, monitor=Change())
    folds = root.parent / "run" / "folds"
    assert (folds / "003-s03" / "done.json").exists() == (changed == "s01/v1")
    assert (folds / "001-s01" / "done.json").exists()
    assert not (root.parent / "run" / "scorecard.json").exists()


def test_frames_that_change_while_a_fold_reads_them_fail_it(root: Path) -> None:
    class Change(Notes):
        def progress(self, task: str, what: str, done: int, total: int) -> None:
            if (task, what, done) == ("001-s01", "spot", 1):  # its first video is spotted, the second one is not
                replace(root, "s01/v1")

    with pytest.raises(UserError, match=r"The frames of disk_lv/s01/v1 have changed .* give another --out"):
        spot(root, monitor=Change())
    assert not (root.parent / "run" / "folds" / "001-s01" / "done.json").exists()
    assert (root.parent / "run" / "folds" / "002-s02" / "done.json").exists()
    # The same command does the fold that failed with the frames of today, which no other has read.
    assert list(spot(root).progress.fold_seconds) == ["001-s01"]


@pytest.mark.parametrize("damage", [b"", b"x", b"\xff\xfe", b"[" * 100_000, None])
def test_a_list_of_frames_that_is_damaged_is_made_again_from_the_folds(root: Path, damage: bytes | None) -> None:
    spot(root)
    before, seen = content(root.parent / "run"), Notes()
    path = root.parent / "run" / "frames.txt"
    text = path.read_bytes()
    path.write_bytes(damage if damage is not None else text.replace(text[:4], b"0000", 1))
    spot(root, monitor=seen)
    assert "frames.txt was damaged and is written again." in seen.notes
    assert content(root.parent / "run") == before
    path.unlink()
    replace(root, "s02/v1")
    with pytest.raises(UserError, match="The frames of disk_lv/s02/v1 have changed"):
        spot(root)


def test_bounds_read_no_frames(root: Path) -> None:
    spot(root, "oracle")
    replace(root, "s01/v1")
    assert spot(root, "oracle").complete
    assert parse_frames((root.parent / "run" / "frames.txt").read_text()) == {}


@pytest.mark.parametrize("frames", [{}, {"d/s/v": "ab"}, {"d/s s/v": "ab", "d/a/ü": "cd"}])
def test_the_list_comes_back_as_it_was(frames: dict[str, str]) -> None:
    assert parse_frames(format_frames(frames)) == frames
    assert parse_frames(format_frames(frames)[1:]) is None


def test_frames_are_found_by_whose_they_are() -> None:
    frames = {"d/s/v": "1", "d/s/v2": "2", "d/s2/v": "3", "d/s/deep/v": "4", "e/s/v": "5"}
    found = FramesByPerson(frames)
    assert found.of(Fold("1", (), (Arm((), (Person("d", "s"),)),))) == {"d/s/v": "1", "d/s/v2": "2", "d/s/deep/v": "4"}
    assert found.of(Fold("1", (Person("d", "s/deep"),), (Arm((), (Person("d", "s2"),)),))) == {
        "d/s/deep/v": "4",
        "d/s2/v": "3",
    }
