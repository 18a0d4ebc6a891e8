"""FER2013: 35,887 grey faces of 48x48 with seven expressions, in one CSV file.

I. J. Goodfellow et al., "Challenges in Representation Learning: A report on three machine learning contests", 2013.
Licence: the rules of the Kaggle challenge "Facial Expression Recognition Challenge", where it is to be downloaded.

Layout
------
::

    ROOT/fer2013.csv                    emotion,pixels,Usage
    ROOT/icml_face_data.csv             emotion, Usage, pixels: the names of the columns begin with blanks
    ROOT/train/angry/im0.png, ROOT/test/...     pictures in folders by expression

`pixels` is 2,304 numbers. They are read from the CSV when a face is asked for: of the whole file, only where each line
begins is kept. The id of a face is its part and its line, such as `training_00002`, or in folders `train_angry_im0`.
Who is seen is not known, and the parts hold near duplicates; both are as released.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

from mebench.datasets.finding import PassedOver, find_file, find_folder
from mebench.datasets.images.base import StillDataset, pictures
from mebench.datasets.images.pixel_lines import Line, LineFrames, lines_of
from mebench.datasets.images.table import Still, Stills
from mebench.datasets.policies import Errata
from mebench.errors import UserError
from mebench.schema.recordings import Clip, FrameSource
from mebench.settings import setting

EMOTIONS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
"""By the numbers of the column `emotion`."""
PROMISED = dict(zip(EMOTIONS, (4953, 547, 5121, 8989, 6077, 4002, 6198), strict=True))
PARTS = {"Training": 28_709, "PublicTest": 3_589, "PrivateTest": 3_589}
SIDE = 48
_FILES = ("fer2013.csv", "icml_face_data.csv")
_FOLDERS = {"train": ("Training",), "test": ("PublicTest", "PrivateTest")}


@dataclasses.dataclass(frozen=True)
class Fer2013Config:
    """Settings of `fer2013`."""

    part: Literal["all", "training", "public_test", "private_test", "test", "training_public"] = setting(
        "all",
        "Which part: the training set, one of the two test sets of the challenge, both of these, or the training and "
        "the public test set, as many as thesis chapter 7 has.",
    )


class Fer2013(StillDataset):
    """FER2013, from its CSV or from folders of pictures."""

    id = "fer2013"
    Config = Fer2013Config

    def __init__(self, config: Fer2013Config, root: Path | None = None) -> None:
        super().__init__(config, root)
        self._lines: list[Line] = []
        self._csv: Path | None = None

    def clips(self) -> Sequence[Clip]:
        """Return every face, sorted by id; pixels are decoded from the CSV when they are asked for."""
        table = self.table
        return Stills(self.id, table, None if self._csv is None else self._frames)

    def promised(self) -> Mapping[str, int]:
        """Return the counts of the challenge; how the expressions are spread over its parts is not promised."""
        parts = _parts(self.config.part)
        whole = {f"images of {emotion}": number for emotion, number in PROMISED.items()}
        return {"images": sum(PARTS[part] for part in parts)} | (whole if len(parts) == len(PARTS) else {})

    def stills(self, errata: Errata) -> Iterator[Still]:
        """Yield the faces of the CSV, or of the folders where there is none."""
        self._csv = find_file(self.place, *_FILES)
        yield from self._in_folders(errata) if self._csv is None else self._in_csv(self._csv, errata)

    def _in_csv(self, path: Path, errata: Errata) -> Iterator[Still]:
        chosen, passed = _parts(self.config.part), PassedOver(errata)
        self._lines = []
        for line in lines_of(path, errata):
            if line.part not in PARTS or not line.emotion.isdecimal() or int(line.emotion) >= len(EMOTIONS):
                passed.add("unknown_label", "left out", f"line {line.number}")
            elif line.part in chosen:
                self._lines.append(line)
                id = f"{line.part.lower()}_{line.number:05d}"
                yield Still(str(path.parent), path.name, EMOTIONS[int(line.emotion)], id=id)
        passed.close()

    def _frames(self, i: int) -> FrameSource:
        assert self._csv is not None
        return LineFrames(self._csv, self._lines[int(self.table.order[i])], SIDE)

    def _in_folders(self, errata: Errata) -> Iterator[Still]:
        passed = PassedOver(errata)
        folders = {part: find_folder(self.place, part) for part in _FOLDERS}
        if not any(folders.values()):
            raise UserError(
                f"Neither fer2013.csv nor folders such as train/angry were found in {self.place}: give --root the "
                "folder that holds FER2013."
            )
        if self.config.part in ("public_test", "private_test", "training_public"):
            raise UserError(
                "Copies of FER2013 in folders have one test set: use part=training or part=test, or the CSV."
            )
        for part, folder in folders.items():
            if folder is None or not set(_FOLDERS[part]) & set(_parts(self.config.part)):
                continue
            for emotion in sorted(child for child in folder.iterdir() if child.is_dir()):
                names = pictures(emotion)
                if emotion.name.lower() not in EMOTIONS:
                    for name in names:
                        passed.add("unknown_label", "left out", f"{part}/{emotion.name}/{name}")
                    continue
                for name in names:
                    label = emotion.name.lower()
                    yield Still(str(emotion), name, label, id=f"{part}_{label}_{name.rpartition('.')[0]}")
        passed.close()


def _parts(part: str) -> tuple[str, ...]:
    """Return the values of `Usage` that a setting asks for."""
    chosen = {"training": ("Training",), "public_test": ("PublicTest",), "private_test": ("PrivateTest",)}
    several = {"all": tuple(PARTS), "test": _FOLDERS["test"], "training_public": ("Training", "PublicTest")}
    return (several | chosen)[part]
