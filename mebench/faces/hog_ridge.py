"""Action-unit intensities without OpenFace: HOG features and ridge regression, trained on synthetic faces.

`hog_ridge` stands in for OpenFace where its tables are not at hand. It follows OpenFace's recipe (HOG of the aligned
face, a linear regression for each action unit, and the person's usual face subtracted; Baltrusaitis et al., FG 2015),
but it has **seen rendered faces only**: read its intensities on real faces as evidence of movement, not as FACS codes.
On the `synth_*` datasets it is at home, since the same renderer drew its training faces (of other people); what it
scores there says nothing about real faces.

Conventions
-----------
Intensities are 0-5 in the order of `ACTION_UNITS`. There are two linear models. The *person* model works on the
difference from the person's neutral features, which are taken as the median over the video, since most frames of a long
video are neutral; a person who smiles for most of a video makes the smile neutral. The *static* model knows nothing
about the person; single pictures and `detect` use it.

The model is trained once on first use (`hog_training`), kept in the frame cache and shared by all processes. It is
addressed by the source of the renderer and of these modules, so it is trained anew when either changes.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import importlib.util
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from mebench.faces.action_units import ACTION_UNITS, ActionUnitDetector, ActionUnitTrack
from mebench.faces.alignment import AlignmentConfig
from mebench.faces.cache import FrameCache
from mebench.faces.hog import FEATURES, hog
from mebench.schema.video import FrameSource, Video
from mebench.settings import digest_of, setting

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


@dataclasses.dataclass(frozen=True)
class HogRidgeConfig:
    """Settings of `hog_ridge`."""

    personal: bool = setting(
        True, "subtract the person's neutral features over a video; false uses the static model there, too"
    )


class HogRidge(ActionUnitDetector):
    """HOG and ridge regression, trained on synthetic faces; stands in for OpenFace.

    Parameters
    ----------
    cache : where the trained model is kept; default the user's cache. `of_recording` uses the cache it is given.
    """

    id: ClassVar[str] = "hog_ridge"
    Config: ClassVar[type] = HogRidgeConfig
    config: HogRidgeConfig

    def __init__(self, config: HogRidgeConfig, cache: FrameCache | None = None) -> None:
        super().__init__(config)
        self.cache = cache or FrameCache()

    def digest(self) -> str:
        """Hex digest of everything that the result depends on besides the frames."""
        return digest_of(super().digest(), source_digest())

    def detect(self, frames: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return intensities (n, 17) of aligned faces, uint8 (n, 112, 112), by the static model."""
        return predict(hog(frames), load_model(self.cache.root).static)

    def of_recording(
        self, recording: Video, cache: FrameCache, config: AlignmentConfig | None = None
    ) -> ActionUnitTrack:
        """Return the action units of every frame, computed once and kept in the cache.

        Raises
        ------
        UserError : when the faces cannot be prepared, see `FrameCache.aligned`.
        """
        faces = cache.aligned(recording, config)
        name = f"au-{self.digest()[:16]}"
        stored = cache.load_array(faces.digest, name)
        if stored is None or stored.shape != (len(faces), len(ACTION_UNITS)):
            stored = self._of_faces(faces, load_model(cache.root))
            cache.store_array(faces.digest, name, stored)
        return ActionUnitTrack.everywhere(np.asarray(stored, np.float32))

    def report(self) -> dict[str, dict[str, float]]:
        """Return Pearson correlations on held-out synthetic identities by model and action unit, median included."""
        rows = load_model(self.cache.root).correlations
        names = [f"AU{unit:02d}" for unit in ACTION_UNITS]
        return {
            model: dict(zip(names, map(float, row), strict=True)) | {"median": float(np.median(row))}
            for model, row in zip(("person", "static"), rows, strict=True)
        }

    def _of_faces(self, faces: FrameSource, model: Ridge) -> NDArray[np.float32]:
        weights = model.static
        if self.config.personal:
            weights = model.person.copy()
            weights[-1] -= np.einsum("f,fu->u", neutral_features(faces), model.person[:-1], optimize=False)
        starts = range(0, len(faces), _CHUNK)
        return np.concatenate([predict(hog(faces.read(i, min(i + _CHUNK, len(faces)))), weights) for i in starts])


def neutral_features(faces: FrameSource) -> NDArray[np.float32]:
    """Return the median HOG features over frames spread evenly over a video, shape (12168,)."""
    at = np.unique(np.linspace(0, len(faces) - 1, min(_NEUTRAL_SAMPLES, len(faces))).round().astype(int))
    return np.asarray(np.median(np.concatenate([hog(faces.read(i, i + 1)) for i in at]), axis=0), np.float32)


@functools.cache
def source_digest() -> str:
    """Return the sha256 of the sources of the renderer and of the modules that make the model."""
    renderer = importlib.util.find_spec("mebench.datasets.synthetic")
    folders = [] if renderer is None else list(renderer.submodule_search_locations or [])
    files = sorted(path for folder in folders for path in Path(folder).glob("*.py"))
    files += [Path(__file__).with_name(name) for name in ("geometry.py", "hog.py", "hog_ridge.py", "hog_training.py")]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


@functools.lru_cache(maxsize=4)
def load_model(root: Path) -> Ridge:
    """Return the model kept under a cache's root, trained on first use (some 20 s); one process trains, others wait."""

    def train() -> NDArray[np.float32]:
        from mebench.faces.hog_training import train_ridge

        return train_ridge().packed()

    return Ridge.unpack(FrameCache(root).array(digest_of("hog_ridge", source_digest()), "model", train))
