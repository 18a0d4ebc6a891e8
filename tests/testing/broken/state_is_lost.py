"""Learns a threshold, and keeps it nowhere."""

import numpy as np

from mebench import Spotter, Spotting


class StateIsLost(Spotter):
    id = "state_is_lost"
    summary = "forgets what it has learnt"

    def __init__(self, config):
        super().__init__(config)
        self.length = 0.0

    def fit(self, train, validation, context):
        self.length = float(np.mean([event.length for video in train for event in video.events]))

    def spot(self, video, context):
        return Spotting((), np.full((video.n_frames, 2), self.length, np.float32))

    def state(self):
        return {"length": np.array([self.length])}
