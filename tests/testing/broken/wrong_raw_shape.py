"""Raw scores of one type alone, without saying that it is movement."""

import numpy as np

from mebench import Spotter, Spotting


class WrongRawShape(Spotter):
    id = "wrong_raw_shape"
    summary = "raw scores of another form"
    trains = False

    def spot(self, video, context):
        scores = np.zeros((video.n_frames, 2), np.float32)
        return Spotting((), scores, scores[:, 0])
