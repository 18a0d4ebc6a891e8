"""What is explained of spot3dcnn is what it scores by."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from mebench.errors import UserError
from mebench.frames.store import FrameStore
from mebench.methods.base import RunContext
from mebench.methods.nets.explain import dense_cam, grad_cam, guided_backprop
from mebench.methods.nets.places import over_input
from mebench.methods.spotting.spot3dcnn.dataset_skips import DatasetSkips
from mebench.methods.spotting.spot3dcnn.end_to_end import Spot3DCNNEndToEnd
from mebench.methods.spotting.spot3dcnn.explained import layers_of
from mebench.methods.spotting.spot3dcnn.method import Spot3DCNN
from mebench.methods.spotting.spot3dcnn.skips import Skips
from mebench.schema.presence import Presence

from .conftest import ArrayCache, moving_video, usual_events


def method(options: dict[str, object] | None = None, cls: type[Spot3DCNN] = Spot3DCNN) -> Spot3DCNN:
    """A method with a network of random weights whose normalisation is not that of the start."""
    torch.manual_seed(0)
    model = cls.configure(options or {})
    model.net = model.build()
    model.skips = DatasetSkips(Skips.fixed(4, 12))
    for module in model.net.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_()
    return model


def context(tmp_path) -> RunContext:
    return RunContext(0, "cpu", ArrayCache(tmp_path))


@pytest.mark.parametrize("options", [{}, {"target": "movement", "layers": 6, "pooling": "max", "reference": "past"}])
def test_the_scores_are_those_of_the_method(tmp_path, options):
    model, video, ctx = method(options), moving_video("a", usual_events()), context(tmp_path)
    found = np.ones(120, bool)
    found[60:63] = False
    ctx.cache.presences[video.id] = Presence(found, np.zeros(120, bool))
    indices = [0, 30, 59, 63, 119]
    explained = model.explained(video, indices, ctx)
    raw = model.raw_scores(video, ctx)[indices][:, : model.outputs]
    assert np.allclose(explained.scores, raw, atol=1e-4)
    assert explained.outputs == model.explained_outputs() == (("movement",) if options else ("micro", "macro"))
    assert explained.inputs.shape == (5, 4, 112, 112)
    assert np.array_equal(explained.pictures, video.aligned.frames[indices])


def test_both_layers_of_the_thesis_are_named_and_lie_over_the_face(tmp_path):
    model, video = method(), moving_video("a", usual_events())
    explained = model.explained(video, [30], context(tmp_path))
    convolution, dense = explained.layers
    assert convolution.name.startswith("last convolution (body.2.1, behind its activation body.2.3")
    assert dense.name == "last dense layer (dense)"
    cam = grad_cam(explained.net, convolution.module, explained.inputs, 0)
    assert cam.shape == (1, 7, 7)
    assert convolution.grid is not None
    assert (convolution.grid.first, convolution.grid.step) == (0.0, 16.0)
    assert over_input(cam, (112, 112), convolution.grid).shape == (1, 112, 112)
    assert dense.pooled is not None
    assert dense.at_places is not None
    assert dense_cam(explained.net, dense.module, dense.pooled, dense.at_places, explained.inputs, 1).shape == (1, 7, 7)
    guided = guided_backprop(explained.net, explained.inputs, 0)
    assert list(guided.convolutions) == [
        f"body.{block}.{part}" for block, part in ((0, 0), (0, 2), (1, 0), (1, 1), (2, 0), (2, 1))
    ]
    assert all(gradient.abs().sum() > 0 for gradient in guided.convolutions.values())


def test_a_dense_layer_of_alike_places_speaks_as_the_network_does():
    # Where all places are alike, averaging them changes nothing: each place gives the features of the whole.
    net = method().net
    assert net is not None
    dense = layers_of(net.eval())[1]
    maps = torch.rand(2, 64, 1, 1).expand(2, 64, 3, 3)
    there = dense.at_places(maps)
    with torch.no_grad():
        whole = net.dense(net.pool(maps).reshape(1, -1))
    assert torch.allclose(there, whole.T[:, :, None].expand(-1, 3, 3).reshape(there.shape), atol=1e-5)


def test_whole_frames_are_explained_before_their_last_pooling(tmp_path):
    model = method({"layers": 3}, Spot3DCNNEndToEnd)
    video = moving_video("a", (), count=40, size=160)
    ctx = RunContext(0, "cpu", FrameStore(tmp_path))
    model.presence = lambda *_: Presence.everywhere(40)
    explained = model.explained(video, [20], ctx)
    convolution, dense = explained.layers
    assert grad_cam(explained.net, convolution.module, explained.inputs, 0).shape == (1, 40, 40)
    assert (convolution.grid.first, convolution.grid.step) == (1.5, 4.0)
    assert (dense.grid.first, dense.grid.step) == (3.5, 8.0)


def test_what_has_not_learnt_has_nothing_to_explain(tmp_path):
    with pytest.raises(UserError, match="has not been trained"):
        Spot3DCNN.configure().explained(moving_video("a", usual_events()), [0], context(tmp_path))
