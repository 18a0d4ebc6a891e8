"""The first frame has no frame before it, and 0/0 becomes its score."""

import numpy as np

from mebench import Spotter, Spotting


class NanScores(Spotter):
    id = "nan_scores"
    summary = "divides by what may be 0"
    trains = False

    def spot(self, video, context):
        scores = np.zeros((video.n_frames, 2), np.float32)
        scores[0] = np.nan
        return Spotting((), scores)
