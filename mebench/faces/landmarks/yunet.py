"""Face and eyes by OpenCV's YuNet network, whose model file is not part of mebench."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import cv2
import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.faces.landmarks.base import Face, LandmarkDetector
from mebench.schema.recordings import Recording
from mebench.settings import setting


@dataclasses.dataclass(frozen=True)
class YuNetConfig:
    """Settings of `yunet`."""

    model: str = setting(
        "", "ONNX file `face_detection_yunet_*.onnx` of the OpenCV zoo; a method has it as yunet_model"
    )
    threshold: float = setting(0.7, "least confidence of a face")


class YuNet(LandmarkDetector):
    """OpenCV's YuNet network, which also finds turned and partly covered faces.

    Raises
    ------
    UserError : when the model file is missing or OpenCV cannot read it, with the first frame.
    """

    id: ClassVar[str] = "yunet"
    settling: ClassVar[float] = 0.4
    Config: ClassVar[type] = YuNetConfig

    def files(self, recording: Recording) -> Sequence[Path]:
        """Return the model file."""
        return [self._model()]

    def require_parts(self) -> None:
        """See that the model file is there, and one that OpenCV can read."""
        assert self._network is not None

    def find(self, image: NDArray[np.uint8], index: int = 0) -> Sequence[Face]:
        """Return every face of the frame, the largest first."""
        colour = cv2.cvtColor(image, cv2.COLOR_GRAY2BGR) if image.ndim == 2 else image
        self._network.setInputSize((colour.shape[1], colour.shape[0]))
        _, rows = self._network.detect(colour)
        faces = [] if rows is None else [_face_of([float(value) for value in row]) for row in rows]
        return sorted(faces, key=lambda face: -face.box[2] * face.box[3])

    def _model(self) -> Path:
        path = Path(self.config.model)
        if not path.is_file():
            raise UserError(f"The YuNet model {path} does not exist: download it from the OpenCV zoo.")
        return path

    @functools.cached_property
    def _network(self) -> Any:
        path = self._model()
        try:
            return cv2.FaceDetectorYN.create(str(path), "", (320, 320), self.config.threshold)
        except cv2.error as error:
            raise UserError(f"OpenCV cannot read the YuNet model {path}: download it again.") from error


def _face_of(row: Sequence[float]) -> Face:
    left, right = sorted([(row[4], row[5]), (row[6], row[7])])
    return Face((row[0], row[1], row[2], row[3]), left, right, score=row[14])
