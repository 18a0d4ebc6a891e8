"""The work of spotting: every tested video is spotted; intervals and per-frame scores are kept."""

from __future__ import annotations

import contextlib
import dataclasses
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.methods.base import Method, RunContext
from mebench.methods.spotting.base import Spotter, Spotting
from mebench.runs.arrays import NpzWriter
from mebench.runs.folds import FoldFolder
from mebench.runs.work.base import Results, Work
from mebench.runs.work.presence import KeptSpotting, in_sight, looks_at_faces, presence_for
from mebench.runs.work.raw_forms import gradable
from mebench.runs.work.raw_scores import RAW, RawWriter, raw_scores_of
from mebench.runs.work.spotted_frames import check_frames
from mebench.schema.files import write_atomic, writing_path
from mebench.schema.intervals import IntervalRow, Intervals
from mebench.schema.people import joined
from mebench.schema.predictions import format_predictions
from mebench.schema.presence import Presence
from mebench.schema.presence_file import PRESENCE, format_presences
from mebench.schema.raw_scores import problem_of
from mebench.schema.recordings import Video
from mebench.schema.truth import Truth

PREDICTIONS, SCORES = "predictions.csv", "scores.npz"


class SpottingWork(Work[KeptSpotting]):
    """Spot every tested video."""

    words = "spot"
    files = (SCORES,)

    def prepares(self, method: type[Method[Any]]) -> bool:
        """Tell whether there is anything to prepare: also where a method looks for faces that it does not prepare."""
        return super().prepares(method) or (issubclass(method, Spotter) and looks_at_faces(method))

    def prepare(self, model: Spotter, recording: Video, context: RunContext) -> None:
        """Fill the cache for one video, and look for its face."""
        super().prepare(model, recording, context)
        presence_for(model, recording, context)

    def carry_out(self, model: Spotter, recording: Video, context: RunContext) -> KeptSpotting:
        """Spot one video, and keep what lies in frames with a face."""
        spotting = checked(model, recording, model.spot(recording, context))
        return in_sight(model, recording, spotting, context)

    @contextlib.contextmanager
    def results(self, folder: Path) -> Iterator[Spotted]:
        """Return what keeps intervals in memory and writes the scores as they come."""
        with (
            writing_path(folder / SCORES) as path,
            NpzWriter(path) as scores,
            RawWriter(folder / RAW) as raw,
        ):
            spotted = Spotted(scores, raw)
            yield spotted
        if spotted.presences:
            write_atomic(folder / PRESENCE, format_presences(spotted.presences))
        write_atomic(folder / PREDICTIONS, format_predictions(Intervals.from_rows(spotted.rows)))

    def extras(self, done: Sequence[FoldFolder], truth: Truth, method: str) -> Mapping[str, Any]:
        """Return the frame scores of every video of some folds that are done, by (subject, video), and the raw ones."""
        keys = {joined(*key): key for key in truth.videos.keys()}  # noqa: SIM118  no mapping
        scores = {keys[name]: array for found in done for name, array in scores_of(found).items()}
        raw = {keys[name]: found for folder in done for name, found in raw_scores_of(folder).items()}
        graded, told = gradable(raw, scores, method)
        for sentence in told:
            print(sentence, file=sys.stderr, flush=True)
        return {"frame_scores": scores, "raw_scores": graded}


class Spotted(Results[KeptSpotting]):
    """The intervals of a fold, the files of its scores, and where the faces were found."""

    def __init__(self, scores: NpzWriter, raw: RawWriter) -> None:
        self.rows: list[IntervalRow] = []
        self.presences: dict[str, Presence] = {}
        self._scores, self._raw = scores, raw

    def add(self, recording: Video, result: KeptSpotting) -> None:
        """Take one video's intervals and scores, and where its face was."""
        if result.presence is not None:
            self.presences[joined(*recording.key)] = result.presence
        self._scores.add(joined(*recording.key), result.scores)
        self._raw.add(joined(*recording.key), result)
        emotions = getattr(result, "emotions", None) or [""] * len(result.intervals)
        for i, emotion in zip(result.intervals, emotions, strict=True):
            place = (recording.subject, recording.id, int(i.onset), int(i.offset))
            self.rows.append(IntervalRow(*place, i.type, i.score, emotion))


def scores_of(folder: FoldFolder) -> dict[str, NDArray[np.float32]]:
    """Return the per-frame scores of every test video of a fold that is done, by `subject/video`."""
    with np.load(folder.path / SCORES, allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


def checked(model: Spotter, video: Video, spotting: Spotting) -> Spotting:
    """Return a spotting that keeps what `Spotting` promises: intervals in a tuple, scores and raw ones as float32.

    Raises
    ------
    UserError : when shapes, frame numbers or values are out of range; the method is at fault.
    """
    if not isinstance(spotting, Spotting):
        raise UserError(f"{model.id} gave {type(spotting).__name__}, where a Spotting is due: mend its `spot`.")
    named = "/".join(filter(None, video.key))
    # Taken once: what a method yields one by one is gone when it has been looked through.
    intervals = tuple(spotting.intervals)
    scores = _float32(spotting.scores)
    if scores.shape != (video.n_frames, 2):
        problem = f"scores of shape {scores.shape} for {video.n_frames} frames"
    elif not np.isfinite(scores).all():
        problem = "scores that are not finite"
    elif found := _raw_problem(spotting, video.n_frames):
        problem = found
    else:
        where = f"{model.id} gave an interval of video {named}"
        check_frames(intervals, None if model.needs_truth else video.n_frames, where)
        return dataclasses.replace(spotting, intervals=intervals, scores=scores, **_raw(spotting))
    raise UserError(f"{model.id} gave {problem} of video {named}: mend its `spot`.")


def _raw_problem(spotting: Spotting, n_frames: int) -> str:
    """Return what is wrong with raw scores and their thresholds, an empty string where nothing is."""
    if spotting.raw is None:
        return "" if spotting.raw_thresholds is None else "raw thresholds without raw scores"
    try:
        raw = _raw(spotting)
    except (TypeError, ValueError):
        return "raw scores or raw thresholds that are no numbers"
    return problem_of(raw["raw"], raw["raw_thresholds"], n_frames)


def _raw(spotting: Spotting) -> dict[str, Any]:
    """Return the fields of raw scores: float32, and a tuple of floats."""
    if spotting.raw is None:
        return {}
    thresholds = spotting.raw_thresholds
    return {
        "raw": _float32(spotting.raw),
        "raw_thresholds": None if thresholds is None else tuple(map(float, thresholds)),
    }


def _float32(values: Any) -> NDArray[np.float32]:
    """Return an array as float32; what is too large becomes infinity without a warning, to be refused in words."""
    with np.errstate(over="ignore"):
        return np.asarray(values, dtype=np.float32)
