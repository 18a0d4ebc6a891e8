"""The landmark detectors, by id: the built-in ones and those that other packages register."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mebench.errors import UserError
from mebench.registry import Registry

if TYPE_CHECKING:
    from mebench.faces.landmarks.base import LandmarkDetector

LANDMARKS: Registry[type[LandmarkDetector]] = Registry("landmark detector", "mebench.landmarks")

for _id, _target, _summary in (
    ("cascade", "cascade:Cascade", "face and eyes by OpenCV's cascades; nothing to download, no points"),
    ("dlib68", "dlib68:Dlib68", "dlib's 68 points, which this field's papers use; needs mebench[landmarks]"),
    ("openface", "openface:OpenFacePoints", "the 68 points in the OpenFace table of the recording"),
    ("rendered", "rendered:RenderedPoints", "the true 68 points of rendered faces"),
    ("yunet", "yunet:YuNet", "face and eyes by OpenCV's YuNet, turned and covered faces too; needs yunet_model=FILE"),
):
    LANDMARKS.add(_id, f"mebench.faces.landmarks.{_target}", _summary)


def make_landmarks(id: str, **options: Any) -> LandmarkDetector:
    """Return a landmark detector by its id.

    Raises
    ------
    UserError : for an unknown id or setting, for what is registered and no landmark detector, and with OpenCV 5.
    """
    import cv2

    from mebench.faces.landmarks.base import LandmarkDetector

    found = LANDMARKS.get(id)
    if not (isinstance(found, type) and issubclass(found, LandmarkDetector)):
        raise UserError(f"{id} is no landmark detector: derive its class from LandmarkDetector.")
    if not hasattr(cv2, "CascadeClassifier"):
        # Said up front: faces are followed by functions that became others in OpenCV 5, and would fail in every video.
        raise UserError(
            f"mebench does not run with OpenCV {cv2.__version__}: install an earlier one, with "
            "`pip install 'opencv-python-headless>=4.12,<5'`."
        )
    return found.configure(options)
