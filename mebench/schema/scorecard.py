"""The scorecard: what one grader says about one method on one dataset under one protocol, as frozen types and as JSON.

Conventions
-----------
`counts` has the scopes of the task, such as overall, macro, micro and, where several datasets are pooled, the dataset
ids. Every value is finite; a score that is 0/0 is 0 with `defined` false. `statistics` says how scores follow from what
each subject adds (its counts and parts), so that two cards can be tested against each other without their predictions.
Environment and timing say how a card came about and are left out of everything that is compared: `compared()` is
byte-identical for identical runs. Cards of older schemas are read through `migrations`.
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mebench.errors import UserError
from mebench.schema.files import read_bounded, write_atomic
from mebench.schema.json_text import BadJson, parse_object
from mebench.schema.migrations import migrate
from mebench.schema.plain_json import from_plain, to_plain

SCHEMA = 2
"""Version of the scorecard's form."""

_ENCODER = json.JSONEncoder(sort_keys=True, allow_nan=False)


@dataclasses.dataclass(frozen=True, slots=True)
class ProtocolRef:
    """Which protocol, in which version."""

    id: str
    version: str


@dataclasses.dataclass(frozen=True, slots=True)
class DatasetRef:
    """Which dataset; the digest is that of its truth."""

    id: str
    digest: str


@dataclasses.dataclass(frozen=True, slots=True)
class MethodRef:
    """Which method, with which settings; `bound` tells a limit such as an oracle from a competitor."""

    id: str = "unknown"
    config: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    digest: str = ""
    bound: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Counts:
    """True positives, false positives and false negatives; they add up over types, videos, subjects and datasets."""

    tp: int
    fp: int
    fn: int


@dataclasses.dataclass(frozen=True, slots=True)
class Score:
    """One number of a card.

    Attributes
    ----------
    metric, scope : what it is and of what, such as `f1` of `macro`.
    value : always finite.
    ci95 : 95% interval of the same statistic by bootstrap over subjects, or None where there is none.
    defined : False for 0/0, whose value is 0.
    """

    metric: str
    scope: str
    value: float
    ci95: tuple[float, float] | None = None
    defined: bool = True

    def __post_init__(self) -> None:
        """Refuse NaN and infinity."""
        if not all(math.isfinite(number) for number in (self.value, *(self.ci95 or ()))):
            raise ValueError(f"{self.metric} of {self.scope} is not finite: {self.value}, {self.ci95}")


OF_COUNTS = "counts/"
"""Key of parts that are the counts of a scope: `counts/macro`."""


@dataclasses.dataclass(frozen=True, slots=True)
class StatisticRow:
    """How some scores follow from sums over subjects.

    Attributes
    ----------
    kind : the function from sums to values; see `metrics.statistics.kinds`.
    parts : key of what each subject adds: of its `parts`, or `counts/SCOPE` for its counts.
    scope : of what the scores are.
    metrics : the scores, in the order of the values; empty for a value that is not reported.
    options : what the function needs to know.
    """

    kind: str
    parts: str
    scope: str
    metrics: tuple[str, ...]
    options: Mapping[str, Any] = dataclasses.field(default_factory=dict)


def _parts_of(
    counts: Mapping[str, Counts], parts: Mapping[str, tuple[float, ...]], key: str
) -> tuple[float, ...] | None:
    if not key.startswith(OF_COUNTS):
        return parts.get(key)
    found = counts.get(key.removeprefix(OF_COUNTS))
    return None if found is None else (float(found.tp), float(found.fp), float(found.fn))


@dataclasses.dataclass(frozen=True, slots=True)
class SubjectRow:
    """What one subject adds: counts by scope (such as overall, macro, micro), and parts of other statistics by key."""

    subject: str
    counts: Mapping[str, Counts]
    parts: Mapping[str, tuple[float, ...]] = dataclasses.field(default_factory=dict)

    def part(self, key: str) -> tuple[float, ...] | None:
        """Return what the subject adds to a statistic; None for one that it takes no part in."""
        return _parts_of(self.counts, self.parts, key)


@dataclasses.dataclass(frozen=True, slots=True)
class VideoRow:
    """What one video, clip or item adds; see `SubjectRow`."""

    subject: str
    video: str
    counts: Mapping[str, Counts]
    parts: Mapping[str, tuple[float, ...]] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Scorecard:
    """Everything that leaderboards and regression checks read.

    Attributes
    ----------
    task : id of the task.
    protocol, dataset, method : what was graded, on what, under which rules.
    trained_on : the datasets that the method learnt from, where it learnt in the run that made the card.
    convention : the fields of the convention and its `fingerprint`.
    counts : pooled counts by scope.
    scores : every number, sorted by metric and scope.
    statistics : how scores follow from what the subjects add; a score that is in none has no test.
    by_subject, by_video : what each subject and video adds, those without events included, sorted.
    complete : False when a fold is missing.
    official : whether the truth has the published counts.
    reason : why it has not; of an official one, what else to know before published numbers are held beside it.
    environment, timing : how the card came about; never compared.
    schema : version of this form.
    """

    task: str
    protocol: ProtocolRef
    convention: Mapping[str, Any]
    dataset: DatasetRef
    method: MethodRef
    counts: Mapping[str, Counts]
    scores: tuple[Score, ...]
    statistics: tuple[StatisticRow, ...] = ()
    trained_on: tuple[DatasetRef, ...] = ()
    by_subject: tuple[SubjectRow, ...] = ()
    by_video: tuple[VideoRow, ...] = ()
    complete: bool = True
    official: bool = False
    reason: str = ""
    environment: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    timing: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    schema: int = SCHEMA

    @property
    def fingerprint(self) -> str:
        """Fingerprint of the convention; cards with different ones never share a ranking."""
        return str(self.convention.get("fingerprint", ""))

    def find(self, metric: str, scope: str) -> Score | None:
        """Return one score, or None when the card has none of that name."""
        return next((s for s in self.scores if s.metric == metric and s.scope == scope), None)

    def score(self, metric: str, scope: str) -> Score:
        """Return one score.

        Raises
        ------
        UserError : when the card has none of that name.
        """
        found = self.find(metric, scope)
        if found is None:
            have = ", ".join(f"{s.metric} of {s.scope}" for s in self.scores)
            raise UserError(f"This scorecard has no {metric} of {scope}: it has {have}.")
        return found

    def replace(self, **changes: Any) -> Scorecard:
        """Return a copy with some fields changed."""
        return dataclasses.replace(self, **changes)

    def to_dict(self) -> dict[str, Any]:
        """Return the card as plain JSON types."""
        plain: dict[str, Any] = to_plain(self)
        return plain

    def compared(self) -> str:
        """Return the canonical JSON of everything but environment and timing."""
        card = self.to_dict()
        del card["environment"], card["timing"]
        return _dump(card)

    def to_json(self) -> str:
        """Return the card as JSON with sorted keys and full precision."""
        return _dump(self.to_dict())

    def write(self, path: Path) -> None:
        """Write the card, whole or not at all.

        Raises
        ------
        UserError : when the file cannot be written.
        """
        write_atomic(path, self.to_json())

    @classmethod
    def from_json(cls, text: str | bytes, *, source: str = "scorecard") -> Scorecard:
        """Read a card.

        Parameters
        ----------
        text : JSON.
        source : name of the file, for messages.

        Raises
        ------
        UserError : for broken JSON, an unknown, missing or ill-typed field, or a schema of the future.
        """
        try:
            raw = parse_object(text)
        except BadJson as error:
            raise UserError(f"{source} is not a scorecard in JSON ({error}): grade the predictions again.") from error
        try:
            return from_plain(cls, migrate(raw, SCHEMA, source), source)
        except ValueError as error:
            raise UserError(f"{source}: {error}.") from error

    @classmethod
    def read(cls, path: Path) -> Scorecard:
        """Read a card from a file.

        Raises
        ------
        UserError : when the file cannot be read or is no scorecard.
        """
        try:
            text = read_bounded(path)
        except OSError as error:
            raise UserError(f"{path} cannot be read ({error.strerror}): check the name of the file.") from error
        return cls.from_json(text, source=str(path))


def _dump(card: Mapping[str, Any]) -> str:
    """Return JSON with one line for each field, and one for each row of a list: short, and it shows what differs."""
    lines = []
    for key, value in sorted(card.items()):
        if isinstance(value, list) and value:
            text = "[\n" + ",\n".join(f"  {_compact(row)}" for row in value) + "\n ]"
        else:
            text = _compact(value)
        lines.append(f" {_compact(key)}: {text}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _compact(value: Any) -> str:
    return _ENCODER.encode(value)
