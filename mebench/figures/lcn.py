"""A face under changed contrast, before and after local contrast normalisation (thesis Figures 3.2 and 5.4).

Conventions
-----------
Contrast and gamma are the ends of the ranges that training draws from (Table 5.4), gain is that of mebench. What is
said below a column is how far it is from the first: the mean absolute difference, in standard deviations of the first.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.faces.cache import FrameCache
from mebench.faces.lcn import LcnConfig, lcn
from mebench.figures.drawing import as_drawn, axes_at, new_figure, show_picture, written
from mebench.methods.spotting.spot3dcnn.augment import tone_curve
from mebench.methods.spotting.spot3dcnn.config import Spot3DConfig
from mebench.runs.monitor import Monitor
from mebench.schema.recordings import Video

_CELL, _GAP = 1.5, 0.1
_REACH = 2.5
"""Standard deviations from the mean to black and white in a normalised picture."""


@dataclasses.dataclass(frozen=True)
class NormalisedFace:
    """One face under several tone curves.

    Attributes
    ----------
    video, frame : what it is of; the frame's number, as the files have it.
    before, after : float32 (height, width) by the name of the change, as recorded first.
    """

    video: str
    frame: int
    before: Mapping[str, NDArray[np.float32]]
    after: Mapping[str, NDArray[np.float32]]

    def distances(self) -> dict[str, tuple[float, float]]:
        """Return how far each is from the first, before and after normalisation."""
        return {name: (_distance(self.before, name), _distance(self.after, name)) for name in self.before}


def _distance(pictures: Mapping[str, NDArray[np.float32]], name: str) -> float:
    first = next(iter(pictures.values())).astype(np.float64)
    return float(np.abs(pictures[name] - first).mean() / max(first.std(), 1e-12))


def face_of(video: Video, number: int, monitor: Monitor | None = None) -> NormalisedFace:
    """Return the aligned face of a frame under every change, normalised as spot3dcnn does.

    Parameters
    ----------
    number : frame number, as the files have it.

    Raises
    ------
    UserError : when the video has no such frame, or no face is found in it.
    """
    monitor = monitor or Monitor()
    index = index_of(video, number)
    cache = FrameCache()
    frames = cache.aligned(video, progress=lambda done, total: monitor.progress(video.id, "align", done, total))
    if not cache.presence(video).fitted(video.n_frames).found[index]:
        raise UserError(f"No face was found in frame {number} of {video.id}: give another with --frame.")
    return changed(video.id, number, frames.read(index, index + 1)[0])


def index_of(video: Video, number: int) -> int:
    """Return the index of a frame, from 0, by its number, as the files have it.

    Raises
    ------
    UserError : when the video has no such frame.
    """
    index = number - video.first
    if not 0 <= index < video.n_frames:
        last = video.first + video.n_frames - 1
        raise UserError(f"{video.id} has the frames {video.first} to {last}: give one of them with --frame.")
    return index


def changed(video: str, number: int, face: NDArray[np.uint8]) -> NormalisedFace:
    """Return a grey face, uint8 (height, width), under every change."""
    config = Spot3DConfig()
    (low, high), (bright, dark), (less, more) = config.contrast, config.gamma, config.gain
    middle = float(face.mean())
    curves = {"as recorded": (1.0, 1.0, 1.0)}
    curves |= {f"contrast {value:g}": (value, 1.0, 1.0) for value in (low, high)}
    curves |= {f"gamma {value:g}": (1.0, value, 1.0) for value in (bright, dark)}
    curves |= {f"gain {value:g}": (1.0, 1.0, value) for value in (less, more)}
    before = {name: tone_curve(*values, middle=middle)[face] for name, values in curves.items()}
    normalised = lcn(np.stack(list(before.values())), LcnConfig(divisor=config.lcn_divisor, sigma=config.lcn_sigma))
    return NormalisedFace(video, number, before, dict(zip(before, normalised, strict=True)))


def draw_lcn(found: NormalisedFace) -> dict[str, bytes]:
    """Return the faces before (above) and after (below) as the bytes of a `svg` and a `png`."""
    with new_figure(0.1 + len(found.before) * (_CELL + _GAP), 2 * _CELL + 1.45) as figure:
        title = f"{found.video}, frame {found.frame}: before and after local contrast normalisation"
        figure.suptitle(as_drawn(title), y=0.98)
        distances = found.distances()
        for column, name in enumerate(found.before):
            left = 0.1 + column * (_CELL + _GAP)
            upper, lower = (axes_at(figure, left, top, _CELL, _CELL) for top in (0.65, 0.95 + _CELL))
            before, after = distances[name]
            show_picture(upper, found.before[name], name)
            centre, reach = float(found.after[name].mean()), _REACH * float(found.after[name].std()) or 1.0
            show_picture(lower, found.after[name], vmin=centre - reach, vmax=centre + reach)
            for axes, distance in ((upper, before), (lower, after)):
                words = "" if column == 0 else f"{distance:.2f} away"
                axes.text(0.5, -0.03, words, transform=axes.transAxes, ha="center", va="top")
        return written(figure)
