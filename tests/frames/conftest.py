from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """Twenty-four frames, each flat and 10 levels brighter than the last."""
    path = tmp_path / "film.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 25.0, (64, 48))
    for i in range(24):
        writer.write(np.full((48, 64, 3), 10 * i, np.uint8))
    writer.release()
    return path


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is found out about videos is remembered, but not in the cache of whoever runs the tests."""
    monkeypatch.setenv("MEBENCH_CACHE", str(tmp_path_factory.mktemp("cache")))
