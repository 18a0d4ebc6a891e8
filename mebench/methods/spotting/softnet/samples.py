"""What one training learns from, and how micro-expressions are multiplied (Liong 2021, section 3.1).

Conventions
-----------
A sample is a window of a video and a way to change its picture: 0 as it is, 1 mirrored, 2 blurred, 3 with noise.
Nothing but indices and labels is held in memory; pictures are read batch by batch.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from mebench.frames.stored import StoredFrames
from mebench.methods.spotting.softnet.pictures import SIDE, stretched
from mebench.settings import digest_of

AS_IT_IS, MIRRORED, BLURRED, NOISY = range(4)
_BLUR = (7, 7)

Floats = NDArray[np.float32]


@dataclasses.dataclass(frozen=True)
class Labelled:
    """The pictures of one video, and which of them show an expression, bool (n,)."""

    pictures: StoredFrames
    labels: NDArray[np.bool_]


@dataclasses.dataclass(frozen=True)
class Drawn:
    """Samples in the order in which they are learnt: position of the video, of its window, the change; (n,) each."""

    video: NDArray[np.int64]
    window: NDArray[np.int64]
    change: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of samples."""
        return len(self.video)

    def __getitem__(self, part: slice) -> Drawn:
        """Return some of the samples."""
        return Drawn(self.video[part], self.window[part], self.change[part])


class SampleTable:
    """The windows of all training videos.

    Parameters
    ----------
    videos : pictures and labels of each.
    """

    def __init__(self, videos: Sequence[Labelled]) -> None:
        self.videos = videos
        counts = [len(video.labels) for video in videos]
        self.video = np.repeat(np.arange(len(videos)), counts).astype(np.int64)
        self.window = np.concatenate([np.zeros(0, np.int64), *(np.arange(count) for count in counts)])
        self.labels = np.concatenate([np.zeros(0, np.bool_), *(video.labels for video in videos)])

    def draw(self, random: np.random.Generator, keep: float, *, augment: bool) -> Drawn:
        """Return all positives and a share `keep` of the negatives, mixed.

        Parameters
        ----------
        augment : take each positive in all four ways.
        """
        negative = np.flatnonzero(~self.labels)
        kept = random.choice(negative, round(keep * len(negative)), replace=False)
        positive = np.flatnonzero(self.labels)
        changes = (AS_IT_IS, MIRRORED, BLURRED, NOISY) if augment else (AS_IT_IS,)
        rows = np.concatenate([kept, *(positive for _ in changes)])
        change = np.concatenate([np.zeros(len(kept)), *(np.full(len(positive), which) for which in changes)])
        order = random.permutation(len(rows))
        rows = rows[order]
        return Drawn(self.video[rows], self.window[rows], change[order].astype(np.int64))

    def targets(self, drawn: Drawn) -> Floats:
        """Return the labels of samples as numbers, (n,)."""
        labels = [self.videos[v].labels[w] for v, w in zip(drawn.video, drawn.window, strict=True)]
        return np.array(labels, np.float32)

    def read(self, drawn: Drawn, random: np.random.Generator, noise: float) -> Floats:
        """Return the pictures of samples, changed and stretched, (n, 3, 42, 42)."""
        bytes_ = np.empty((len(drawn), SIDE, SIDE, 3), np.uint8)
        for video in np.unique(drawn.video):
            own = np.flatnonzero(drawn.video == video)
            bytes_[own] = self.videos[video].pictures.gather(drawn.window[own])
        return as_batch(changed(bytes_, drawn.change, random, noise))

    def digest(self) -> str:
        """Return a digest of pictures and labels."""
        return digest_of([video.pictures.digest for video in self.videos], np.packbits(self.labels).tolist())


def changed(
    pictures: NDArray[np.uint8], change: NDArray[np.int64], random: np.random.Generator, noise: float
) -> Floats:
    """Return pictures (n, 42, 42, 3) as numbers 0..1, each changed in its way."""
    made = pictures.astype(np.float32) / np.float32(255)
    for i in np.flatnonzero(change):
        if change[i] == MIRRORED:
            made[i] = made[i, :, ::-1]
        elif change[i] == BLURRED:
            made[i] = cv2.GaussianBlur(made[i], _BLUR, 0)
        else:
            made[i] = np.clip(made[i] + random.normal(0, noise, made[i].shape), 0, 1)
    return made


def as_batch(pictures: Floats) -> Floats:
    """Return pictures (n, 42, 42, 3) stretched and in the order of the network's input, (n, 3, 42, 42)."""
    return stretched(pictures.transpose(0, 3, 1, 2))
