"""A contact sheet of clips: what recognisers see of them, so that a wrong crop is seen before it is trained on.

Conventions
-----------
A row is a clip: its face at onset, apex and offset, the flow from onset to apex in the colours of `figures.flow`, each
clip up to its own fastest point, and the optical strain, dark to bright. Crops are named by the settings that made
them, and hashed: the digest of a clip is the sha256 of its three faces as they are stored, row by row, and is the same
wherever the same frames are cut in the same way.
"""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
from collections.abc import Iterable, Mapping, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.faces.cache import FrameCache
from mebench.faces.clip_inputs import FaceView, FlowSettings, FlowView, KeyFrames, apex_flow, face_at, key_frames
from mebench.faces.flow import magnitude
from mebench.figures.drawing import as_drawn, axes_at, new_figure, show_picture, written
from mebench.figures.flow import coloured
from mebench.runs.reopen import recording_named
from mebench.schema.people import joined
from mebench.schema.recordings import Clip
from mebench.settings import build_config, describe_config, parse_spec, setting

_CELL, _GAP, _HEAD, _TITLE = 1.5, 0.08, 0.6, 0.22
_FASTEST = 0.999


@dataclasses.dataclass(frozen=True)
class SheetSettings(FlowSettings):
    """What a contact sheet shows, as `--view` takes it."""

    colour: bool = setting(False, "show faces in colour")
    size: int = setting(0, "side of the map of flow; 0 is that of the face", unit="px")

    @property
    def faces(self) -> FaceView:
        """How the faces are shown."""
        return FaceView.of(self, size=self.face_size, colour=self.colour)

    @property
    def motion(self) -> FlowView:
        """How the flow is shown."""
        return FlowView.of(self, size=self.size or self.face_size)

    @property
    def name(self) -> str:
        """The settings that differ from their defaults, `key=value,...`; `default` where none does."""
        given = [f"{name}={getattr(self, name)}" for name, default, *_ in describe_config(type(self))
                 if getattr(self, name) != default]  # fmt: skip
        return ",".join(given) or "default"


def sheet_settings(text: str) -> SheetSettings:
    """Return settings from `key=value,...`.

    Raises
    ------
    UserError : for an unknown setting, and for a value that makes no sense.
    """
    return build_config(SheetSettings, parse_spec(f"view:{text}").options, owner="view")


@dataclasses.dataclass(frozen=True, eq=False)
class ClipRow:
    """What is seen of one clip.

    Attributes
    ----------
    clip, keys : the clip and its key frames.
    faces : onset, apex and offset, uint8 (3, size, size) or (3, size, size, 3) BGR.
    flow : float32 (size, size, 3), see `apex_flow`.
    """

    clip: Clip
    keys: KeyFrames
    faces: NDArray[np.uint8]
    flow: NDArray[np.float32]

    @property
    def digest(self) -> str:
        """Hex digest of the three faces."""
        return hashlib.sha256(np.ascontiguousarray(self.faces).data).hexdigest()

    @property
    def reach(self) -> float:
        """Length of flow that is drawn brightest, in px of the face; 1 where nothing moves."""
        return float(np.quantile(magnitude(self.flow), _FASTEST)) or 1.0

    def describe(self) -> str:
        """Return a line on the clip: its name, label, key frames as the files number them, and digest."""
        k, first = self.keys, self.clip.first
        spotted = " (spotted)" if k.apex_spotted else ""
        frames = f"onset {k.onset + first}, apex {k.apex + first}{spotted}, offset {k.offset + first}"
        return f"{joined(*self.clip.key)}: {self.clip.emotion or 'no label'}, {frames}, {self.digest[:12]}"


def chosen(clips: Sequence[Clip], names: Sequence[str], most: int) -> list[Clip]:
    """Return the clips of these names; without names some of each database and label, in turn.

    Raises
    ------
    UserError : when there are no clips, or none or several of a name.
    """
    if names:
        return [named for name in names if isinstance(named := recording_named(clips, name), Clip)]
    if not clips:
        raise UserError("The dataset has no clips: see `mebench data check ID`.")
    databases: dict[str, dict[str, list[Clip]]] = {}
    for clip in clips:
        databases.setdefault(clip.database, {}).setdefault(clip.emotion, []).append(clip)
    in_turn = _in_turn([_in_turn(list(labels.values())) for labels in databases.values()])
    found = set(map(id, in_turn[:most]))
    return [clip for clip in clips if id(clip) in found]


def _in_turn(lists: Sequence[Sequence[Clip]]) -> list[Clip]:
    """Return the first of every list, then the second of every one that has it, and so on."""
    together = itertools.chain.from_iterable(itertools.zip_longest(*lists))
    return [clip for clip in together if clip is not None]


def rows_of(
    clips: Iterable[Clip], settings: SheetSettings, cache: FrameCache | None = None
) -> tuple[list[ClipRow], Mapping[str, str]]:
    """Return what is seen of clips, and by name why nothing is seen of the others.

    Raises
    ------
    UserError : when nothing is seen of any clip, with the reason for the first.
    """
    cache = cache or FrameCache()
    rows: list[ClipRow] = []
    failed: dict[str, str] = {}
    for clip in clips:
        try:
            rows.append(_row(clip, settings, cache))
        except UserError as error:
            failed[joined(*clip.key)] = str(error)
    if failed and not rows:
        raise UserError(next(iter(failed.values())))
    return rows, failed


def _row(clip: Clip, settings: SheetSettings, cache: FrameCache) -> ClipRow:
    keys = key_frames(clip, cache, settings)
    faces = [face_at(clip, cache, settings.faces, index) for index in (keys.onset, keys.apex, keys.offset)]
    return ClipRow(clip, keys, np.stack(faces), apex_flow(clip, cache, settings.motion))


def draw_clips(rows: Sequence[ClipRow], title: str) -> bytes:
    """Return a contact sheet as the bytes of a PNG."""
    columns = ("onset", "apex", "offset", "flow to the apex", "strain")
    width, row_height = 0.1 + len(columns) * (_CELL + _GAP), _CELL + _TITLE + _GAP
    with new_figure(width, _HEAD + len(rows) * row_height) as figure:
        figure.text(0.1 / width, 1 - 0.2 / figure.get_figheight(), as_drawn(title), fontsize=9, va="center")
        for column, name in enumerate(columns):
            figure.text((0.1 + column * (_CELL + _GAP)) / width, 1 - 0.45 / figure.get_figheight(), name, va="center")
        for number, row in enumerate(rows):
            top = _HEAD + number * row_height
            about = f"{row.describe()}; flow up to {row.reach:.2f} px"
            figure.text(0.1 / width, 1 - (top + 0.1) / figure.get_figheight(), as_drawn(about), fontsize=7, va="center")
            for column, picture in enumerate(_pictures(row)):
                axes = axes_at(figure, 0.1 + column * (_CELL + _GAP), top + _TITLE, _CELL, _CELL)
                show_picture(axes, picture)
        return written(figure)["png"]


def _pictures(row: ClipRow) -> list[NDArray[np.uint8]]:
    faces = [np.asarray(cv2.cvtColor(f, cv2.COLOR_BGR2RGB), np.uint8) if f.ndim == 3 else f for f in row.faces]
    strain = row.flow[..., 2]
    brightest = float(np.quantile(strain, _FASTEST)) or 1.0
    grey = np.clip(255 * strain / brightest, 0, 255).astype(np.uint8)
    return [*faces, coloured(row.flow[..., :2], row.reach), grey]
