# ruff: noqa: NPY002  (the global stream is one of those that are kept)
from __future__ import annotations

import json
import random

import numpy as np
import pytest
import torch

from mebench.methods.nets.random_states import random_states, set_random_states
from mebench.methods.nets.tree import flatten, rebuild


@pytest.mark.parametrize("kind", [np.random.PCG64, np.random.MT19937, np.random.Philox, np.random.SFC64])
def test_every_stream_is_put_back(kind: type) -> None:
    own = np.random.Generator(kind(3))
    own.normal(size=3)
    random.gauss(0, 1)  # leaves a second value for the next call
    arrays, frame = flatten(random_states({"own": own}))

    def draw() -> list[float]:
        return [float(torch.rand(1)), np.random.normal(), random.gauss(0, 1), own.normal(), float(own.integers(9))]

    expected = draw()
    draw()
    set_random_states(rebuild(arrays, json.loads(json.dumps(frame))), {"own": own})
    assert draw() == expected


def test_a_generator_without_a_state_is_left_alone() -> None:
    own = np.random.default_rng(3)
    set_random_states(random_states({}), {"own": own})
    assert own.random() == np.random.default_rng(3).random()


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_the_streams_of_a_gpu_are_put_back() -> None:
    torch.rand(1, device="cuda")
    states = rebuild(*flatten(random_states({})))
    expected = torch.rand(3, device="cuda")
    set_random_states(states, {})
    assert torch.equal(torch.rand(3, device="cuda"), expected)
