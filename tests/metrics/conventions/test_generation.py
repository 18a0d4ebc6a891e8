"""A scale is part of the rules, so ratings on different scales are never ranked together."""

from __future__ import annotations

import dataclasses

from mebench.metrics.conventions.generation import PRESETS, GenerationConvention
from mebench.protocols.base import Predicted
from mebench.protocols.megc.megc2021_generation import Megc2021Generation
from mebench.schema.ratings import Scale
from tests.every_task import generation


def card(scale=None):
    ratings, truth = generation(0.5)
    return Megc2021Generation().score(Predicted(ratings), dataclasses.replace(truth, scale=scale or truth.scale))


def test_the_truth_declares_scale_and_coders():
    assert card().convention["coders"] == 3
    assert card().convention["scale"] not in ("", PRESETS["strict"].scale)
    assert GenerationConvention.of_card(card().convention).fingerprint == card().fingerprint


def test_another_scale_is_another_fingerprint():
    assert card(Scale(1, 5, 1)).fingerprint == card().fingerprint
    assert len({card(scale).fingerprint for scale in (Scale(1, 5, 1), Scale(1, 7, 1), Scale(1, 5, 0.5))}) == 3
    assert GenerationConvention(coders=2).fingerprint != GenerationConvention(coders=3).fingerprint
