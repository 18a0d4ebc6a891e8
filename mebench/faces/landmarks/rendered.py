"""The true landmarks of faces that were rendered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.faces.landmarks.base import Face, LandmarkDetector
from mebench.schema.recordings import Recording


class RenderedPoints(LandmarkDetector):
    """The 68 points that a source of frames knows to be true: it has a method `landmarks(start, stop)`.

    The method returns (stop - start, 68, 2) pixels, NaN where a frame has no face.
    """

    id: ClassVar[str] = "rendered"
    has_points: ClassVar[bool] = True
    reads: ClassVar[bool] = True
    settling: ClassVar[float] = 0.0

    def __init__(self, config: Any, source: Callable[[int, int], NDArray[np.floating]] | None = None) -> None:
        super().__init__(config)
        self._source = source

    def of_recording(self, recording: Recording) -> RenderedPoints:
        """Return the detector that reads the truth of a recording's frames.

        Raises
        ------
        UserError : when the frames were not rendered.
        """
        source = getattr(recording.frames, "landmarks", None)
        if source is None:
            raise UserError(
                f"landmarks=rendered is for rendered faces, and the frames of {recording.id} were not rendered here: "
                "give landmarks=cascade or landmarks=dlib68."
            )
        return RenderedPoints(self.config, source)

    def find(self, image: NDArray[np.uint8], index: int) -> Sequence[Face]:
        """Return the rendered face of the frame.

        Raises
        ------
        UserError : when the detector was not given a recording.
        """
        if self._source is None:
            raise UserError("landmarks=rendered needs the recording whose faces were rendered: give one.")
        points = np.asarray(self._source(index, index + 1))[0]
        return [Face.of_points(points)] if np.isfinite(points).all() else []
