"""The models that a user's own material is given to: those of a run, or one method that needs no training."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np

from mebench.datasets.catalogue import DATASETS
from mebench.errors import UserError
from mebench.faces.alignment_settings import AlignmentSettings
from mebench.methods.base import Method
from mebench.methods.catalogue import METHODS
from mebench.methods.spotting.base import Spotter
from mebench.protocols.catalogue import PROTOCOLS
from mebench.runs.choices import choose_method, read_settings
from mebench.runs.folds import FoldFolder
from mebench.runs.run import StoredRun, load_run
from mebench.settings import digest_of

DEFAULT_METHOD = "au_sum"

M = TypeVar("M", bound=Method[Any])


@dataclasses.dataclass(frozen=True)
class Models(Generic[M]):
    """Models of one method that are asked together.

    Attributes
    ----------
    each : the models, at least one.
    trained_on : ids of the datasets that they have learnt from, sorted; empty where nothing was learnt in a run.
    """

    each: Sequence[M]
    trained_on: tuple[str, ...] = ()

    @property
    def method(self) -> str:
        """Id of the method."""
        return self.each[0].id

    @functools.cached_property
    def digest(self) -> str:
        """Hex digest of the method, its version and settings, and of what each model has learnt."""
        first = self.each[0]
        learnt = [
            sorted((name, _digest_of_array(np.asarray(array))) for name, array in model.state().items())
            for model in self.each
        ]
        return digest_of(first.id, first.version, [model.settings() for model in self.each], learnt)

    def seen_only_rendered(self) -> bool:
        """Return whether the models have learnt in a run, and from rendered faces alone."""
        return bool(self.trained_on) and all(id in DATASETS and DATASETS.get(id).rendered for id in self.trained_on)


def choose_models(
    method: str | None, run: Path | None, settings: Path | None, face: int | None = None
) -> Models[Spotter]:
    """Return the models of a run, or a method that needs no training.

    Parameters
    ----------
    method : `ID[:key=value,...]`; by default `DEFAULT_METHOD`.
    run : folder of a run; excludes `method`.
    settings : TOML file of settings.
    face : which face is followed, from 1; None for what the settings say.

    Raises
    ------
    UserError : for both at once, a method that must be trained first, does not align faces or lacks a part such as the
        model file of its detector, and a run without a model that can be used.
    """
    if method and run:
        raise UserError("--run has a method of its own: give --run or --method, not both.")
    models = load_models(run, face) if run else Models([_untrained(method or DEFAULT_METHOD, settings, face)])
    models.each[0].require_parts()
    return models


def load_models(run: Path, face: int | None = None) -> Models[Spotter]:
    """Return the models of every fold of a run that is done; `face` as in `choose_models`.

    Raises
    ------
    UserError : when the folder is no run, or none of its folds is done.
    """
    stored = load_run(run)
    cls = spotter_class(stored.config["method"]["id"])
    done = [folder for folder in stored.folds() if folder.problem() is None]
    if not done:
        raise UserError(f"No fold of {run} is done: run it to its end first.")
    models = trained_models(stored, cls, done, _face(cls, face))
    if models.each[0].needs_truth:
        raise UserError(f"{cls.id} is the truth itself and finds nothing in a new video: give another --run.")
    return models


def trained_models(
    stored: StoredRun, cls: type[M], done: Iterable[FoldFolder], options: dict[str, int] | None = None
) -> Models[M]:
    """Return the models of folds; one, of no training set, where the method does not learn.

    Parameters
    ----------
    stored, cls : a run, and the class of its method.
    done : folds that are done, at least one.
    options : settings that are laid over those of the run.
    """
    models: list[M] = []
    for folder in done:
        for state in folder.states():
            model = cls.configure({**stored.settings_of(folder.fold), **(options or {})})
            model.load_state(state)
            models.append(model)
            if not model.trains:
                return Models(models)
    return Models(models, _learnt_from(stored.config))


def _learnt_from(config: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the ids of the datasets that a run has learnt from; people bear the names of a composite's databases."""
    tested, training = config["datasets"], config.get("training", ())
    learnt = [*training, *tested] if PROTOCOLS.get(config["protocol"]["id"]).pretrains else training or tested
    return tuple(sorted({entry["id"] for entry in (*learnt, *config.get("also", ()))}))


def spotter_class(id: str) -> type[Spotter]:
    """Return the class of a spotting method.

    Raises
    ------
    UserError : when there is no such method, or it is one of another task.
    """
    found = METHODS.get(id)
    if not issubclass(found, Spotter):
        raise UserError(f"{id} is no spotting method: choose one from `mebench list methods`.")
    return found


def _face(cls: type[Spotter], face: int | None) -> dict[str, int]:
    """Return the setting that names the face to follow."""
    if face is None:
        return {}
    if not issubclass(cls.Config, AlignmentSettings):
        raise UserError(f"{cls.id} has no setting face: leave --face out, or choose another method.")
    return {"face": face}


def _untrained(text: str, settings: Path | None, face: int | None) -> Spotter:
    """Return a method that can be used as it is."""
    spec = choose_method(text, read_settings(settings))
    cls = spotter_class(spec.id)
    if cls.needs_truth:
        raise UserError(f"{cls.id} is the truth itself and finds nothing in a new video: give another --method.")
    if cls.trains:
        raise UserError(f"{cls.id} must be trained first: `mebench run --method {cls.id} ...`, then give --run DIR.")
    return cls.configure({**spec.options, **_face(cls, face)})


def _digest_of_array(array: np.ndarray) -> str:
    content = np.ascontiguousarray(array)
    return hashlib.sha256(f"{content.dtype.str}{content.shape}".encode() + content.tobytes()).hexdigest()
