"""AffectNet: faces found on the web, labelled by people with an expression, valence and arousal.

A. Mollahosseini, B. Hasani, M. H. Mahoor, "AffectNet: A Database for Facial Expression, Valence, and Arousal Computing
in the Wild", IEEE Transactions on Affective Computing 10(1), 2019.
Licence: for research, on request at http://mohammadmahoor.com/affectnet.

Layout
------
::

    ROOT/Manually_Annotated_file_lists/{training,validation}.csv             (a) the lists, 414,799 and 5,500 faces
    ROOT/Manually_Annotated_Images/103/29a31ebf1567693f4644c8ba3476ca9a.jpg
    ROOT/train_set/images/0.jpg, ROOT/train_set/annotations/0_{exp,val,aro,lnd}.npy      (b) 287,651 and 3,999 faces
    ROOT/val_set/...

(a) has eleven labels, three of which are no expressions (`none`, `uncertain`, `non-face`); (b) holds the eight others.
A list without a header has the release's columns. Valence and arousal of -2 mean that there is none. Who is seen is not
known. Labels of (b) stand in a file for each face, so that listing it opens every one of them once.
"""

from __future__ import annotations

import array
import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mebench.datasets.finding import PassedOver, find_file, find_folder
from mebench.datasets.images.affectnet_lists import Row, rows_of
from mebench.datasets.images.base import OnDisk, StillDataset, pictures
from mebench.datasets.images.npy_text import npy_number
from mebench.datasets.images.table import Still
from mebench.datasets.policies import Errata
from mebench.errors import UserError
from mebench.settings import setting

EMOTIONS = ("neutral", "happy", "sad", "surprise", "fear", "disgust", "anger", "contempt")
NO_EXPRESSION = ("none", "uncertain", "non-face")
LABELS = EMOTIONS + NO_EXPRESSION
"""By the numbers of the column `expression`."""
PROMISED = (74_874, 134_415, 25_459, 14_090, 6_378, 3_803, 24_882, 3_750, 33_088, 11_645, 82_415)
"""Faces of each label in the training list (table 3 of the paper); 500 of each are for validation."""
NO_RATING = -2.0
_SETS = {"training": "train_set", "validation": "val_set"}
_PARTS = {"all": ("training", "validation"), "training": ("training",), "validation": ("validation",)}


@dataclasses.dataclass(frozen=True)
class AffectNetConfig:
    """Settings of `affectnet`."""

    part: Literal["all", "training", "validation"] = setting("all", "Which part of the release.")
    no_expression: Literal["drop", "keep"] = setting(
        "drop", "Faces labelled none, uncertain or non-face: left out, or kept under these labels."
    )


class AffectNet(StillDataset):
    """AffectNet in either of its two layouts."""

    id = "affectnet"
    Config = AffectNetConfig
    assumptions = {"valence or arousal of -2": "there is none", "a list without a header": "has the usual columns"}

    def __init__(self, config: AffectNetConfig, root: Path | None = None) -> None:
        super().__init__(config, root)
        self._lists: dict[str, Path] = {}
        self._rated = array.array("f")

    def stills(self, errata: Errata) -> Iterator[Still]:
        """Yield the faces of the lists, or those of the folders with annotations."""
        self._lists = self._find_lists()
        if self._lists:
            yield from self._in_lists(errata)
            return
        found = {part: find_folder(self.place, name) for part, name in _SETS.items()}
        if not any(found.values()):
            raise UserError(
                "Neither Manually_Annotated_file_lists/training.csv nor train_set/annotations was found in "
                f"{self.place}: give --root the folder that holds AffectNet."
            )
        for part in _PARTS[self.config.part]:
            if (folder := found[part]) is not None:
                yield from self._in_folder(folder, part, errata)

    def promised(self) -> Mapping[str, int]:
        """Return the counts of the layout that was found; of (b), those of all faces alone."""
        parts = _PARTS[self.config.part]
        if not self._lists:
            return {"images": sum({"training": 287_651, "validation": 3_999}[part] for part in parts)}
        labels = LABELS if self.config.no_expression == "keep" else EMOTIONS
        each = {
            label: ("training" in parts) * PROMISED[i] + ("validation" in parts) * 500 for i, label in enumerate(labels)
        }
        return {"images": sum(each.values())} | {f"images of {label}": number for label, number in each.items()}

    def ratings(self) -> NDArray[np.float32]:
        """Return valence and arousal of every still, in the order of `clips`; read from disk where they lie in files.

        Returns
        -------
        Shape (n, 2), from -1 to 1; NaN where there is none.
        """
        table = self.table
        if self._lists:
            found = np.array(self._rated, np.float32).reshape(-1, 2)[table.order]
        else:
            found = np.empty((len(table), 2), np.float32)
            for i in range(len(table)):
                still = table.still(i)
                stem = f"{Path(still.folder).parent / 'annotations'}/{_stem(still.file)}"
                found[i] = [npy_number(f"{stem}_{kind}.npy") for kind in ("val", "aro")]
        found[(found == NO_RATING).any(axis=1)] = np.nan
        return found

    def _find_lists(self) -> dict[str, Path]:
        place = find_folder(self.place, "Manually_Annotated_file_lists") or self.place
        found = {part: find_file(place, f"{part}.csv", depth=1) for part in _PARTS["all"]}
        return {part: path for part, path in found.items() if path is not None}

    def _in_lists(self, errata: Errata) -> Iterator[Still]:
        images = find_folder(self.place, "Manually_Annotated_Images")
        if images is None:
            raise UserError(
                f"The lists of AffectNet are there, but no folder Manually_Annotated_Images in {self.place}: unpack "
                "the pictures there."
            )
        self._rated = array.array("f")
        disk, passed = OnDisk(errata), PassedOver(errata)
        for part, row in self._rows(errata):
            folder, _, file = row.path.rpartition("/")
            folder = f"{images}/{folder}"
            if self._wanted(row.expression, f"{part}.csv, {row.path}", passed) and disk.has(folder, file):
                if NO_RATING in (row.valence, row.arousal):
                    passed.add("no_rating", "valence and arousal are not a number", row.path)
                self._rated.extend((row.valence, row.arousal))
                yield Still(folder, file, LABELS[row.expression], id=f"{part}_{_stem(file)}")
        passed.close()
        disk.close()

    def _rows(self, errata: Errata) -> Iterator[tuple[str, Row]]:
        """Yield the rows of every list that is asked for, and which it is."""
        for part in _PARTS[self.config.part]:
            if part in self._lists:
                yield from ((part, row) for row in rows_of(self._lists[part], errata))
            else:
                errata.add("missing_list", f"{part}.csv", "its faces are left out", "the copy has no such file")

    def _in_folder(self, folder: Path, part: str, errata: Errata) -> Iterator[Still]:
        passed = PassedOver(errata)
        images, annotations = str(folder / "images"), str(folder / "annotations")
        for name in pictures(images):
            try:
                label = npy_number(f"{annotations}/{_stem(name)}_exp.npy")
            except FileNotFoundError:
                passed.add("missing_label", "left out", f"{folder.name}/{name}")
                continue
            if self._wanted(int(label), f"{folder.name}/{name}", passed):
                yield Still(images, name, LABELS[int(label)], id=f"{part}_{_stem(name)}")
        passed.close()

    def _wanted(self, label: int, where: str, passed: PassedOver) -> bool:
        """Tell whether faces of a label are asked for; those that are not are counted."""
        if not 0 <= label < len(LABELS):
            passed.add("unknown_label", "left out", f"{where}: {label}")
            return False
        if LABELS[label] in NO_EXPRESSION and self.config.no_expression == "drop":
            passed.add("no_expression", "left out", where)
            return False
        return True


def _stem(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[0]
