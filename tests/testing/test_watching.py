from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from mebench.testing.watching import peak_bytes, watching


def test_what_is_written_is_noted_but_where_it_may_be(tmp_path: Path) -> None:
    own, other = tmp_path / "own", tmp_path / "other"
    own.mkdir()
    other.mkdir()
    with watching((own,)) as watch:
        (own / "a").write_text("")
        (other / "b").write_text("")
        os.rename(other / "b", other / "c")
        (other / "c").read_text()
        (other / "c").unlink()
        Path("d").mkdir()
        Path.home().joinpath("e").touch()
    assert watch.written == [str(other / "b"), str(other / "c"), "d", "~/e"]


def test_nothing_is_noted_afterwards_and_all_is_as_before(tmp_path: Path) -> None:
    before = Path.cwd(), Path.home()
    with watching() as watch:
        assert Path.cwd() != before[0]
    (tmp_path / "a").write_text("")
    assert watch.written == []
    assert (Path.cwd(), Path.home()) == before


def test_what_is_new_in_a_folder_is_noted_whoever_wrote_it(tmp_path: Path) -> None:
    with watching((tmp_path / "own",), (tmp_path,), {tmp_path: "here/"}) as watch:
        np.zeros(3).tofile(os.fspath(tmp_path / "a"))
        os.system(f"touch {tmp_path}/b")
    assert watch.written[-1] == "here/b"


def test_memory_is_measured_where_it_is_highest() -> None:
    def work() -> None:
        np.zeros(4_000_000, np.uint8).sum()

    assert 4_000_000 <= peak_bytes(work) < 5_000_000
