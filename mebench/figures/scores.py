"""The frame scores of one video of a run over time, before any filter where they are kept, with the truth (Figure B.2).

Conventions
-----------
Raw scores are drawn where the run keeps some, with the thresholds that the method chose without the tested people; else
the processed ones, which the page of the run shows too. A frame without a face has no score.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mebench.analysis.frame_scores import Kind, RunScores, scores_of_run
from mebench.errors import UserError, did_you_mean
from mebench.figures.drawing import COLOURS, as_drawn, axes_at, new_figure, plain_axes, shade_events, written
from mebench.protocols.rules.frame_labels import scored_events
from mebench.protocols.rules.raw_scores import OUTPUTS
from mebench.runs.store import RunFolder
from mebench.schema.people import joined


@dataclasses.dataclass(frozen=True, eq=False)
class ScoreCurves:
    """The scores of one video.

    Attributes
    ----------
    run, method, video : what they are of.
    kind : which scores.
    fps : frames per second.
    curves : float (n_frames,) by `macro` and `micro`, or `movement` alone; NaN without a face.
    thresholds : by scope; those that are never reached, or unknown, are left out.
    events : first and last frame and type of each annotated event.
    """

    run: str
    method: str
    video: str
    kind: Kind
    fps: float
    curves: Mapping[str, NDArray[np.float64]]
    thresholds: Mapping[str, float]
    events: tuple[tuple[int, int, str], ...]


def score_curves(run: Path, video: str) -> ScoreCurves:
    """Return the scores of a video that a run has tested.

    Parameters
    ----------
    run : its folder.
    video : id, or `subject/id`.

    Raises
    ------
    UserError : when the folder is no run of spotting, or has no scores of the video.
    """
    folder = RunFolder(run)
    found = scores_of_run(folder)
    key = _key_of(found, video)
    kept, row = found.by_video[key], found.truth.videos.keys().index(key)
    outputs = {scope: column for scope, (column, _) in OUTPUTS[kept.scores.shape[1]].items()}
    levels = kept.thresholds or ()
    return ScoreCurves(
        run.resolve().name, folder.config()["method"]["id"], joined(*key), found.kind,
        float(found.truth.videos.fps[row]),
        {scope: np.where(kept.found, kept.scores[:, column], np.nan) for scope, column in outputs.items()},
        {scope: levels[column] for scope, column in outputs.items() if levels and np.isfinite(levels[column])},
        _events(found, key),
    )  # fmt: skip


def _key_of(found: RunScores, video: str) -> tuple[str, str]:
    by_name: dict[str, list[tuple[str, str]]] = {}
    for key in found.by_video:
        for name in {key[1], joined(*key)}:
            by_name.setdefault(name, []).append(key)
    keys = by_name.get(video, [])
    if not keys:
        raise UserError(f"The run has no scores of a video {video!r}.{did_you_mean(video, by_name)}")
    if len(keys) > 1:
        raise UserError(f"{len(keys)} videos are called {video!r}: name one of {', '.join(joined(*k) for k in keys)}.")
    return keys[0]


def _events(found: RunScores, key: tuple[str, str]) -> tuple[tuple[int, int, str], ...]:
    events, offset = scored_events(found.truth, found.protocol.convention)
    rows = zip(events.rows(), offset.tolist(), strict=True)
    return tuple((row.onset, last, str(row.type)) for row, last in rows if (row.subject, row.video) == key)


def draw_scores(found: ScoreCurves) -> dict[str, bytes]:
    """Return the curves as the bytes of a `svg` and a `png`; annotated events are shaded, thresholds dashed."""
    with new_figure(10, 3.3) as figure:
        axes = axes_at(figure, 0.6, 0.85, 9.2, 2.0)
        shade_events(axes, [((onset - 1) / found.fps, last / found.fps, kind) for onset, last, kind in found.events])
        length = max(map(len, found.curves.values()))
        times = (np.arange(length) + 0.5) / found.fps
        for scope, curve in found.curves.items():
            axes.plot(times, curve, color=COLOURS[scope], linewidth=1.0, label=f"{scope}, {found.kind}")
        for scope, level in found.thresholds.items():
            label = f"{scope}, threshold"
            axes.axhline(level, color=COLOURS[scope], linewidth=0.9, linestyle=(0, (4, 3)), label=label)
        for kind in ("macro", "micro"):
            axes.axvspan(-1, -1, color=COLOURS[kind], alpha=0.18, linewidth=0, label=f"{kind}, annotated")
        axes.set(xlabel="time (s)", ylabel="score", xlim=(0, length / found.fps))
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=6, frameon=False, columnspacing=1.2)
        figure.suptitle(as_drawn(f"{found.video}: {found.kind} frame scores of {found.method}"), y=0.97)
        plain_axes(axes)
        return written(figure)
