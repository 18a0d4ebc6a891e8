"""Oulu-CASIA: six posed expressions of 80 people from neutral to the apex, by two cameras in three lights.

G. Zhao, X. Huang, M. Taini, S. Z. Li, M. Pietikaeinen, "Facial expression recognition from near-infrared videos", Image
and Vision Computing 29(9), 2011.
Licence: for research, on request at the Center for Machine Vision and Signal Analysis, University of Oulu.

Layout
------
::

    ROOT/OriginalImg/{VL,NI}/{Strong,Weak,Dark}/P001/Anger/000.jpeg
    ROOT/PreProcess Img/{VL,NI}_Acropped/Strong/P001/Anger/000.jpeg     also PreProcess_Img, PreProcessImg, PreProcess

VL is visible light and NI near infrared. The first frame is neutral, the last one the apex.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

from mebench.datasets.clips.posed import PosedConfig, PosedDataset
from mebench.datasets.finding import PassedOver, find_folders
from mebench.datasets.folders import subfolders
from mebench.datasets.policies import Errata
from mebench.errors import UserError
from mebench.schema.recordings import Clip
from mebench.settings import setting

EMOTIONS = ("anger", "disgust", "fear", "happiness", "sadness", "surprise")
PEOPLE = 80
_PERSON = re.compile(r"P\d+", re.IGNORECASE)


@dataclasses.dataclass(frozen=True)
class OuluCasiaConfig(PosedConfig):
    """Settings of `oulu_casia`."""

    camera: Literal["VL", "NI"] = setting("VL", "Visible light, or near infrared.")
    light: Literal["Strong", "Weak", "Dark"] = setting("Strong", "In which light.")
    faces: Literal["auto", "original", "cropped"] = setting(
        "auto", "Whole pictures, the release's cropped faces, or whole ones where there are any."
    )


class OuluCasia(PosedDataset):
    """Oulu-CASIA, one camera and light at a time."""

    id = "oulu_casia"
    Config = OuluCasiaConfig
    usual_fps = 25.0
    assumptions = {
        "first and last frame": "neutral and the apex, as the release describes its sequences",
        "frame rate": "25 frames per second",
    }

    def promises(self, found: Mapping[str, int]) -> Mapping[str, int]:
        """Return 80 people who show each expression once."""
        each = {f"clips of {emotion}": PEOPLE for emotion in EMOTIONS}
        return {"clips": PEOPLE * len(EMOTIONS), "subjects": PEOPLE, **each}

    def takes(self, errata: Errata) -> Iterator[Clip | None]:
        """Yield the recordings of the chosen camera and light."""
        passed = PassedOver(errata)
        for person in subfolders(self._folder(errata)):
            if not _PERSON.fullmatch(person.name):
                passed.add("other_folder", "left out", person.name)
                continue
            subject = person.name.upper()
            for expression in subfolders(person):
                emotion = expression.name.lower()
                if emotion in EMOTIONS:
                    yield self.folder_clip(subject, f"{subject}_{emotion}", expression, emotion, errata, ends="apex")
                else:
                    passed.add("other_expression", "left out", f"{person.name}/{expression.name}")
        passed.close()

    def _folder(self, errata: Errata) -> Path:
        """Return the folder of the people under the chosen settings."""
        camera, light = self.config.camera, self.config.light
        names = {"original": camera, "cropped": f"{camera}_Acropped"}
        wanted = tuple(names) if self.config.faces == "auto" else (self.config.faces,)
        found: dict[str, Path] = {}
        for kind in wanted:
            for folder in find_folders(self.place, names[kind]):
                for place in find_folders(folder, light, depth=2):
                    found.setdefault(kind, place)
        if not found:
            example = f"{'PreProcess Img' if wanted[0] == 'cropped' else 'OriginalImg'}/{names[wanted[0]]}/{light}"
            raise UserError(
                f"No folder {example} was found in {self.place}: give --root the folder that holds Oulu-CASIA, or "
                "choose another camera or light."
            )
        if len(found) > 1:
            errata.add("several_releases", names["cropped"], f"{names['original']} is read")
        return next(found[kind] for kind in wanted if kind in found)
