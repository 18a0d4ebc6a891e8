"""SMIC: 164 micro-expressions of 16 people at 100 fps, 71 of them by two cameras at 25 fps too; three classes.

X. Li, T. Pfister, X. Huang, G. Zhao, M. Pietikainen, "A Spontaneous Micro-expression Database: Inducement, collection
and baseline", FG 2013.

Layout
------
::

    ROOT/SMIC_all_raw/{HS,VIS,NIR}/s1/micro/negative/s1_ne_01/image559740.bmp ...
    ROOT/SMIC_all_cropped/{HS,VIS,NIR}/s1/micro/negative/s1_ne_01/reg_image559740.bmp ...

Files bear the numbers of the whole recording or begin at 0. There is no table: person, emotion and clip are in the
path, a clip begins with its onset and ends with its offset, and it has no apex.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from mebench.datasets.clips.base import ClipConfig, ClipDataset, ClipFolder
from mebench.datasets.clips.policies import AnnotatedClip
from mebench.datasets.clips.smic_names import CAMERAS, SmicName, camera_of, find_clips, is_long, parse_name
from mebench.datasets.policies import Errata
from mebench.errors import UserError
from mebench.settings import setting

_EMOTIONS = ("negative", "positive", "surprise")
_PROMISED = {
    "hs": {"annotated rows": 164, "subjects": 16, "clips": 164, "emotion negative": 70, "emotion positive": 51,
           "emotion surprise": 43},
    "vis": {"annotated rows": 71, "subjects": 8, "clips": 71, "emotion negative": 24, "emotion positive": 28,
            "emotion surprise": 19},
    "nir": {"annotated rows": 71, "subjects": 8, "clips": 71},
}  # fmt: skip


@dataclasses.dataclass(frozen=True)
class SmicConfig(ClipConfig):
    """Settings of `smic`."""

    camera: Literal["hs", "vis", "nir"] = setting(
        "hs", "The camera: high speed at 100 fps, visible light or near infrared at 25.", source="MEGC2019 has hs"
    )
    release: Literal["auto", "raw", "cropped"] = setting(
        "auto", "Which frames to read: whole ones, cropped faces, or whole ones where there are any."
    )

    def __post_init__(self) -> None:
        """Refuse a workbook, which SMIC does not have, and a frame rate that is not positive."""
        super().__post_init__()
        if self.workbook is not None:
            raise ValueError("SMIC has no workbook, its clips are annotated by their paths: leave workbook out")


class Smic(ClipDataset):
    """SMIC, as released, by one camera."""

    id = "smic"
    Config = SmicConfig
    cut = True

    @property
    def fps(self) -> float:
        """Frames per second of every clip."""
        if self.config.fps is None and self.record is None:
            return CAMERAS[self.config.camera]
        return super().fps

    def promises(self, rows: Sequence[AnnotatedClip]) -> Mapping[str, int]:
        """Return the counts of the camera."""
        return _PROMISED[self.config.camera]

    def folders(self, errata: Errata) -> list[ClipFolder]:
        """Find the folders named `s1_ne_01`, in the camera's folder and not among the longer clips of SMIC-E."""
        found = list(find_clips(self.place, self._is_ours))
        assumed = [path for _, path in found if self._camera(self._parts(path)) is None]
        if assumed and self.config.camera != "hs":
            found = [(name, path) for name, path in found if path not in assumed]
        elif assumed:
            errata.add(
                "camera_assumed", assumed[0].name, "taken for high speed", f"{len(assumed)} clips name no camera"
            )
        chosen = self._release(found, errata)
        if not chosen:
            camera = self.config.camera.upper()
            raise UserError(
                f"No folder of frames such as {camera}/s1/micro/negative/s1_ne_01 was found in {self.place}: give "
                "--root the folder that holds SMIC, or name another camera or release."
            )
        for name, path in chosen:
            _compare_emotion(name, self._parts(path), errata)
        return [ClipFolder(name.subject, name.clip, path) for name, path in chosen]

    def rows(self, errata: Errata) -> list[AnnotatedClip]:
        """Return a row for each folder of frames: its name says what it shows."""
        names = filter(None, (parse_name(folder.clip) for folder in self.folders(Errata())))
        return [AnnotatedClip(*name[:2], name.clip, emotion=name.emotion) for name in names]

    def _is_ours(self, parts: tuple[str, ...]) -> bool:
        plain = tuple(part.lower() for part in parts)
        return not is_long(parts) and self._camera(parts) in (self.config.camera, None) and "non_micro" not in plain

    def _camera(self, parts: tuple[str, ...]) -> str | None:
        """Return the camera that the path of a clip names, the root's own name at last."""
        return camera_of(parts) or camera_of((self.place.name,))

    def _parts(self, path: Path) -> tuple[str, ...]:
        return path.relative_to(self.place).parts[:-1]

    def _release(self, found: Sequence[tuple[SmicName, Path]], errata: Errata) -> list[tuple[SmicName, Path]]:
        """Apply `release`, and report what is not read."""
        cropped = [(name, path) for name, path in found if any("crop" in part.lower() for part in self._parts(path))]
        whole = [pair for pair in found if pair not in cropped]
        chosen = {"auto": whole or cropped, "raw": whole, "cropped": cropped}[self.config.release]
        other = whole if chosen is cropped else cropped
        if chosen and other:
            errata.add("several_releases", self._parts(other[0][1])[0], f"{self._parts(chosen[0][1])[0]} is read")
        return chosen


def _compare_emotion(name: SmicName, parts: tuple[str, ...], errata: Errata) -> None:
    """Report a clip that lies in the folder of another emotion than its name has."""
    said = [part.lower() for part in parts if part.lower() in _EMOTIONS]
    if said and said[-1] != name.emotion:
        errata.add("emotion_of_folder", name.clip, f"taken as {name.emotion}, as it is named", f"it lies in {said[-1]}")
