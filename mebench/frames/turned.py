"""Frames that were recorded with the camera on its side, turned upright."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mebench.frames.content import KnownContent, Progress, content_of
from mebench.schema.recordings import FrameSource
from mebench.settings import digest_of


class TurnedFrames:
    """The frames of another source, each turned by quarters of a circle.

    Parameters
    ----------
    inner : the frames as they lie on disk.
    quarters : quarters of a circle by which each is turned, counter-clockwise.
    """

    def __init__(self, inner: FrameSource, quarters: int) -> None:
        self.inner = inner
        self.quarters = quarters % 4

    @property
    def digest(self) -> str:
        """Hex digest of the frames as they lie on disk, and of how they are turned."""
        return self.content()

    def content(
        self, known: KnownContent | None = None, *, fresh: bool = False, progress: Progress | None = None
    ) -> str:
        """Return `digest`, reading no file whose content is known; see `content_of`."""
        return digest_of("turned", self.quarters, content_of(self.inner, known, fresh=fresh, progress=progress))

    @property
    def times(self) -> NDArray[np.float64] | None:
        """When each frame begins, in seconds; None where the source does not say."""
        return getattr(self.inner, "times", None)

    @property
    def missing(self) -> tuple[int, ...]:
        """Numbers of the frames that were lost and show another one instead."""
        return tuple(getattr(self.inner, "missing", ()))

    def notes(self) -> tuple[str, ...]:
        """Return what is to be known of the frames as they lie on disk."""
        told = getattr(self.inner, "notes", None)
        return tuple(told()) if callable(told) else ()

    def __len__(self) -> int:
        """Return the number of frames."""
        return len(self.inner)

    def read(self, start: int, stop: int, *, grey: bool = True) -> NDArray[np.uint8]:
        """Decode and turn frames `start <= i < stop`; see `FrameSource.read`."""
        frames = self.inner.read(start, stop, grey=grey)
        return np.ascontiguousarray(np.rot90(frames, self.quarters, axes=(1, 2)))
