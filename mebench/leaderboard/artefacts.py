"""What lies beside a scorecard: the truth, the predictions and the per-frame scores that its timelines are drawn from.

Conventions
-----------
    <run>/scorecard.json
    <run>/predictions.csv
    <run>/truth/{events.csv,videos.csv}
    <run>/folds/<fold>/scores.npz        one array (n_frames, 2) a video, columns micro and macro, named `subject/video`
    <run>/folds/<fold>/presence.json     where the faces of the videos were found

Baselines share a truth, which lies one folder higher.
"""

from __future__ import annotations

import dataclasses
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.schema.intervals import Intervals
from mebench.schema.predictions import read_predictions
from mebench.schema.presence import Presence
from mebench.schema.presence_file import PRESENCE, read_presences
from mebench.schema.truth import Truth

Key = tuple[str, str]

_OF_TRUTH = ("truth/events.csv", "truth/videos.csv")
NEEDED = ("predictions.csv", *_OF_TRUTH)
"""Files without which there is nothing to draw; scores may be missing."""
SCORES = "folds/*/scores.npz"


@dataclasses.dataclass(frozen=True)
class Artefacts:
    """Truth, predictions and scores of one run, and where faces were found.

    `scores` lacks the videos whose scores are not kept, and `presences` those of which nothing is known.
    """

    truth: Truth
    predictions: Intervals
    scores: Mapping[Key, NDArray[np.float32]]
    presences: Mapping[Key, Presence] = dataclasses.field(default_factory=dict)


def read_artefacts(run: Path) -> Artefacts | str:
    """Read what a run has kept, or return the reason why no timeline can be drawn.

    Parameters
    ----------
    run : the folder that holds the scorecard.
    """
    missing = _missing(run)
    if missing:
        return f"there is no {' and no '.join(missing)} beside the scorecard"
    try:
        truth = Truth.read(_truth(run))
        predictions, _ = read_predictions(run / "predictions.csv")
        return Artefacts(truth, predictions, _read_scores(run, truth), _read_presences(run, truth))
    except UserError as error:
        return str(error).splitlines()[0].removesuffix(".")


def are_kept(run: Path) -> bool:
    """Return whether all that a timeline needs lies beside a scorecard."""
    return not _missing(run)


def scores_are_kept(run: Path) -> bool:
    """Return whether there are per-frame scores of any fold, from which curves are drawn."""
    return next(run.glob(SCORES), None) is not None


def _missing(run: Path) -> list[str]:
    return [name for name in NEEDED if not (_truth(run).parent / name if name in _OF_TRUTH else run / name).is_file()]


def _truth(run: Path) -> Path:
    """Return the folder of the truth: the run's own, or one that it shares with its siblings."""
    folders = (run / "truth", run.parent / "truth")
    return next((f for f in folders if all((f.parent / name).is_file() for name in _OF_TRUTH)), folders[0])


def _read_scores(run: Path, truth: Truth) -> dict[Key, NDArray[np.float32]]:
    """Gather the scores of all folds; arrays of the wrong shape are passed over, as those of unknown videos are."""
    lengths = dict(zip(truth.videos.keys(), truth.videos.n_frames.tolist(), strict=True))
    names = {f"{subject}/{video}": (subject, video) for subject, video in lengths}
    scores: dict[Key, NDArray[np.float32]] = {}
    for path in sorted(run.glob(SCORES)):
        try:
            with np.load(path, allow_pickle=False) as archive:
                for name in names.keys() & set(archive.files):
                    key, array = names[name], archive[name]
                    if array.shape == (lengths[key], 2) and np.issubdtype(array.dtype, np.floating):
                        scores[key] = array
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            reason = f"{path.relative_to(run)} cannot be read ({type(error).__name__})"
            raise UserError(f"{reason}: run that fold again.") from error
    return scores


def _read_presences(run: Path, truth: Truth) -> dict[Key, Presence]:
    """Gather where faces were found in all folds; videos of another length are passed over, as unknown ones are."""
    lengths = dict(zip(truth.videos.keys(), truth.videos.n_frames.tolist(), strict=True))
    names = {f"{subject}/{video}": (subject, video) for subject, video in lengths}
    found = [item for path in sorted(run.glob(f"folds/*/{PRESENCE}")) for item in read_presences(path).items()]
    return {names[name]: one for name, one in found if name in names and len(one) == lengths[names[name]]}
