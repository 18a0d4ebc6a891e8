"""`mebench reproduce` and `mebench list tables`."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Mebench


def test_the_tables_are_listed_with_what_they_need(mebench: Mebench) -> None:
    answer = mebench("list", "tables")
    assert answer.code == 0, answer.err
    assert "thesis-t5.9  Ablations of the two-stream 3D-CNN (thesis Table 5.9)" in answer.out
    assert "samm_lv is read from a licensed copy" in answer.out


def test_without_a_licensed_copy_the_published_values_are_shown_and_the_rest_is_told(mebench: Mebench) -> None:
    answer = mebench("reproduce", "thesis-t4.3")
    assert answer.code == 1
    assert "0.4081" in answer.out
    assert "missing: MDMD (He et al. 2020) on samm_lv: samm_lv is read from a licensed copy" in answer.out
    assert "2 values or runs are missing" in answer.err


def test_what_is_no_table_or_dataset_is_told(mebench: Mebench) -> None:
    answer = mebench("reproduce", "thesis-t4")
    assert answer.code == 2
    assert "thesis-t4.3" in answer.err
    answer = mebench("reproduce", "thesis-t4.3", "--on", "synth")
    assert answer.code == 2
    assert "synth_lv" in answer.err


def test_what_is_reproduced_fits_the_terminal(mebench: Mebench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    answer = mebench("reproduce", "thesis-t4.3")
    assert max(map(len, answer.out.splitlines())) <= 80
    header, rule, row = answer.out.splitlines()[2:5]
    assert header.split() == ["f1", "macro", "on", "samm_lv", "published", "ours", "95%", "interval", "difference"]
    assert set(rule) == {"\N{BOX DRAWINGS LIGHT HORIZONTAL}"}
    assert row.split() == ["sum", "of", "action", "units", "0.4081"]
    for command in (("list", "tables"), ("describe", "thesis-t5.9"), ("list", "conventions"), ("challenge", "sandbox")):
        assert max(map(len, mebench(*command).out.splitlines())) <= 80, command


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--on", "synth_lv:seeds=1"], "seeds"),
        (["--on", "samm_lv"], "samm_lv is read from your licensed copy"),
        (["--on", "synth_lv", "--root", "casme_sq=."], "of a dataset that no run of this table reads"),
        (["--root", "samm_lv=none"], "none"),
        (["--on", "synth_lv", "--out", "file"], "file"),
    ],
)
def test_what_cannot_be_used_is_told_before_anything_is_begun(
    mebench: Mebench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    answer = mebench("reproduce", "thesis-t4.3", *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert told in answer.err
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_table_that_is_measured(mebench: Mebench) -> None:
    answer = mebench("reproduce", "thesis-t5.3", "--on", "synth_lv:subjects=2,videos=1,seconds=10")
    assert answer.code == 0, answer.err
    assert "mean (s) on synth_lv:subjects=2,videos=1,seconds=10" in answer.out
    answer = mebench("reproduce", "thesis-t4.4", "--format", "markdown")
    assert (answer.code, "| AU45 | two folders | Pearson | 0.9200 |  |" in answer.out) == (1, True)
    assert "--with real=DIR and --with synthetic=DIR" in answer.out
    assert "thesis-t4.1  Action units that OpenFace sees" in mebench("list", "tables").out
    assert "measures: au_presence" in mebench("describe", "thesis-t4.1").out


def test_options_that_a_table_has_no_use_for_are_refused(mebench: Mebench) -> None:
    answer = mebench("reproduce", "thesis-t5.3", "--on", "synth_lv", "--jobs", "2", "--seed", "1")
    assert (answer.code, answer.out) == (2, "")
    assert "leave --jobs and --seed out" in answer.err
    answer = mebench("reproduce", "thesis-t4.3", "--with", "openface=.")
    assert (answer.code, answer.out) == (2, "")
    assert "leave --with openface=. out" in answer.err
