"""Optical flow from onset to apex of an event, as colours (thesis Figure 4.12).

Conventions
-----------
The largest square in the middle of the frames is scaled to 256 x 256 px, as in the thesis. Flow is Farneback's. The hue
says where a point goes, red to the right and on with the clock; brightness says how far, up to the fastest of a
thousand points. The thesis does not give its scale.
"""

from __future__ import annotations

import dataclasses

import cv2
import numpy as np
from numpy.typing import NDArray

from mebench.faces.flow import direction, flow, magnitude
from mebench.figures.drawing import as_drawn, axes_at, new_figure, show_picture, written
from mebench.figures.video import apex_of
from mebench.schema.recordings import Event, Video

SIZE = 256
_CELL, _GAP = 2.56, 0.1
_FASTEST = 0.999


@dataclasses.dataclass(frozen=True)
class EventFlow:
    """What moves between two frames.

    Attributes
    ----------
    video, event : what it is of.
    onset, apex : grey pictures, uint8 (256, 256); frames : their numbers, as the files have them.
    field : float32 (256, 256, 2), px.
    """

    video: str
    event: Event
    frames: tuple[int, int]
    onset: NDArray[np.uint8]
    apex: NDArray[np.uint8]
    field: NDArray[np.float32]

    @property
    def reach(self) -> float:
        """Length that is drawn brightest, in px; 1 where nothing moves."""
        return float(np.quantile(magnitude(self.field), _FASTEST)) or 1.0


def flow_of(video: Video, event: Event) -> EventFlow:
    """Return the flow from onset to apex of an event.

    Raises
    ------
    UserError : when a frame cannot be decoded.
    """
    numbers = [min(max(number, 1), video.n_frames) for number in (event.onset, apex_of(event))]
    onset, apex = (square(video.frames.read(number - 1, number)[0]) for number in numbers)
    frames = (numbers[0] + video.first - 1, numbers[1] + video.first - 1)
    return EventFlow(video.id, event, frames, onset, apex, flow(onset, apex))


def square(frame: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the largest square in the middle of a grey frame, scaled to `SIZE`."""
    height, width = frame.shape
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    cut = np.ascontiguousarray(frame[top : top + side, left : left + side])
    how = cv2.INTER_AREA if side > SIZE else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(cut, (SIZE, SIZE), interpolation=how), np.uint8)


def coloured(field: NDArray[np.float32], reach: float) -> NDArray[np.uint8]:
    """Return flow (height, width, 2) as colours, uint8 (height, width, 3) RGB.

    Parameters
    ----------
    reach : length in px that is drawn brightest.
    """
    hue = np.mod(np.degrees(direction(field)) / 2, 180)
    value = np.clip(magnitude(field) / reach, 0, 1) * 255
    hsv = np.stack([hue, np.full_like(hue, 255), value], axis=-1).round().astype(np.uint8)
    hsv[..., 0] %= 180
    return np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB), np.uint8)


def wheel(size: int = 61) -> NDArray[np.uint8]:
    """Return the key to the colours: each point of a disc is coloured as flow from its centre to it."""
    across = np.linspace(-1, 1, size, dtype=np.float32)
    field = np.stack(np.meshgrid(across, across), axis=-1)
    picture = coloured(field, 1.0)
    picture[magnitude(field) > 1] = 255
    return picture


def draw_flow(found: EventFlow) -> dict[str, bytes]:
    """Return onset, apex, flow and the key to its colours as the bytes of a `svg` and a `png`."""
    event = found.event
    units = f", AU {event.action_units}" if event.action_units else ""
    with new_figure(3 * _CELL + 1.6, _CELL + 0.8) as figure:
        title = f"{found.video}: {event.type}-expression {event.onset}-{event.offset}{units}"
        figure.suptitle(as_drawn(title), y=0.97)
        named = zip(("onset", "apex"), found.frames, (found.onset, found.apex), strict=True)
        pictures = [(f"{name}, frame {number}", picture) for name, number, picture in named]
        pictures.append(("flow from onset to apex", coloured(found.field, found.reach)))
        for column, (name, picture) in enumerate(pictures):
            show_picture(axes_at(figure, 0.1 + column * (_CELL + _GAP), 0.6, _CELL, _CELL), picture, name)
        key = axes_at(figure, 3 * (_CELL + _GAP) + 0.3, 1.3, 0.9, 0.9)
        show_picture(key, wheel(), f"rim: {found.reach:.2f} px")
        return written(figure)
