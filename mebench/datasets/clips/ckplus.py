"""CK+: 593 posed sequences of 123 people from neutral to the apex, 327 of them with an emotion.

P. Lucey, J. F. Cohn, T. Kanade, J. Saragih, Z. Ambadar, I. Matthews, "The Extended Cohn-Kanade Dataset (CK+)", CVPR
Workshops 2010.
Licence: for research, on request at http://www.jeffcohn.net/Resources.

Layout
------
::

    ROOT/cohn-kanade-images/S005/001/S005_001_00000001.png     also in extended-cohn-kanade-images/
    ROOT/Emotion/S005/001/S005_001_00000011_emotion.txt        also in Emotion_labels/: one number, `3.0000000e+00`
    ROOT/FACS/S005/001/S005_001_00000011_facs.txt              also in FACS_labels/: action unit and intensity a line

The first frame is neutral, and the last one the apex. Only sequences with an emotion have a text. An intensity of 0
means that it was not scored. Frames are 640x490 or 640x480, grey in some sequences and coloured in others.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

from mebench.datasets.clips.posed import PosedConfig, PosedDataset, coded_unit
from mebench.datasets.finding import PassedOver, find_folder
from mebench.datasets.folders import search_files, subfolders
from mebench.datasets.policies import Errata
from mebench.errors import UserError
from mebench.schema.recordings import Clip
from mebench.settings import setting

EMOTIONS = ("neutral", "anger", "contempt", "disgust", "fear", "happy", "sadness", "surprise")
"""By their numbers in the texts."""
PROMISED = dict(zip(EMOTIONS[1:], (45, 18, 59, 25, 69, 28, 83), strict=True))


@dataclasses.dataclass(frozen=True)
class CkPlusConfig(PosedConfig):
    """Settings of `ckplus`."""

    unlabelled: Literal["drop", "keep"] = setting(
        "drop", "Sequences without an emotion, 266 of 593: left out, or kept without one."
    )


class CkPlus(PosedDataset):
    """CK+, as released."""

    id = "ckplus"
    Config = CkPlusConfig
    usual_fps = 30.0
    assumptions = {
        "first and last frame": "neutral and the apex, as the release describes its sequences",
        "frame rate": "30 frames per second",
    }

    def promises(self, found: Mapping[str, int]) -> Mapping[str, int]:
        """Return the counts of the paper's table; those of all 593 sequences where they are kept."""
        whole = self.config.unlabelled == "keep"
        of_emotion = {f"clips of {emotion}": number for emotion, number in PROMISED.items()}
        return {"clips": 593 if whole else 327, **of_emotion} | ({"subjects": 123} if whole else {})

    def takes(self, errata: Errata) -> Iterator[Clip | None]:
        """Yield the sequences, those without an emotion as the setting says."""
        images = find_folder(self.place, "cohn-kanade-images")
        emotions = find_folder(self.place, "Emotion") or find_folder(self.place, "Emotion_labels")
        if images is None or emotions is None:
            lacking = "cohn-kanade-images" if images is None else "Emotion"
            raise UserError(
                f"No folder {lacking} was found in {self.place}: give --root the folder that holds the parts of CK+."
            )
        facs = find_folder(self.place, "FACS") or find_folder(self.place, "FACS_labels")
        if facs is None:
            errata.add("no_facs", "FACS", "without action units", "the copy has no such folder")
        passed = PassedOver(errata)
        for subject in subfolders(images):
            for folder in subfolders(subject):
                yield self._take(subject.name, folder, emotions, facs, passed, errata)
        passed.close()

    def _take(
        self, subject: str, folder: Path, emotions: Path, facs: Path | None, passed: PassedOver, errata: Errata
    ) -> Clip | None:
        id = f"{subject}_{folder.name}"
        text = _text(emotions / subject / folder.name, "*_emotion.txt")
        emotion = "" if text is None else _emotion(text, errata)
        if not emotion:
            keep = self.config.unlabelled == "keep"
            passed.add("unlabelled", "kept without an emotion" if keep else "left out", id)
            if not keep:
                return None
        units = None if facs is None else _text(facs / subject / folder.name, "*_facs.txt")
        clip = self.folder_clip(
            subject, id, folder, emotion, errata, ends="apex", action_units="" if units is None else _units(units)
        )
        if clip is not None and text is not None:
            _compare_ends(clip, text, errata)
        return clip


def _text(folder: Path, pattern: str) -> Path | None:
    """Return the text about a sequence, None where it has none."""
    return next(iter(search_files([folder], pattern)), None) if folder.is_dir() else None


def _emotion(path: Path, errata: Errata) -> str:
    numbers = _numbers(path)
    number = int(numbers[0]) if len(numbers) == 1 else -1
    if not 0 <= number < len(EMOTIONS):
        errata.add("unknown_emotion", path.name, "counts as without an emotion", path.read_text(errors="replace")[:40])
        return ""
    return EMOTIONS[number]


def _units(path: Path) -> str:
    numbers = [int(number) for number in _numbers(path)]
    return "+".join(coded_unit(*pair) for pair in zip(numbers[::2], numbers[1::2], strict=False))


def _numbers(path: Path) -> list[float]:
    """Return the numbers of a text.

    Raises
    ------
    UserError : when something in it is no number.
    """
    try:
        return [float(word) for word in path.read_text(encoding="utf-8-sig").split()]
    except (OSError, ValueError) as error:
        raise UserError(f"{path} does not hold numbers ({error}): unpack it again from the release.") from error


def _compare_ends(clip: Clip, text: Path, errata: Errata) -> None:
    """Report a text whose name has another frame than the last one on disk."""
    named = text.name.split("_")[2] if text.name.count("_") > 2 else ""
    last = clip.n_frames + clip.first - 1
    if named.isdecimal() and int(named) != last:
        errata.add("other_apex", clip.id, f"the last frame on disk, {last}", f"the text is about frame {int(named)}")
