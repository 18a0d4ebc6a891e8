from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mebench.apply.pictures import SIDE, face_pictures
from mebench.apply.spot import open_video
from mebench.datasets.catalogue import DATASETS
from mebench.faces.cache import FrameCache

from .conftest import make_frames

cv2 = pytest.importorskip("cv2")


def decoded(jpeg: bytes) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)


def test_the_face_fills_the_picture(tmp_path: Path) -> None:
    options = {"subjects": 1, "videos": 1, "seconds": 2, "width": 320, "height": 240, "distractors": False}
    (video,) = DATASETS.get("synth_lv").open(None, options).videos()
    pictures = face_pictures(video, [40, 2, 40], FrameCache(tmp_path))
    assert sorted(pictures) == [2, 40]
    found = cv2.CascadeClassifier(cv2.data.haarcascades + "haarcascade_frontalface_alt2.xml")
    for jpeg in pictures.values():
        image = decoded(jpeg)
        assert image.shape == (SIDE, SIDE, 3)
        ((_, _, width, _),) = found.detectMultiScale(cv2.resize(image, None, fx=2, fy=2), 1.1, 3)
        assert width > SIDE


def test_where_no_face_is_the_whole_frame_is_shown(tmp_path: Path) -> None:
    video = open_video(make_frames(tmp_path / "grey", 20, shade=100))
    pictures = face_pictures(video, [3], FrameCache(tmp_path / "cache"))
    assert decoded(pictures[3]).mean() == pytest.approx(103, abs=2)
    assert face_pictures(video, [], FrameCache(tmp_path / "cache")) == {}
