"""Clip folders in miniature, with empty files for frames."""

from __future__ import annotations

import pytest


def touch_clip(folder, pattern, first, last, *, without=()):
    """Put empty frames `first` to `last` into a folder."""
    folder.mkdir(parents=True)
    for number in range(first, last + 1):
        if number not in without:
            (folder / pattern.format(number)).touch()


@pytest.fixture
def spans():
    """Return {clip id: (frames, onset, apex, offset)} of a dataset."""
    return lambda dataset: {c.id: (c.n_frames, c.onset, c.apex, c.offset) for c in dataset.clips()}
