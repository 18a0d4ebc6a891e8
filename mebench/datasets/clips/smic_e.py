"""SMIC-E: the longer clips of SMIC, 157 of 16 people at 100 fps, each with a micro-expression somewhere in it.

X. Li et al., "Towards Reading Hidden Emotions: A Comparative Study of Spontaneous Micro-Expression Spotting and
Recognition Methods", IEEE Transactions on Affective Computing 9(4), 2018.

Layout
------
::

    ROOT/SMIC-E_raw image/{HS,VIS,NIR}_long/SMIC-HS-E/s01/s01_ne_01/image000001.jpg ...     or SMIC_HS_E
    SMIC-HS-E_annotation.xlsx, SMIC-HS-E_annotation_2019.xlsx ...                           beside or inside

Files bear the numbers of the whole recording, or count from 1 in copies; the workbook has those of the recording and
the first one, FirstF. Columns differ between versions, so they are found by name. Text stands below the last row. A
few clips hold two micro-expressions (Onset2F), and what stands in Onset3F is mostly what a formula has left.

Videos have every micro-expression; clips have the first one of each video.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from mebench.datasets.clips.base import ClipConfig, ClipDataset, ClipFolder
from mebench.datasets.clips.policies import AnnotatedClip, resolve_clip
from mebench.datasets.clips.smic_names import CAMERAS, SmicName, camera_of, find_clips, is_long, parse_name
from mebench.datasets.clips.tables import read_rows
from mebench.datasets.folders import CountedFrames, scan_frames
from mebench.datasets.policies import Errata
from mebench.datasets.workbook import frame_number, read_sheets, text
from mebench.errors import UserError
from mebench.schema.recordings import Clip, Event, ExpressionType, Video
from mebench.settings import setting

_COLUMNS = {"clip": ("Filename", "File name"), "onset": ("OnsetF", "Onset1F"), "offset": ("OffsetF", "Offset1F")}
_MORE = {
    "apex": ("ApexF",),
    "onset2": ("Onset2F",),
    "offset2": ("Offset2F",),
    "onset3": ("Onset3F",),
    "offset3": ("Offset3F",),
    "first": ("FirstF",),
    "last": ("LastF",),
    "emotion": ("Emotion",),
}
_HS = {"annotated rows": 157, "subjects": 16, "clips": 157, "emotion negative": 66, "emotion positive": 51,
       "emotion surprise": 40}  # fmt: skip
_HS_ORIGINAL = {**_HS, "annotated rows": 162, "clips": 162, "emotion negative": 70, "emotion surprise": 41}
_VIS = {"annotated rows": 71, "subjects": 8, "clips": 71, "emotion negative": 24, "emotion positive": 28,
        "emotion surprise": 19}  # fmt: skip
_NIR = {"annotated rows": 71, "subjects": 8, "clips": 71}


@dataclasses.dataclass(frozen=True)
class SmicEConfig(ClipConfig):
    """Settings of `smic_e`."""

    camera: Literal["hs", "vis", "nir"] = setting(
        "hs", "The camera: high speed at 100 fps, visible light or near infrared at 25."
    )


class SmicE(ClipDataset):
    """SMIC-E, as released, by one camera."""

    id = "smic_e"
    tasks = ("spotting", "recognition", "generation")
    Config = SmicEConfig

    def __init__(self, config: Any, root: Path | None = None) -> None:
        super().__init__(config, root)
        self._further: dict[tuple[str, str], list[AnnotatedClip]] = {}

    @property
    def fps(self) -> float:
        """Frames per second of every clip."""
        if self.config.fps is None and self.record is None:
            return CAMERAS[self.config.camera]
        return super().fps

    def promises(self, rows: Sequence[AnnotatedClip]) -> Mapping[str, int]:
        """Return the counts of the camera; the first release of the high-speed table has 162 rows, later ones 157."""
        if self.config.camera == "hs":
            return _HS_ORIGINAL if len(rows) > _HS["annotated rows"] else _HS
        return {"vis": _VIS, "nir": _NIR}[self.config.camera]

    def videos(self) -> Sequence[Video]:
        """Return every clip as a video with all its micro-expressions, sorted by subject and id."""
        return [self._video(clip) for clip in self.clips()]

    def folders(self, errata: Errata) -> list[ClipFolder]:
        """Find the folders named `s01_ne_01` in the camera's folder of longer clips."""
        found = list(find_clips(self.place, is_long)) or list(find_clips(self.place, lambda parts: True))
        mine = [(name, path) for name, path in found if self._camera(path) in (self.config.camera, None)]
        if not mine:
            camera = self.config.camera.upper()
            raise UserError(
                f"No folder of frames such as {camera}_long/SMIC-{camera}-E/s01/s01_ne_01 was found in {self.place}: "
                "give --root the folder that holds SMIC-E, or name another camera."
            )
        return [ClipFolder(name.subject, name.clip, path) for name, path in mine]

    def rows(self, errata: Errata) -> list[AnnotatedClip]:
        """Read the camera's sheet; text below the last row is counted."""
        camera = self.config.camera.upper()
        path = self.workbook(
            f"SMIC-{camera}-E_annotation.xlsx", f"SMIC?{camera}?E_annotation*.xls*", "SMIC*annotation*.xls*",
            errata=errata,
        )  # fmt: skip
        _refuse_another_camera(path, camera)
        rows, other = [], 0
        for row in read_rows(path, _COLUMNS, _MORE, sheets=(camera,)):
            name = parse_name(text(row.cells["clip"]))
            if name is None:
                other += 1
            else:
                rows.append(self._row(name, row.cells, row.where, errata))
        if other:
            errata.add("text_rows", path.name, "passed over", f"{other} rows without the name of a clip")
        return rows

    def _camera(self, path: Path) -> str | None:
        return camera_of((self.place.name, *path.relative_to(self.place).parts[:-1]))

    def _row(self, name: SmicName, cells: Mapping[str, Any], where: str, errata: Errata) -> AnnotatedClip:
        first, last = (_recorded(name.clip, field, cells.get(field), errata) for field in ("first", "last"))
        said = text(cells.get("emotion")).lower()[:2]
        if said.isalpha() and said != name.emotion[:2]:
            detail = f"the table says {text(cells['emotion'])}"
            errata.add("emotion_of_name", name.clip, f"taken as {name.emotion}, as the clip is named", detail)
        row = AnnotatedClip(
            name.subject,
            name.clip,
            name.clip,
            frame_number(cells["onset"], where),
            frame_number(cells.get("apex"), where),
            frame_number(cells["offset"], where),
            name.emotion,
            first=first,
        )
        self._further[row.key] = _further(row, cells, last, errata)
        return row

    def _video(self, clip: Clip) -> Video:
        """Return a clip's frames with all events; a later one is cut to the frames on disk like the first."""
        assert isinstance(clip.frames, CountedFrames), "made by ClipDataset"
        scan, spans = scan_frames(clip.frames.folder), [(clip.onset, clip.apex, clip.offset)]
        for row in self._further.get((clip.subject, clip.id), ()):
            span = resolve_clip(row, scan, self.config, Errata())
            if span is not None:
                spans.append(span)
        events = [
            Event(onset, offset, ExpressionType.MICRO, apex or None, clip.emotion)
            for onset, apex, offset in sorted(spans)
        ]
        return Video(self.id, clip.subject, clip.id, clip.fps, clip.frames, tuple(events))


def _refuse_another_camera(path: Path, camera: str) -> None:
    """Refuse a workbook that is of another camera, by its name, and has no sheet for this one.

    Raises
    ------
    UserError : naming the sheets.
    """
    sheets = list(read_sheets(path))
    named = [other.upper() for other in CAMERAS if other.upper() in path.name.upper()]
    if camera not in map(str.upper, sheets) and named and camera not in named:
        raise UserError(
            f"{path} has the sheets {', '.join(sheets)}, and none for {camera}: put SMIC-{camera}-E_annotation.xlsx "
            "there, or name it with the setting workbook=PATH."
        )


def _recorded(clip: str, field: str, content: Any, errata: Errata) -> float | None:
    """Return FirstF or LastF; one that is no number, as `MISSING <-426679` in the release, is reported."""
    try:
        return frame_number(content, clip)
    except UserError:
        errata.add(f"{field}_frame_missing", clip, "that of the frames on disk", text(content))
        return None


def _further(row: AnnotatedClip, cells: Mapping[str, Any], last: float | None, errata: Errata) -> list[AnnotatedClip]:
    """Return the second and third micro-expression where they can be ones; what cannot is reported."""
    found = [row]
    for number in ("2", "3"):
        onset, offset = (_number(cells.get(end + number)) for end in ("onset", "offset"))
        if not onset and not offset:
            continue
        detail = f"{text(cells.get('onset' + number))}-{text(cells.get('offset' + number))}"
        outside = onset is not None and ((row.first or 0) > onset or (last is not None and onset > last))
        if onset is None or offset is None or onset >= offset or outside:
            errata.add("no_event", f"{row.where} ({number})", "left out", detail)
        elif any((onset, offset) == (other.onset, other.offset) for other in found):
            errata.add("repeated_event", f"{row.where} ({number})", "left out", detail)
        else:
            errata.add("further_event", f"{row.where} ({number})", "an event of the video, not of the clip", detail)
            found.append(
                dataclasses.replace(row, where=f"{row.where} ({number})", onset=onset, apex=None, offset=offset)
            )
    return found[1:]


def _number(content: Any) -> float | None:
    """Return a cell that may hold what a formula has left, None when it is no frame number."""
    try:
        return frame_number(content, "")
    except UserError:
        return None
