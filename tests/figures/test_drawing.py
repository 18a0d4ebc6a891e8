"""Figures look the same for everybody, and names do no harm."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pytest

from mebench.figures.drawing import as_drawn, axes_at, file_name, new_figure, plain_axes, show_picture, written


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
    ("parts", "name"), [(("a/b", "c d", 3), "a_b-c_d-3"), (("..", "x"), "-x"), (("",), "figure"), (("é\n",), "_")]
)
def test_names_of_files_hold_plain_letters_alone(parts: tuple[object, ...], name: str) -> None:
    assert file_name(*parts) == name
