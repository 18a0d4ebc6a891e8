from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from mebench.errors import UserError
from mebench.frames.store import FrameStore
from mebench.methods.base import RunContext
from mebench.methods.spotting.spot3dcnn.end_to_end import Spot3DCNNEndToEnd
from mebench.methods.spotting.spot3dcnn.fold import folded
from mebench.methods.spotting.spot3dcnn.whole_frames import resize, whole_frames
from mebench.schema.recordings import Event, ExpressionType, Video


def test_the_network_is_that_of_figure_b1() -> None:
    net = Spot3DCNNEndToEnd.configure({}).build().eval()
    convolutions = [m for m in net.modules() if isinstance(m, nn.Conv2d)]
    assert [c.out_channels for c in convolutions] == [2, 2, 4, 4, 8, 8]
    assert [c.kernel_size[0] for c in convolutions] == [11, 9, 7, 5, 3, 3]
    assert {c.groups for c in convolutions} == {1}
    assert sum(isinstance(m, nn.MaxPool2d) for m in net.modules()) == 3
    with torch.no_grad():
        stacks = torch.randn(2, 4, 160, 160)
        assert net.body(stacks.reshape(4, 2, 160, 160)).shape == (4, 8, 20, 20)
        assert torch.allclose(folded(net)(stacks), net(stacks), atol=1e-5)


def test_whole_frames_are_resized_once_and_read_in_any_order(videos: list[Video], tmp_path: Path) -> None:
    frames = whole_frames(videos[0], FrameStore(tmp_path))
    expected = np.stack([resize(frame) for frame in videos[0].frames.read(0, 120)])
    assert expected.shape == (120, 160, 160)
    assert np.array_equal(frames.read(0, 120), expected)
    assert np.array_equal(frames.gather(np.array([[7, 3], [3, 119]])), expected[[[7, 3], [3, 119]]])
    before = frames.path.stat().st_mtime_ns
    assert whole_frames(videos[0], FrameStore(tmp_path)).path.stat().st_mtime_ns == before
    assert {path.suffix for path in tmp_path.glob("??/*")} == {".u8", ".json", ".lock"}


def test_a_file_cut_short_is_written_anew(videos: list[Video], tmp_path: Path) -> None:
    path = whole_frames(videos[0], FrameStore(tmp_path)).path
    whole = path.read_bytes()
    path.write_bytes(whole[:100])
    assert whole_frames(videos[0], FrameStore(tmp_path)).path.read_bytes() == whole


def test_a_folder_that_cannot_be_written_is_named(videos: list[Video], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot write .*: set MEBENCH_CACHE to a writable folder"):
        whole_frames(videos[0], FrameStore(tmp_path / "file"))


def test_it_trains_and_spots_without_aligned_faces(make_video: Any, context: RunContext) -> None:
    events = (Event(5, 12, ExpressionType.MICRO), Event(13, 19, ExpressionType.MACRO))
    videos = [make_video(f"s{i}", events, count=20, seed=i) for i in range(4)]
    raw = [dataclasses.replace(video, aligned=None) for video in videos]
    model = Spot3DCNNEndToEnd.configure({"samples_per_epoch": 8, "validation_samples": 2, "max_epochs": 1})
    first, _ = model.fit_pair(raw[:2], raw[2:3], raw[3:], context)
    assert first.spot(raw[3], context).scores.shape == (20, 2)


def test_settings_of_six_convolutions_are_checked() -> None:
    with pytest.raises(UserError, match="kernels needs 6 positive numbers"):
        Spot3DCNNEndToEnd.configure({"kernels": "7/3/3"})
