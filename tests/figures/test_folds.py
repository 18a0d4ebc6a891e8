"""Frames of each fold."""

from __future__ import annotations

from pathlib import Path

from mebench.figures.folds import draw_folds, fold_sizes


def test_every_trained_model_has_its_frames(trained: Path) -> None:
    found = fold_sizes(trained)
    # Subject i has two videos of 201 + 10 i and 202 + 10 i frames.
    frames = {f"s0{i}": 403 + 20 * i for i in range(1, 6)}
    everybody = sum(frames.values())
    assert found.models == ("s01", "s02", "s03", "s04", "s05")
    # Each of a pair validates while the other tests; the fifth is validated by the first.
    validated = ("s02", "s01", "s04", "s03", "s01")
    expected = [
        [everybody - frames[tested] - frames[other], frames[other], frames[tested]]
        for tested, other in zip(found.models, validated, strict=True)
    ]
    assert found.frames.tolist() == expected
    assert found.uncounted == 0


def test_the_same_run_gives_the_same_bytes(trained: Path) -> None:
    assert draw_folds(fold_sizes(trained)) == draw_folds(fold_sizes(trained))
