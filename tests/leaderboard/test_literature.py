from __future__ import annotations

from pathlib import Path

import pytest

from mebench.errors import UserError
from mebench.leaderboard.literature import read_literature

HEADER = "method,dataset,scope,f1,source,note\n"


def write(tmp_path: Path, lines: str) -> Path:
    path = tmp_path / "published.csv"
    path.write_text(HEADER + lines, encoding="utf-8")
    return path


def test_lines_of_one_publication_become_one_row(tmp_path):
    rows, scopes = read_literature(
        write(
            tmp_path,
            "mdmd,samm_lv,macro,0.0629,He 2020,x\nmdmd,samm_lv,overall,0.0445,He 2020,x\nmdmd,samm_lv,macro,.1,other,x\n",
        )
    )
    assert scopes == ("overall", "macro")
    assert [(row.source, row.scores["macro"].text, row.scores["overall"].text) for row in rows] == [
        ("He 2020", ".063", ".044"),
        ("other", ".100", "–"),
    ]


def test_scopes_of_other_names_follow_the_usual_ones(tmp_path):
    _, scopes = read_literature(write(tmp_path, "a,d,movement,.1,s,\na,d,micro,.2,s,\n"))
    assert scopes == ("micro", "movement")


@pytest.mark.parametrize("value", ["1.5", "-0.1", "", "high"])
def test_a_score_out_of_range_is_told_with_its_line(tmp_path, value):
    with pytest.raises(UserError, match=r"published\.csv:3, f1"):
        read_literature(write(tmp_path, f"a,d,micro,.1,s,\nb,d,micro,{value},s,\n"))


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(UserError, match="nowhere"):
        read_literature(tmp_path / "nowhere.csv")
