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

from mebench.errors import UserError
from mebench.metrics.conventions import Convention
from mebench.schema.predictions import read_predictions
from mebench.schema.scorecard import MethodRef, Scorecard
from mebench.schema.truth import Truth, TruthCounts

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
class Submission(Generic[P]):
    """Predictions with all that a scorecard says about where they come from.

    Attributes
    ----------
    predictions : what the protocol's task asks for, such as `Intervals` of every video or `Labels` of every clip.
    frame_scores : per-frame scores of the videos, or None.
    method : which method, with which settings.
    complete : False when a fold is missing.
    environment, timing : provenance, never compared.
    source : name of the file, for messages.
    lines : line in that file of every prediction, or empty.
    """

    predictions: P
    frame_scores: FrameScores | None = None
    method: MethodRef = dataclasses.field(default_factory=MethodRef)
    complete: bool = True
    environment: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    timing: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    source: str = "predictions"
    lines: Sequence[int] = ()


class Protocol(abc.ABC):
    """The rules of one challenge year or paper.

    Class attributes
    ----------------
    id, version, summary : what `mebench list` shows; a change that moves a score is a new version.
    task : `spotting`, `str` (spot-then-recognise), `recognition`, `vqa` or `generation`.
    sources : where each rule was read.
    convention : how predictions and truth are compared, unless the user asks for another preset.
    published_convention : name of the preset that recomputes the numbers published under this protocol, or empty.
    official : counts of the official sets by dataset id; a spotting protocol's are `TruthCounts`.
    ranking : metric and scope by which a leaderboard ranks.
    """

    id: ClassVar[str] = ""
    version: ClassVar[str] = "1"
    task: ClassVar[str] = "spotting"
    summary: ClassVar[str] = ""
    sources: ClassVar[tuple[str, ...]] = ()
    convention: ClassVar[Convention] = Convention()
    published_convention: ClassVar[str] = ""
    official: ClassVar[Mapping[str, Any]] = {}
    ranking: ClassVar[tuple[str, str]] = ("f1", "overall")

    def splits(self, subjects: Sequence[str]) -> list[Split]:
        """Return the folds: leave one subject out, over the full cohort.

        Parameters
        ----------
        subjects : every subject, qualified where several datasets are pooled; order and repeats do not matter.
        """
        cohort = sorted(set(subjects))
        return [Split(subject, (subject,), tuple(s for s in cohort if s != subject)) for subject in cohort]

    def supports(self, datasets: Sequence[str], task: str = "spotting") -> str | None:
        """Return why a run on these datasets cannot follow the protocol, or None when it can.

        Parameters
        ----------
        datasets : ids of the datasets of the run.
        task : their task.
        """
        return None if task == self.task else f"{self.id} is for {self.task}, {' and '.join(datasets)} is for {task}"

    def read_predictions(self, path: Path) -> tuple[Any, Sequence[int]]:
        """Read a submission's file or folder: for spotting, `predictions.csv`.

        Returns
        -------
        The predictions, and the line of each of them.

        Raises
        ------
        UserError : when a file cannot be opened.
        InvalidTable : with every problem.
        """
        return read_predictions(path)

    def read_truth(self, directory: Path) -> Any:
        """Read the folder of a truth: for spotting, `events.csv` and `videos.csv`.

        Raises
        ------
        UserError : when a file is missing.
        InvalidTable : with every problem.
        """
        return Truth.read(directory)

    @abc.abstractmethod
    def score(self, submission: Submission, truth: Any, *, convention: Convention | None = None) -> Scorecard:
        """Grade predictions.

        Parameters
        ----------
        submission : predictions and their provenance.
        truth : what they are held against; any truth of the task will do, and the card says whether it is official.
        convention : rules other than the protocol's own.

        Raises
        ------
        InvalidTable : when predictions are of unknown videos or run past the end of one.
        UserError : when frame scores do not fit the videos, or a convention's rule has no meaning under the protocol.
        """

    def pooled_rules(self, convention: Convention | None) -> Convention:
        """Return the rules of a grading that only knows pooled counts.

        Raises
        ------
        UserError : when a convention asks for the mean of subjects' scores.
        """
        rules = convention or self.convention
        if rules.pooling != "counts":
            raise UserError(f"{self.id} pools counts: choose a convention whose pooling is counts.")
        return rules

    def official_reason(self, truth: Any) -> str:
        """Return why a truth is not the official one, or an empty string when it is."""
        found = _counts_by_dataset(truth)
        for dataset, counts in found.items():
            if dataset not in self.official:
                return f"{dataset or 'this truth'} is no official set of {self.id}"
            expected = self.official[dataset]
            if counts != expected:
                return f"{dataset} has {_spell(counts)}, the official set has {_spell(expected)}"
        return ""


def _counts_by_dataset(truth: Truth) -> dict[str, TruthCounts]:
    datasets = truth.datasets()
    if len(datasets) == 1:
        return {datasets[0]: truth.counts()}
    result = {}
    for dataset in datasets:
        of_events = np.char.startswith(truth.events.subject, f"{dataset}/")
        macro = int(truth.events.is_macro[of_events].sum())
        videos = int(np.char.startswith(truth.videos.subject, f"{dataset}/").sum())
        result[dataset] = TruthCounts(videos, macro, int(of_events.sum()) - macro)
    return result


def _spell(counts: TruthCounts) -> str:
    return f"{counts.macro} macro- and {counts.micro} micro-expressions in {counts.videos} videos"
