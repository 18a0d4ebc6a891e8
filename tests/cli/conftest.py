from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from mebench.cli.main import main

PLUGIN = Path(__file__).parents[1] / "runs" / "fake_plugin.py"


class Answer(NamedTuple):
    """Exit code and what was printed."""

    code: int
    out: str
    err: str


Mebench = Callable[..., Answer]


@pytest.fixture
def plugin() -> list[str]:
    """Arguments that load `fake_lv`, `learner` and others."""
    return ["--plugin", str(PLUGIN)]


@pytest.fixture
def mebench(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mebench:
    """Run a command line in this process, in an empty folder and with a cache of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MEBENCH_CACHE", str(tmp_path / "cache"))

    def call(*arguments: str) -> Answer:
        capsys.readouterr()
        with pytest.raises(SystemExit) as leaving:
            main(arguments)
        printed = capsys.readouterr()
        return Answer(int(leaving.value.code or 0), printed.out, printed.err)

    return call
