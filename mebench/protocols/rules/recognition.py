"""Grading of recognised clips: UF1 and UAR of counts pooled over all folds, in full and per database.

Conventions
-----------
Scopes: `full` and, where there are several, each database, which are the same predictions restricted to it. Every score
is of confusion counts added over subjects first (never a mean of folds, unless a convention asks for it; folds are then
those that the protocol divides the truth's subjects into). A clip
without prediction is a miss of its class, and the card is not complete. UAR is mean recall; mean precision, which
several papers print as UAR, is `macro_precision`. F1, precision and recall of each class have the class as their scope.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.metrics import classification
from mebench.metrics.conventions.recognition import RecognitionConvention
from mebench.metrics.intervals import RATIOS
from mebench.metrics.statistics.additive import Additive
from mebench.protocols.base import Predicted, Protocol
from mebench.protocols.cards import Graded, class_counts, make_card, total_counts
from mebench.protocols.splits import Cohort
from mebench.schema.clips import ClipTable
from mebench.schema.people import Person
from mebench.schema.recognition import match_clips
from mebench.schema.recordings import Clip, Recording
from mebench.schema.scorecard import Counts, DatasetRef, Scorecard, VideoRow

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_CONFUSION = "confusion"
"""Where a card keeps the confusion counts of a subject, rows one after the other; `/SCOPE` follows for a database."""


class RecognitionProtocol(Protocol):
    """A protocol that grades the classes of clips.

    Class attributes
    ----------------
    classes : what is told apart, in lower case; a class without samples keeps its place in the means as 0.
    official : number of clips of each class, in order, and of subjects, by database.
    """

    task = "recognition"
    convention: ClassVar[Any] = RecognitionConvention()
    ranking = ("uf1", "full")
    together = True
    official: ClassVar[Mapping[str, tuple[tuple[int, ...], int]]] = {}

    def score(self, submission: Predicted, truth: ClipTable, *, convention: Any = None) -> Scorecard:
        """Grade recognised clips; see `Protocol.score`.

        Raises
        ------
        UserError : when the truth has a class that is none of the protocol's.
        """
        rules: RecognitionConvention = convention or self.convention
        _check_classes(self, truth)
        found = match_clips(submission.predictions, truth, submission.source, submission.lines)
        of_clip = self._pairs(found, truth)
        people = truth.subjects()
        person = np.searchsorted(people, [clip.person for clip in truth.clips])
        table = np.zeros((len(people), self._size, self._size), np.int64)
        np.add.at(table, (person, of_clip[:, 0], of_clip[:, 1]), 1)
        folds = self._folds(people) if rules.pooling == "folds" else np.zeros(len(people), np.int64)
        scopes = _scopes(truth)
        totals = {scope: table[inside].sum(axis=0) for scope, inside in scopes.items()}
        graded = Graded(
            DatasetRef(truth.dataset, truth.digest()),
            people,
            [self._statistic(scope, table, inside, rules, folds) for scope, inside in scopes.items()]
            + self._class_statistics(table),
            {scope: total_counts(total, len(self.classes)) for scope, total in totals.items()}
            | class_counts(totals["full"], self.classes),
            [self._row(matrix) for matrix in table],
            by_video=self._clip_rows(truth, of_clip),
            complete=len(found) == len(truth.clips),
            reason=self.official_reason(truth),
        )
        return make_card(self, submission, rules, graded, truth)

    def class_of(self, emotion: str) -> str | None:
        """Return the class of an annotated emotion, or None for one that is not told apart."""
        return emotion if emotion in self.classes else None

    def admit(self, recording: Recording) -> Recording | None:
        """Return a clip with its class as its emotion, or None for one without a class."""
        assert isinstance(recording, Clip)
        label = self.class_of(recording.emotion)
        return None if label is None else dataclasses.replace(recording, emotion=label)

    @property
    def _size(self) -> int:
        """Rows of a confusion matrix: the classes, and one for whatever names none of them."""
        return len(self.classes) + 1

    def _pairs(self, found: Mapping[Any, str], truth: ClipTable) -> Ints:
        """Return true and predicted class of each clip, shape (n, 2); a missing prediction is class C."""
        number = {label: i for i, label in enumerate(self.classes)}
        nothing = len(self.classes)
        rows = [(number[clip.emotion], number.get(found.get(clip.key, ""), nothing)) for clip in truth.clips]
        return np.array(rows, np.int64).reshape(-1, 2)

    def _folds(self, people: Sequence[str]) -> Ints:
        """Return in which of the protocol's folds each subject is tested, shape (n,)."""
        splits = self.splits(Cohort.of(map(Person.parse, people)))
        number = {str(person): i for i, split in enumerate(splits) for person in split.test}
        return np.array([number[person] for person in people], np.int64)

    def _statistic(
        self, scope: str, table: Ints, inside: NDArray[np.bool_], rules: RecognitionConvention, folds: Ints
    ) -> Additive:
        people = np.flatnonzero(inside)
        parts = table[people].reshape(len(people), self._size**2)
        known = classification.recognition_defined(table[people].sum(axis=0), n_classes=len(self.classes))
        options: dict[str, Any] = {"size": self._size, "n_classes": len(self.classes)}
        options["drop_absent"] = rules.absent_class == "drop"
        if rules.pooling == "mean":
            of_person = classification.recognition_statistic(**options)(parts.astype(np.float64))
            added = np.concatenate((of_person, np.ones((len(people), 1))), axis=1)
            return Additive("mean", scope, classification.NAMES, added, known, people, key=f"person_scores/{scope}")
        if rules.pooling == "folds":
            options["n_folds"] = int(folds.max(initial=0)) + 1
            of_fold = _in_folds(parts, folds[people], options["n_folds"])
            key, kind = f"fold_confusion/{scope}", "recognition_folds"
            return Additive(kind, scope, classification.NAMES, of_fold, known, people, key=key, options=options)
        key = _CONFUSION if inside.all() else f"{_CONFUSION}/{scope}"
        return Additive("recognition", scope, classification.NAMES, parts, known, people, key=key, options=options)

    def _class_statistics(self, table: Ints) -> list[Additive]:
        total = table.sum(axis=0)
        parts = table.reshape(len(table), self._size**2)
        statistics = []
        for i, label in enumerate(self.classes):
            predicted, true = bool(total[:, i].any()), bool(total[i].any())
            known = (predicted, true, predicted or true)
            options = {"size": self._size, "number": i}
            statistics.append(Additive("one_class", label, RATIOS, parts, known, key=_CONFUSION, options=options))
        return statistics

    def _row(self, matrix: Ints) -> dict[str, Counts]:
        return {"full": total_counts(matrix, len(self.classes))} | class_counts(matrix, self.classes)

    def _clip_rows(self, truth: ClipTable, of_clip: Ints) -> tuple[VideoRow, ...]:
        size = len(self.classes) + 1
        rows = []
        for clip, (true, predicted) in zip(truth.clips, of_clip.tolist(), strict=True):
            matrix = np.zeros((size, size), np.int64)
            matrix[true, predicted] = 1
            rows.append(VideoRow(clip.person, clip.clip, self._row(matrix)))
        return tuple(rows)

    def official_reason(self, truth: ClipTable) -> str:
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


def _in_folds(parts: Ints, folds: Ints, n_folds: int) -> Ints:
    """Return what each subject adds to every fold: its counts in the fold that tests it, else zeros."""
    added = np.zeros((len(parts), n_folds, parts.shape[1]), np.int64)
    added[np.arange(len(parts)), folds] = parts
    return added.reshape(len(parts), -1)


def _check_classes(protocol: RecognitionProtocol, truth: ClipTable) -> None:
    if unknown := sorted({clip.emotion for clip in truth.clips} - set(protocol.classes)):
        raise UserError(
            f"{protocol.id} has the classes {', '.join(protocol.classes)}, but the clips have "
            f"{', '.join(unknown)}: give the official list."
        )


def _scopes(truth: ClipTable) -> dict[str, NDArray[np.bool_]]:
    """Return which subjects belong to each scope."""
    people = truth.subjects()
    scopes = {"full": np.ones(len(people), bool)}
    databases = truth.databases()
    if len(databases) > 1:
        database_of = {clip.person: clip.database for clip in truth.clips}
        scopes |= {name: np.array([database_of[p] == name for p in people]) for name in databases}
    return scopes
