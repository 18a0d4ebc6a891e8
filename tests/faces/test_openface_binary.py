from __future__ import annotations

import stat
from pathlib import Path

import cv2
import numpy as np
import pytest

from mebench.errors import UserError
from mebench.faces.openface_binary import run_feature_extraction

# Stands in for OpenFace: writes down its arguments and the order in which it would take the frames.
FAKE = """#!/bin/sh
echo "$@" > "$SEEN/arguments"
while [ $# -gt 0 ]; do
  case "$1" in
    -fdir) for f in "$2"/*; do readlink "$f"; done > "$SEEN/order"; ls "$2" > "$SEEN/names" ;;
    -out_dir) out="$2" ;;
    -of) name="$2" ;;
  esac
  shift
done
[ -n "$FAIL" ] && { echo "Could not load the landmark detector" >&2; exit 3; }
mkdir -p "$out/${name}_aligned"
echo "frame" > "$out/$name.csv"
"""


@pytest.fixture
def seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put the stand-in on PATH; what it saw lands in the returned folder."""
    where = tmp_path / "bin"
    where.mkdir()
    binary = where / "FeatureExtraction"
    binary.write_text(FAKE)
    binary.chmod(binary.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{where}:/usr/bin:/bin")
    monkeypatch.setenv("SEEN", str(where))
    return where


@pytest.fixture
def frames(tmp_path: Path) -> Path:
    folder = tmp_path / "clip one"
    folder.mkdir()
    for number in (1, 2, 3, 10, 11):
        cv2.imwrite(str(folder / f"img{number}.jpg"), np.zeros((8, 8), np.uint8))
    return folder


def test_unpadded_frames_are_shown_in_the_order_of_their_numbers(seen: Path, frames: Path, tmp_path: Path) -> None:
    table, aligned = run_feature_extraction(frames, tmp_path / "out")
    order = [Path(line).name for line in (seen / "order").read_text().splitlines()]
    names = (seen / "names").read_text().split()
    assert names == [f"{i:06d}.jpg" for i in range(1, 12)]
    assert order == [f"img{i}.jpg" for i in (1, 2, 3, 3, 3, 3, 3, 3, 3, 10, 11)]
    assert (table, aligned) == (tmp_path / "out" / "clip one.csv", tmp_path / "out" / "clip one_aligned")
    assert table.is_file()
    assert aligned.is_dir()


def test_arguments(seen: Path, frames: Path, tmp_path: Path) -> None:
    run_feature_extraction(frames, tmp_path / "out")
    said = (seen / "arguments").read_text()
    for part in ("-aus", "-simalign", "-simsize 112", "-of clip one", f"-out_dir {tmp_path / 'out'}"):
        assert part in said


def test_video_files_are_handed_over_as_they_are(seen: Path, tmp_path: Path) -> None:
    video = tmp_path / "film.mp4"
    video.touch()
    table, _ = run_feature_extraction(video, tmp_path / "out")
    assert f"-f {video}" in (seen / "arguments").read_text()
    assert table.name == "film.csv"


def test_links_are_cleared_away(seen: Path, frames: Path, tmp_path: Path) -> None:
    run_feature_extraction(frames, tmp_path / "out")
    shown = (seen / "arguments").read_text().split("-fdir ")[1].split("/clip one")[0]
    assert not Path(shown).exists()


def test_failure_repeats_what_openface_said(
    seen: Path, frames: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAIL", "1")
    with pytest.raises(UserError, match=r"code 3 \(Could not load the landmark detector\)"):
        run_feature_extraction(frames, tmp_path / "out")


def test_openface_is_not_installed(frames: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match="not on PATH: install OpenFace"):
        run_feature_extraction(frames, tmp_path / "out")


def test_no_source(seen: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="neither a folder nor a video"):
        run_feature_extraction(tmp_path / "nothing", tmp_path / "out")
