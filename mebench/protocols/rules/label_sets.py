"""Grading of several labels a clip: F1 of each label, and means over the labels, in full and per database.

Conventions
-----------
Scopes: `full` and, where there are several, each database; F1, precision and recall of each label have the label as
their scope, of the counts of all databases. A clip without prediction has its labels missed, and the card is not
complete. Under `pooling=databases` the full score is the mean of those of the databases.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.metrics.conventions.label_sets import LabelSetConvention
from mebench.metrics.intervals import RATIOS
from mebench.metrics.label_sets import NAMES, label_counts
from mebench.metrics.statistics.additive import Additive
from mebench.protocols.base import Predicted, Protocol
from mebench.protocols.cards import Graded, counts_of, make_card
from mebench.schema.clips import ClipRow, ClipTable
from mebench.schema.label_sets import NOTHING, as_array, parsed, spelled
from mebench.schema.people import joined
from mebench.schema.recognition import match_clips
from mebench.schema.recordings import Clip, Recording
from mebench.schema.scorecard import Counts, DatasetRef, Scorecard, VideoRow

Ints = NDArray[np.int64]


class LabelSetProtocol(Protocol):
    """A protocol that grades all labels of clips.

    Class attributes
    ----------------
    classes : the labels that are asked for, in lower case.
    official : number of clips with each label, in order, and of clips, by database.
    """

    task = "label_sets"
    convention: ClassVar[Any] = LabelSetConvention()
    ranking = ("uf1", "full")
    together = True
    official: ClassVar[Mapping[str, tuple[tuple[int, ...], int]]] = {}

    def score(self, submission: Predicted, truth: ClipTable, *, convention: Any = None) -> Scorecard:
        """Grade label sets; see `Protocol.score`.

        Raises
        ------
        UserError : when a clip of the truth has labels that are none of the protocol's.
        """
        rules: LabelSetConvention = convention or self.convention
        found = match_clips(submission.predictions, truth, submission.source, submission.lines)
        of_clip = label_counts(
            self._arrays(self._cell(clip) for clip in truth.clips),
            self._arrays(found.get(clip.key, NOTHING) for clip in truth.clips),
        )
        people = truth.subjects()
        person = np.searchsorted(people, [clip.person for clip in truth.clips])
        table = np.zeros((len(people), len(self.classes), 3), np.int64)
        np.add.at(table, person, of_clip)
        graded = Graded(
            DatasetRef(truth.dataset, truth.digest()),
            people,
            [*self._means(table, truth, rules), *self._of_labels(table)],
            self._row(table.sum(axis=0)),
            [self._row(counts) for counts in table],
            by_video=tuple(
                VideoRow(clip.person, clip.clip, self._row(counts))
                for clip, counts in zip(truth.clips, of_clip, strict=True)
            ),
            complete=len(found) == len(truth.clips),
            reason=self.official_reason(truth),
        )
        return make_card(self, submission, rules, graded, truth)

    def labels_of(self, clip: Clip) -> tuple[str, ...] | None:
        """Return the labels of an annotated clip, or None for one that has no place; by default its emotions."""
        return parsed(clip.emotion, self.classes)

    def admit(self, recording: Recording) -> Recording | None:
        """Return a clip with its set of labels as its emotion, or None for one that has no place."""
        assert isinstance(recording, Clip)
        labels = self.labels_of(recording)
        return None if labels is None else dataclasses.replace(recording, emotion=spelled(labels, self.classes))

    def _cell(self, clip: ClipRow) -> str:
        if parsed(clip.emotion, self.classes) is None:
            raise UserError(
                f"{joined(*clip.key)} has the emotion {clip.emotion}, which is no set of {', '.join(self.classes)}: "
                f"write them joined by +, or {NOTHING}."
            )
        return clip.emotion

    def _arrays(self, cells: Iterable[str]) -> NDArray[np.bool_]:
        rows = [as_array(cell, self.classes) for cell in cells]
        return np.array(rows, bool).reshape(-1, len(self.classes))

    def _means(self, table: Ints, truth: ClipTable, rules: LabelSetConvention) -> list[Additive]:
        """Return means over labels in full and of each database."""
        database_of = {clip.person: clip.database for clip in truth.clips}
        group = np.searchsorted(truth.databases(), [database_of[person] for person in truth.subjects()])
        n_groups = len(truth.databases())
        full = _in_groups(table, group, n_groups) if rules.pooling == "databases" else table[:, None]
        found = [self._mean("full", full, None, rules)]
        for i, database in enumerate(truth.databases() if n_groups > 1 else ()):
            people = np.flatnonzero(group == i)
            found.append(self._mean(database, table[people][:, None], people, rules))
        return found

    def _mean(self, scope: str, parts: Ints, people: Ints | None, rules: LabelSetConvention) -> Additive:
        options = {"n_labels": len(self.classes), "n_groups": parts.shape[1]}
        options["drop_absent"] = rules.absent_class == "drop"
        total = parts.sum(axis=(0, 1))
        known = bool(total.any())
        defined = (known, bool(total[:, (0, 2)].any()), bool(total[:, :2].any()))
        flat = parts.reshape(len(parts), -1)
        return Additive("label_sets", scope, NAMES, flat, defined, people, key=f"labels/{scope}", options=options)

    def _of_labels(self, table: Ints) -> list[Additive]:
        """Return precision, recall and F1 of each label."""
        found = []
        for i, label in enumerate(self.classes):
            tp, fp, fn = (bool(n) for n in table[:, i].sum(axis=0))
            defined = (tp or fp, tp or fn, tp or fp or fn)
            found.append(Additive("ratios", label, RATIOS, table[:, i], defined, key=f"label/{label}"))
        return found

    def _row(self, counts: Ints) -> dict[str, Counts]:
        """Return the counts of all labels together, and those of each that occurs or is predicted."""
        own = {label: counts_of(row) for label, row in zip(self.classes, counts, strict=True) if row.any()}
        return {"full": counts_of(counts.sum(axis=0)), **own}

    def official_reason(self, truth: ClipTable) -> str:
        """Return why a truth is not the official one, or an empty string when it is."""
        if not self.official:
            return "no official list of clips is published"
        if set(truth.databases()) != set(self.official):
            named = ", ".join(truth.databases())
            return f"it has the databases {named}, the official set has {', '.join(self.official)}"
        for database, expected in self.official.items():
            cells = [clip.emotion for clip in truth.clips if clip.database == database]
            found = (tuple(self._arrays(cells).sum(axis=0).tolist()), len(cells))
            if found != expected:
                return f"{database} has {_told(found)}, the official set has {_told(expected)}"
        return ""


def _in_groups(table: Ints, group: Ints, n_groups: int) -> Ints:
    """Return what each subject adds to every group: its counts in its own, else zeros."""
    placed = np.zeros((len(table), n_groups, *table.shape[1:]), np.int64)
    placed[np.arange(len(table)), group] = table
    return placed


def _told(counts: tuple[tuple[int, ...], int]) -> str:
    return f"{sum(counts[0])} labels in {counts[1]} clips"
