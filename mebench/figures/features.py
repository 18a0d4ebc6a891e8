"""One aligned face as local binary patterns, oriented gradients and local contrast (thesis Figure 3.3).

Conventions
-----------
The thesis gives no settings of the first two; they are those of the papers that it cites, as far as these name one:
patterns of the 8 neighbours at 1 px, each a code of 8 bits (Ojala et al. 2002), and histograms of 9 unsigned directions
in cells of 8x8 px, normalised over blocks of 2x2 cells (Dalal and Triggs 2005). Local contrast is that of `spot3dcnn`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mebench.faces.lcn import LcnConfig, lcn
from mebench.figures.drawing import as_drawn, axes_at, new_figure, show_picture, written
from mebench.figures.lcn import grey_levels
from mebench.figures.video import aligned_face
from mebench.methods.spotting.spot3dcnn.config import Spot3DConfig
from mebench.runs.monitor import Monitor
from mebench.schema.recordings import Video

_CELL, _GAP = 2.2, 0.1
_NEIGHBOURS, _RADIUS = 8, 1
_DIRECTIONS, _PER_CELL, _PER_BLOCK = 9, 8, 2


@dataclasses.dataclass(frozen=True, eq=False)
class FaceFeatures:
    """One face in several forms.

    Attributes
    ----------
    video, frame : what it is of; the frame's number, as the files have it.
    pictures : (height, width) by name: the face, uint8, and its features, float32.
    """

    video: str
    frame: int
    pictures: Mapping[str, NDArray[Any]]


def features_of(video: Video, number: int, monitor: Monitor | None = None) -> FaceFeatures:
    """Return the features of the aligned face of a frame.

    Parameters
    ----------
    number : frame number, as the files have it.

    Raises
    ------
    UserError : when the video has no such frame, or no face is found in it.
    """
    return FaceFeatures(video.id, number, described(aligned_face(video, number, monitor)))


def described(face: NDArray[np.uint8]) -> dict[str, NDArray[Any]]:
    """Return a grey face, uint8 (height, width), and its features, each as a picture of the same shape."""
    from skimage.feature import hog, local_binary_pattern  # here: it takes long to import

    config = Spot3DConfig()
    patterns = local_binary_pattern(face, _NEIGHBOURS, _RADIUS)
    cell, block = (_PER_CELL, _PER_CELL), (_PER_BLOCK, _PER_BLOCK)
    _, gradients = hog(face, _DIRECTIONS, cell, block, visualize=True)
    contrast = lcn(face[None].astype(np.float32), LcnConfig(divisor=config.lcn_divisor, sigma=config.lcn_sigma))[0]
    return {
        "aligned face": face,
        "local binary patterns": patterns.astype(np.float32),
        "oriented gradients": gradients.astype(np.float32),
        "local contrast": contrast,
    }


def draw_features(found: FaceFeatures) -> dict[str, bytes]:
    """Return the face and its features side by side as the bytes of a `svg` and a `png`."""
    with new_figure(0.1 + len(found.pictures) * (_CELL + _GAP), _CELL + 0.8) as figure:
        figure.suptitle(as_drawn(f"{found.video}, frame {found.frame}: features of one face"), y=0.97)
        for column, (name, picture) in enumerate(found.pictures.items()):
            axes = axes_at(figure, 0.1 + column * (_CELL + _GAP), 0.65, _CELL, _CELL)
            show_picture(axes, picture, name, **_range(name, picture))
        return written(figure)


def _range(name: str, picture: NDArray[Any]) -> dict[str, Any]:
    """Return which values are drawn black and white."""
    if name == "oriented gradients":
        return {"vmin": 0.0, "vmax": float(picture.max()) or 1.0}
    return grey_levels(picture) if name == "local contrast" else {}
