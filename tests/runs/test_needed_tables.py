from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from mebench.errors import UserError
from mebench.runs.needed_tables import require_tables
from mebench.runs.run import run
from tests.runs.fake_plugin import FakeLV


@pytest.mark.parametrize("method", ["of_fd:landmarks=openface", "au_sum:detector=openface"])
def test_rendered_faces_without_tables_are_told_before_there_is_a_folder(tmp_path: Path, method: str) -> None:
    pytest.importorskip("torch")
    with pytest.raises(
        UserError, match=f"^{method} reads OpenFace tables, and no recording of synth_lv has one: leave"
    ):
        run(method, ["synth_lv:subjects=2,videos=1,seconds=4"], out=tmp_path / "r", cache=tmp_path / "c", jobs=1)
    assert not (tmp_path / "r").exists()


def test_a_dataset_with_a_table_or_with_aligned_faces_is_taken() -> None:
    first, *others = FakeLV.open(None, {"subjects": 2}).videos()
    with pytest.raises(UserError, match=r"give fake_lv:openface=DIR, or leave landmarks=openface out\.$"):
        require_tables("fake_lv", "of_fd", "landmarks=openface", [first, *others], rendered=False)
    with_table = dataclasses.replace(first, action_units_csv="v.csv")
    require_tables("fake_lv", "of_fd", "landmarks=openface", [with_table, *others], rendered=False)
    aligned = dataclasses.replace(first, aligned=first.frames)
    require_tables("fake_lv", "of_fd", "landmarks=openface", [aligned, *others], rendered=False)
    with pytest.raises(UserError, match="au_sum:detector=openface reads"):
        require_tables("fake_lv", "au_sum", "detector=openface", [aligned, *others], rendered=False)
