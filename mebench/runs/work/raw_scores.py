"""`raw.npz`: the raw scores of the videos of a fold, written as they come.

Conventions
-----------
    scores/SUBJECT/VIDEO        float32 (n_frames, 2), columns micro and macro, or (n_frames, 1), movement; 0 without a
                                face
    thresholds/SUBJECT/VIDEO    float64 (columns,), from which score on a frame is positive; infinity for never. Missing
                                where the method has none

A fold of a method without raw scores has no such file, nor has one that was done before there were any.
"""

from __future__ import annotations

import contextlib
import zipfile
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from mebench.errors import UserError
from mebench.methods.spotting.base import Spotting
from mebench.runs.arrays import NpzWriter
from mebench.runs.folds import FoldFolder
from mebench.schema.files import writing_path
from mebench.schema.presence_file import PRESENCE, read_presences
from mebench.schema.raw_scores import RawScores

RAW = "raw.npz"
_SCORES, _THRESHOLDS = "scores/", "thresholds/"


class RawWriter:
    """Writes the raw scores of a fold; the file is there once the first video has some.

    Parameters
    ----------
    path : the file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._open = contextlib.ExitStack()
        self._file: NpzWriter | None = None
        self._form: tuple[int | None, bool] | None = None

    def __enter__(self) -> Self:
        """Return the writer."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        """End the file, whole or not at all."""
        self._open.__exit__(kind, error, tb)

    def add(self, name: str, spotting: Spotting) -> None:
        """Take the raw scores of one video, `SUBJECT/VIDEO`.

        Raises
        ------
        UserError : when a method says something of other form than of the video before.
        """
        raw, thresholds = spotting.raw, spotting.raw_thresholds
        form = (None if raw is None else raw.shape[1], thresholds is not None)
        if self._form not in (None, form):
            raise UserError(
                f"The raw scores of {name} are of another form than those of the video before: mend the method's "
                "`spot`, which must give the same columns and thresholds of every video, or none of any."
            )
        self._form = form
        if raw is None:
            return
        if self._file is None:
            self._file = self._open.enter_context(NpzWriter(self._open.enter_context(writing_path(self._path))))
        self._file.add(f"{_SCORES}{name}", raw)
        if thresholds is not None:
            self._file.add(f"{_THRESHOLDS}{name}", np.array(thresholds, np.float64))


def raw_scores_of(folder: FoldFolder) -> dict[str, RawScores]:
    """Return the raw scores of every tested video of a fold that is done, by `SUBJECT/VIDEO`; empty without any.

    Raises
    ------
    UserError : for a file that is no such archive.
    """
    path = folder.path / RAW
    if not path.is_file():
        return {}
    presences = read_presences(folder.path / PRESENCE)
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise UserError(f"{path} cannot be read: run that fold again.") from error
    found = {}
    for key, scores in arrays.items():
        if key.startswith(_SCORES):
            name = key.removeprefix(_SCORES)
            levels = arrays.get(f"{_THRESHOLDS}{name}")
            seen = presences[name].found if name in presences else np.ones(len(scores), np.bool_)
            found[name] = RawScores(scores, None if levels is None else tuple(levels.tolist()), seen)
    return found
