"""FFHQ: 70,000 faces found on the web, of high quality and without labels.

T. Karras, S. Laine, T. Aila, "A Style-Based Generator Architecture for Generative Adversarial Networks", CVPR 2019.
Licence: Creative Commons BY-NC-SA 4.0 for the data set, each picture under its own; https://github.com/NVlabs/ffhq-dataset.

Layout
------
::

    ROOT/images1024x1024/00000/00000.png     a folder for every thousand, or all in one folder
    ROOT/thumbnails128x128/00000/00000.png   the same, small
    ROOT/ffhq-features-dataset/json/00000.json    labels made by a program: https://github.com/DCGM/ffhq-features-dataset

The first 60,000 are for training, the rest for validation. The release has no emotions. Thesis chapter 7 takes those of
the features by DCGM, which are scores: where they lie in the copy, or the setting `features` names them, the emotion of
a picture is the one with the highest score. A picture without a file of features, or with several or no faces in it,
has none.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from mebench.datasets.finding import PassedOver, find_folder
from mebench.datasets.folders import subfolders
from mebench.datasets.images.base import StillDataset, pictures
from mebench.datasets.images.table import Still
from mebench.datasets.policies import Errata
from mebench.errors import UserError
from mebench.settings import setting

TRAINING = 60_000
WHOLE = 70_000
_FOLDERS = {"full": "images1024x1024", "thumbnails": "thumbnails128x128"}
_FEATURES = "ffhq-features-dataset"
_NAME = re.compile(r"(\d{5})\.(?:png|jpe?g)", re.IGNORECASE)


@dataclasses.dataclass(frozen=True)
class FfhqConfig:
    """Settings of `ffhq`."""

    size: Literal["auto", "full", "thumbnails"] = setting(
        "auto", "Pictures of 1024x1024, of 128x128, or the larger ones where there are any."
    )
    part: Literal["all", "training", "validation"] = setting(
        "all", "Which part: the first 60,000, or the others.", source="the dataset's ReadMe"
    )
    features: str | None = setting(
        None,
        "Folder with the JSON files of ffhq-features-dataset; left out, it is looked for in the copy, and without it "
        "pictures have no emotion.",
        source="thesis chapter 7",
    )


class Ffhq(StillDataset):
    """FFHQ, as released."""

    id = "ffhq"
    tasks = ("generation", "recognition")
    Config = FfhqConfig
    assumptions = {"the parts": "00000 to 59999 are for training, as the ReadMe of the release says"}

    def stills(self, errata: Errata) -> Iterator[Still]:
        """Yield the pictures of the chosen size and part."""
        chosen, passed = self._folder(), PassedOver(errata)
        features = self._features(errata)
        for folder in (chosen, *subfolders(chosen)):
            for name in pictures(folder):
                match = _NAME.fullmatch(name)
                if match is None:
                    passed.add("malformed_name", "left out", name)
                elif self._wanted(int(match[1])):
                    emotion = "" if features is None else _emotion(features / f"{match[1]}.json", passed)
                    yield Still(str(folder), name, emotion)
        passed.close()

    def promised(self) -> Mapping[str, int]:
        """Return the number of pictures."""
        return {"images": {"all": WHOLE, "training": TRAINING, "validation": WHOLE - TRAINING}[self.config.part]}

    def _wanted(self, number: int) -> bool:
        return self.config.part == "all" or (number < TRAINING) == (self.config.part == "training")

    def _folder(self) -> Path:
        sizes = tuple(_FOLDERS) if self.config.size == "auto" else (self.config.size,)
        found = (find_folder(self.place, _FOLDERS[size]) for size in sizes)
        folder = next(filter(None, found), None)
        if folder is None:
            names = " nor ".join(_FOLDERS[size] for size in sizes)
            raise UserError(
                f"{'Neither ' if len(sizes) > 1 else 'No folder '}{names} was found in {self.place}: give --root "
                "the folder that holds FFHQ."
            )
        return folder

    def _features(self, errata: Errata) -> Path | None:
        if self.config.features is None:
            place = find_folder(self.place, _FEATURES, depth=2)
            if place is None:
                errata.add("no_labels", _FEATURES, "pictures have no emotion", "the copy has no such folder")
                return None
        else:
            place = Path(self.config.features)
        if not place.is_dir():
            raise UserError(f"The folder {place} of the setting features does not exist: check the path.")
        return find_folder(place, "json", depth=1) or place


def _emotion(path: Path, passed: PassedOver) -> str:
    """Return the emotion with the highest score of the one face in a file of features, empty where there is none."""
    try:
        faces = json.loads(path.read_bytes())
    except FileNotFoundError:
        passed.add("no_features", "without emotion", path.name)
        return ""
    except (OSError, ValueError) as error:
        raise UserError(f"{path} cannot be read as JSON ({error}): download the features again.") from error
    if not isinstance(faces, list) or len(faces) != 1:
        passed.add("not_one_face", "without emotion", path.name)
        return ""
    scores = _scores(faces[0])
    if not scores:
        passed.add("no_emotion", "without emotion", path.name)
        return ""
    return max(sorted(scores), key=lambda name: scores[name]).lower()


def _scores(face: Any) -> dict[str, float]:
    attributes = face.get("faceAttributes") if isinstance(face, dict) else None
    scores = attributes.get("emotion") if isinstance(attributes, dict) else None
    return (
        {str(k): float(v) for k, v in scores.items() if isinstance(v, int | float)} if isinstance(scores, dict) else {}
    )
