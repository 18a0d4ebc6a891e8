"""One score a frame instead of two."""

import numpy as np

from mebench import Spotter, Spotting


class WrongShape(Spotter):
    id = "wrong_shape"
    summary = "scores of one type alone"
    trains = False

    def spot(self, video, context):
        return Spotting((), np.zeros(video.n_frames, np.float32))
