"""Where maps lie over an input."""

from __future__ import annotations

import torch
from torch import nn

from mebench.methods.nets.places import Grid, over_input


def test_places_lie_where_their_kernels_are_centred() -> None:
    chain = [nn.Conv2d(1, 1, 7, 4, 3), nn.ReLU(), nn.Conv2d(1, 1, 3, 2, 1), nn.Conv2d(1, 1, 3, 2, 1)]
    assert Grid.of_chain(chain) == Grid(0.0, 16.0)
    assert Grid.of_chain([nn.Conv2d(1, 1, 3, padding=1), nn.MaxPool2d(2)]) == Grid(0.5, 2.0)
    # What a single pixel sets in motion is centred on it.
    image = torch.zeros(1, 1, 112, 112)
    image[..., 48, 80] = 1
    for layer in chain:
        if isinstance(layer, nn.Conv2d):
            layer.weight.data.fill_(1.0)
            layer.bias.data.zero_()
    maps = nn.Sequential(*chain)(image)[:, 0]
    over = over_input(maps, (112, 112), Grid.of_chain(chain))[0]
    rows, columns = torch.nonzero(over == over.max(), as_tuple=True)
    assert (int(rows.float().mean()), int(columns.float().mean())) == (48, 80)


def test_maps_are_interpolated_between_places() -> None:
    maps = torch.tensor([[[0.0, 4.0]]])
    assert over_input(maps, (1, 5), Grid(0.0, 4.0)).tolist() == [[[0.0, 1.0, 2.0, 3.0, 4.0]]]
    assert over_input(maps, (1, 4)).tolist() == [[[0.0, 1.0, 3.0, 4.0]]]
