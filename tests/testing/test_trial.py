from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mebench.methods.catalogue import METHODS
from mebench.testing.trial import Trial, arrays_of


def test_truth_is_withheld_but_from_bounds(tmp_path: Path) -> None:
    for id, told in (("oracle", True), ("mdmd", False)):
        trial = Trial(METHODS.get(id), tmp_path / id)
        assert all(bool(trial.seen(recording).events) is told for recording in trial.tested())


def test_a_method_writes_below_the_folder(tmp_path: Path) -> None:
    context = Trial(METHODS.get("mdmd"), tmp_path).context()
    assert context.out is not None
    assert context.out.is_dir()
    assert context.out.is_relative_to(tmp_path)


def test_a_state_is_arrays_of_numbers(tmp_path: Path) -> None:
    model = Trial(METHODS.get("mdmd"), tmp_path).fresh()
    assert arrays_of(model) == {}
    model.state = lambda: {"a": np.zeros(2), "b": [1.0]}  # type: ignore[method-assign,dict-item]
    with pytest.raises(TypeError, match="state 'b' is no array of numbers"):
        arrays_of(model)
