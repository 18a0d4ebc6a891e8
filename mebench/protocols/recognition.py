"""Grading of recognised clips: UF1 and UAR of counts pooled over all folds, in full and per database.

Conventions
-----------
Scopes: `full` and, where there are several, each database, which are the same predictions restricted to it. Every score
is of confusion counts added over subjects first (never a mean of folds, unless a convention asks for it). A clip
without prediction is a miss of its class, and the card is not complete. UAR is mean recall; mean precision, which
several papers print as UAR, is `macro_precision`. F1, precision and recall of each class have the class as their scope.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.metrics import classification
from mebench.metrics.conventions import Convention
from mebench.protocols.base import Protocol, Submission
from mebench.protocols.pooled import Graded, class_counts, make_card, pooled_scores, total_counts
from mebench.schema.clips import Clips
from mebench.schema.recognition import Labels, match_clips, read_labels
from mebench.schema.scorecard import Counts, DatasetRef, Score, Scorecard, SubjectRow, VideoRow

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class RecognitionProtocol(Protocol):
    """A protocol that grades the classes of clips.

    Class attributes
    ----------------
    classes : what is told apart, in lower case; a class without samples keeps its place in the means as 0.
    official : number of clips of each class, in order, and of subjects, by database.
    """

    task = "recognition"
    ranking = ("uf1", "full")
    classes: ClassVar[tuple[str, ...]] = ()
    official: ClassVar[Mapping[str, tuple[tuple[int, ...], int]]] = {}

    def read_predictions(self, path: Path) -> tuple[Labels, Sequence[int]]:
        """Read a recognition table; see `Protocol.read_predictions`."""
        return read_labels(path, self.classes)

    def read_truth(self, directory: Path) -> Clips:
        """Read `clips.csv`, or the official composite list; see `Protocol.read_truth`."""
        return Clips.read(directory)

    def score(self, submission: Submission, truth: Clips, *, convention: Convention | None = None) -> Scorecard:
        """Grade recognised clips; see `Protocol.score`.

        Raises
        ------
        UserError : when the truth has a class that is none of the protocol's.
        """
        rules = convention or self.convention
        _check_classes(self, truth)
        found = match_clips(submission.predictions, truth, submission.source, submission.lines)
        of_clip = self._pairs(found, truth)
        people = truth.subjects()
        person = np.searchsorted(people, [clip.person for clip in truth.clips])
        table = np.zeros((len(people), len(self.classes) + 1, len(self.classes) + 1), np.int64)
        np.add.at(table, (person, of_clip[:, 0], of_clip[:, 1]), 1)
        scopes = _scopes(truth)
        scores = [s for scope, inside in scopes.items() for s in self._scores(scope, table[inside], rules)]
        totals = {scope: table[inside].sum(axis=0) for scope, inside in scopes.items()}
        graded = Graded(
            DatasetRef(truth.dataset, truth.digest()),
            {scope: total_counts(total, len(self.classes)) for scope, total in totals.items()}
            | class_counts(totals["full"], self.classes),
            scores + self._class_scores(table),
            tuple(SubjectRow(p, self._row(table[i])) for i, p in enumerate(people)),
            self._clip_rows(truth, of_clip),
            complete=len(found) == len(truth.clips),
            reason=self.official_reason(truth),
        )
        return make_card(self, submission, rules, graded)

    def _pairs(self, found: Mapping[Any, str], truth: Clips) -> Ints:
        """Return true and predicted class of each clip, shape (n, 2); a missing prediction is class C."""
        number = {label: i for i, label in enumerate(self.classes)}
        nothing = len(self.classes)
        rows = [(number[clip.emotion], number.get(found.get(clip.key, ""), nothing)) for clip in truth.clips]
        return np.array(rows, np.int64).reshape(-1, 2)

    def _scores(self, scope: str, table: Ints, rules: Convention) -> list[Score]:
        defined = classification.recognition_defined(table.sum(axis=0), n_classes=len(self.classes))
        drop = rules.absent_class == "drop"

        def statistic(matrices: Floats) -> Floats:
            return classification.recognition_values(matrices, drop_absent=drop, n_classes=len(self.classes))

        if rules.pooling == "mean":
            added = np.concatenate((statistic(table.astype(np.float64)), np.ones((len(table), 1))), axis=1)
            return pooled_scores(classification.NAMES, scope, added, _mean, defined)
        return pooled_scores(classification.NAMES, scope, table, statistic, defined)

    def _class_scores(self, table: Ints) -> list[Score]:
        total = table.sum(axis=0)
        scores = []
        for i, label in enumerate(self.classes):
            predicted, true = bool(total[:, i].any()), bool(total[i].any())
            flags = (predicted, true, predicted or true)
            scores += pooled_scores(("precision", "recall", "f1"), label, table, _of_class(i), flags)
        return scores

    def _row(self, matrix: Ints) -> dict[str, Counts]:
        return {"full": total_counts(matrix, len(self.classes))} | class_counts(matrix, self.classes)

    def _clip_rows(self, truth: Clips, of_clip: Ints) -> tuple[VideoRow, ...]:
        size = len(self.classes) + 1
        rows = []
        for clip, (true, predicted) in zip(truth.clips, of_clip.tolist(), strict=True):
            matrix = np.zeros((size, size), np.int64)
            matrix[true, predicted] = 1
            rows.append(VideoRow(clip.person, clip.clip, self._row(matrix)))
        return tuple(rows)

    def official_reason(self, truth: Clips) -> str:
        """Return why a truth is not the official one, or an empty string when it is."""
        if set(truth.databases()) != set(self.official):
            return (
                f"it has the databases {', '.join(truth.databases())}, the official set has {', '.join(self.official)}"
            )
        for database, expected in self.official.items():
            inside = [clip for clip in truth.clips if clip.database == database]
            labels = [clip.emotion for clip in inside]
            found = (tuple(labels.count(label) for label in self.classes), len({clip.subject for clip in inside}))
            if found != expected:
                return f"{database} has {self._spell(found)}, the official set has {self._spell(expected)}"
        return ""

    def _spell(self, counts: tuple[tuple[int, ...], int]) -> str:
        of_class = ", ".join(f"{n} {label}" for n, label in zip(counts[0], self.classes, strict=True))
        return f"{of_class} of {counts[1]} subjects"


def _check_classes(protocol: RecognitionProtocol, truth: Clips) -> None:
    if unknown := sorted({clip.emotion for clip in truth.clips} - set(protocol.classes)):
        raise UserError(
            f"{protocol.id} has the classes {', '.join(protocol.classes)}, but the clips have "
            f"{', '.join(unknown)}: give the official list."
        )


def _scopes(truth: Clips) -> dict[str, NDArray[np.bool_]]:
    """Return which subjects belong to each scope."""
    people = truth.subjects()
    scopes = {"full": np.ones(len(people), bool)}
    databases = truth.databases()
    if len(databases) > 1:
        database_of = {clip.person: clip.database for clip in truth.clips}
        scopes |= {name: np.array([database_of[p] == name for p in people]) for name in databases}
    return scopes


def _mean(added: Floats) -> Floats:
    return added[..., :-1] / np.maximum(added[..., -1:], 1)


def _of_class(i: int) -> Callable[[Floats], Floats]:
    return lambda matrices: np.stack([value[..., i] for value in classification.per_class(matrices)], axis=-1)
