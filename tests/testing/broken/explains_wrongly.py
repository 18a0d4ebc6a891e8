"""Gives scores of three outputs where it names two."""

import numpy as np
import torch

from mebench import Explainable, Explained, ExplainedLayer, Spotter, Spotting


class ExplainsWrongly(Spotter, Explainable):
    id = "explains_wrongly"
    summary = "a network whose scores do not fit its outputs"
    trains = False
    looks_at_faces = False

    def spot(self, video, context):
        return Spotting((), np.zeros((video.n_frames, 2), np.float32))

    def explained(self, recording, indices, context):
        net = torch.nn.Sequential(torch.nn.Conv2d(1, 1, 1), torch.nn.Flatten(), torch.nn.LazyLinear(2))
        pictures = np.concatenate([recording.frames.read(i, i + 1) for i in indices])
        inputs = torch.from_numpy(pictures).float()[:, None] / 255
        scores = np.zeros((len(indices), 3))
        return Explained(net, inputs, ("micro", "macro"), scores, pictures, (ExplainedLayer("first (0)", net[0]),))
