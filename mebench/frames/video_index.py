"""What is known of the frames of a video file: when each was taken, which are lost, and what the file promises."""

from __future__ import annotations

import base64
import dataclasses
import zlib
from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

MICRO = 1_000_000
"""Times are kept in whole microseconds."""


@dataclasses.dataclass(frozen=True, eq=False)
class VideoIndex:
    """The frames of one video file.

    Attributes
    ----------
    times : float64 (n,), ascending; when each frame begins, in seconds.
    rate : frames per second; the mean where it varies.
    shown : int64 (n,), which of the pictures that OpenCV decodes stands for each frame.
    missing : numbers of frames, from 1, that were lost or damaged and show another one.
    damaged : numbers of frames near which damage was reported, where it is not known more exactly.
    promised : number of frames that the container promises; None where it has no count.
    decoded : number of pictures that could be decoded.
    short : seconds by which the video ends before the end that a container without a count promises.
    stamped : whether the times are those of the container, which were in order.
    placed : whether it is known where frames are lost.
    """

    times: NDArray[np.float64]
    rate: float
    shown: NDArray[np.int64]
    missing: tuple[int, ...]
    damaged: tuple[int, ...]
    promised: int | None
    decoded: int
    short: float
    stamped: bool
    placed: bool

    @property
    def broken(self) -> bool:
        """Whether anything that the file promises is lost or damaged."""
        cut = self.short > 0 or (self.promised or 0) > self.decoded
        return bool(cut or self.missing or self.damaged or not self.placed)

    def plain(self) -> dict[str, Any]:
        """Return plain JSON types."""
        values = dataclasses.asdict(self)
        values["times"] = _packed(np.rint(self.times * MICRO).astype(np.int64))
        values["shown"] = _packed(self.shown)
        return values

    @classmethod
    def from_plain(cls, raw: Mapping[str, Any]) -> Self:
        """Take up what `plain` returned; ValueError, TypeError, KeyError or AttributeError for anything else."""
        values = {field.name: raw[field.name] for field in dataclasses.fields(cls)}
        values["times"] = _unpacked(values["times"]) / MICRO
        values["shown"] = _unpacked(values["shown"])
        values["missing"], values["damaged"] = tuple(values["missing"]), tuple(values["damaged"])
        return cls(**values)


def _packed(values: NDArray[np.int64]) -> str:
    return base64.b64encode(zlib.compress(np.diff(values, prepend=0).astype("<i8").tobytes())).decode()


def _unpacked(text: str) -> NDArray[np.int64]:
    return np.cumsum(np.frombuffer(zlib.decompress(base64.b64decode(text)), "<i8")).astype(np.int64)
