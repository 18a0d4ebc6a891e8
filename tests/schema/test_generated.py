from __future__ import annotations

import pytest

from mebench.errors import UserError
from mebench.schema.generated import GeneratedClip, GeneratedTable, read_generated
from mebench.schema.problems import InvalidTable

TABLE = GeneratedTable.of(
    [
        GeneratedClip("smic", "2", "b", 9, {"psnr": (1.5, 9.0), "toy": (3.0,)}),
        GeneratedClip("smic", "1", "a", 7, {"psnr": (0.1, 7.0)}),
    ]
)


def test_what_is_written_is_read_again_in_order(tmp_path):
    TABLE.write(tmp_path)
    found, lines = read_generated(tmp_path)
    assert found == TABLE
    assert [row.key for row in found.rows] == [("smic", "1", "a"), ("smic", "2", "b")]
    assert lines == (2, 3)
    assert read_generated(tmp_path / "generated.csv")[0] == TABLE
    assert found.metrics() == ("psnr", "toy")


def test_a_clip_need_not_have_every_part(tmp_path):
    TABLE.write(tmp_path)
    header, first, _ = (tmp_path / "generated.csv").read_text().splitlines()
    assert header == "database,subject,clip,n_frames,psnr/0,psnr/1,toy/0"
    assert first == "smic,1,a,7,0.1,7.0,"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("subject,clip,n_frames\n1,a,7\n1,a,7\n", "1/a"),
        ("subject,clip\n1,a\n", "n_frames"),
        ("subject,clip,n_frames,psnr\n1,a,7,3\n", "psnr"),
        ("subject,clip,n_frames,psnr/x\n1,a,7,3\n", "psnr/x"),
        ("subject,clip,n_frames,psnr/0\n1,a,7,much\n", "much"),
        ("subject,clip,n_frames\n1,a,-1\n", "whole frame number"),
    ],
)
def test_what_is_wrong_is_told(tmp_path, text, problem):
    (tmp_path / "generated.csv").write_text(text)
    with pytest.raises(InvalidTable, match=problem):
        read_generated(tmp_path)


def test_a_folder_without_a_table_is_refused(tmp_path):
    with pytest.raises(UserError, match=r"holds generated\.csv"):
        read_generated(tmp_path)
