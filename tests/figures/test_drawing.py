"""Figures look the same for everybody, and names do no harm."""

from __future__ import annotations

import re
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest

from mebench.figures.drawing import (
    as_drawn,
    axes_at,
    file_name,
    new_figure,
    place_of_run,
    plain_axes,
    settings_of,
    show_picture,
    written,
)


def drawn() -> dict[str, bytes]:
    with new_figure(2, 1) as figure:
        axes, other = axes_at(figure, 0.2, 0.2, 0.5, 0.5), axes_at(figure, 1, 0.2, 0.5, 0.5)
        axes.plot([0, 1], [1, 0], label="x")
        axes.legend()
        plain_axes(axes, as_drawn("$\\frac$ \N{CJK UNIFIED IDEOGRAPH-4E2D}\x1b"))
        show_picture(other, np.arange(4, dtype=np.uint8).reshape(2, 2))
        return written(figure)


def test_the_users_own_style_changes_nothing(recwarn: pytest.WarningsRecorder) -> None:
    plain = drawn()
    with mpl.rc_context({"font.size": 20, "axes.facecolor": "red", "svg.hashsalt": "other", "savefig.dpi": 7}):
        assert drawn() == plain
        assert mpl.rcParams["font.size"] == 20
    assert not list(recwarn)


def test_the_size_in_pixels_is_that_in_inches() -> None:
    assert drawn()["png"][16:24] == (200).to_bytes(4, "big") + (100).to_bytes(4, "big")


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("run", "s.1_2", 3), "run-s.1_2-3"),
        (("a/b", "c d", 3), "a_b-c_d-3-"),
        (("..", "x"), "-x-"),
        (("",), "figure-"),
        (("e\u0301\n",), "é_-"),
        (("日本", 1), "日本-1"),
        (("\udcff",), "_-"),
        (("x" * 300,), "x" * 60 + "-"),
    ],
)
def test_names_of_files_hold_letters_alone_and_a_digest_where_something_is_replaced(
    parts: tuple[object, ...], name: str
) -> None:
    assert re.fullmatch(re.escape(name) + ("[0-9a-f]{6}" if name.endswith("-") else ""), file_name(*parts))


def test_no_two_figures_share_a_name() -> None:
    ways = [
        file_name("mö v"), file_name("mä v"), file_name("m_v"), file_name("x/y"), file_name("x y"), file_name("x"),
        file_name("x", settings=["a=1"]), file_name("x", settings=["a=2"]), file_name("日"), file_name("本"),
    ]  # fmt: skip
    assert len(set(ways)) == len(ways)
    assert file_name("x", settings=["", None]) == "x"
    assert file_name("x", settings=settings_of("d:b=2,a=1")) == file_name("x", settings=settings_of("d:a=1, b=2"))


def test_a_run_elsewhere_is_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert (place_of_run(Path("r")), place_of_run(Path("runs/r"))) == ("", "")
    assert place_of_run(Path("a/r")) != place_of_run(Path("b/r"))
