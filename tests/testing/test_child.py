from __future__ import annotations

from pathlib import Path

import pytest

from mebench.methods.catalogue import METHODS
from mebench.testing.child import main
from mebench.testing.trial import Trial


def test_it_prints_what_a_method_says_with_a_state_and_trained_anew(
    plugin: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trial = Trial(METHODS.get("learner"), tmp_path / "own")
    said = trial.everything()
    main(str(plugin), "learner", str(tmp_path / "none.safetensors"))
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [[], [], said]


@pytest.fixture
def plugin() -> Path:
    from mebench.runs.plugins import load_plugin

    path = Path(__file__).parents[1] / "runs" / "fake_plugin.py"
    load_plugin(path)
    return path
