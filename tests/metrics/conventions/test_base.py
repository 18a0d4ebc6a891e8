"""What conventions of all tasks share: fingerprints, presets, and the way back from a card."""

from __future__ import annotations

import dataclasses

import pytest

from mebench.errors import UserError
from mebench.metrics.conventions.base import FINGERPRINT, Convention
from mebench.settings import setting
from mebench.tasks.catalogue import TASKS, task_of

BUILT_IN = [entry.id for entry in TASKS.entries() if entry.origin == "mebench"]
EVERY = [(task, name) for task in BUILT_IN for name in task_of(task).convention.presets]


@dataclasses.dataclass(frozen=True)
class Old(Convention):
    task = "toy"
    rule: int = setting(1, "a rule")


@dataclasses.dataclass(frozen=True)
class New(Old):
    later: str = setting("as before", "a rule that came later")


@pytest.mark.parametrize(("task", "name"), EVERY)
def test_every_preset_comes_back_from_its_card(task, name):
    kind = task_of(task).convention
    assert kind.of_card(kind.preset(name).as_dict()) == kind.preset(name)


@pytest.mark.parametrize("task", BUILT_IN)
def test_strict_is_the_first_preset_and_differs_in_nothing(task):
    kind = task_of(task).convention
    assert kind.task == task
    assert next(iter(kind.presets)) == "strict"
    assert kind.preset("strict") == kind()
    assert kind().differing() == {}


def test_fingerprints_of_all_tasks_and_presets_are_distinct():
    prints = {task_of(task).convention.preset(name).fingerprint for task, name in EVERY}
    assert len(prints) == len(EVERY)


def test_a_rule_that_came_later_moves_no_fingerprint_until_it_is_used():
    assert New(rule=2).fingerprint == Old(rule=2).fingerprint != Old().fingerprint
    assert New(later="otherwise").fingerprint != New().fingerprint
    assert New.of_card(Old(rule=2).as_dict()) == New(rule=2)


def test_a_card_of_other_rules_is_refused():
    with pytest.raises(UserError, match=r"convention is not known here \(.*later.*\): grade the predictions again"):
        Old.of_card(New().as_dict())
    with pytest.raises(UserError, match="does not have its fingerprint"):
        Old.of_card({**Old().as_dict(), "rule": 2})
    with pytest.raises(UserError, match="does not have its fingerprint"):
        Old.of_card({name: value for name, value in Old().as_dict().items() if name != FINGERPRINT})
