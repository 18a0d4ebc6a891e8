"""What is to be run, opened once in each process."""

from __future__ import annotations

import dataclasses
import pickle

import pytest

from mebench.errors import UserError
from mebench.runs.plan import Arm, Fold
from mebench.runs.spec import DatasetChoice, RunSpec, forget_opened, key_of
from mebench.schema.people import Person


@pytest.fixture
def spec(plugin, tmp_path):
    sets = (DatasetChoice("fake_lv", {"subjects": 3}),)
    return RunSpec(
        "learner", {}, sets, cache=tmp_path, plugins=(plugin,), protocol="megc2020-spotting", task="spotting"
    )


def test_a_spec_travels_and_is_opened_once(spec):
    forget_opened()
    space = spec.open()
    assert pickle.loads(pickle.dumps(spec)) == spec
    assert pickle.loads(pickle.dumps(spec)).open() is space
    assert dataclasses.replace(spec, seed=1).open() is not space
    again = spec.open()
    forget_opened()
    assert spec.open() is not again


def test_recordings_are_found_by_person_and_by_key(spec):
    space = spec.open()
    everything = space.recordings()
    assert len(everything) == 3 * 2
    assert space.people(["fake_lv"]) == [Person("fake_lv", f"s0{i}") for i in (1, 2, 3)]
    assert sum(len(space.recordings([person])) for person in space.people(["fake_lv"])) == len(everything)
    assert all(space.recording(key_of(recording)) is recording for recording in everything)
    assert len({key_of(recording) for recording in everything}) == len(everything)


def test_datasets_of_a_fold_name_those_that_are_learnt_from_first(spec):
    space = dataclasses.replace(spec, training=(DatasetChoice("fake_lv2", {"subjects": 2}),)).open()
    tested, learnt = Person("fake_lv", "s01"), Person("fake_lv2", "s01")
    assert space.datasets_of(Fold("f", (learnt,), (Arm((), (tested,)),))) == ["fake_lv2", "fake_lv"]
    assert space.datasets_of(Fold("f", (), (Arm((), (tested,)),))) == ["fake_lv"]
    assert {recording.dataset for recording in space.recordings()} == {"fake_lv"}


def test_settings_published_for_a_dataset_lie_under_the_users_own(spec):
    assert spec.open().method(["fake_lv"]).config.steps == 3
    assert dataclasses.replace(spec, options={"steps": 7}).open().method(["fake_lv"]).config.steps == 7


def test_a_dataset_that_is_given_twice_is_refused(spec):
    with pytest.raises(UserError, match="'fake_lv' is given twice: give each --dataset and --train once"):
        dataclasses.replace(spec, training=spec.datasets).open()


def test_the_context_has_the_seed_and_the_classes_of_the_rules(spec):
    context = dataclasses.replace(spec, seed=5).open().context("fake_lv")
    assert (context.seed, context.device, context.dataset, context.classes) == (5, "cpu", "fake_lv", ())
