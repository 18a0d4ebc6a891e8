"""MMI: posed expressions and single action units in some 2,900 videos and stills of 75 people.

M. Pantic, M. Valstar, R. Rademaker, L. Maat, "Web-based database for facial expression analysis", ICME 2005;
M. Valstar, M. Pantic, "Induced disgust, happiness and surprise: an addition to the MMI facial expression database",
LREC Workshops 2010.
Licence: for research, on request at https://mmifacedb.eu.

Layout
------
::

    ROOT/Sessions/1841/S035-004.avi
                       S035-004.xml              <Metatag Name="Emotion" Value="4"/>, <Metatag Name="AUs" Value="6+12"/>
                       S035-004-oao_aucs.xml     <ActionUnit Number="12">
                       session.xml               <track view="0">

The person is what stands before the hyphen. A view of 0 is frontal, 1 from the side, 2 both beside each other. Frontal
sessions without an `oao_aucs.xml` were recorded with the camera on its side: they are turned upright, clockwise. Most
sessions show action units and have no emotion. Sessions of stills have no video and are left out.
"""

from __future__ import annotations

import dataclasses
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

from mebench.datasets.clips.posed import ListedVideo, PosedConfig, PosedDataset
from mebench.datasets.finding import PassedOver, find_folder
from mebench.datasets.folders import search_files, subfolders
from mebench.datasets.policies import Errata
from mebench.errors import UserError
from mebench.frames.turned import TurnedFrames
from mebench.schema.recordings import Clip, FrameSource
from mebench.settings import setting

EMOTIONS = {1: "anger", 2: "disgust", 3: "fear", 4: "happiness", 5: "sadness", 6: "surprise"}
VIEWS = {"0": "frontal", "1": "profile", "2": "dual"}
_CODES = "-oao_aucs.xml"
_CLOCKWISE = -1


@dataclasses.dataclass(frozen=True)
class MmiConfig(PosedConfig):
    """Settings of `mmi`."""

    view: Literal["all", "frontal", "profile", "dual"] = setting(
        "all", "From where faces are seen; dual is frontal and profile beside each other."
    )
    unlabelled: Literal["drop", "keep"] = setting("drop", "Videos without one of the six emotions: left out, or kept.")
    on_side: Literal["turn", "keep"] = setting(
        "turn", "Frontal videos without oao_aucs.xml, recorded on the side: turned upright, or as they are."
    )


@dataclasses.dataclass(frozen=True)
class _Said:
    """What the texts of one video say."""

    view: str
    emotion: int | None
    action_units: str
    coded: bool


class Mmi(PosedDataset):
    """MMI, as it is downloaded."""

    id = "mmi"
    Config = MmiConfig
    usual_fps = 25.0
    assumptions = {
        "emotions by number": "1 anger, 2 disgust, 3 fear, 4 happiness, 5 sadness, 6 surprise",
        "frame rate": "25 frames per second; the videos' own time stamps go before it",
        "frontal videos without oao_aucs.xml": "recorded on the side, turned clockwise",
        "onset, apex and offset": "none, since what the markers of the action units mean is not known",
    }

    def takes(self, errata: Errata) -> Iterator[Clip | None]:
        """Yield the videos of the chosen view, those without an emotion as the setting says."""
        sessions = find_folder(self.place, "Sessions")
        if sessions is None:
            raise UserError(f"No folder Sessions was found in {self.place}: give --root the folder that holds MMI.")
        passed = PassedOver(errata)
        for folder in subfolders(sessions):
            videos = search_files([folder], "*.avi", "*.mp4")
            if not videos:
                passed.add("no_video", "left out", folder.name)
            for path in videos:
                yield self._take(folder, path, passed)
        passed.close()

    def _take(self, folder: Path, path: Path, passed: PassedOver) -> Clip | None:
        id = f"{folder.name}_{path.stem}"
        said = _said(folder, path.stem)
        if said.view not in VIEWS:
            passed.add("unknown_view", "kept as it is", id)
        if self.config.view not in ("all", VIEWS.get(said.view, "")):
            return None
        emotion = EMOTIONS.get(said.emotion or 0, "")
        if not emotion:
            keep = self.config.unlabelled == "keep"
            kind = "no_emotion" if said.emotion is None else "other_emotion"
            passed.add(kind, "kept without an emotion" if keep else "left out", f"{id}: {said.emotion or 'none'}")
            if not keep:
                return None
        frames: FrameSource = ListedVideo(path)
        if VIEWS.get(said.view) == "frontal" and not said.coded:
            turn = self.config.on_side == "turn"
            passed.add("on_side", "turned clockwise" if turn else "kept as it is", id)
            frames = TurnedFrames(frames, _CLOCKWISE) if turn else frames
        return Clip(
            self.id, self._person(folder, path, passed), id, self.fps, frames, emotion, 0, 0, 0, said.action_units
        )

    def _person(self, folder: Path, path: Path, passed: PassedOver) -> str:
        person, hyphen, _ = path.stem.partition("-")
        if not hyphen:
            passed.add("unknown_person", "counts as a person of its own", path.name)
            return f"session{folder.name}"
        return person.upper()


def _said(folder: Path, stem: str) -> _Said:
    """Read the texts of a video; absent ones say nothing."""
    view = next((str(track.get("view", "")) for track in _elements(folder / "session.xml", "track")), "")
    tags: Mapping[str, str] = {
        str(tag.get("Name", "")).casefold(): str(tag.get("Value", "")).strip()
        for tag in _elements(folder / f"{stem}.xml", "Metatag")
    }
    number = tags.get("emotion", "")
    codes = folder / f"{stem}{_CODES}"
    units = sorted({str(unit.get("Number", "")) for unit in _elements(codes, "ActionUnit")} - {""}, key=_by_number)
    return _Said(
        view, int(number) if number.isdecimal() else None, "+".join(units) or tags.get("aus", ""), codes.exists()
    )


def _by_number(unit: str) -> tuple[int, str]:
    digits = "".join(filter(str.isdecimal, unit))
    return int(digits or 0), unit


def _elements(path: Path, name: str) -> list[ElementTree.Element]:
    """Return the elements of a name, whatever their namespace; none where there is no such file.

    Raises
    ------
    UserError : when the file is no XML.
    """
    try:
        root = ElementTree.fromstring(path.read_bytes())
    except FileNotFoundError:
        return []
    except (OSError, ElementTree.ParseError) as error:
        raise UserError(f"{path} cannot be read as XML ({error}): download the session again.") from error
    return [element for element in root.iter() if element.tag.rpartition("}")[2] == name]
