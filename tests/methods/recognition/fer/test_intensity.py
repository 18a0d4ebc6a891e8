"""What the regression says follows the true intensity of the expressions of people whom it has not learnt from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import spearmanr

from mebench.datasets.synth_fer import SynthFer
from mebench.datasets.synth_macro import SynthMacro
from mebench.faces.cache import FrameCache
from mebench.methods.base import RunContext
from mebench.methods.catalogue import METHODS
from mebench.protocols.papers.fer_video import FerVideo
from mebench.schema.recordings import Clip

RULES = FerVideo()
SIGN = {"negative": -1.0, "positive": 1.0}


def learnt() -> tuple[list[Clip], list[Clip]]:
    """Return stills of people to learn from and, of others, to validate on."""
    found = [RULES.admit_training(still) for still in SynthFer.open(options={"stills": "1500", "people": "75"}).clips()]
    known: Any = [still for still in found if still is not None]
    people = sorted({still.subject for still in known})[::6]
    return [s for s in known if s.subject not in people], [s for s in known if s.subject in people]


def tested() -> list[Clip]:
    """Return clips that rise and fall, six of each class, of another population."""
    clips = SynthMacro.open(options={"ends": "offset"}).clips()
    admitted: Any = [clip for clip in map(RULES.admit, clips) if clip is not None]
    return [clip for name in SIGN for clip in [c for c in admitted if c.emotion == name][:6]]


@pytest.mark.slow
def test_it_rises_and_falls_with_the_true_intensity(tmp_path: Path, one_thread: None) -> None:
    context = RunContext(0, "cpu", FrameCache(tmp_path), classes=RULES.classes)
    model: Any = METHODS.get("fer_regression").for_datasets({}, ["synth_fer", "synth_macro"])
    model.fit(*learnt(), context)
    said, true = [], []
    for clip in tested():
        said.append(model.frame_outputs(clip.without_truth(), context))
        # The sum over all action units, in steps of OpenFace's scale; negative where the expression is.
        true.append(SIGN[clip.emotion] * clip.frames.truth().action_units.sum(axis=1))
    assert spearmanr(np.concatenate(said), np.concatenate(true))[0] >= 0.6
    assert np.mean([spearmanr(*both)[0] for both in zip(said, true, strict=True)]) >= 0.5
