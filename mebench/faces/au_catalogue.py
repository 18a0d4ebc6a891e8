"""The sources of action-unit intensities, by id: the built-in ones and those that other packages register.

`openface` reads the table that OpenFace wrote for a video; `hog_ridge` stands in for it where there is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mebench.errors import UserError
from mebench.registry import Registry

if TYPE_CHECKING:
    from mebench.faces.action_units import ActionUnitDetector

AU_DETECTORS: Registry[type[ActionUnitDetector]] = Registry("action-unit detector", "mebench.detectors")

for _id, _target, _summary in (
    (
        "hog_ridge",
        "hog_ridge:HogRidge",
        "HOG and ridge regression, trained on synthetic faces; stands in for OpenFace",
    ),
    ("openface", "action_units:OpenFaceActionUnits", "OpenFace's CSV table of the video"),
):
    AU_DETECTORS.add(_id, f"mebench.faces.{_target}", _summary)


def make_detector(id: str) -> ActionUnitDetector:
    """Return a detector by its id, with its default settings.

    Raises
    ------
    UserError : for an unknown id, and for what is registered and no detector.
    """
    from mebench.faces.action_units import ActionUnitDetector

    found = AU_DETECTORS.get(id)
    if not (isinstance(found, type) and issubclass(found, ActionUnitDetector)):
        raise UserError(f"{id} is no action-unit detector: derive its class from ActionUnitDetector.")
    return found.configure()
