"""The timeline page of `mebench spot`: one video, one offline HTML file.

Conventions
-----------
Frame numbers are inclusive at both ends and shown as the files have them. Where nothing else is said they count from 1,
and frame `n` lasts from `(n - 1) / fps` to `n / fps` seconds.
"""

from __future__ import annotations

import base64
import dataclasses
import functools
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from mebench.leaderboard.curves import shared_range
from mebench.leaderboard.render import render
from mebench.leaderboard.tracks import COLUMNS, Clock, Interval, build_timeline
from mebench.schema.files import write_atomic
from mebench.schema.presence import Presence
from mebench.schema.recordings import Event, ExpressionType
from mebench.schema.timing import Timing

POINTS = 4000
"""Values per curve: this page can be zoomed, and holds one video only."""
TICKS = 7
FINE_TICKS = 64
"""Labels per axis as the page opens, and when it is zoomed."""


@dataclasses.dataclass(frozen=True, slots=True)
class VideoInfo:
    """What the page says about the video.

    Attributes
    ----------
    name, n_frames, fps : its name, length and frames per second.
    timing : when each frame was taken; by default at that rate.
    first : what the files call frame 1.
    """

    name: str
    n_frames: int
    fps: float
    timing: Timing | None = None
    first: int = 1

    @property
    def clock(self) -> Clock:
        """Names and times of the frames."""
        return Clock(self.timing or Timing.constant(self.n_frames, self.fps), self.first)


@dataclasses.dataclass(frozen=True, slots=True)
class Strip:
    """Pictures of one interval.

    Attributes
    ----------
    type, start : micro or macro, and when the interval begins, in seconds.
    pictures : for each picture its name, such as `onset`, its frame number, and a JPEG.
    emotion : what was recognised, empty where nothing was.
    """

    type: str
    start: float
    pictures: tuple[tuple[str, int, bytes], ...]
    emotion: str = ""


class Predicted(Protocol):
    """A predicted expression, such as `mebench.methods.base.SpottedInterval`."""

    @property
    def onset(self) -> int:
        """First frame number."""

    @property
    def offset(self) -> int:
        """Last frame number."""

    @property
    def type(self) -> ExpressionType:
        """Micro- or macro-expression."""

    @property
    def score(self) -> float | None:
        """The method's confidence."""


def write_timeline(
    path: Path,
    video: VideoInfo,
    predictions: Sequence[Predicted],
    scores: NDArray[np.floating] | None,
    truth: Sequence[Event] | None = None,
    *,
    method: str = "",
    recogniser: str = "",
    emotions: Sequence[Mapping[str, float]] = (),
    facts: Mapping[str, str] | None = None,
    matches: Iterable[tuple[int, int]] | None = None,
    strips: Sequence[Strip] = (),
    notes: Sequence[str] = (),
    presence: Presence | None = None,
) -> Path:
    """Write the timeline page of one video and return its path.

    Parameters
    ----------
    path : the HTML file; it appears whole or not at all.
    video : name, number of frames and frames per second.
    predictions : the spotted intervals; frames count from 1, whatever the files call them.
    scores : shape (n_frames, 2), columns micro and macro, or None.
    truth : the annotated events, or None when nobody has annotated the video.
    method : name of the method with its settings.
    recogniser : name of the method that told the emotions, empty where none was asked.
    emotions : probability of each class for each prediction, empty for one that was not recognised.
    facts : further lines for the page, such as the device or the share of frames with a face.
    presence : where a face was found; frames without one are shaded and told.
    matches : pairs (index of prediction, index of truth) that count as found, from the protocol's matching.
    strips : pictures of some or all intervals, in the order in which they are shown.
    notes : sentences that a reader should know.

    Raises
    ------
    ValueError : when the scores are not those of the video's frames.
    UserError : when the file cannot be written.
    """
    pairs = list(matches) if matches is not None else []
    hits, found = {p for p, _ in pairs}, {t for _, t in pairs}
    judged = truth is not None and matches is not None
    chances = emotions or [{}] * len(predictions)
    spotted = [
        Interval(p.onset, p.offset, p.type, i in hits if judged else None, emotion=_emotion(chances[i]), score=p.score)
        for i, p in enumerate(predictions)
    ]
    true = None if truth is None else [_event(e, i in found if judged else None) for i, e in enumerate(truth)]
    ranges = {} if scores is None else {kind: shared_range([scores[:, c]]) for kind, c in COLUMNS.items()}
    draw = functools.partial(
        build_timeline, video.name, video.n_frames, video.fps, spotted, true, scores=scores, presence=presence,
        clock=video.clock,
    )  # fmt: skip
    view, fine = (draw(ranges=ranges, points=POINTS, ticks=ticks) for ticks in (TICKS, FINE_TICKS))
    page = render(
        "spot.html.j2",
        title=f"{video.name} · expressions spotted",
        view=view,
        fine=fine,
        rows=_rows(spotted, chances, video.clock),
        strips=[_plain_strip(strip) for strip in strips],
        notes=list(notes),
        first=video.first,
        steady=video.clock.timing.steady,
        judged=judged,
        with_truth=truth is not None,
        method=method,
        recogniser=recogniser,
        facts=dict(facts or {}),
        sight=[] if presence is None else presence.sentences(video.first),
    )
    write_atomic(path, page)
    return path


def _event(event: Event, found: bool | None) -> Interval:
    return Interval(event.onset, event.offset, event.type, found, event.apex, event.emotion, event.action_units)


def _emotion(chances: Mapping[str, float]) -> str:
    """Return the most probable class, empty where there is none."""
    return max(chances, key=chances.__getitem__, default="")


def _rows(spotted: Sequence[Interval], emotions: Sequence[Mapping[str, float]], clock: Clock) -> list[dict[str, Any]]:
    """Return the lines of the page's table, by onset."""
    rows = []
    for interval, chances in sorted(zip(spotted, emotions, strict=True), key=lambda i: (i[0].onset, i[0].offset)):
        start, stop = clock.timing.seconds(interval.onset, interval.offset)
        frames = {"onset": interval.onset + clock.first - 1, "offset": interval.offset + clock.first - 1}
        times = {"start": start, "stop": stop, "length": stop - start}
        rows.append({"interval": interval, **frames, **times, "chances": dict(chances)})
    return rows


def _plain_strip(strip: Strip) -> dict[str, Any]:
    return {
        "type": strip.type,
        "start": strip.start,
        "emotion": strip.emotion,
        "pictures": [(name, number, base64.b64encode(jpeg).decode()) for name, number, jpeg in strip.pictures],
    }
