"""`mebench reproduce` and `mebench list tables`."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from mebench.reproduce import expected, table

from .conftest import Mebench


def test_the_tables_are_listed_with_what_they_need(mebench: Mebench) -> None:
    answer = mebench("list", "tables")
    assert answer.code == 0, answer.err
    (line,) = [line for line in answer.out.splitlines() if line.startswith("thesis-t4.3 ")]
    assert line.endswith(
        " Summed action units against MDMD (thesis Table 4.3): needs licensed samm_lv (--root, or --on synth_lv)"
    )
    assert "synth-f1 is thesis-f4.7" in answer.out
    assert "not reproducible by nature: thesis-t2.1, thesis-t8.1" in answer.out
    answer = mebench("list", "tables", "miex-t")
    assert [line.split()[0] for line in answer.out.splitlines()] == ["miex-t1", "miex-t2", "miex-t3"]
    answer = mebench("list", "tables", "miexx-t1")
    assert (answer.code, answer.out) == (2, "")
    assert "'miex-t1'" in answer.err
    for text in ("DURATION", "Thesis-T5.3"):
        assert "thesis-t5.3" in mebench("list", "tables", text).out


@pytest.mark.parametrize("columns", [80, 120])
def test_the_list_fits_the_terminal(mebench: Mebench, monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    for command in (("list", "tables"), ("reproduce", "thesis-t5.5"), ("describe", "thesis-t5.12")):
        assert max(map(len, mebench(*command).out.splitlines())) <= columns, command


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["thesis-t2.1"], "thesis-t2.1 cannot be reproduced: it lists the names of action units."),
        (["thesis-f5.7"], "drawn by mebench figure folds RUN, with a run of mebench reproduce thesis-t5.6: give that"),
        (["thesis-f6.4"], "that is not drawn yet, for mebench has no method recursive"),
        (["thesis-t2.2", "--on", "synth_lv"], "leave --on out"),
        (["thesis-t4.3", "--on", "synth_lv", "--also", "."], "leave --also out"),
    ],
)
def test_what_is_not_run_says_what_to_do(mebench: Mebench, arguments: list[str], told: str) -> None:
    answer = mebench("reproduce", *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert told in answer.err


def test_constants_are_compared_without_a_run(mebench: Mebench) -> None:
    answer = mebench("reproduce", "thesis-t2.3")
    assert answer.code == 0, answer.err
    lines = [line.split() for line in answer.out.splitlines()]
    assert ["participants,", "samm_lv", "30", "30", "equal"] in lines
    assert "differs" in answer.out
    assert not Path("reproduced").exists()


def test_what_is_listed_is_described(mebench: Mebench) -> None:
    told = " ".join(mebench("describe", "thesis-t5.1").out.split())
    assert "raw_f1_fold_mean, raw_loss_fold_mean (lower is better), raw_precision_fold_mean, " in told
    assert "raw_auc movement: without LCN, 6 layers; without LCN + depth, 9 layers about 0.5 (within 0.05)" in told
    told = " ".join(mebench("describe", "thesis-t5.6").out.split())
    assert re.search(r" on samm_lv (above|better than) .* on casme_sq", told)
    for name in ("thesis-t2.2", "thesis-f6.4", "synth-f1", "thesis-t5.11", "thesis-t7.1"):
        answer = mebench("describe", name)
        assert answer.code == 0, answer.err
    assert "cannot be reproduced" in mebench("describe", "thesis-t2.1").err


def test_without_a_licensed_copy_the_published_values_are_shown_and_the_rest_is_told(mebench: Mebench) -> None:
    answer = mebench("reproduce", "thesis-t4.3")
    assert answer.code == 1
    assert "0.4081" in answer.out
    assert (
        "missing: sum of action units on samm_lv; MDMD (He et al. 2020) on samm_lv: samm_lv is read from a licensed copy"
        in answer.out
    )
    assert "2 values or runs are missing" in answer.err


def test_what_is_no_table_or_dataset_is_told(mebench: Mebench) -> None:
    answer = mebench("reproduce", "thesis-t4")
    assert answer.code == 2
    assert "thesis-t4.3" in answer.err
    answer = mebench("reproduce", "nope")
    assert answer.err.endswith("There is no table 'nope'. See `mebench list tables`.\n")
    answer = mebench("reproduce", "thesis-t4.3", "--on", "synth")
    assert answer.code == 2
    assert "synth_lv" in answer.err


def test_what_is_reproduced_fits_the_terminal(mebench: Mebench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    answer = mebench("reproduce", "thesis-t4.3")
    assert max(map(len, answer.out.splitlines())) <= 80
    lines = answer.out.splitlines()
    header, rule, row = lines[lines.index("") + 1 :][:3]
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


SHOWN = """
id = "shown"
title = "A table"
paper = "a paper, Table 1"
protocol = "megc2020-spotting"
datasets = ["fake_lv"]
columns = [{ metric = "f1", scope = "overall" }]
[[rows]]
id = "best"
label = "the truth"
method = "oracle"
expected = { file = "shown.csv" }
[[rows]]
id = "learnt"
label = "learnt"
method = "learner"
"""
VALUES = "method,dataset,scope,f1,source,note\noracle,fake_lv,overall,0.75,,\n"


@pytest.fixture
def shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one table and its printed values, in the place of those of the papers."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "shown.toml").write_text(SHOWN)
    (data / "shown.csv").write_text(VALUES)
    (data / "SHA256SUMS").write_text(f"{hashlib.sha256(VALUES.encode()).hexdigest()}  shown.csv\n")
    monkeypatch.setattr(table, "_folder", lambda: data)
    monkeypatch.setattr(expected, "_folder", lambda: data)
    for cached in (expected._lines, expected._digests):
        cached.cache_clear()
        monkeypatch.setattr(expected, cached.__name__, cached.__wrapped__)
    return data


def reproduced(mebench: Mebench, plugin: list[str]) -> tuple[int, str, str]:
    return mebench("reproduce", "shown", "--executor", "inline", "--device", "cpu", *plugin)


def test_a_table_in_order_ends_well(mebench: Mebench, plugin: list[str], shown: Path) -> None:
    code, out, err = reproduced(mebench, plugin)
    assert (code, "missing" in out) == (0, False), err
    assert ["the", "truth", "0.7500", "1.0000", "[1.0000,", "1.0000]", "+0.2500"] in [
        s.split() for s in out.splitlines()
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("shown.csv", "0.75", "0.85", "missing: published values of shown.csv: the file is not the one"),
        ("shown.csv", "0.75", "high", "missing: the truth on fake_lv: no published f1 overall."),
        ("shown.csv", "oracle,", "oracles,", "missing: the truth on fake_lv: no published f1 overall."),
        ("shown.toml", '"learner"', '"ghost"', "missing: learnt on fake_lv: There is no method ghost yet."),
        (
            "shown.toml",
            '"learner"',
            '"learner"\nsettings = "fail=s03"',
            "missing: learnt on fake_lv: fold 002-s03-s04 failed",
        ),
    ],
    ids=["changed value", "no number", "no value", "missing run", "failed fold"],
)
def test_what_is_missing_is_told_and_nothing_is_lost(
    mebench: Mebench, plugin: list[str], shown: Path, file: str, old: str, new: str, told: str
) -> None:
    whole = (shown / file).read_text()
    (shown / file).write_text(whole.replace(old, new))
    code, out, err = reproduced(mebench, plugin)
    assert code == 1
    assert told in " ".join(out.split())
    assert "missing; the same command goes on with what is there." in err
    # The good values are printed all the same, and the runs are kept.
    assert any(line.split()[:2] == ["the", "truth"] and "1.0000" in line for line in out.splitlines())
    kept = {path: path.stat().st_mtime_ns for path in Path("reproduced").glob("*/folds/*/done.json")}
    assert len({path.parts[1] for path in kept}) == (1 if "ghost" in new else 2)
    assert ("learnt (incomplete)" in out) == ("fail" in new)
    # Once mended, the table goes on with what is there.
    (shown / file).write_text(whole)
    code, out, err = reproduced(mebench, plugin)
    assert (code, "missing" in out) == (0, False), err
    assert {path: path.stat().st_mtime_ns for path in kept} == kept


def test_a_table_that_is_measured(mebench: Mebench) -> None:
    answer = mebench("reproduce", "thesis-t5.3", "--on", "synth_lv:subjects=2,videos=1,seconds=10")
    assert answer.code == 0, answer.err
    assert "mean (s) on synth_lv:subjects=2,videos=1,seconds=10" in answer.out
    assert "published" not in answer.out
    answer = mebench("reproduce", "thesis-f4.6", "--on", "synth_lv:subjects=2,videos=1,seconds=10")
    assert (answer.code, "missing: " in answer.out) == (1, True)
    assert "or --on synth_lv --on synth_lv_sparse" in " ".join(mebench("list", "tables", "thesis-f4.6").out.split())
    answer = mebench("reproduce", "thesis-t4.4", "--format", "markdown")
    assert (answer.code, "| AU45 | two folders | Pearson | 0.9200 |  |" in answer.out) == (1, True)
    assert "--with real=DIR and --with synthetic=DIR" in answer.out
    assert re.search(r"thesis-t4.1 +Action units that OpenFace sees", mebench("list", "tables").out)
    assert "measures: au_presence" in mebench("describe", "thesis-t4.1").out


def test_options_that_a_table_has_no_use_for_are_refused(mebench: Mebench) -> None:
    answer = mebench("reproduce", "thesis-t5.3", "--on", "synth_lv", "--jobs", "2", "--seed", "1")
    assert (answer.code, answer.out) == (2, "")
    assert "leave --jobs and --seed out" in answer.err
    answer = mebench("reproduce", "thesis-t4.3", "--with", "openface=.")
    assert (answer.code, answer.out) == (2, "")
    assert "leave --with out" in answer.err
