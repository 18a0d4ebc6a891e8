"""Draws from a generator that goes on from call to call."""

import numpy as np

from mebench import Spotter, Spotting


class SecondCall(Spotter):
    id = "second_call"
    summary = "noise that nobody can repeat"
    trains = False

    def __init__(self, config):
        super().__init__(config)
        self.rng = np.random.default_rng(0)

    def spot(self, video, context):
        return Spotting((), self.rng.random((video.n_frames, 2)).astype(np.float32))
