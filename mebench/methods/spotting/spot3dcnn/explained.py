"""What of spot3dcnn is explained: its network, the stacks of some frames, and the two layers that the thesis names.

Conventions
-----------
Thesis section 3.5.7 takes the last convolution, 5.4.5 "the deepest interpretable layer, which is the last dense layer".
Both are given. The last convolution counts behind its normalisation and activation. The last dense layer is the
residual one before the outputs; it stands behind the global pooling and has no places of its own, so it is given the
maps of each place alone (mebench's reading of the text).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from mebench.methods.explainable import Explained, ExplainedLayer
from mebench.methods.nets.explain import AtPlaces, convolutions
from mebench.methods.nets.places import Grid
from mebench.methods.spotting.spot3dcnn.network import ACTIVATIONS, TwoStreamNet
from mebench.methods.spotting.spot3dcnn.preprocess import Preprocessor
from mebench.methods.spotting.spot3dcnn.sampling import FrameReader, stretch_bounds
from mebench.schema.presence import Presence


def explained(
    net: TwoStreamNet,
    preprocess: Preprocessor,
    frames: FrameReader,
    presence: Presence,
    offsets: NDArray[np.int64],
    indices: Sequence[int],
    outputs: tuple[str, ...],
) -> Explained:
    """Return a network with the stacks of some frames, each of which lies in a stretch.

    Parameters
    ----------
    offsets : shape (4,), where the frames of a stack lie relative to the scored one.
    indices : scored frames, counted from 0.
    outputs : what the logits stand for.
    """
    scored = np.asarray(indices, dtype=np.int64)
    first, stop = stretch_bounds(presence, min(len(presence), len(frames)))[scored].T[:, :, None]
    # Frames beyond a stretch are replaced by its ends, as they are when the video is scored.
    stacks = preprocess(frames.gather(np.clip(scored[:, None] + offsets, first, stop - 1)))
    with torch.no_grad():
        scores = torch.sigmoid(net.eval()(stacks)).cpu().numpy()
    return Explained(net, stacks, outputs, scores, frames.gather(scored), layers_of(net))


def layers_of(net: TwoStreamNet) -> tuple[ExplainedLayer, ...]:
    """Return the last convolution and the last dense layer."""
    name, activation = [(n, m) for n, m in net.body.named_modules() if type(m) in ACTIVATIONS.values()][-1]
    last = list(convolutions(net.body))[-1]
    chain = [module for module in net.body.modules() if not list(module.children())]
    grid = Grid.of_chain(chain[: chain.index(activation) + 1])
    return (
        ExplainedLayer(f"last convolution (body.{last}, behind its activation body.{name})", activation, grid=grid),
        ExplainedLayer("last dense layer (dense)", net.dense, net.body, _dense_at_places(net), Grid.of_chain(chain)),
    )


def _dense_at_places(net: TwoStreamNet) -> AtPlaces:
    """Return what gives the dense layer's features of each place of the two streams' maps (2, width, h, w)."""

    def at_places(maps: torch.Tensor) -> torch.Tensor:
        streams, width, h, w = maps.shape
        features: torch.Tensor = net.dense(maps.permute(2, 3, 0, 1).reshape(h * w, streams * width))
        return features.T.reshape(-1, h, w)

    return at_places
