"""Keeps notes beside whatever is there."""

from pathlib import Path

import numpy as np

from mebench import Spotter, Spotting


class WritesElsewhere(Spotter):
    id = "writes_elsewhere"
    summary = "leaves files behind"
    trains = False

    def spot(self, video, context):
        Path("notes.txt").write_text(video.id)
        return Spotting((), np.zeros((video.n_frames, 2), np.float32))
