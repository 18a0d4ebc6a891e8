from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mebench.frames.video_packets import read_packets
from tests.frames.films import film, restamp, spoil

pytest.importorskip("av", reason="PyAV (mebench[video]) is not installed")


def test_packets_tell_times_and_damage(tmp_path: Path) -> None:
    path = restamp(film(tmp_path / "f.mp4", 40), [(20, 1), (20, 2)])
    packets = read_packets(path)
    assert packets is not None
    np.testing.assert_allclose(packets.stamps, np.concatenate([np.arange(20), 20 + 2 * np.arange(20)]) / 30, atol=1e-3)
    assert not packets.damaged.any()
    spoilt = read_packets(spoil(path))
    assert spoilt is not None
    assert 0 < spoilt.damaged.sum() < 20


def test_what_has_no_pictures_has_no_packets(tmp_path: Path) -> None:
    (tmp_path / "t.mp4").write_bytes(b"text" * 99)
    assert read_packets(tmp_path / "t.mp4") is None
