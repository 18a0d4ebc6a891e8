"""LBP-TOP and a linear machine: the floor of the field, and the baseline of the challenge of 2019.

The organisers of MEGC2019 name LBP-TOP as their baseline without its blocks, radii and C; the defaults here are those
of a public program that runs it on these databases (xiazhaoqiang/Benchmark): faces of 224 px, the clip interpolated to
10 frames, 8 neighbours, radius 1, 59 uniform patterns, 4x4 blocks in 2 halves of the time, C = 1. That program cuts
out the blocks and then finds patterns; here neighbours may lie in the next block, so that no pixel between is lost.

How histograms are scaled is not said, and C = 1 means nothing without it: histograms that add up to 1 are so small that
the machine answers with the most frequent class alone. Features are therefore brought to deviation 1 over the training
clips; `scale=none` leaves them as they are.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mebench.faces.clip_inputs import CropSettings, FaceView
from mebench.faces.clip_inputs.crops import cut, faces_key
from mebench.faces.clip_inputs.place import first_frame, index_of, place_of
from mebench.methods.base import RunContext
from mebench.methods.recognition.lbp_top.histograms import Blocks, histograms
from mebench.methods.recognition.lbp_top.patterns import MOST_NEIGHBOURS, Neighbourhood
from mebench.methods.recognition.linear import WEIGHT, SvmSettings
from mebench.methods.recognition.of_features import FeatureRecogniser
from mebench.schema.recordings import Clip
from mebench.settings import check_limits, digest_of, setting

_VERSION = "1"
_PORT = "xiazhaoqiang/Benchmark, a public program"


@dataclasses.dataclass(frozen=True)
class LbpTopConfig(SvmSettings, CropSettings):
    """Settings of `lbp_top`."""

    c: float = setting(1.0, "penalty of clips on the wrong side of the margin, C", source=_PORT)
    class_weight: Literal["none", "balanced"] = setting("none", WEIGHT, source=_PORT)
    face_size: int = setting(224, "side of the face", unit="px", source=_PORT)
    frames: int = setting(
        10, "frames to which onset to offset is interpolated linearly; 0 takes them as they are", source=_PORT
    )
    neighbours: int = setting(8, "neighbours of a pixel on each plane", source=_PORT)
    radius_x: int = setting(1, "how far neighbours lie along rows", unit="px", source=_PORT)
    radius_y: int = setting(1, "how far neighbours lie along columns", unit="px", source=_PORT)
    radius_t: int = setting(1, "how far neighbours lie in time", unit="frames", source=_PORT)
    rows: int = setting(4, "rows of blocks", source=_PORT)
    columns: int = setting(4, "columns of blocks", source=_PORT)
    times: int = setting(2, "parts of the time", source=_PORT)
    uniform: bool = setting(
        True, "one label for all patterns that change more than twice on the way round", source=_PORT
    )

    def __post_init__(self) -> None:
        """Refuse blocks without pixels and settings that are refused elsewhere."""
        CropSettings.__post_init__(self)
        SvmSettings.__post_init__(self)
        check_limits(self, "face_size", least=16, most=1024)
        check_limits(self, "neighbours", least=2, most=MOST_NEIGHBOURS)
        check_limits(self, "radius_x", "radius_y", "radius_t", "rows", "columns", "times", least=1)
        check_limits(self, "rows", most=self.face_size - 2 * self.radius_y)
        check_limits(self, "columns", most=self.face_size - 2 * self.radius_x)
        fewest = 2 * self.radius_t + self.times
        if self.frames and self.frames < fewest:
            raise ValueError(f"frames={self.frames} must be 0 or at least {fewest}, 2 radius_t + times")

    @property
    def around(self) -> Neighbourhood:
        """Where the neighbours of a pixel lie."""
        return Neighbourhood(self.neighbours, (self.radius_t, self.radius_y, self.radius_x))

    @property
    def blocks(self) -> Blocks:
        """How a clip is parted."""
        return Blocks(self.times, self.rows, self.columns)


class LbpTop(FeatureRecogniser):
    """Histograms of local binary patterns on three planes in blocks of the clip, and a linear machine.

    The challenge of 2019 names it as its baseline and prints none of its settings; these are those of a public program,
    but for the scaling of the features, which is ours: without it C = 1 answers with the most frequent class alone.
    """

    id = "lbp_top"
    paper = "10.1109/TPAMI.2007.1110"
    Config = LbpTopConfig

    def key(self, clip: Clip, context: RunContext) -> str:
        """Return the digest of what the features depend on."""
        config: LbpTopConfig = self.config_for(clip)
        faces = faces_key(clip, context.cache, _view(config))
        patterns = [dataclasses.asdict(config.around), dataclasses.asdict(config.blocks), config.uniform]
        return digest_of(self.id, _VERSION, faces, places(clip, config).tolist(), patterns)

    def compute(self, clip: Clip, context: RunContext) -> NDArray[np.float32]:
        """Return all histograms of one clip."""
        config: LbpTopConfig = self.config_for(clip)
        view, where = _view(config), places(clip, config)
        place = place_of(clip, context.cache, view)

        def read(start: int, stop: int) -> NDArray[np.float32]:
            return between(lambda i: cut(clip.frames.read(i, i + 1)[0], place, view), where[start:stop])

        found = histograms(read, len(where), config.around, config.blocks, uniform=config.uniform)
        return found.ravel()

    def notes(self, recording: Clip) -> tuple[str, ...]:
        """Say where a clip has too few frames to show motion."""
        config: LbpTopConfig = self.config_for(recording)
        last = index_of(recording, "offset", recording.offset or recording.n_frames)
        count = last - first_frame(recording) + 1
        if count > 2:
            return ()
        shown = len(places(recording, config))
        return (f"It has {count} frame{'s' * (count > 1)} from onset to offset, interpolated to {shown}.",)


def _view(config: LbpTopConfig) -> FaceView:
    return FaceView.of(config, size=config.face_size)


def places(clip: Clip, config: LbpTopConfig) -> NDArray[np.float64]:
    """Return where the frames that are looked at lie: indices, with parts of a frame between two.

    Raises
    ------
    UserError : when onset or offset lie outside the clip.
    """
    onset, offset = first_frame(clip), index_of(clip, "offset", clip.offset or clip.n_frames)
    count = config.frames or max(offset - onset + 1, 2 * config.radius_t + config.times)
    return np.linspace(onset, offset, count)


def between(face: Callable[[int], NDArray[np.uint8]], where: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return the faces at places between frames, float32 (n, size, size); each frame is read once.

    Parameters
    ----------
    face : returns the face in the frame of an index, uint8 (size, size).
    where : (n,), from 0.
    """
    below = np.floor(where + 1e-9).astype(int)
    share = (where - below).clip(0, 1).astype(np.float32)
    share[share < 1e-6] = 0
    above = below + (share > 0)
    faces = {i: face(i).astype(np.float32) for i in np.union1d(below, above).tolist()}
    return np.stack(
        [(1 - s) * faces[a] + s * faces[b] if s else faces[a] for a, b, s in zip(below, above, share, strict=True)]
    )
