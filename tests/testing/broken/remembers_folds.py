"""Keeps what it has learnt in its module, where the next fold finds it."""

import numpy as np

from mebench import Spotter, Spotting

SEEN = {}


class RemembersFolds(Spotter):
    id = "remembers_folds"
    summary = "looks people up whom another fold has learnt from"

    def fit(self, train, validation, context):
        for video in train:
            SEEN[video.key] = len(video.events)

    def spot(self, video, context):
        return Spotting((), np.full((video.n_frames, 2), SEEN.get(video.key, 0) / 100, np.float32))
