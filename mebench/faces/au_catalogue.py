"""The built-in sources of action-unit intensities, by id.

`openface` reads the table that OpenFace wrote for a video; `hog_ridge` stands in for it where there is none.
"""

from __future__ import annotations

from mebench.faces.action_units import ActionUnitDetector
from mebench.registry import Registry

AU_DETECTORS: Registry[type[ActionUnitDetector]] = Registry("action-unit detector", "mebench.action_units")

AU_DETECTORS.add("openface", "mebench.faces.action_units:OpenFaceActionUnits", "OpenFace's CSV table of the video")
AU_DETECTORS.add(
    "hog_ridge",
    "mebench.faces.hog_ridge:HogRidge",
    "HOG and ridge regression, trained on synthetic faces; stands in for OpenFace",
)


def make_detector(id: str) -> ActionUnitDetector:
    """Return a detector by its id.

    Raises
    ------
    UserError : for an unknown id.
    """
    return AU_DETECTORS.get(id)()
