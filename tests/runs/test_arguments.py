"""What was asked for: everything that is wrong with it in one answer, and nothing in the order of datasets."""

from __future__ import annotations

from pathlib import Path

import pytest

from mebench.errors import UserError
from mebench.runs.arguments import Arguments, checked, in_order
from mebench.runs.run import load_run, run
from mebench.runs.spec import DatasetChoice, RunSpec
from tests.run_files import comparable


def asked(plugin: Path, method: str, *datasets: str, **more: object) -> Arguments:
    usual = {
        "training": (), "also": (), "roots": (), "protocol": "", "device": "cpu", "executor": "inline", "seed": 0,
        "cache": None, "settings": None, "plugins": (plugin,), **more,
    }  # fmt: skip
    return Arguments(method, datasets, **usual)  # type: ignore[arg-type]


def test_all_that_is_wrong_is_told_at_once(plugin: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        checked(
            asked(
                plugin,
                "learner:stepz=3,nap=soon",
                "fake_lv:subjets=2,videos=x",
                "fake_lv2:subjects=many",
                protocol="megc2020-spoting",
                executor="locl",
                device="gpu",
            )
        )
    said = str(caught.value)
    for words in (
        "learner has no setting 'stepz'",
        "learner:nap='soon' must be a number",
        "fake_lv has no setting 'subjets'",
        "fake_lv:videos='x' must be a whole number",
        "fake_lv2:subjects='many' must be a whole number",
        "'megc2020-spoting'",
        "'locl'",
        "no device 'gpu'",
    ):
        assert words in said, said


def test_a_method_is_looked_at_beside_datasets_that_nobody_knows(plugin: Path) -> None:
    with pytest.raises(UserError, match=r"There is no dataset 'nobodys'.* learner has no setting 'stepz'"):
        checked(asked(plugin, "learner:stepz=3", "nobodys"))


def test_paths_are_those_of_the_start(plugin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MEBENCH_CACHE", "cache")
    spec, _ = checked(asked(plugin, "learner", "fake_lv", also=(Path("z/b"), Path("a/c"))))
    assert spec.cache == tmp_path / "cache"
    assert spec.also == (tmp_path / "z/b", tmp_path / "a/c"), "by the names of the folders"


def choices(*ids: str) -> tuple[DatasetChoice, ...]:
    return tuple(map(DatasetChoice, ids))


@pytest.mark.parametrize(("paired", "expected"), [(False, (("a", "b"), ("x", "y"))), (True, (("a", "b"), ("y", "x")))])
def test_datasets_are_in_the_order_of_their_ids_and_pairs_stay_together(
    paired: bool, expected: tuple[tuple[str, ...], ...]
) -> None:
    found = in_order(RunSpec("m", {}, choices("b", "a"), training=choices("x", "y")), paired)
    assert (tuple(c.id for c in found.datasets), tuple(c.id for c in found.training)) == expected


def test_pairs_are_as_many_of_one_as_of_the_other() -> None:
    with pytest.raises(UserError, match="2 --train for 1 --dataset: give one --train for all, or one for each in turn"):
        in_order(RunSpec("m", {}, choices("a"), training=choices("x", "y")), True)


def test_the_order_of_datasets_changes_nothing(plugin: Path, tmp_path: Path) -> None:
    ids = ["fake_lv:subjects=3", "fake_lv2:subjects=4"]
    for order, name in ((ids, "a"), (ids[::-1], "b")):
        run("learner", order, plugins=[plugin], out=tmp_path / name, executor="inline", device="cpu")
    first, second = (load_run(tmp_path / name) for name in "ab")
    assert first.config == second.config
    files = {path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*") if path.is_file()}
    assert Path("scorecard.json") in files
    for file in files - {Path("timing.json"), Path(".lock")}:
        assert comparable(tmp_path / "a" / file) == comparable(tmp_path / "b" / file), file
