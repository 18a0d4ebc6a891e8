"""Action-unit intensities without OpenFace: HOG features and ridge regression, trained on synthetic faces.

`hog_ridge` stands in for OpenFace where its tables are not at hand. It follows OpenFace's recipe (HOG of the aligned
face, a linear regression for each action unit, and the person's usual face subtracted; Baltrusaitis et al., FG 2015),
but it has **seen rendered faces only**: read its intensities on real faces as evidence of movement, not as FACS codes.
On the `synth_*` datasets it is at home, since the same renderer drew its training faces (of other people); what it
scores there says nothing about real faces.

Conventions
-----------
There are two linear models (`hog_model`): videos use the *person* model, single pictures and `detect` the *static* one.

The model is trained once on first use (`hog_training`), kept in the frame cache and shared by all processes. It is
addressed by the source of `hog_training` and of all that it imports, the renderer included, so it is trained anew when
any of it changes.
"""

from __future__ import annotations

import dataclasses
import functools
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from mebench.faces.action_units import ActionUnitDetector, ActionUnitTrack
from mebench.faces.alignment import AlignmentConfig
from mebench.faces.cache import FrameCache
from mebench.faces.hog import hog
from mebench.faces.hog_model import Ridge, intensities_of, predict
from mebench.module_sources import source_digest
from mebench.schema.action_units import ACTION_UNITS
from mebench.schema.recordings import Video
from mebench.settings import digest_of, setting


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
    seen_only_rendered: ClassVar[bool] = True
    Config: ClassVar[type] = HogRidgeConfig
    config: HogRidgeConfig

    def __init__(self, config: HogRidgeConfig, cache: FrameCache | None = None) -> None:
        super().__init__(config)
        self.cache = cache or FrameCache()

    def digest(self) -> str:
        """Hex digest of everything that the result depends on besides the frames."""
        return digest_of(super().digest(), model_digest())

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
            stored = intensities_of(faces, load_model(cache.root), personal=self.config.personal)
            cache.store_array(faces.digest, name, stored)
        return ActionUnitTrack.of(np.asarray(stored, np.float32), cache.presence(recording, config).fitted(len(faces)))

    def report(self) -> dict[str, dict[str, float]]:
        """Return Pearson correlations on held-out synthetic identities by model and action unit, median included."""
        rows = load_model(self.cache.root).correlations
        names = [f"AU{unit:02d}" for unit in ACTION_UNITS]
        return {
            model: dict(zip(names, map(float, row), strict=True)) | {"median": float(np.median(row))}
            for model, row in zip(("person", "static"), rows, strict=True)
        }


@functools.cache
def model_digest() -> str:
    """Return the sha256 of the sources that make the model and that apply it, the renderer's among them."""
    return source_digest("mebench.faces.hog_training")


@functools.lru_cache(maxsize=4)
def load_model(root: Path) -> Ridge:
    """Return the model kept under a cache's root, trained on first use (some 20 s); one process trains, others wait."""

    def train() -> NDArray[np.float32]:
        from mebench.faces.hog_training import train_ridge

        return train_ridge().packed()

    return Ridge.unpack(FrameCache(root).array(digest_of("hog_ridge", model_digest()), "model", train))
