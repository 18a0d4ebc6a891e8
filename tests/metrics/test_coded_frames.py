"""Agreement of said frames with a coded onset and offset, by hand and against sets of frame numbers."""

from __future__ import annotations

import numpy as np
import pytest

from mebench.metrics.coded_frames import CodedAgreement, coded_agreement


def flags(count: int, *frames: int) -> np.ndarray:
    return np.isin(np.arange(1, count + 1), frames)


@pytest.mark.parametrize(
    ("frames", "wanted"),
    [
        ((3, 4, 5, 6, 7), CodedAgreement(1.0, 3, 7)),
        ((), CodedAgreement(0.0, None, None)),
        ((9, 10), CodedAgreement(0.0, 9, 10)),
        ((1, 4, 5, 9), CodedAgreement(2 / 7, 4, 5)),
        ((1, 5), CodedAgreement(1 / 6, 1, 1)),
    ],
)
def test_by_hand(frames: tuple[int, ...], wanted: CodedAgreement) -> None:
    assert coded_agreement(flags(10, *frames), 3, 7) == wanted


def test_it_is_what_sets_of_frame_numbers_give() -> None:
    random = np.random.default_rng(0)
    for _ in range(50):
        onset, offset = sorted(random.integers(1, 13, 2).tolist())
        said = random.random(12) < 0.5
        named, coded = {i + 1 for i in np.flatnonzero(said).tolist()}, set(range(onset, offset + 1))
        assert coded_agreement(said, onset, offset).agreement == len(named & coded) / len(named | coded)


@pytest.mark.parametrize(("onset", "offset"), [(0, 3), (4, 3), (1, 11)])
def test_what_is_not_in_the_clip_is_refused(onset: int, offset: int) -> None:
    with pytest.raises(ValueError, match="are not in a clip of 10 frames"):
        coded_agreement(flags(10, 1), onset, offset)
