from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mebench.runs.decoding import decode_dataset
from mebench.runs.plugins import load_plugin

cv2 = pytest.importorskip("cv2", reason="OpenCV is not installed")
SLOW = Path(__file__).parent / "slow_plugin.py"


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    load_plugin(SLOW)
    for name in ("good", "bad"):
        folder = tmp_path / "root" / name
        folder.mkdir(parents=True)
        for number in range(1, 31):
            cv2.imwrite(str(folder / f"{number}.png"), np.full((6, 8), number, np.uint8))
    return tmp_path / "root"


@pytest.mark.parametrize("executor", ["inline", "local"])
def test_frames_that_cannot_be_decoded_or_differ_in_size_are_told(pictures: Path, executor: str) -> None:
    (pictures / "bad" / "7.png").write_bytes(b"no picture")
    (pictures / "bad" / "9.png").unlink()
    cv2.imwrite(str(pictures / "bad" / "20.png"), np.zeros((5, 5), np.uint8))
    found = decode_dataset("pictures", pictures, executor=executor, plugins=[SLOW], jobs=2)
    assert (found.recordings, found.frames, list(found.faults)) == (2, 60, ["s1/bad"])
    unreadable, smaller, larger = found.faults["s1/bad"]
    assert unreadable.startswith(f"The frame {pictures / 'bad' / '7.png'} cannot be read as an image")
    assert smaller == "Frame 20 is 5x5, the one before it 8x6."
    assert larger == "Frame 21 is 8x6, the one before it 5x5."
    assert found.missing == {"s1/bad": ("Frame 9 is missing: the nearest one stands in.",)}


def test_sound_frames_have_no_faults(pictures: Path) -> None:
    found = decode_dataset("pictures", pictures, executor="inline", plugins=[SLOW])
    assert (found.faults, found.missing) == ({}, {})


def test_hundreds_of_faults_are_counted(pictures: Path) -> None:
    for path in (pictures / "bad").iterdir():
        path.write_bytes(b"no picture")
    found = decode_dataset("pictures", pictures, executor="inline", plugins=[SLOW])
    assert len(found.faults["s1/bad"]) == 21
    assert found.faults["s1/bad"][-1] == "10 more frames"


def test_clips_have_a_line_for_each_broken_frame_and_missing_ones_bear_the_numbers_of_their_files(
    pictures: Path,
) -> None:
    (pictures / "clips.csv").write_text("subject,clip,frames,emotion\n1,a,good,fear\n2,b,bad,fear\n")
    for number in range(1, 12):
        (pictures / "bad" / f"{number}.png").unlink()
    (pictures / "bad" / "15.png").write_bytes(b"")
    (pictures / "bad" / "16.png").write_bytes((pictures / "good" / "1.png").read_bytes()[:60])
    (pictures / "bad" / "20.png").unlink()
    found = decode_dataset("clip_table:fps=30", pictures, executor="inline")
    assert (found.recordings, found.frames, list(found.faults)) == (2, 49, ["2/b"])
    assert [sentence.split(" cannot")[0] for sentence in found.faults["2/b"]] == [
        f"The frame {pictures / 'bad' / f'{number}.png'}" for number in (15, 16)
    ]
    assert found.missing == {"2/b": ("Frame 20 is missing: the nearest one stands in.",)}


def test_a_damaged_jpeg_that_opencv_makes_a_picture_of_is_told(tmp_path: Path, capfd: pytest.CaptureFixture) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (64, 64), dtype=np.uint8)
    for number in (1, 2, 3):
        cv2.imwrite(str(tmp_path / f"{number}.jpg"), noise)
    content = bytearray((tmp_path / "2.jpg").read_bytes())
    content[-900:-890] = b"\xff\xd9" * 5  # the picture ends, as if its file had
    (tmp_path / "2.jpg").write_bytes(content)
    (tmp_path / "clips.csv").write_text("subject,clip,frames,emotion,fps\n1,a,.,fear,30\n")
    found = decode_dataset("clip_table", tmp_path, executor="inline")
    assert found.faults == {
        "1/a": (f"The frame {tmp_path / '2.jpg'} is damaged: what could not be decoded of it was made up.",)
    }
    assert "JPEG" not in capfd.readouterr().err
