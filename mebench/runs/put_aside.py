"""Results of a run that somebody has changed by hand: put aside and told, never written over.

Conventions
-----------
Every start of a run writes its pooled predictions, its scorecard and its truth anew, from the folds and the datasets.
`timing.json` keeps the digests of what was written; a file that has another one when the next start comes is renamed to
`NAME.changed`, or `NAME.changed-2` where that is taken.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from mebench.errors import UserError
from mebench.plain import plain_text
from mebench.runs.store import SCORECARD, RunFolder
from mebench.schema.files import advice
from mebench.tasks.base import NAME_FILE

WRITTEN = "written"
"""Where `timing.json` keeps the sha256 of each file, by its name in the folder of the run."""


def written(folder: RunFolder) -> dict[str, str]:
    """Return the digests of the results that lie in a run's folder."""
    return {path.relative_to(folder.path).as_posix(): _digest(path) for path in _results(folder)}


def put_aside(folder: RunFolder) -> list[str]:
    """Rename the results that were changed since an earlier start wrote them, and return a sentence for each.

    Raises
    ------
    UserError : when one cannot be renamed.
    """
    kept, told = folder.timing().get(WRITTEN), []
    before = kept if isinstance(kept, dict) else {}
    for path in _results(folder):
        name = path.relative_to(folder.path).as_posix()
        if name in before and before[name] != _digest(path):
            told.append(f"{name} was changed since it was written: it is {_renamed(path)} now, and is written anew.")
    return told


def _results(folder: RunFolder) -> Iterator[Path]:
    """Yield the files that every start writes, those that are there."""
    task, place = folder.task(), folder.path
    names = [place / task.predictions_path, place / SCORECARD]
    truth = (path for pattern in (*task.truth_files, NAME_FILE) for path in sorted((place / "truth").glob(pattern)))
    yield from (path for path in (*names, *dict.fromkeys(truth)) if path.is_file())


def _renamed(path: Path) -> str:
    """Rename a file to the first name that is free, and return that."""
    number = 1
    while os.path.lexists(new := path.with_name(f"{path.name}.changed" + (f"-{number}" if number > 1 else ""))):
        number += 1
    try:
        path.rename(new)
    except OSError as error:
        raise UserError(f"{plain_text(str(path), 1000)} was changed and cannot be renamed {advice(error)}.") from error
    return new.name


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
