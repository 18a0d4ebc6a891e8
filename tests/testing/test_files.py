from __future__ import annotations

from pathlib import Path

import pytest

import mebench
from mebench.errors import UserError

from .conftest import Checked

EVERYTHING = """
from mebench import ActionUnitDetector, Executor, run_job
class OwnMetric(Metric):
    id = name = summary = "own_metric"
    task = "spotting"
class OwnRules(SpottingProtocol):
    id = summary = "own-rules"
    sources = ("here",)
class OwnExecutor(Executor):
    '''Here.'''
    id = "own_executor"
    def run(self, work, listen):
        return (run_job(job, lambda *said: listen(job.id, *said)) for job in work)
class OwnDetector(ActionUnitDetector):
    id = summary = "own_detector"
    def detect(self, frames): return np.zeros((len(frames), 17), np.float32)
"""


def test_every_kind_of_plugin_is_checked(checked: Checked) -> None:
    found = checked(EVERYTHING).values()
    kinds = {finding.plugin for finding in found}
    assert kinds >= {"metric own_metric", "executor own_executor", "detector own_detector"}
    assert any(finding.check == "keeps people apart in its splits" and finding.ok for finding in found)


def test_a_file_that_cannot_be_loaded_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.py"
    path.write_text("x = 1")
    with pytest.raises(UserError, match="defines no method, dataset, protocol"):
        list(mebench.checks_of(path))


def test_a_root_opens_a_dataset_of_files(tmp_path: Path, checked: Checked, monkeypatch: pytest.MonkeyPatch) -> None:
    from mebench.testing import files

    code = """
    class Own(Dataset):
        id, summary = "own_files", "files"
        def videos(self):
            return [Video(self.id, "s1", p.stem, 30.0, None) for p in sorted(self.root.glob("*.txt"))]
    """
    (tmp_path / "data").mkdir()
    check = files.checks_of
    monkeypatch.setattr(files, "checks_of", lambda path: check(path, {"own_files": tmp_path / "data"}))
    found = checked(code)
    assert found["lists recordings of its tasks, each once and sorted"].reason.startswith("It lists no videos")
