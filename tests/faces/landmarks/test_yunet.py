from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from mebench.errors import UserError
from mebench.faces.landmarks.yunet import YuNet

FRAME = np.zeros((120, 160), np.uint8)


def test_yunet_without_a_model(tmp_path: Path) -> None:
    path = tmp_path / "yunet.onnx"
    with pytest.raises(UserError, match="does not exist: download it"):
        YuNet.configure({"model": str(path)}).find(FRAME)
    with pytest.raises(UserError, match="does not exist: download it"):
        YuNet.configure({"model": str(path)}).require_parts()
    path.write_bytes(b"not a network")
    with pytest.raises(UserError, match="cannot read the YuNet model"):
        YuNet.configure({"model": str(path)}).require_parts()
    with pytest.raises(UserError, match="cannot read the YuNet model"):
        YuNet.configure({"model": str(path)}).find(FRAME)


def test_yunet_rows_are_read_in_opencvs_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Columns: x, y, width, height, then the eyes; OpenCV starts with the eye on the image's left."""
    small = [1, 2, 10, 12, 3, 4, 7, 4, *[0] * 6, 0.9]
    large = [20, 10, 80, 100, 40, 50, 78, 52, *[0] * 6, 0.8]
    answers: list[np.ndarray | None] = [np.array([small, large], np.float32), None]
    sizes: list[tuple[int, int]] = []
    network = SimpleNamespace(setInputSize=sizes.append, detect=lambda image: (1, answers.pop(0)))
    monkeypatch.setattr(cv2, "FaceDetectorYN", SimpleNamespace(create=lambda *_: network))
    (tmp_path / "yunet.onnx").touch()
    detector = YuNet.configure({"model": str(tmp_path / "yunet.onnx")})
    first, second = detector.find(FRAME)
    assert (first.box, first.left_eye, first.right_eye) == ((20, 10, 80, 100), (40, 50), (78, 52))
    assert first.score == pytest.approx(0.8)
    assert second.box[2] == 10
    assert detector.find(FRAME) == []
    assert sizes == [(160, 120), (160, 120)]
