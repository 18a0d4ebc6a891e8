"""Leaks that show when a run's models are asked again: do their answers depend on other tested clips, or on chance?

Conventions
-----------
Each tested clip is handed to a fresh model with what its fold has learnt, alone. Where the recorded answer is another
one, the fold is gone through again in its order: if that gives the recorded answers, they depend on the clips that were
tested before, which is a statistic fitted on tested clips. A clip that is answered differently under another seed is
altered at random while it is tested.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mebench.analysis.audit.audited import AuditedFold, AuditedRun
from mebench.analysis.audit.findings import Finding
from mebench.errors import UserError
from mebench.methods.base import Method
from mebench.methods.catalogue import METHODS
from mebench.runs.resources import seed_global_generators
from mebench.runs.work.base import Work, work_of
from mebench.schema.people import joined
from mebench.schema.recordings import Recording

SLACK = 1e-3
"""How far a probability may differ that is computed again, on another machine too."""
_OTHER_SEEDS = (7919, 104729, 1299709)
"""Added to the seed of the run: what happens in half of all cases is seen under one of them in 7 of 8."""

Answers = Mapping[tuple[str, ...], Mapping[str, float]]


def statistics_of_tests(run: AuditedRun) -> Iterator[Finding]:
    """Find clips whose answers depend on the clips that were tested before them.

    Raises
    ------
    UserError : for a task that is not asked again, and when the datasets cannot be opened.
    """
    _require_kept(run)
    for one in run.folds:
        recorded = _recorded(run, one)
        alone = _alone(run, one)
        differing = [key for key in recorded if key in alone and _differ(recorded[key], alone[key])]
        if not differing:
            continue
        in_order = _Asked(run, one).in_order()
        if all(not _differ(recorded[key], in_order[key]) for key in differing):
            evidence = (
                f"{joined(*differing[0])}{_more(differing)} is answered otherwise where no other clip went before"
            )
            yield Finding("statistics_of_tests", evidence, one.fold.id)


def chance_in_tests(run: AuditedRun) -> Iterator[Finding]:
    """Find clips that are answered otherwise under another seed, though what was learnt is the same.

    Raises
    ------
    UserError : for a task that is not asked again, and when the datasets cannot be opened.
    """
    _require_kept(run)
    for one in run.folds:
        own = _alone(run, one)
        others = [_Asked(run, one, run.stored.config["seed"] + more).alone() for more in _OTHER_SEEDS]
        differing = [key for key in own if any(_differ(own[key], other[key]) for other in others)]
        if differing:
            evidence = f"{joined(*differing[0])}{_more(differing)} is answered otherwise under another seed"
            yield Finding("augmentation_on_test", evidence, one.fold.id)


class _Asked:
    """The models of a fold, asked again."""

    def __init__(self, run: AuditedRun, one: AuditedFold, seed: int | None = None) -> None:
        self.run, self.one = run, one
        self.seed = run.stored.config["seed"] if seed is None else seed
        self.states = one.folder.states()

    def alone(self) -> Answers:
        """Return the answer of each tested clip, every one by a fresh model."""
        return dict(self._answers((index, [clip]) for index, clip in self._tested()))

    def in_order(self) -> Answers:
        """Return the answers of one model for each arm, in the order in which the fold has tested."""
        tested = self._tested()
        arms = range(len(self.one.fold.arms))
        return dict(self._answers((arm, [clip for index, clip in tested if index == arm]) for arm in arms))

    def _tested(self) -> list[tuple[int, Recording]]:
        """Return the number of the arm and the clip of everything that the fold has tested, in its order."""
        work = [
            (index, clip)
            for index, arm in enumerate(self.one.fold.arms)
            for clip in self.run.space.recordings(arm.test)
        ]
        return sorted(work, key=lambda pair: (pair[1].dataset, *pair[1].key))

    def _answers(
        self, work: Iterable[tuple[int, list[Recording]]]
    ) -> Iterator[tuple[tuple[str, ...], Mapping[str, float]]]:
        space, task = self.run.space, work_of(self.run.stored.config["task"])
        for index, clips in work:
            model = self._model(index)
            for clip in clips:
                context = dataclasses.replace(space.context(clip.dataset), seed=self.seed)
                seen = clip if model.needs_truth else clip.without_truth()
                yield space.named(clip).key, task.carry_out(model, seen, context)

    def _model(self, index: int) -> Method[Any]:
        seed_global_generators(self.seed)
        cls = METHODS.get(self.run.stored.config["method"]["id"])
        model = cls.configure(self.run.stored.settings_of(self.one.fold))
        if model.trains:
            model.load_state(self.states[index])
        return model


def _alone(run: AuditedRun, one: AuditedFold) -> Answers:
    """Return the answers of a fold's clips, each asked alone under the run's seed; asked once."""
    if one.fold.id not in run.answers:
        run.answers[one.fold.id] = _Asked(run, one).alone()
    return run.answers[one.fold.id]


def _recorded(run: AuditedRun, one: AuditedFold) -> Answers:
    """Return the answers that a fold has kept."""
    found = work_of(run.stored.config["task"]).kept(one.folder, run.space.context("").classes)
    return found or {}


def _require_kept(run: AuditedRun) -> None:
    """Refuse a run whose models cannot be asked again, or whose folds keep no results to hold the answers against.

    Raises
    ------
    UserError : with the reason.
    """
    task = run.stored.config["task"]
    if type(work_of(task)).kept is Work.kept:
        raise UserError(f"models of {task} are not asked again yet")
    undone = [one.fold.id for one in run.folds if one.folder.problem() is not None]
    if undone:
        raise UserError(f"fold {undone[0]}{_more(undone)} is not done, or not what was written")
    if run.stored.config.get("also"):
        raise UserError("models of a run with copies of people are not asked again yet")


def _differ(one: Mapping[str, float], other: Mapping[str, float]) -> bool:
    return any(abs(value - other.get(label, 0.0)) > SLACK for label, value in one.items())


def _more(names: list[tuple[str, ...]] | list[str]) -> str:
    return f" and {len(names) - 1} more" if len(names) > 1 else ""
