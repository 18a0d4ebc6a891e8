"""The trained models of a run, as its folds have stored them."""

from __future__ import annotations

from typing import Any

from mebench.errors import UserError
from mebench.methods.base import Method
from mebench.runs.folds import CHECKPOINT, FoldFolder
from mebench.runs.run import StoredRun


def trained_model(stored: StoredRun, cls: type[Method[Any]], folder: FoldFolder, arm: int) -> Any:
    """Return the trained model of an arm, with the settings of each dataset for its recordings.

    Parameters
    ----------
    stored, cls : a run, and the class of its method.
    folder, arm : a fold of the run, and the position of its arm.

    Raises
    ------
    UserError : when the fold is not done, or what was learnt cannot be read.
    """
    problem = folder.problem()
    if problem is not None:
        raise UserError(
            f"The fold {folder.fold.id} of {stored.folder.path}, which tests this subject, is of no use ({problem}): "
            "give the same mebench run command again, which does what is missing."
        )
    model = cls.configure(stored.settings_of(folder.fold))
    entries = (*stored.config.get("training", ()), *stored.config["datasets"])
    model.configs = {entry["id"]: cls.configure(entry["method_settings"]).config for entry in entries}
    try:
        model.load_state(folder.states()[arm])
    except (OSError, ValueError, KeyError) as error:
        raise UserError(f"{folder.path / CHECKPOINT} cannot be read ({error}): run that fold again.") from error
    return model
