"""What a table takes and whether it can be had here, in few words."""

from __future__ import annotations

from pathlib import Path

import pytest

from mebench.reproduce.catalogue import Figure, find
from mebench.reproduce.needs import HERE, lacking, needs_of


@pytest.fixture(autouse=True)
def nothing_at_hand(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MEBENCH_CONFIG", str(tmp_path / "none"))
    monkeypatch.delenv("MEBENCH_DATA", raising=False)


@pytest.mark.parametrize(
    ("id", "told"),
    [
        ("thesis-t5.5", HERE),
        ("thesis-t4.3", "needs licensed samm_lv (--root, or --on synth_lv)"),
        ("thesis-f3.2", "drawn by mebench figure lcn samm_lv, with licensed samm_lv (--root, or name another dataset)"),
        ("thesis-f5.3", "drawn by mebench figure roc RUN, with a run of mebench reproduce thesis-t5.1"),
        ("thesis-f6.4", "not yet: lacks method recursive"),
        ("thesis-f7.1", "needs licensed fer2013, ckplus, kdef, ffhq, affectnet (--root)"),
        (
            "miex-t3",
            "lacks sets that are made in other ways; needs licensed megc2019_cde (--root) and made copies of the "
            "people (--also)",
        ),
        ("miex-f7", "not yet: lacks sets that are made in other ways"),
        ("miex-sf1", "Nothing here draws mean action units of classes yet."),
    ],
)
def test_in_few_words(id: str, told: str) -> None:
    assert needs_of(find(id)) == told


def test_a_figure_that_nothing_draws_says_why() -> None:
    assert needs_of(Figure("x", "X", "a paper", lacks="Nothing draws X.")) == "Nothing draws X."
    assert needs_of(Figure("x", "X", "a paper")) == "nothing here draws it yet"


def test_a_table_of_which_some_runs_can_be_had_says_how() -> None:
    both = "needs licensed samm_lv (--root, or --on synth_lv) and made copies of the people (--also)"
    assert needs_of(find("thesis-t5.11")) == both
    licensed = "casme3_challenge, casme_sq, samm_challenge, samm_lv"
    assert needs_of(find("thesis-t5.12")) == f"needs licensed {licensed} (--root, or --on synth_lv)"


def test_a_remembered_root_is_enough(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "samm_lv").mkdir()
    monkeypatch.setenv("MEBENCH_DATA", str(tmp_path))
    assert needs_of(find("thesis-t4.3")) == HERE


def test_what_is_there_lacks_nothing() -> None:
    assert lacking(["au_sum"], ["synth_lv"], ["megc2020-spotting", ""]) == ""
    assert lacking(["b", "a", "a"]) == "method a, b"
