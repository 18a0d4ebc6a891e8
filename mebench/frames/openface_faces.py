"""The folders of aligned faces that OpenFace leaves on disk."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.frames.folders import FolderFrames

SIZE = 112
"""Width and height of an aligned face in px, as OpenFace makes it by default."""

_ALIGNED = re.compile(r"(?:frame|face)_det_(?:([0-9]+)_)?([0-9]+)$")


class AlignedFolder(FolderFrames):
    """The aligned faces that OpenFace wrote, `<NAME>_aligned/frame_det_00_000001.bmp` and so on.

    With `-nobadaligned` frames are absent: index by number, the nearest earlier face stands in, `missing` lists them.
    Of several people the one with most pictures is kept.

    Parameters
    ----------
    folder : OpenFace's `..._aligned` folder.
    count : number of frames of the video, when known.
    """

    pattern = _ALIGNED
    sparse = True

    def __init__(self, folder: Path | str, *, count: int | None = None) -> None:
        super().__init__(folder, count=count, first=1)

    def _numbered(self, names: Iterable[str]) -> dict[int, str]:
        matches = [(match, name) for name in names if (match := _ALIGNED.search(Path(name).stem))]
        people = Counter(match.group(1) for match, _ in matches)
        if not people:
            return {}
        most = max(sorted(people, key=str), key=lambda person: people[person])
        return super()._numbered(name for match, name in matches if match.group(1) == most)

    def read(self, start: int, stop: int, *, grey: bool = True) -> NDArray[np.uint8]:
        """Decode frames `start <= i < stop`; see `FrameSource.read`.

        Raises
        ------
        UserError : when a picture cannot be decoded or is not 112x112.
        """
        frames = super().read(start, stop, grey=grey)
        if stop > start and frames.shape[1:3] != (SIZE, SIZE):
            raise UserError(
                f"{self.folder} holds faces of {frames.shape[2]}x{frames.shape[1]} px, not {SIZE}x{SIZE}: "
                "run OpenFace's FeatureExtraction again with -simsize 112."
            )
        return frames
