from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import torch

from mebench.methods.nets.tree import flatten, rebuild

TREE: dict[str, Any] = {
    "list": [1, 2.5, None, "a", True],
    "tuple": (1, (2, 3)),
    "numbers as keys": {0: {"exp_avg": torch.arange(4.0).reshape(2, 2), "step": torch.tensor(3.0)}},
    "array": np.arange(3, dtype=np.uint32),
    "empty": {},
    "nothing": [],
    "infinite": float("inf"),
    "large": 2**100,
}


def test_a_tree_survives_json() -> None:
    arrays, frame = flatten(TREE)
    assert set(arrays) == {"numbers as keys/0/exp_avg", "numbers as keys/0/step", "array"}
    found = rebuild(arrays, json.loads(json.dumps(frame)))
    moments = found["numbers as keys"][0]
    assert torch.equal(moments["exp_avg"], TREE["numbers as keys"][0]["exp_avg"])
    assert moments["step"].shape == ()
    np.testing.assert_array_equal(found["array"], TREE["array"])
    for name in ("list", "tuple", "empty", "nothing", "infinite", "large"):
        assert found[name] == TREE[name]


def test_a_numpy_number_becomes_a_plain_one() -> None:
    assert rebuild(*flatten({"x": np.float32(0.5)})) == {"x": 0.5}


def test_what_is_no_data_is_refused_by_its_place() -> None:
    with pytest.raises(TypeError, match="a/0 holds a function, which cannot be kept as data"):
        flatten({"a": [lambda: 1]})


def test_a_missing_array_is_noticed() -> None:
    _, frame = flatten(TREE)
    with pytest.raises(KeyError, match="exp_avg"):
        rebuild({}, frame)
