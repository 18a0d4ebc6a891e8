"""What every method offers: settings by dataset, random streams, and training of a pair."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from mebench.datasets.catalogue import DATASETS
from mebench.errors import UserError
from mebench.methods.base import RunContext
from mebench.methods.catalogue import METHODS
from mebench.registry import Entry
from mebench.settings import setting
from tests.runs.fake_plugin import FakeLV, Idle, Learner


@pytest.fixture
def context():
    return RunContext(7, "cpu", cache=None)


def videos():
    return FakeLV.open(None, {"subjects": 4}).videos()


def test_a_stream_depends_on_seed_and_names_alone(context):
    first = context.rng("fit", "s1").random(4)
    context.rng("other").random(100)
    np.testing.assert_array_equal(context.rng("fit", "s1").random(4), first)
    others = [context.rng("fit", "s2"), context.rng("s1", "fit"), dataclasses.replace(context, seed=8).rng("fit", "s1")]
    assert all(not np.array_equal(other.random(4), first) for other in others)


def test_the_users_options_lie_over_the_published_ones_over_the_defaults():
    assert Learner.configure().config.steps == 4
    assert Learner.configure({}, "fake_lv").config.steps == 3
    assert Learner.configure({"steps": 9}, "fake_lv").config.steps == 9
    assert Learner.configure({"nap": 0.5}, "fake_lv").config.steps == 3
    with pytest.raises(UserError, match="learner .*'step'.*Did you mean 'steps'|'step'.* Did you mean 'steps'"):
        Learner.configure({"step": 1})


def test_a_recording_follows_the_settings_of_its_own_dataset():
    video = videos()[0]
    model = Learner.for_datasets({}, ["elsewhere", "fake_lv"])
    assert model.config.steps == 4
    assert model.config_for(video).steps == 3
    assert model.config_for(dataclasses.replace(video, dataset="elsewhere")).steps == 4
    assert model.config_for(dataclasses.replace(video, dataset="unheard of")) is model.config


def test_a_pair_is_trained_as_two_that_share_nothing(context):
    first, second, *train = ([v for v in videos() if v.subject == f"s0{i}"] for i in (1, 2, 3, 4))
    train = [video for part in train for video in part]
    model = Learner.configure()
    one, two = model.fit_pair(train, first, second, context)
    assert model.weights.tolist() == [0, 0, 0]
    alone = Learner.configure()
    alone.fit(train, first, context)
    assert one.weights[:2].tolist() == alone.weights[:2].tolist()
    assert one.weights[1] != two.weights[1]


def test_what_was_learnt_comes_back_from_its_state(context):
    model, other = Learner.configure(), Learner.configure()
    model.fit(videos()[2:], videos()[:2], context)
    other.load_state(model.state())
    assert other.weights.tolist() == model.weights.tolist() != [0, 0, 0]
    assert Idle.configure().state() == {}


def test_a_method_says_what_it_is_not_for():
    assert Idle.configure().supports("fake_lv", ["recognition", "spotting"]) is None
    reason = Idle.configure().supports("smic", ["recognition", "generation"])
    assert reason == "idle is for spotting, smic is for recognition and generation"


def test_a_profile_lies_over_the_published_settings_and_under_the_users_own():
    @dataclasses.dataclass(frozen=True)
    class Config(Learner.Config):
        profile: str = setting("mebench", "whose recipe", later=True)

    kind = type("Kind", (Learner,), {"Config": Config, "profiles": {"paper": {"steps": 7, "nap": 0.25}}})
    assert kind.configure({"profile": "paper"}, "fake_lv").config == Config(steps=7, nap=0.25, profile="paper")
    for options in ({"profile": "paper", "steps": "9"}, {"steps": "9", "profile": "paper"}):
        assert kind.configure(options, "fake_lv").config == Config(steps=9, nap=0.25, profile="paper")
    assert kind.configure({}, "fake_lv").settings() == Learner.configure({}, "fake_lv").settings()


@pytest.mark.parametrize("method", ["au_sum", "mdmd", "spot3dcnn", "spot3dcnn_end_to_end"])
def test_every_method_that_aligns_faces_tells_a_missing_model_before_the_work(method, loaded, tmp_path):
    model = loaded(METHODS, method).configure({"landmarks": "yunet", "yunet_model": str(tmp_path / "none.onnx")})
    with pytest.raises(UserError, match="The YuNet model .*none.onnx does not exist: download it"):
        model.require_parts()
    loaded(METHODS, method).configure().require_parts()


def test_a_method_without_faces_needs_no_parts():
    assert Idle.configure().require_parts() is None  # nothing is raised


@pytest.mark.parametrize("entry", list(METHODS.entries()), ids=lambda entry: entry.id)
def test_a_method_with_a_preset_for_rendered_faces_has_it_for_all_of_them(entry: Entry) -> None:
    pytest.importorskip("torch")
    drawn = [found.id for found in DATASETS.entries() if found.origin == "mebench" and DATASETS.get(found.id).rendered]
    rendered = [id for id in drawn if "spotting" in DATASETS.get(id).tasks]
    assert len(rendered) == 4
    presets = METHODS.get(entry.id).presets
    assert len({str(sorted(presets.get(id, {}).items())) for id in rendered}) == 1
