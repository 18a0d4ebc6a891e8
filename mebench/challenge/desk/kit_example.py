"""An example submission made of the public list alone, so that it tells nothing and passes the check.

Conventions
-----------
Predictions are invented: the same frames in every video, the first class for every clip, one word for every answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from mebench.challenge.desk.kit_texts import manifest
from mebench.protocols.base import Protocol
from mebench.schema.files import PUBLIC, write_atomic
from mebench.tasks.base import Rows, Task

_VIDEOS, _ONSET, _FRAMES = 3, 5, 10
"""The example spots one expression in a few videos: `_FRAMES` frames from `_ONSET` on, or what of them there is."""


def write_example(task: Task[Any, Any], protocol: Protocol, rows: Rows, folder: Path) -> None:
    """Write `manifest.json` and predictions into a folder.

    Parameters
    ----------
    task, protocol : what is asked for.
    rows : of the public list.
    folder : is made.

    Raises
    ------
    UserError : when it cannot be written.
    """
    predictions = task.from_plain(_MADE[task.id](rows, protocol.classes))
    write_atomic(folder / "manifest.json", manifest(protocol.id, "Example team", "example") + "\n", PUBLIC)
    task.write_predictions(predictions, folder / task.predictions_file)
    path = folder / task.predictions_file
    path.chmod(path.stat().st_mode & PUBLIC)


def _intervals(rows: Rows, emotion: str) -> dict[str, list[Any]]:
    kept = [(s, v, min(_ONSET, n), min(_ONSET + _FRAMES - 1, n)) for s, v, _, n in rows[:_VIDEOS]]
    subjects, videos, onsets, offsets = (list(column) for column in zip(*kept, strict=True)) if kept else ([],) * 4
    return {
        "subject": subjects,
        "video": videos,
        "onset": onsets,
        "offset": offsets,
        "is_macro": [False] * len(kept),
        "score": [None] * len(kept),
        "emotion": [emotion] * len(kept),
    }


def _typed(rows: Rows, _: tuple[str, ...]) -> dict[str, list[Any]]:
    return _intervals(rows, "")


def _with_emotions(rows: Rows, classes: tuple[str, ...]) -> dict[str, list[Any]]:
    return _intervals(rows, classes[0] if classes else "negative")


def _labels(rows: Rows, classes: tuple[str, ...]) -> dict[str, list[Any]]:
    return {"keys": [list(row) for row in rows], "emotions": [classes[0]] * len(rows), "probabilities": []}


def _answers(rows: Rows, _: tuple[str, ...]) -> list[list[str]]:
    return [[*row, "negative", "", ""] for row in rows]


_MADE: Mapping[str, Callable[[Rows, tuple[str, ...]], Any]] = {
    "spotting": _typed,
    "spot_recognise": _with_emotions,
    "recognition": _labels,
    "questions": _answers,
}
