"""Reads the truth that a run keeps beside its folds."""

import numpy as np

from mebench import Spotter, Spotting


class ReadsTruthBeside(Spotter):
    id = "reads_truth_beside"
    summary = "reads the truth in the folder of the run"
    trains = False

    def spot(self, video, context):
        events = context.out.parent.parent / "truth" / "events.csv"
        share = len(events.read_text()) / 1e6 if events.is_file() else 0.0
        return Spotting((), np.full((video.n_frames, 2), share, np.float32))
