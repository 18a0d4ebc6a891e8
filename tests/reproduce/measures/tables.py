"""Small OpenFace tables for tests."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import numpy as np

from mebench.faces.openface import PRESENCE_UNITS
from mebench.schema.action_units import ACTION_UNITS


def write_table(path: Path, intensities: np.ndarray, present: Collection[int] = ()) -> None:
    """Write a table with one row for each row of intensities; units that are present are so in every frame."""
    head = ["frame", "face_id", "timestamp", "confidence", "success"]
    names = [*(f"AU{unit:02d}_r" for unit in ACTION_UNITS), *(f"AU{unit:02d}_c" for unit in PRESENCE_UNITS)]
    lines = [",".join([*head, *names])]
    for frame, values in enumerate(intensities, 1):
        seen = [int(unit in present) for unit in PRESENCE_UNITS]
        lines.append(",".join(map(str, [frame, 0, round(frame / 30, 3), 0.98, 1, *values, *seen])))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_folders(folder: Path, subjects: Collection[str], *, videos: int = 3, noise: float = 1.0) -> tuple[Path, Path]:
    """Write two folders of tables of the same movements; those of action units 6, 12 and 45 agree best."""
    rng = np.random.default_rng(3)
    scale = np.array([0.1 if unit in (6, 12, 45) else 2.0 for unit in ACTION_UNITS]) * noise
    for subject in subjects:
        for video in range(1, videos + 1):
            real = rng.random((30, len(ACTION_UNITS))).round(3)
            other = (real + scale * rng.random(real.shape)).round(3)
            for name, values in (("real", real), ("synthetic", other)):
                write_table(folder / name / f"{subject}_{video}.csv", values)
    return folder / "real", folder / "synthetic"
