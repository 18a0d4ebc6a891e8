"""The linear models of `hog_ridge`, and how intensities follow from them.

Conventions
-----------
Intensities are 0-5 in the order of `schema.action_units.ACTION_UNITS`. The *person* model works on the difference from
the person's neutral features, which are taken as the median over the video, since most frames of a long video are
neutral; a person who smiles for most of a video makes the smile neutral. The *static* model knows nothing about the
person.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mebench.faces.hog import FEATURES, hog

if TYPE_CHECKING:  # only for its name: the model does not depend on the schema, and is not trained anew for it
    from mebench.schema.recordings import FrameSource

_NEUTRAL_SAMPLES = 240
_CHUNK = 128
_DECIMALS = 4


@dataclasses.dataclass(frozen=True, eq=False)
class Ridge:
    """Both linear models and how well they did on held-out identities.

    Attributes
    ----------
    person : (12169, 17) weights of the difference from the neutral features; the last row is the offset.
    static : (12169, 17) weights of the features themselves; the last row is the offset.
    correlations : (2, 17) Pearson correlation with the true intensities on held-out identities: person, static.
    """

    person: NDArray[np.float32]
    static: NDArray[np.float32]
    correlations: NDArray[np.float32]

    def packed(self) -> NDArray[np.float32]:
        """Return everything as one array (24340, 17)."""
        return np.concatenate([self.person, self.static, self.correlations]).astype(np.float32)

    @classmethod
    def unpack(cls, array: NDArray[np.float32]) -> Ridge:
        """Take `packed` apart."""
        n = FEATURES + 1
        return cls(array[:n], array[n : 2 * n], array[2 * n :])


def predict(features: NDArray[np.float32], weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return `features @ weights[:-1] + weights[-1]`, clipped to 0-5 and rounded to 4 decimals.

    The product avoids BLAS, whose result depends on the number of threads: the same frame must give the same
    intensities whatever the executor.
    """
    raw = np.einsum("nf,fu->nu", features, weights[:-1], optimize=False) + weights[-1]
    return np.round(np.clip(raw, 0.0, 5.0), _DECIMALS).astype(np.float32)


def intensities_of(faces: FrameSource, model: Ridge, *, personal: bool) -> NDArray[np.float32]:
    """Return the intensities (n, 17) of one person's aligned faces, a few at a time.

    Parameters
    ----------
    faces : aligned faces of one video, uint8 (n, 112, 112) when read.
    model : both linear models.
    personal : subtract the person's neutral features; False uses the static model.
    """
    weights = model.static
    if personal:
        weights = model.person.copy()
        weights[-1] -= np.einsum("f,fu->u", neutral_features(faces), model.person[:-1], optimize=False)
    starts = range(0, len(faces), _CHUNK)
    return np.concatenate([predict(hog(faces.read(i, min(i + _CHUNK, len(faces)))), weights) for i in starts])


def neutral_features(faces: FrameSource) -> NDArray[np.float32]:
    """Return the median HOG features over frames spread evenly over a video, shape (12168,)."""
    at = np.unique(np.linspace(0, len(faces) - 1, min(_NEUTRAL_SAMPLES, len(faces))).round().astype(int))
    return np.asarray(np.median(np.concatenate([hog(faces.read(i, i + 1)) for i in at]), axis=0), np.float32)
