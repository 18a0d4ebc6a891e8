"""Action units against annotators, and against those of another recording of the same movements.

*Presence* (thesis 4.2.2, Tables 4.1 and 4.2): which of the action units that annotators saw in a video a detector has
seen, too. The thesis calls it accuracy; it is matched over annotated, a recall, as its counts show. The unit is a
distinct action unit of a video: what several events of a video share counts once.

*Correlation* (thesis 4.3.2, Tables 4.4 and 4.5): Pearson's and Spearman's coefficient of two series of intensities, for
each video and action unit; several of them are pooled by Fisher's mean, the mean of their inverse hyperbolic tangents.
Ranks of equal values are averaged, for intensities are full of ties. A series that never varies has no coefficient; it
is left out and counted.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable

import numpy as np
from numpy.typing import NDArray

from mebench.metrics.correlation import pearson, spearman

NEARLY_ONE = 1 - 1e-7
"""The largest coefficient that Fisher's mean takes, so that one perfect pair does not outweigh all others (mebench's
choice; the inverse hyperbolic tangent of 1 is infinite)."""


@dataclasses.dataclass(frozen=True)
class Presence:
    """Distinct action units of videos: how many were annotated, and how many of these were detected."""

    matched: int
    annotated: int

    @property
    def recall(self) -> float:
        """Matched over annotated; NaN where none was annotated."""
        return self.matched / self.annotated if self.annotated else float("nan")


def au_presence(videos: Iterable[tuple[Collection[int], Collection[int]]]) -> Presence:
    """Count the annotated action units of each video that were detected.

    Parameters
    ----------
    videos : for each video, the numbers of the action units that were annotated, and of those that were detected.
    """
    matched = annotated = 0
    for truth, found in videos:
        matched += len(set(truth) & set(found))
        annotated += len(set(truth))
    return Presence(matched, annotated)


def fisher_mean(coefficients: NDArray[np.floating]) -> float:
    """Return tanh of the mean of atanh of all coefficients that are numbers; NaN where there are none."""
    found = np.asarray(coefficients, np.float64)
    found = found[np.isfinite(found)]
    if len(found) == 0:
        return float("nan")
    return float(np.tanh(np.arctanh(np.clip(found, -NEARLY_ONE, NEARLY_ONE)).mean()))


@dataclasses.dataclass(frozen=True)
class AuCorrelation:
    """The coefficients of several videos.

    Attributes
    ----------
    pearson, spearman : float64 (videos, action units); NaN where a series does not vary.
    """

    pearson: NDArray[np.float64]
    spearman: NDArray[np.float64]

    @classmethod
    def of(cls, pairs: Iterable[tuple[NDArray[np.floating], NDArray[np.floating]]]) -> AuCorrelation:
        """Correlate the intensities of each video with those of its counterpart.

        Parameters
        ----------
        pairs : for each video two arrays of shape (frames, action units).

        Raises
        ------
        ValueError : when there is no pair.
        """
        found = [(pearson(a, b), spearman(a, b)) for a, b in pairs]
        if not found:
            raise ValueError("there is no video to correlate")
        return cls(np.stack([r for r, _ in found]), np.stack([rho for _, rho in found]))

    @property
    def undefined(self) -> int:
        """How many pairs of series have no coefficient."""
        return int(np.isnan(self.pearson).sum())

    def of_unit(self, column: int) -> tuple[float, float]:
        """Return Fisher's mean of r and of rho of one action unit over all videos."""
        return fisher_mean(self.pearson[:, column]), fisher_mean(self.spearman[:, column])

    def of_videos(self, rows: NDArray[np.integer]) -> tuple[float, float]:
        """Return Fisher's mean of r and of rho of some videos over all action units."""
        return fisher_mean(self.pearson[rows]), fisher_mean(self.spearman[rows])

    def over_all(self) -> tuple[float, float]:
        """Return Fisher's mean of r and of rho over all videos and action units."""
        return fisher_mean(self.pearson), fisher_mean(self.spearman)
