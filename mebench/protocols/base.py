"""What every protocol offers: splits, a convention, and scores.

Conventions
-----------
A protocol never trains and never opens a dataset: it is handed people, predictions and truth. Splits come from the
full cohort.
"""

from __future__ import annotations

import abc
import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from mebench.protocols.splits import Cohort, Split, fixed, leave_one_subject_out
from mebench.schema.raw_scores import RawByVideo
from mebench.schema.recordings import Recording
from mebench.schema.scorecard import DatasetRef, MethodRef, Scorecard
from mebench.tasks.catalogue import task_of

P = TypeVar("P")

FrameScores = Mapping[tuple[str, str], NDArray[np.floating[Any]]]
"""Per-frame scores of shape (n_frames, 2), columns micro and macro, by (subject, video)."""


@dataclasses.dataclass(frozen=True)
class Predicted(Generic[P]):
    """Predictions with all that a scorecard says about where they come from.

    Attributes
    ----------
    predictions : what the protocol's task asks for, such as `Intervals` of every video or `Labels` of every clip.
    frame_scores : per-frame scores of the videos, or None.
    raw_scores : what was said of each frame before it was smoothed, or None.
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
    raw_scores: RawByVideo | None = None


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
    remarks : what to know of an official set before published numbers are held beside it, by dataset id.
    ranking : metric and scope by which a leaderboard ranks.
    classes : the labels that the protocol tells apart, in lower case, where it does.
    together : whether the people of several tested datasets learn from each other, as one composite cohort.
    paired : whether the first dataset for training is for the first tested one, the second for the second, and so on.
    unseen : whether the test set is one that nobody learns from, so that learning needs datasets of its own.
    pretrains : whether datasets for training alone are a first stage of learning, after which the tested people still
        learn from each other; see `methods.stages`.
    """

    id: ClassVar[str] = ""
    version: ClassVar[str] = "1"
    task: ClassVar[str] = ""
    summary: ClassVar[str] = ""
    sources: ClassVar[tuple[str, ...]] = ()
    convention: ClassVar[Any]
    published_convention: ClassVar[str] = ""
    official: ClassVar[Mapping[str, Any]] = {}
    remarks: ClassVar[Mapping[str, str]] = {}
    ranking: ClassVar[tuple[str, str]]
    classes: ClassVar[tuple[str, ...]] = ()
    together: ClassVar[bool] = False
    paired: ClassVar[bool] = False
    unseen: ClassVar[bool] = False
    pretrains: ClassVar[bool] = False

    def splits(self, cohort: Cohort) -> list[Split]:
        """Return the folds: leave one subject out, over the full cohort.

        Where datasets are for training alone, one model learns from them and everybody else is tested. Otherwise the
        people of a tested dataset learn from each other, or those of all where `together` says so; of an `unseen` test
        set nobody does.
        """
        if cohort.pairs:
            own = [(id, cohort.of_dataset(id)) for id in cohort.datasets()]
            return [split for id, pair in own for split in fixed(pair.tested, pair.training, id)]
        if cohort.training or self.unseen:
            return fixed(cohort.tested, cohort.training)
        if self.together:
            return leave_one_subject_out(cohort.tested)
        ids = cohort.datasets()
        each = [leave_one_subject_out(cohort.of_dataset(id).tested, qualified=len(ids) > 1) for id in ids]
        return [split for splits in each for split in splits]

    def supports(
        self, datasets: Sequence[str], task: str = "", *, training: Sequence[str] = (), trains: bool = True
    ) -> str | None:
        """Return why a run cannot follow the protocol, or None when it can.

        Parameters
        ----------
        datasets : ids of the tested datasets.
        task : what the method does; by default the protocol's own task.
        training : ids of the datasets for training alone.
        trains : whether the method learns.
        """
        named = " and ".join(datasets)
        if task and task != self.task:
            return f"{self.id} is for {self.task}, {named} is for {task}"
        if self.unseen and trains and not training:
            return (
                f"{self.id} tests on a set that nobody has trained on, but a run on {named} would do both there; add "
                "--train ID, or grade finished predictions with mebench grade"
            )
        return None

    def admit(self, recording: Recording) -> Recording | None:
        """Return a recording with the labels of the protocol, or None for one that has no place under it."""
        return recording

    def admit_training(self, recording: Recording) -> Recording | None:
        """Return what `admit` does for a recording of a dataset for training alone, or of a made copy."""
        return self.admit(recording)

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
        InvalidTable : when predictions are of unknown items, or end before they begin.
        UserError : when frame scores do not fit the videos.
        """

    @abc.abstractmethod
    def official_reason(self, truth: Any) -> str:
        """Return why a truth is not the official one, or an empty string when it is."""
