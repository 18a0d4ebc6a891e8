"""What `mebench data check` says of frames."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from .conftest import Mebench

cv2 = pytest.importorskip("cv2", reason="OpenCV is not installed")
SLOW = str(Path(__file__).parents[1] / "runs" / "slow_plugin.py")


def pictures(place: Path) -> Path:
    place.mkdir(parents=True)
    for number in range(1, 21):
        cv2.imwrite(str(place / f"img_{number}.png"), np.full((6, 8), number, np.uint8))
    return place


def test_decoding_tells_what_cannot_be_decoded(mebench: Mebench) -> None:
    folder = pictures(Path("root/v1"))
    check = ("data", "check", "pictures", "--root", "root", "--plugin", SLOW)
    sound = mebench(*check, "--decode", "--jobs", "1")
    assert (sound.code, sound.out.splitlines()[-1]) == (0, "20 frames of 1 recordings: all can be decoded.")
    assert "decoding: 1 to do" in sound.err
    (folder / "img_5.png").write_bytes(b"no picture")
    assert mebench(*check).code == 0
    broken = mebench(*check, "--decode", "--jobs", "1")
    assert broken.code == 1
    assert "img_5.png cannot be read as an image: restore or remove it." in broken.out
    assert broken.out.splitlines()[-1] == "20 frames of 1 recordings: 1 of 1 recordings have faults."


def test_notes_on_frames_are_listed(mebench: Mebench) -> None:
    folder = pictures(Path("root/v1"))
    for number in (3, 4, 9):
        (folder / f"img_{number}.png").unlink()
    answer = mebench("data", "check", "pictures", "--root", "root", "--plugin", SLOW)
    assert (
        "s1/v1: 3 of the frames have no file: they show the nearest one and count as without a face, 3-4, 9."
        in answer.out
    )
