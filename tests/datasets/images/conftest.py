"""Miniature copies of the licence-gated layouts, with tiny pictures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from mebench.datasets.base import CheckReport, Dataset
from mebench.testing.datasets import check_dataset

Write = Callable[..., Path]
Conforms = Callable[..., None]


def write_picture(path: Path, value: int = 100, shape: tuple[int, ...] = (12, 10, 3)) -> Path:
    """Write a picture of one colour; its blue is `value`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = np.full(shape, 60, np.uint8)
    picture[..., 0] = value
    ok, encoded = cv2.imencode(".png" if path.suffix.lower() == ".png" else ".jpg", picture)
    assert ok
    path.write_bytes(encoded.tobytes())
    return path


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write pictures below `tmp_path/copy`, which is returned: write('a/b.jpg', 'a/c.jpg')."""

    def pictures(*names: str) -> Path:
        for number, name in enumerate(names):
            write_picture(tmp_path / "copy" / name, 20 * number % 250)
        return tmp_path / "copy"

    (tmp_path / "copy").mkdir()
    return pictures


@pytest.fixture
def conforms() -> Conforms:
    """Run the conformance checks of a dataset on a copy; only its counts may differ from the release's."""

    def check(cls: type[Dataset], root: Path) -> None:
        failed = {finding.check: finding.reason for finding in check_dataset(cls, root) if not finding.ok}
        assert set(failed) <= {"counts what it holds"}, failed

    return check


@pytest.fixture
def errata() -> Callable[[CheckReport], dict[str, tuple[str, str, str]]]:
    """Return the errata of a report as {kind: (where, policy, detail)} of the last one of each kind."""

    def group(report: CheckReport) -> dict[str, tuple[str, str, str]]:
        return {erratum.kind: (erratum.where, erratum.policy, erratum.detail) for erratum in report.errata}

    return group


def found(report: CheckReport) -> dict[str, tuple[int, int | None]]:
    """Return found and expected counts by name."""
    return {count.name: (count.found, count.expected) for count in report.counts}
