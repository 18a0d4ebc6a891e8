"""OpenFace tables that the settings of a method name: that they are there is seen before a run has a folder."""

from __future__ import annotations

from collections.abc import Sequence

from mebench.errors import UserError
from mebench.schema.recordings import Recording


def require_tables(dataset: str, method: str, setting: str, recordings: Sequence[Recording], *, rendered: bool) -> None:
    """See that a dataset has tables, where a method is told to read them.

    Parameters
    ----------
    dataset, recordings : its id, and what the run takes of it.
    method, setting : id of the method, and its setting that names the tables, as it is typed.
    rendered : whether the dataset has drawn faces, which nobody runs OpenFace on.

    Raises
    ------
    UserError : when no recording has a table. Where some have, those without are told by their folds.
    """
    faces = setting.startswith("landmarks=")
    if not recordings or any(r.action_units_csv or (faces and r.aligned is not None) for r in recordings):
        return
    advice = f"leave {setting} out"
    if not rendered:
        advice = f"run OpenFace's FeatureExtraction and give {dataset}:openface=DIR, or {advice}"
    raise UserError(f"{method}:{setting} reads OpenFace tables, and no recording of {dataset} has one: {advice}.")
