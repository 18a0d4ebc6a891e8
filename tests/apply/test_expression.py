"""What is said of frames beside what is coded: agreements by hand, of the clip and of all clips of a run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mebench.apply.expression import expression_curves
from mebench.errors import UserError
from mebench.metrics.coded_frames import CodedAgreement
from mebench.runs.run import run

PLUGIN = Path(__file__).parents[1] / "toys" / "frames.py"
Curves = Callable[..., object]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Finished runs of both methods that say something of frames."""
    where = tmp_path_factory.mktemp("greys")
    options = {"training": ["grey_stills"], "protocol": "fer-video", "executor": "inline", "plugins": [PLUGIN]}
    return [
        run(id, ["grey_clips"], cache=where / "c", out=where / id, **options).folder
        for id in ("grey_classification", "grey_regression")
    ]


def test_agreement_of_a_clip_and_of_all(folders: list[Path]) -> None:
    found = expression_curves(folders, "up", cache=folders[0].parent / "c")
    sharp, smooth = found.curves
    assert (sharp.method, smooth.method, found.clip.emotion) == ("grey_classification", "grey_regression", "positive")
    assert sharp.said.tolist() == [1, 1, 1, 2, 2, 1, 1, 1]
    assert smooth.said.tolist() == [1, 1, 2, 2, 2, 2, 2, 1]
    # Coded are frames 3 to 6: two of four, and four of five.
    assert sharp.agreement == CodedAgreement(2 / 4, 4, 5)
    assert smooth.agreement == CodedAgreement(4 / 5, 3, 7)
    # The negative clip is the mirror image; the third is not coded.
    assert (smooth.coded, smooth.mean_agreement) == (2, 4 / 5)
    assert smooth.outputs.shape == (8,)
    assert sharp.outputs.shape == (8, 3)


def test_a_clip_without_coding_has_no_agreement(folders: list[Path]) -> None:
    found = expression_curves(folders[1:], "p1/never", cache=folders[0].parent / "c")
    assert not found.is_coded
    assert found.curves[0].agreement is None
    assert found.curves[0].coded == 2


def test_what_cannot_be_is_refused(folders: list[Path], tmp_path: Path) -> None:
    with pytest.raises(UserError, match="has tested no clip 'upp'.*up"):
        expression_curves(folders, "upp")
    with pytest.raises(UserError, match="nowhere"):
        expression_curves([tmp_path / "nowhere"], "up")
    other = run(
        "majority", ["grey_clips"], training=["grey_stills"], protocol="fer-video", executor="inline",
        plugins=[PLUGIN], cache=tmp_path / "c", out=tmp_path / "r",
    )  # fmt: skip
    with pytest.raises(UserError, match="majority says nothing of single frames"):
        expression_curves([other.folder], "up")
