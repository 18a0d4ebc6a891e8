"""What every protocol offers: splits, a convention, and scores.

Conventions
-----------
A protocol never trains and never opens a dataset: it is handed ids, predictions and truth. Splits come from the full
cohort. Where several datasets are pooled, subjects are qualified, `dataset/subject`.
"""

from __future__ import annotations

import abc
import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from mebench.schema.scorecard import DatasetRef, MethodRef, Scorecard
from mebench.tasks.catalogue import task_of

P = TypeVar("P")

FrameScores = Mapping[tuple[str, str], NDArray[np.floating[Any]]]
"""Per-frame scores of shape (n_frames, 2), columns micro and macro, by (subject, video)."""


@dataclasses.dataclass(frozen=True)
class Split:
    """One fold: who is tested, and who may be learnt from.

    Attributes
    ----------
    name : unique within the protocol's splits.
    test_subjects, train_subjects : disjoint and sorted; nothing is to learn from where training data are another set.
    """

    name: str
    test_subjects: tuple[str, ...]
    train_subjects: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Predicted(Generic[P]):
    """Predictions with all that a scorecard says about where they come from.

    Attributes
    ----------
    predictions : what the protocol's task asks for, such as `Intervals` of every video or `Labels` of every clip.
    frame_scores : per-frame scores of the videos, or None.
    method : which method, with which settings.
    trained_on : the datasets that it learnt from.
    complete : False when a fold is missing.
    environment, timing : provenance, never compared.
    source : name of the file, for messages.
    lines : line in that file of every prediction, or empty.
    """

    predictions: P
    frame_scores: FrameScores | None = None
    method: MethodRef = dataclasses.field(default_factory=MethodRef)
    trained_on: tuple[DatasetRef, ...] = ()
    complete: bool = True
    environment: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    timing: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    source: str = "predictions"
    lines: Sequence[int] = ()


class Protocol(abc.ABC):
    """The rules of one challenge year or paper; the tasks' own bases lie in `rules/`.

    Class attributes
    ----------------
    id, version, summary : what `mebench list` shows; a change that moves a score is a new version.
    task : id of the task, set by the base of its rules.
    sources : where each rule was read.
    convention : how predictions and truth are compared, unless the user asks for another preset.
    published_convention : name of the preset that recomputes the numbers published under this protocol, or empty.
    official : counts of the official sets by dataset id, in the form of the task.
    ranking : metric and scope by which a leaderboard ranks.
    classes : the labels that the protocol tells apart, in lower case, where it does.
    """

    id: ClassVar[str] = ""
    version: ClassVar[str] = "1"
    task: ClassVar[str] = ""
    summary: ClassVar[str] = ""
    sources: ClassVar[tuple[str, ...]] = ()
    convention: ClassVar[Any]
    published_convention: ClassVar[str] = ""
    official: ClassVar[Mapping[str, Any]] = {}
    ranking: ClassVar[tuple[str, str]]
    classes: ClassVar[tuple[str, ...]] = ()

    def splits(self, subjects: Sequence[str]) -> list[Split]:
        """Return the folds: leave one subject out, over the full cohort.

        Parameters
        ----------
        subjects : every subject, qualified where several datasets are pooled; order and repeats do not matter.
        """
        cohort = sorted(set(subjects))
        return [Split(subject, (subject,), tuple(s for s in cohort if s != subject)) for subject in cohort]

    def supports(self, datasets: Sequence[str], task: str = "") -> str | None:
        """Return why a run on these datasets cannot follow the protocol, or None when it can.

        Parameters
        ----------
        datasets : ids of the datasets of the run.
        task : what the method does; by default the protocol's own task.
        """
        if not task or task == self.task:
            return None
        return f"{self.id} is for {self.task}, {' and '.join(datasets)} is for {task}"

    def read_predictions(self, path: Path) -> tuple[Any, Sequence[int]]:
        """Read predictions of the protocol's task; see `Task.read_predictions`."""
        return task_of(self.task).read_predictions(path, self.classes)

    def read_truth(self, folder: Path) -> Any:
        """Read a truth of the protocol's task; see `Task.read_truth`."""
        return task_of(self.task).read_truth(folder)

    @classmethod
    def preset(cls, name: str) -> Any:
        """Return a named convention of the protocol's task; see `Convention.preset`."""
        return task_of(cls.task).convention.preset(name)

    @classmethod
    def presets(cls) -> Mapping[str, Any]:
        """Return the named conventions of the protocol's task, `strict` first."""
        return task_of(cls.task).convention.presets

    @abc.abstractmethod
    def score(self, submission: Predicted, truth: Any, *, convention: Any = None) -> Scorecard:
        """Grade predictions.

        Parameters
        ----------
        submission : predictions and their provenance.
        truth : what they are held against; any truth of the task will do, and the card says whether it is official.
        convention : rules of the task other than the protocol's own.

        Raises
        ------
        InvalidTable : when predictions are of unknown items or run past the end of one.
        UserError : when frame scores do not fit the videos.
        """

    @abc.abstractmethod
    def official_reason(self, truth: Any) -> str:
        """Return why a truth is not the official one, or an empty string when it is."""


def unseen(subjects: Sequence[str]) -> list[Split]:
    """Return one split that tests everybody, for test sets that nobody learns from."""
    return [Split("unseen", tuple(sorted(set(subjects))))]
