from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from mebench.errors import UserError
from mebench.frames.files import open_frames
from mebench.frames.folders import FolderFrames
from mebench.frames.pixels import ArrayFrames
from mebench.frames.videos import VideoFrames
from mebench.schema.recordings import FrameSource
from tests.frames.pictures import picture, write


def test_every_source_is_a_frame_source(tmp_path: Path, film: Path) -> None:
    sources = [ArrayFrames(picture(0)[None]), FolderFrames(write(tmp_path / "f", a1=1)), VideoFrames(film)]
    for source in sources:
        assert isinstance(source, FrameSource)
        assert len(source.digest) == 64
        grey, colour = source.read(0, 1), source.read(0, 1, grey=False)
        assert grey.dtype == colour.dtype == np.uint8
        assert colour.shape == (*grey.shape, 3)


def test_open_frames_tells_folder_from_video(tmp_path: Path, film: Path) -> None:
    assert isinstance(open_frames(write(tmp_path / "f", f5=5)), FolderFrames)
    assert isinstance(open_frames(film), VideoFrames)
    with pytest.raises(UserError, match="neither a folder nor a video"):
        open_frames(tmp_path / "nothing")


def test_what_is_neither_file_nor_folder_is_told_by_what_it_is(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    (tmp_path / "link.mp4").symlink_to("gone.mp4")
    (tmp_path / "round").symlink_to("round")
    with pytest.raises(
        UserError, match=r"pipe.mp4 is a pipe and not a file: write the video to a file, and give that\.$"
    ):
        open_frames(tmp_path / "pipe.mp4")
    with pytest.raises(UserError, match=r"null is a device and not a file"):
        open_frames("/dev/null")
    with pytest.raises(
        UserError, match=r"link.mp4 is a link to gone.mp4, which does not exist: give what it should lead"
    ):
        open_frames(tmp_path / "link.mp4")
    with pytest.raises(UserError, match=r"round is a link to round"):
        open_frames(tmp_path / "round")
