from __future__ import annotations

import dataclasses
import json
import subprocess
import sys

import pytest

from mebench.datasets.export_record import FILE, ExportRecord
from mebench.errors import UserError

RECORD = ExportRecord(
    layout="samm_lv",
    dataset="toy",
    settings={"subjects": 2},
    digest="d" * 64,
    fps=25.0,
    subjects={"p1": "006"},
    videos=[{"source": ["p1", "a"], "exported": ["006", "006_1"], "n_frames": 30}],
    counts={"videos": 1},
    quirks=[{"kind": "no_apex", "where": "row 11", "detail": "apex -1"}],
)


def test_it_comes_back_as_it_was_saved(tmp_path):
    RECORD.save(tmp_path)
    assert ExportRecord.load(tmp_path) == RECORD


def test_a_release_has_none(tmp_path):
    assert ExportRecord.load(tmp_path) is None


@pytest.mark.parametrize("fps", [0.0, -1.0, float("nan"), None, "fast"])
def test_a_frame_rate_that_is_none_is_refused(tmp_path, fps):
    (tmp_path / FILE).write_text(json.dumps({**dataclasses.asdict(RECORD), "fps": fps}))
    with pytest.raises(UserError, match="is damaged .*: export the dataset again"):
        ExportRecord.load(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", '{"layout": "samm_lv"', '{"layout": "samm_lv"}'])
def test_a_damaged_file_is_refused(tmp_path, text):
    (tmp_path / FILE).write_text(text)
    with pytest.raises(UserError, match=r"mebench_export\.json is damaged"):
        ExportRecord.load(tmp_path)


def test_loaders_read_it_without_the_writers():
    code = "import sys, mebench.datasets.samm_lv; sys.exit(any('datasets.export.' in m for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
