from __future__ import annotations

import torch

from mebench.methods.spotting.softnet.network import Softnet


def test_it_has_the_published_number_of_parameters() -> None:
    assert sum(p.numel() for p in Softnet().parameters()) == 314_817
    # three streams of 5x5 filters on one channel, 784 features, two dense layers
    assert (3 + 5 + 8) * (25 + 1) + (784 + 1) * 400 + 401 == 314_817


def test_a_picture_has_one_score_and_each_channel_its_own_stream() -> None:
    torch.manual_seed(0)
    net, pictures = Softnet(), torch.rand(4, 3, 42, 42)
    assert net(pictures).shape == (4,)
    for channel, stream in enumerate(net.streams):
        with torch.no_grad():
            before = net(pictures)
            stream.weight.zero_()
            other = pictures.clone()
            other[:, channel] = 0
            assert torch.equal(net(other), net(pictures))
            assert not torch.equal(before, net(pictures))


def test_biases_begin_at_zero() -> None:
    assert all(not p.any() for name, p in Softnet().named_parameters() if name.endswith("bias"))
