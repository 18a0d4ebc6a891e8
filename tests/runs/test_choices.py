from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from mebench.errors import UserError
from mebench.runs.choices import choose_datasets, choose_method, read_settings
from mebench.runs.spec import DatasetChoice
from mebench.settings import Spec


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "settings.toml"
    path.write_text(text)
    return path


def test_what_is_typed_wins_over_the_file(tmp_path: Path) -> None:
    table = read_settings(written(tmp_path, "[method]\nlayers = 6\nlcn = false\n[dataset]\nseconds = 20\n"))
    assert choose_method("m:layers=3", table) == Spec("m", {"layers": "3", "lcn": False})
    assert choose_datasets(["d:subjects=2"], (), table) == (DatasetChoice("d", {"seconds": 20, "subjects": "2"}),)


def test_a_table_of_one_dataset_is_for_that_one(tmp_path: Path) -> None:
    table = read_settings(written(tmp_path, "[dataset]\nfps = 30\n[dataset.b]\nfps = 60\n"))
    a, b = choose_datasets(["a", "b"], (), table)
    assert (a.options, b.options) == ({"fps": 30}, {"fps": 60})
    with pytest.raises(UserError, match=r"table \[dataset.b\], but b is not among the datasets: remove it"):
        choose_datasets(["a"], (), table)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[method\n", "cannot be read .*: mend it, or give another --config"),
        ("[methods]\nx = 1\n", "'methods' is not a table .* Did you mean 'method'"),
        ("method = 3\n", "'method' is not a table"),
    ],
)
def test_a_file_that_nobody_would_read_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        read_settings(written(tmp_path, text))


def test_a_missing_file_is_told_and_none_is_no_settings(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read .*: check the path"):
        read_settings(tmp_path / "none.toml")
    assert read_settings(None) == {}


@pytest.mark.parametrize(
    ("datasets", "roots", "expected"),
    [
        (["a"], [], {"a": None}),
        (["a"], ["x"], {"a": "x"}),
        (["a"], ["./x=y"], {"a": "x=y"}),
        (["a", "b"], ["x", "y"], {"a": "x", "b": "y"}),
        (["a", "b"], ["b=y"], {"a": None, "b": "y"}),
        (["a:k=v", "b"], ["b=y", "a=x"], {"a": "x", "b": "y"}),
    ],
)
def test_roots_find_their_datasets(datasets: list[str], roots: list[str], expected: dict[str, str | None]) -> None:
    found = {choice.id: choice.root for choice in choose_datasets(datasets, roots)}
    assert found == {id: Path.cwd() / root if root else None for id, root in expected.items()}


@pytest.mark.parametrize(("datasets", "roots"), [(["a", "b"], ["x"]), (["a"], ["x", "y"]), (["a", "b"], ["a=x", "y"])])
def test_a_root_of_nobody_knows_whom_is_refused(datasets: list[str], roots: list[str]) -> None:
    with pytest.raises(UserError, match="write --root ID=DIR for each that needs one"):
        choose_datasets(datasets, roots)


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo], ids=["a folder", "a pipe"])
def test_settings_in_what_is_no_file_are_refused_at_once(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "settings.toml")
    with pytest.raises(
        UserError, match=r"cannot be read \(it is a .* and not a file.*\): mend it, or give another --config"
    ):
        read_settings(tmp_path / "settings.toml")


def test_a_root_of_a_dataset_that_takes_no_part_is_told() -> None:
    with pytest.raises(
        UserError, match=r"--root casme_sq=x is of casme_sq, which takes no part .* name one of samm_lv"
    ):
        choose_datasets(["samm_lv"], ["casme_sq=x"])


@pytest.mark.parametrize("root", ["/nowhere", "foo=/tmp", "synth_lv=/tmp", "casme_sq=/tmp"])
def test_a_rendered_dataset_takes_no_root_however_it_is_written(root: str) -> None:
    with pytest.raises(UserError, match=rf"^synth_lv is rendered and reads nothing of {root}: leave its --root out\.$"):
        choose_datasets(["synth_lv"], [root])
    with pytest.raises(UserError, match="^synth_lv and synth_lv_samm are rendered"):
        choose_datasets(["synth_lv", "synth_lv_samm"], [root])


def test_a_name_before_the_root_that_is_no_dataset_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UserError, match=r"there is no dataset 'sam'. Before the = write one of samm_lv; .* ./sam=x\.$"):
        choose_datasets(["samm_lv", "synth_lv"], ["sam=x"])
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sam=x").mkdir()
    (choice,) = choose_datasets(["samm_lv"], ["sam=x"])
    assert choice.root == tmp_path / "sam=x"
