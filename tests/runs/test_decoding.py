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


def test_sound_frames_have_no_faults(pictures: Path) -> None:
    assert decode_dataset("pictures", pictures, executor="inline", plugins=[SLOW]).faults == {}


def test_hundreds_of_faults_are_counted(pictures: Path) -> None:
    for path in (pictures / "bad").iterdir():
        path.write_bytes(b"no picture")
    found = decode_dataset("pictures", pictures, executor="inline", plugins=[SLOW])
    assert len(found.faults["s1/bad"]) == 21
    assert found.faults["s1/bad"][-1] == "10 more frames"
