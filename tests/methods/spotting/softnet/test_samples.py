from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mebench.frames.stored import StoredFrames
from mebench.methods.spotting.softnet.samples import AS_IT_IS, BLURRED, MIRRORED, NOISY, Labelled, SampleTable, changed


@pytest.fixture
def table(tmp_path: Path) -> SampleTable:
    random = np.random.default_rng(0)
    videos = []
    for i, labels in enumerate(([True, False, False, False], [False, False, True])):
        pixels = random.integers(0, 256, (len(labels), 42, 42, 3), dtype=np.uint8)
        (tmp_path / str(i)).write_bytes(pixels.tobytes())
        videos.append(Labelled(StoredFrames(tmp_path / str(i), pixels.shape, str(i)), np.array(labels)))
    return SampleTable(videos)


def test_half_of_the_negatives_and_every_positive_four_times(table: SampleTable) -> None:
    drawn = table.draw(np.random.default_rng(1), 0.5, augment=True)
    targets = table.targets(drawn)
    assert (len(drawn), int(targets.sum())) == (round(0.5 * 5) + 8, 8)
    positive = [(v, w, c) for v, w, c, t in zip(drawn.video, drawn.window, drawn.change, targets, strict=True) if t]
    assert sorted(positive) == [(v, w, c) for v, w in ((0, 0), (1, 2)) for c in (AS_IT_IS, MIRRORED, BLURRED, NOISY)]
    assert not drawn.change[targets == 0].any()
    assert len(table.draw(np.random.default_rng(1), 1.0, augment=False)) == 7


def test_pictures_are_those_of_the_samples_in_their_order(table: SampleTable) -> None:
    drawn = table.draw(np.random.default_rng(2), 1.0, augment=False)
    batch = table.read(drawn, np.random.default_rng(0), 0.1)
    assert batch.shape == (7, 3, 42, 42)
    for i, (video, window) in enumerate(zip(drawn.video, drawn.window, strict=True)):
        own = table.videos[video].pictures.gather(np.array([window]))[0].transpose(2, 0, 1).astype(float)
        low, high = own.min(axis=(1, 2), keepdims=True), own.max(axis=(1, 2), keepdims=True)
        np.testing.assert_allclose(batch[i], (own - low) / (high - low), atol=1e-6)
    assert (batch.min(), batch.max()) == (0, 1)


def test_each_change_does_what_it_says() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (1, 42, 42, 3), dtype=np.uint8)
    plain, mirrored, blurred, noisy = (
        changed(picture, np.array([change]), np.random.default_rng(0), 0.1)[0]
        for change in (AS_IT_IS, MIRRORED, BLURRED, NOISY)
    )
    np.testing.assert_array_equal(mirrored, plain[:, ::-1])
    assert blurred.std() < 0.5 * plain.std()
    assert 0.03 < (noisy - plain).std() < 0.1
    assert (noisy.min(), noisy.max()) == (0, 1)


def test_a_digest_tells_labels_apart(table: SampleTable) -> None:
    before = table.digest()
    other = SampleTable([Labelled(video.pictures, ~video.labels) for video in table.videos])
    assert other.digest() != before == SampleTable(table.videos).digest()
