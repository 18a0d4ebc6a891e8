from __future__ import annotations

import csv
from pathlib import Path

import pytest

from mebench.errors import UserError
from mebench.leaderboard.literature import read_literature

ROOT = Path(__file__).parents[2]
HEADER = "method,dataset,scope,f1,source,note\n"


def write(tmp_path: Path, lines: str) -> Path:
    path = tmp_path / "published.csv"
    path.write_text(HEADER + lines, encoding="utf-8")
    return path


def test_lines_of_one_publication_become_one_row(tmp_path):
    found = read_literature(
        write(
            tmp_path,
            "mdmd,samm_lv,macro,0.0629,He 2020,x\nmdmd,samm_lv,overall,0.0445,He 2020,x\nmdmd,samm_lv,macro,.1,other,x\n",
        )
    )
    assert [heading for _, _, heading in found.columns] == ["F1 overall", "F1 macro"]
    assert [(line.source, *(cell.text for cell in line.cells)) for line in found.lines] == [
        ("He 2020", ".044", ".063"),
        ("other", "–", ".100"),
    ]


def test_scopes_of_other_names_follow_the_usual_ones(tmp_path):
    found = read_literature(write(tmp_path, "a,d,movement,.1,s,\na,d,micro,.2,s,\n"))
    assert [scope for _, scope, _ in found.columns] == ["micro", "movement"]


@pytest.mark.parametrize("value", ["1.5", "-0.1", "", "high"])
def test_a_score_out_of_range_is_told_with_its_line(tmp_path, value):
    with pytest.raises(UserError, match=r"published\.csv:3, f1"):
        read_literature(write(tmp_path, f"a,d,micro,.1,s,\nb,d,micro,{value},s,\n"))


def test_what_was_selected_on_the_test_folds_is_marked(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("method,dataset,scope,uf1,uar,selection\na,d,full,.8,,test\nb,d,full,.7,.6,\n", encoding="utf-8")
    found = read_literature(path)
    assert [heading for _, _, heading in found.columns] == ["UF1 full", "UAR full"]
    assert [(line.method, line.is_selected_on_test) for line in found.lines] == [("a", True), ("b", False)]
    assert [cell.text for cell in found.lines[0].cells] == [".800", "–"]
    path.write_text("method,dataset,scope,uf1,selection\na,d,full,.8,train\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"p\.csv:2, selection"):
        read_literature(path)


def test_the_published_recognition_is_that_of_the_papers():
    """The page's file holds the published values, but for what STSTNet printed as UAR."""
    published = ROOT / "mebench/reproduce/published/recognition_megc2019.csv"
    with published.open(encoding="utf-8") as file, (ROOT / "leaderboards/literature_recognition.csv").open() as shown:
        pairs = list(zip(csv.DictReader(file), csv.DictReader(shown), strict=True))
    for there, here in pairs:
        assert (there["method"], there["database"], there["uf1"]) == (here["method"], here["scope"], here["uf1"])
        assert there["uar"] == (here["macro_precision"] or here["uar"])
        assert (here["selection"] == "test") == ("test" in there["note"])
    assert {here["method"] for _, here in pairs if here["macro_precision"]} == {"ststnet"}
    assert {here["method"] for _, here in pairs if here["selection"]} >= {"emr", "htnet", "causalnet"}


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(UserError, match="nowhere"):
        read_literature(tmp_path / "nowhere.csv")
