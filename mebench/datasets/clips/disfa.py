"""DISFA: 27 people who watch videos, with the intensities of 12 action units in every frame.

S. M. Mavadati, M. H. Mahoor, K. Bartlett, P. Trinh, J. F. Cohn, "DISFA: A Spontaneous Facial Action Intensity
Database", IEEE Transactions on Affective Computing 4(2), 2013.
Licence: for research, on request at http://mohammadmahoor.com/disfa.

Layout
------
::

    ROOT/Videos_LeftCamera/LeftVideoSN001_comp.avi        also Video_LeftCamera
    ROOT/Video_RightCamera/RightVideoSN001_Comp.avi       also Videos_RightCamera
    ROOT/ActionUnit_Labels/SN001/SN001_au1.txt            a line for each frame: number and intensity, 0 to 5

There are no emotions; a clip's action units are those that occur, each with its highest intensity; `intensities` has
them frame by frame. Who takes part is listed from the folder, because published lists of the 27 people differ.
The landmarks of the release are not read: their frames may be shifted against those of the videos.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mebench.datasets.clips.posed import ListedVideo, PosedConfig, PosedDataset, coded_unit
from mebench.datasets.finding import find_folder
from mebench.datasets.folders import subfolders
from mebench.datasets.policies import Errata
from mebench.errors import UserError
from mebench.schema.recordings import Clip
from mebench.settings import setting

UNITS = (1, 2, 4, 5, 6, 9, 12, 15, 17, 20, 25, 26)
PEOPLE, USUAL_FRAMES = 27, 4_845
_VIDEO = re.compile(r"(?:left|right)_?videoSN(\d+)_?(?:comp)?\.(?:avi|mp4)", re.IGNORECASE)


@dataclasses.dataclass(frozen=True)
class DisfaConfig(PosedConfig):
    """Settings of `disfa`."""

    camera: Literal["left", "right"] = setting("left", "Which of the two cameras.")


class Disfa(PosedDataset):
    """DISFA, one camera at a time."""

    id = "disfa"
    tasks = ("generation", "recognition")
    Config = DisfaConfig
    usual_fps = 20.0
    assumptions = {
        "frame rate": "20 frames per second; the videos' own time stamps go before it",
        "frames": "line n of a list of intensities is frame n of the video",
    }

    def promises(self, found: Mapping[str, int]) -> Mapping[str, int]:
        """Return 27 people, each with one video."""
        return {"clips": PEOPLE, "subjects": PEOPLE}

    def takes(self, errata: Errata) -> Iterator[Clip | None]:
        """Yield every video of the chosen camera that has labels."""
        side = self.config.camera.capitalize()
        place = find_folder(self.place, f"Videos_{side}Camera") or find_folder(self.place, f"Video_{side}Camera")
        if place is None:
            raise UserError(
                f"No folder Videos_{side}Camera was found in {self.place}: give --root the folder that holds DISFA."
            )
        people = self._labelled()
        for path in sorted(place.iterdir()):
            match = _VIDEO.fullmatch(path.name)
            if match is None:
                continue
            subject = f"SN{int(match[1]):03d}"
            if people.pop(subject, None) is None:
                errata.add("no_labels", subject, "left out", f"{path.name} has no folder in ActionUnit_Labels")
                continue
            units = _summary(_read(self._labels, subject, errata))
            yield Clip(self.id, subject, subject, self.fps, ListedVideo(path), "", 0, 0, 0, units)
        for subject in people:
            errata.add("no_video", subject, "left out", f"there are labels, but no {side}Video{subject}_comp.avi")

    def intensities(self, clip: Clip) -> NDArray[np.uint8]:
        """Return the intensities of `UNITS` in every labelled frame of a clip; shape (n, 12), from 0 to 5.

        Raises
        ------
        UserError : when a list is missing or no list of intensities.
        """
        return _read(self._labels, clip.subject, Errata())

    @property
    def _labels(self) -> Path:
        labels = find_folder(self.place, "ActionUnit_Labels")
        if labels is None:
            raise UserError(f"No folder ActionUnit_Labels was found in {self.place}: unpack the labels of DISFA there.")
        return labels

    def _labelled(self) -> dict[str, Path]:
        return {folder.name.upper(): folder for folder in subfolders(self._labels)}


def _read(labels: Path, subject: str, errata: Errata) -> NDArray[np.uint8]:
    """Return the intensities of one person, shape (n, 12); lists of unlike length are cut to the shortest."""
    columns = [_intensities(labels / subject / f"{subject}_au{unit}.txt") for unit in UNITS]
    lengths = sorted({len(column) for column in columns})
    if len(lengths) > 1:
        errata.add("unlike_lengths", subject, f"cut to {lengths[0]} frames", f"lists of {lengths} frames")
    if lengths[0] != USUAL_FRAMES:
        errata.add("other_length", subject, "as it is", f"{lengths[0]} frames, where most people have {USUAL_FRAMES}")
    return np.stack([column[: lengths[0]] for column in columns], axis=1)


def _intensities(path: Path) -> NDArray[np.uint8]:
    try:
        lines = [line.split(",") for line in path.read_text(encoding="utf-8-sig").split()]
        numbers, values = zip(*((int(number), int(value)) for number, value in lines), strict=True)
    except FileNotFoundError as error:
        raise UserError(f"The list {path} is missing: unpack the labels of DISFA again.") from error
    except (OSError, ValueError) as error:
        raise UserError(f"{path} is no list of frames and intensities ({error}): unpack it again.") from error
    if list(numbers) != list(range(numbers[0], numbers[0] + len(numbers))) or not 0 <= min(values) <= max(values) <= 5:
        raise UserError(f"{path} is no list of every frame with an intensity from 0 to 5: unpack it again.")
    return np.array(values, np.uint8)


def _summary(found: NDArray[np.uint8]) -> str:
    """Return the action units that occur, each with its highest intensity."""
    return "+".join(coded_unit(unit, int(top)) for unit, top in zip(UNITS, found.max(axis=0), strict=True) if top)
