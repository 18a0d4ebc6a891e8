"""Holds all frames of a video at once, read in chunks."""

import numpy as np

from mebench import Spotter, Spotting


class WholeVideo(Spotter):
    id = "whole_video"
    summary = "holds every frame"
    trains = False

    def spot(self, video, context):
        n = video.n_frames
        chunks = [video.frames.read(start, min(start + 64, n)) for start in range(0, n, 64)]
        mean = np.concatenate(chunks).mean(axis=(1, 2), dtype=np.float64)
        return Spotting((), np.stack([mean, mean], axis=1).astype(np.float32))
