"""One still picture of a leaderboard, for a README or a slide: the scores of every method and one video's timeline.

Conventions
-----------
Matplotlib draws without a display, and is imported only when a picture is asked for. Times are seconds from the
beginning of the first frame; frame `n` lasts from `(n - 1) / fps` to `n / fps`.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mebench.errors import UserError
from mebench.leaderboard.artefacts import Artefacts, Key, read_artefacts
from mebench.leaderboard.bars import decimals
from mebench.leaderboard.cards import Card, read_card
from mebench.leaderboard.columns import layout_of
from mebench.leaderboard.details.base import details_of
from mebench.leaderboard.details.spotting import SCOPES, intervals_of, score_ranges
from mebench.leaderboard.groups import Group, Ranked, group_cards
from mebench.leaderboard.tracks import COLUMNS, Interval
from mebench.metrics.catalogue import metric_of
from mebench.schema.files import write_atomic
from mebench.schema.recordings import ExpressionType
from mebench.schema.scorecard import Score

INK, MUTED, LINE, CURVE = "#1b2228", "#586470", "#dfe3e7", "#31506b"
COLOURS = {"hit": "#0072b2", "false": "#d55e00", "found": "#4b5661", "missed": "#a6347a"}
"""Told apart by people with any kind of colour vision; misses are hatched as well."""


def draw_figure(scorecards: Sequence[Path], out: Path, *, video: Key | None = None) -> Path:
    """Write a PNG of the first table and of one video under its best method.

    Parameters
    ----------
    scorecards : scorecard files, or folders of runs; those that may not be ranked with the first are left out.
    out : the PNG file; it appears whole or not at all.
    video : (subject, video) of the timeline; the video with the most events when not given.

    Raises
    ------
    UserError : when there is no scorecard, it cannot be read, or the video is not one of the truth.
    """
    import matplotlib.figure as figures

    if not scorecards:
        raise UserError("A picture needs a scorecard: name scorecard.json files or the folders of runs.")
    cards = [read_card(path) for path in scorecards]
    group = next(g for g in group_cards(cards) if g.first.comparable == cards[0].comparable)
    kept = read_artefacts(group.first.run) if details_of(group.first).draws else "only videos of spotting are drawn"
    rows = 0.42 * len(group.all) + 0.9
    below = 3.6 if isinstance(kept, Artefacts) else 0.0
    figure: Any = figures.Figure(figsize=(10, rows + below + 0.4), dpi=150, layout="constrained")
    if isinstance(kept, Artefacts):
        upper, lower = figure.subfigures(2, 1, height_ratios=[rows, below])
        _draw_scores(upper, group)
        _draw_video(lower, group.first, kept, video or _richest(kept))
    else:
        _draw_scores(figure, group)
    content = io.BytesIO()
    figure.savefig(content, format="png", facecolor="white", metadata={"Software": "mebench"})
    write_atomic(out, content.getvalue())
    return out


def _draw_scores(part: Any, group: Group) -> None:
    """Draw one line for each method: F1 of each scope with intervals, or the one score by which another task ranks."""
    layout = layout_of(group)
    scopes = SCOPES if layout.draws else (layout.scope,)
    axes = part.subplots(1, len(scopes), sharey=True, squeeze=False)[0]
    names = [f"{row.card.method}  {row.label}" if row.rank is not None else row.card.method for row in group.all]
    low, top = layout.ranges.get(layout.metric, (0, 1))
    for axis, scope in zip(axes, scopes, strict=True):
        for line, row in enumerate(group.all):
            _draw_score(axis, row.card.score(layout.metric, scope), row, line, low + 0.85 * (top - low))
        axis.set_title(
            f"{metric_of(layout.metric).name} {scope}", loc="left", fontsize=10, color=INK, fontweight="bold"
        )
        axis.set_xlim(low, top)
        axis.set_ylim(len(names) - 0.5, -0.6)
        _quiet(axis)
        axis.grid(axis="x", color=LINE, linewidth=0.8)
    axes[0].set_yticks(range(len(names)), names, fontsize=9, color=INK)
    heading = f"{group.first.card.dataset.id} under {group.first.protocol}"
    part.suptitle(heading, x=0.01, ha="left", fontsize=12, color=INK, fontweight="bold")


def _draw_score(axis: Any, score: Score | None, row: Ranked, line: int, turn: float) -> None:
    """Draw one score; beyond `turn` its number stands on the left, where there is room."""
    if score is None:
        return
    colour = COLOURS["hit"] if row.rank is not None else MUTED
    if score.ci95 is not None:
        axis.plot(score.ci95, [line, line], color=colour, linewidth=6, alpha=0.35, solid_capstyle="butt")
    axis.plot([score.value], [line], marker="|", markersize=11, markeredgewidth=2.4, color=colour)
    side = "right" if score.value > turn else "left"
    edge = (score.ci95 or (score.value, score.value))[0 if side == "right" else 1]
    place = {"right": -6, "left": 6}[side]
    style = {"textcoords": "offset points", "va": "center", "ha": side, "fontsize": 8, "color": INK}
    axis.annotate(decimals(score.value), (edge, line), (place, 0), **style)


def _draw_video(part: Any, card: Card, kept: Artefacts, key: Key) -> None:
    """Draw truth, predictions and scores of both types over time."""
    keys = kept.truth.videos.keys()
    if key not in keys:
        raise UserError(f"There is no video {'/'.join(key)} in the truth of {card.run}: name another.")
    row = keys.index(key)
    fps, n_frames = float(kept.truth.videos.fps[row]), int(kept.truth.videos.n_frames[row])
    predictions, truths = intervals_of(kept, card)[key]
    scores, ranges = kept.scores.get(key), score_ranges(kept)
    axes = part.subplots(2, 1, sharex=True)
    for axis, kind in zip(axes, (ExpressionType.MACRO, ExpressionType.MICRO), strict=True):
        _draw_lanes(axis, [i for i in truths if i.type == kind], 2, ("found", "missed"), fps)
        _draw_lanes(axis, [i for i in predictions if i.type == kind], 1, ("hit", "false"), fps)
        if scores is not None:
            low, high = ranges[kind]
            curve = 0.9 * np.clip((scores[:, COLUMNS[kind]] - low) / (high - low), 0, 1)
            seconds = np.arange(n_frames) / fps
            axis.fill_between(seconds, 0, curve, color=CURVE, alpha=0.25, linewidth=0, step="post")
            axis.step(seconds, curve, color=CURVE, linewidth=0.8, where="post")
        axis.set_yticks([0.45, 1.4, 2.4], ["score", "predicted", "truth"], fontsize=8.5, color=MUTED)
        axis.set_ylim(-0.05, 2.9)
        axis.set_title(kind.value, loc="left", fontsize=9.5, color=INK, fontweight="bold", pad=3)
        _quiet(axis)
    axes[-1].set_xlim(0, n_frames / fps)
    axes[-1].set_xlabel("seconds", fontsize=9, color=MUTED)
    part.suptitle(f"{card.method} on {'/'.join(key)}", x=0.01, ha="left", fontsize=11, color=INK)
    part.legend(handles=_legend(), loc="upper right", ncols=4, fontsize=8, frameon=False)


def _draw_lanes(axis: Any, intervals: Sequence[Interval], base: float, styles: tuple[str, str], fps: float) -> None:
    for interval in intervals:
        style = styles[0] if interval.matched else styles[1]
        start, stop = (interval.onset - 1) / fps, interval.offset / fps
        look = {"facecolor": "none", "hatch": "//////"} if style == "missed" else {"facecolor": COLOURS[style]}
        axis.broken_barh([(start, stop - start)], (base + 0.1, 0.65), edgecolor=COLOURS[style], linewidth=0.8, **look)


def _legend() -> list[Any]:
    from matplotlib.patches import Patch

    return [
        Patch(facecolor=COLOURS["found"], label="truth, found"),
        Patch(facecolor="none", edgecolor=COLOURS["missed"], hatch="//////", label="truth, missed (FN)"),
        Patch(facecolor=COLOURS["hit"], label="prediction, right (TP)"),
        Patch(facecolor=COLOURS["false"], label="prediction, wrong (FP)"),
    ]


def _quiet(axis: Any) -> None:
    """Take away the frame and the tick marks."""
    for side in ("top", "right", "left"):
        axis.spines[side].set_visible(False)
    axis.spines["bottom"].set_color(LINE)
    axis.tick_params(length=0, labelsize=8.5, labelcolor=MUTED)
    axis.set_axisbelow(True)


def _richest(kept: Artefacts) -> Key:
    """Return the video with the most events, the first of them in a tie."""
    events = list(zip(kept.truth.events.subject.tolist(), kept.truth.events.video.tolist(), strict=True))
    return max(kept.truth.videos.keys(), key=events.count)
