"""Copies of the layouts of posed expressions, with tiny pictures and videos."""

from __future__ import annotations

import cv2
import numpy as np


def write_frames(folder, pattern, first, last, *, without=()):
    """Write tiny pictures `first` to `last` into a folder; each has its number as its grey."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(first, last + 1):
        if number not in without:
            ok, encoded = cv2.imencode(".png", np.full((6, 8), number, np.uint8))
            assert ok
            (folder / pattern.format(number)).write_bytes(encoded.tobytes())
    return folder


def write_video(path, n_frames=4, size=(32, 24)):
    """Write a video whose left upper quarter is bright."""
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 25.0, size)
    picture = np.zeros((size[1], size[0], 3), np.uint8)
    picture[: size[1] // 2, : size[0] // 2] = 250
    for _ in range(n_frames):
        writer.write(picture)
    writer.release()
    return path


def write_text(path, text):
    """Write a text, its folder included."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def errata_of(report):
    """Return {kind: (where, policy, detail)} of the last erratum of each kind."""
    return {erratum.kind: (erratum.where, erratum.policy, erratum.detail) for erratum in report.errata}


def counts_of(report):
    """Return {name: (found, expected)}."""
    return {count.name: (count.found, count.expected) for count in report.counts}


def conforms(cls, root):
    """Run the conformance checks; only the counts may differ from the release's."""
    from mebench.testing.datasets import check_dataset

    failed = {finding.check: finding.reason for finding in check_dataset(cls, root) if not finding.ok}
    assert set(failed) <= {"counts what it holds"}, failed
