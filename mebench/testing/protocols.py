"""Checks of protocols: splits that keep people apart, and gradings that repeat and can be read again."""

from __future__ import annotations

import random
from collections.abc import Iterator

from mebench.analysis.card_scores import wrong_scores
from mebench.analysis.card_sums import wrong_sums
from mebench.metrics.catalogue import metric_of
from mebench.protocols.base import Predicted, Protocol
from mebench.protocols.rules.generation import RatingProtocol
from mebench.protocols.splits import Cohort, Split
from mebench.schema.people import Person
from mebench.schema.scorecard import Scorecard
from mebench.tasks.catalogue import TASKS, task_of
from mebench.testing import fakes
from mebench.testing.findings import Check, Finding, Skip, Tell, find_all, silent
from mebench.testing.plugins import common_checks, problem_of_names
from mebench.testing.truths import RATINGS, Exam, exam_of
from mebench.testing.watched import WatchedChecks

_SLACK = 1e-9


def check_protocol(cls: type[Protocol], tell: Tell = silent) -> Iterator[Finding]:
    """Check a protocol on a small cohort, truth and predictions.

    Yields
    ------
    A finding a check.
    """
    yield from find_all(f"protocol {cls.id}", {**common_checks(cls), **_Trial(cls).checks()}, tell)


class _Trial(WatchedChecks):
    """One protocol at work."""

    def __init__(self, cls: type[Protocol]) -> None:
        super().__init__("writes nothing", "a protocol writes nothing")
        self.cls = cls

    def checks(self) -> dict[str, Check]:
        """Return the checks in order."""
        checks: dict[str, Check] = {
            "names its task, convention, ranking and sources": self._declared,
            "says what it supports": self._supports,
            "keeps people apart in its splits": self._splits,
            "grades, and the card can be read again": self._card,
            "gives scores in the range of their metrics": self._ranges,
            "ranks perfect predictions above bad ones": self._direction,
            "grades the same twice, and changes nothing that it is handed": self._again,
        }
        return self.watched(checks)

    def _declared(self) -> str:
        if self.cls.task not in TASKS:
            return f"There is no task {self.cls.task!r}: derive from the base of the rules of a task."
        wanted = task_of(self.cls.task).convention
        if not isinstance(getattr(self.cls, "convention", None), wanted):
            return f"`convention` is no {wanted.__name__}: give one."
        ranking = getattr(self.cls, "ranking", ())
        if not (isinstance(ranking, tuple) and len(ranking) == 2 and all(isinstance(part, str) for part in ranking)):
            return f"`ranking` is {ranking!r}: give the metric and the scope by which a board ranks."
        if self.cls.classes and (problem := problem_of_names("classes", self.cls.classes, "which labels there are")):
            return problem
        return "" if self.cls.sources else "It names no sources: say in `sources` where each rule was read."

    def _supports(self) -> str:
        protocol = self.cls()
        own = protocol.supports([fakes.DATASET], self.cls.task, training=["other"])
        if own is not None and not (isinstance(own, str) and own):
            return f"`supports` returned {own!r}: return a reason as text, or None."
        other = next(entry.id for entry in TASKS.entries() if entry.id != self.cls.task)
        if not isinstance(protocol.supports([fakes.DATASET], other), str):
            return f"`supports` gave no reason against a method for {other}: ask super().supports first."
        return ""

    def _splits(self) -> str:
        people = [Person(dataset, f"p{i}") for dataset in ("a", "b") for i in range(1, 5)]
        others = [Person("c", f"p{i}") for i in range(1, 4)] if self.cls.unseen else []
        shuffled = random.Random(1).sample(people, len(people))
        protocol = self.cls()
        splits = protocol.splits(Cohort.of(people, others))
        if splits != self.cls().splits(Cohort.of(shuffled, others)):
            return "Its splits depend on the order of the people: sort them, and draw from a fixed seed."
        return _apart(splits, people)

    def _exam(self) -> Exam:
        exam = exam_of(RATINGS if issubclass(self.cls, RatingProtocol) else self.cls.task, self.cls.classes)
        if exam is None:
            raise Skip(f"No small truth of {self.cls.task} can be made here: grade a file by `mebench grade`.")
        return exam

    def _graded(self, predictions: object) -> Scorecard:
        return self.cls().score(Predicted(predictions), self._exam().truth)

    def _card(self) -> str:
        exam = self._exam()
        for predictions in (exam.perfect, exam.partial, exam.worst):
            card = self._graded(predictions)
            if not isinstance(card, Scorecard):
                return f"`score` returned {type(card).__name__}: return a Scorecard, as `make_card` makes one."
            if Scorecard.from_json(card.to_json()).to_json() != card.to_json():
                return "A card that is written and read again is another: use plain JSON types in it."
            for fault in (*wrong_sums(card), *wrong_scores(card)):
                return f"A card contradicts itself, so no board would rank it: {fault}"
        card = self._graded(exam.perfect)
        if (card.protocol.id, card.task) != (self.cls.id, self.cls.task):
            return f"The card says {card.protocol.id} for {card.task}: name the protocol's own id and task."
        if card.find(*self.cls.ranking) is None:
            return f"The card has no {' of '.join(self.cls.ranking)}, by which `ranking` says it ranks: name a score."
        return "" if isinstance(self.cls().official_reason(exam.truth), str) else "`official_reason` returned no text."

    def _ranges(self) -> str:
        exam = self._exam()
        for predictions in (exam.perfect, exam.partial, exam.worst):
            for score in self._graded(predictions).scores:
                low, top = metric_of(score.metric).bounds
                if (low is not None and score.value < low - _SLACK) or (top is not None and score.value > top + _SLACK):
                    return f"{score.metric} of {score.scope} is {score.value:g}, outside the range of its metric."
        return ""

    def _direction(self) -> str:
        exam = self._exam()
        metric, scope = self.cls.ranking
        sign = 1 if metric_of(metric).higher_is_better else -1
        best, worst = (self._graded(predictions).find(metric, scope) for predictions in (exam.perfect, exam.worst))
        if best is None or worst is None or not worst.defined:
            return "" if best is not None and best.defined else f"Perfect predictions have no {metric} of {scope}."
        if sign * best.value > sign * worst.value:
            return ""
        return f"Perfect predictions have {best.value:g} {metric}, bad ones {worst.value:g}: mend `score`."

    def _again(self) -> str:
        exam = self._exam()
        before = exam.truth.digest(), repr(exam.partial)
        protocol, submission = self.cls(), Predicted(exam.partial)
        first, second = (protocol.score(submission, exam.truth).to_json() for _ in range(2))
        if first != second:
            return "Grading twice gives two cards: draw from fixed seeds and keep nothing between calls."
        if (exam.truth.digest(), repr(exam.partial)) != before:
            return "It changed the truth or the predictions: work on copies."
        return ""


def _apart(splits: list[Split], people: list[Person]) -> str:
    tested = [person for split in splits for person in split.test]
    if len({split.name for split in splits}) < len(splits):
        return "Two of its splits have one name: name them apart."
    for split in splits:
        if both := set(split.test) & set(split.train):
            return f"{min(both)} is tested and trained on in the split {split.name}: keep everybody on one side."
    if len(set(tested)) < len(tested):
        return "Somebody is tested in two splits: test everybody once."
    if missing := set(people) - set(tested):
        return f"{min(missing)} is tested in no split: test everybody once."
    return ""
