from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from mebench.errors import UserError
from mebench.faces.detection import CascadeDetector, Detection, YuNetDetector


def eyes_of(found: Detection) -> np.ndarray:
    return np.array([complex(*found.left_eye), complex(*found.right_eye)])


def test_cascade_finds_face_and_eyes(face: np.ndarray, pupils: np.ndarray) -> None:
    found = CascadeDetector().detect(face)
    assert found is not None
    assert found.eyes_found
    assert np.abs(eyes_of(found) - pupils).max() < 0.08 * abs(pupils[1] - pupils[0])
    x, y, width, height = found.box
    assert x < pupils[0].real < pupils[1].real < x + width
    assert y < pupils[0].imag < y + height


def test_colour_and_grey_agree(face: np.ndarray) -> None:
    assert CascadeDetector().detect(cv2.cvtColor(face, cv2.COLOR_GRAY2BGR)) == CascadeDetector().detect(face)


def test_coordinates_are_those_of_the_frame_whatever_its_size(face: np.ndarray, pupils: np.ndarray) -> None:
    large = cv2.resize(face, None, fx=2.5, fy=2.5, interpolation=cv2.INTER_LINEAR)
    found = CascadeDetector().detect(large)
    assert found is not None
    assert np.abs(eyes_of(found) / 2.5 - pupils).max() < 0.08 * abs(pupils[1] - pupils[0])


def test_smaller_faces_are_found_in_a_second_look(face: np.ndarray) -> None:
    wide = np.full((1400, 1600), 90, np.uint8)
    wide[300:780, 500:1140] = face
    found = CascadeDetector().detect(wide)
    assert found is not None
    assert 500 < found.left_eye[0] < found.right_eye[0] < 1140


def test_the_largest_face_wins(face: np.ndarray) -> None:
    both = np.full((480, 1100), 90, np.uint8)
    both[:, :640] = face
    both[60:420, 620:1100] = cv2.resize(face, (480, 360))
    found = CascadeDetector().detect(both)
    assert found is not None
    assert found.right_eye[0] < 500


def test_covered_eyes_are_placed_by_geometry(face: np.ndarray, pupils: np.ndarray) -> None:
    blind = face.copy()
    for eye in pupils:
        x, y = int(eye.real), int(eye.imag)
        blind[y - 14 : y + 14, x - 26 : x + 26] = blind[y + 30, x]
    found = CascadeDetector().detect(blind)
    assert found is not None
    assert not found.eyes_found
    assert np.abs(eyes_of(found) - pupils).max() < 0.35 * abs(pupils[1] - pupils[0])


@pytest.mark.parametrize("seed", [0, 1])
def test_no_face_in_noise(seed: int) -> None:
    noise = np.random.default_rng(seed).integers(0, 255, (240, 320)).astype(np.uint8)
    assert CascadeDetector().detect(noise) is None


def test_yunet_without_a_model(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="does not exist: download it"):
        YuNetDetector(tmp_path / "yunet.onnx")
    (tmp_path / "yunet.onnx").write_bytes(b"not a network")
    with pytest.raises(UserError, match="cannot read the YuNet model"):
        YuNetDetector(tmp_path / "yunet.onnx")


def test_yunet_rows_are_read_in_opencvs_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Columns: x, y, width, height, then the eyes; OpenCV starts with the eye on the image's left."""
    small = [1, 2, 10, 12, 3, 4, 7, 4, *[0] * 6, 0.9]
    large = [20, 10, 80, 100, 40, 50, 78, 52, *[0] * 6, 0.8]
    answers: list[np.ndarray | None] = [np.array([small, large], np.float32), None]
    sizes: list[tuple[int, int]] = []
    network = SimpleNamespace(setInputSize=sizes.append, detect=lambda image: (1, answers.pop(0)))
    monkeypatch.setattr(cv2, "FaceDetectorYN", SimpleNamespace(create=lambda *_: network))
    (tmp_path / "yunet.onnx").touch()
    detector = YuNetDetector(tmp_path / "yunet.onnx")
    found = detector.detect(np.zeros((120, 160), np.uint8))
    assert found == Detection((20, 10, 80, 100), (40, 50), (78, 52))
    assert detector.detect(np.zeros((120, 160), np.uint8)) is None
    assert sizes == [(160, 120), (160, 120)]
