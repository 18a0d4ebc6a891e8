"""Weights of networks: copies on the CPU, and named arrays for a checkpoint."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

Weights = dict[str, torch.Tensor]
"""Parameters and buffers by name, on the CPU."""

M = TypeVar("M", bound=nn.Module)
V = TypeVar("V")


def weights_of(module: nn.Module) -> Weights:
    """Return a copy of a network's weights and running statistics on the CPU."""
    return {
        name: value.detach().cpu().clone(memory_format=torch.contiguous_format)
        for name, value in module.state_dict().items()
    }


def restore(module: M, weights: Mapping[str, torch.Tensor]) -> M:
    """Load weights into a network, wherever it is, and return it.

    Raises
    ------
    RuntimeError : when names or shapes are not the network's.
    """
    module.load_state_dict(dict(weights))
    return module


def with_other_last(net: M, before: nn.Module) -> M:
    """Load all weights of another network into one that differs in its last layer, which stays as it is.

    Parameters
    ----------
    net, before : alike, but for the layer that was registered last: its weight and its bias.

    Raises
    ------
    RuntimeError : when they differ in more.
    """
    own, theirs = net.state_dict(), before.state_dict()
    last = list(own)[-2:]
    net.load_state_dict({**theirs, **{name: own[name] for name in last}})
    return net


def arrays_of(module: nn.Module, prefix: str) -> dict[str, NDArray[Any]]:
    """Return a network's weights as arrays named `prefix` and the name: what a method's `state` returns."""
    return {prefix + name: value.numpy() for name, value in weights_of(module).items()}


def weights_in(arrays: Mapping[str, NDArray[Any]], prefix: str) -> Weights:
    """Return the weights among named arrays, those whose name begins with `prefix`: what `load_state` loads."""
    return {name: torch.from_numpy(np.array(array)) for name, array in under(arrays, prefix).items()}


def under(named: Mapping[str, V], prefix: str) -> dict[str, V]:
    """Return what has a name that begins with `prefix`, without it."""
    return {name.removeprefix(prefix): value for name, value in named.items() if name.startswith(prefix)}


def digest_of_weights(weights: Mapping[str, torch.Tensor]) -> str:
    """Return the sha256 of weights: names, shapes and values."""
    hashed = hashlib.sha256()
    for name, value in sorted(weights.items()):
        array = value.detach().cpu().contiguous().numpy()
        hashed.update(f"{name} {array.dtype.str} {array.shape} ".encode())
        hashed.update(array.tobytes())
    return hashed.hexdigest()
