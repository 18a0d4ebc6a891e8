"""Where an output of a network comes from: Grad-CAM and guided backpropagation, through hooks, of any network.

Conventions
-----------
Inputs are (n, ...), outputs logits (n, outputs) or (n,). Samples go through the network one by one, so that every row
which a layer gives belongs to the sample, however a network splits it: two streams that share their weights may be rows
of one call, or calls of one module. Rows and calls then count as further maps of the same layer.

The network computes in evaluation mode, without gradients of its weights, and is left as it was found: mode, weights,
gradients and hooks. A layer's maps are kept before anything that changes them in place.

Functions
---------
`grad_cam`, `dense_cam` (Selvaraju et al., ICCV 2017, eq. 1 and 2), `guided_backprop`, `guided_gradient` (Springenberg
et al., ICLR 2015).
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import torch
from torch import nn
from torch.nn import functional
from torch.nn.modules.conv import _ConvNd
from torch.overrides import TorchFunctionMode

AtPlaces = Callable[[torch.Tensor], torch.Tensor]
"""From the maps of one sample (rows, c, h, w) to what a layer gives for every place of them alone, (features, h, w)."""

_RECTIFIERS: frozenset[Any] = frozenset(
    {
        *(functional.relu, functional.relu6, functional.leaky_relu, functional.elu, functional.gelu, functional.silu),
        *(functional.hardswish, functional.softplus, functional.prelu, functional.selu, functional.celu),
        *(torch.relu, torch.relu_, torch.Tensor.relu, torch.Tensor.relu_),
        *(functional.leaky_relu_, functional.elu_, functional.relu_),
    }
)
"""Activations that guided backpropagation treats as rectifiers."""


@dataclasses.dataclass(frozen=True)
class Guided:
    """Guided gradients, each of the shape of the inputs.

    Attributes
    ----------
    output : of the logit.
    convolutions : by name, of what each convolution gives: the sum over places of its strongest map.
    """

    output: torch.Tensor
    convolutions: Mapping[str, torch.Tensor]


def convolutions(net: nn.Module) -> dict[str, nn.Module]:
    """Return every convolution of a network by its name, in the order in which the network lists them."""
    return {name: module for name, module in net.named_modules() if isinstance(module, _ConvNd)}


def grad_cam(net: nn.Module, layer: nn.Module, inputs: torch.Tensor, output: int) -> torch.Tensor:
    """Return how much each place of a layer's maps speaks for an output.

    A map weighs as much as the mean of the logit's gradient over it; the weighed maps are added up, and what is
    negative is cut off. Further axes between maps and places, such as depth, are averaged and added up like places.

    Parameters
    ----------
    layer : a module of the network, such as the activation after its last convolution.
    inputs : shape (n, ...).
    output : column of the logits.

    Returns
    -------
    float tensor (n, h, w), h and w being those of the layer's largest maps.

    Raises
    ------
    ValueError : when the network does not use the layer, or what it gives has no places.
    """
    return torch.stack([_cam(net, layer, one, output) for one in inputs.split(1)])


def _cam(net: nn.Module, layer: nn.Module, one: torch.Tensor, output: int) -> torch.Tensor:
    with _differentiated(net, [layer]) as calls:
        logit = _logit(net, one, output)
        maps = _calls(calls[layer], least=4)
        gradients = torch.autograd.grad(logit, maps, allow_unused=True)
    parts = [_weighed(m, g) for m, g in zip(maps, gradients, strict=True) if g is not None]
    if not parts:
        raise ValueError("the output does not depend on the layer")
    size = max((part.shape for part in parts), key=lambda shape: shape[0] * shape[1])
    alike = [functional.interpolate(p[None, None], size, mode="bilinear")[0, 0] for p in parts if p.shape != size]
    return torch.stack([*alike, *(p for p in parts if p.shape == size)]).sum(dim=0).clamp(min=0)


def _weighed(maps: torch.Tensor, gradient: torch.Tensor) -> torch.Tensor:
    """Return (h, w): maps (rows, c, ..., h, w) added up with the means of their gradients as weights."""
    maps, gradient = maps.detach(), gradient.detach()
    weights = gradient.mean(dim=tuple(range(2, gradient.ndim)), keepdim=True)
    return (weights * maps).sum(dim=tuple(range(maps.ndim - 2)))


def dense_cam(
    net: nn.Module, layer: nn.Module, maps: nn.Module, at_places: AtPlaces, inputs: torch.Tensor, output: int
) -> torch.Tensor:
    """Return how much each place speaks for an output at a layer behind global pooling, which itself has no places.

    The layer is given the maps of each place alone, as if they were pooled over nothing else; its features weigh as
    much as the logit's gradient by them where the network uses it, and what is negative is cut off.

    Parameters
    ----------
    layer : a module of the network that gives (1, features) for one sample; the last of its calls counts.
    maps : the module whose maps are pooled, called once.
    at_places : see `AtPlaces`.
    inputs, output : as in `grad_cam`.

    Returns
    -------
    float tensor (n, h, w).

    Raises
    ------
    ValueError : when the network does not use one of the two modules.
    """
    found = []
    for one in inputs.split(1):
        with _differentiated(net, [layer, maps]) as calls:
            logit = _logit(net, one, output)
            features, pooled = _calls(calls[layer], least=2)[-1], _calls(calls[maps], least=4)[-1]
            (weights,) = torch.autograd.grad(logit, [features], retain_graph=True)
            with torch.no_grad():
                there = at_places(pooled.detach())
        found.append(torch.einsum("f,fhw->hw", weights.flatten(), there).clamp(min=0))
    return torch.stack(found)


def guided_backprop(net: nn.Module, inputs: torch.Tensor, output: int) -> Guided:
    """Return guided gradients by the inputs: of a logit, and of what every convolution gives.

    On its way back through an activation a gradient is kept where it is positive and the activation is, and is 0
    elsewhere. The gradient of a convolution begins at the convolution itself, so that it shows what that layer sees.

    Parameters
    ----------
    inputs, output : as in `grad_cam`.
    """
    named = convolutions(net)
    rows = [_guided(net, named, one, output) for one in inputs.split(1)]
    whole, *each = (torch.cat(column) for column in zip(*rows, strict=True))
    return Guided(whole, dict(zip(named, each, strict=True)))


def guided_gradient(net: nn.Module, inputs: torch.Tensor, output: int) -> torch.Tensor:
    """Return the guided gradients of a logit alone, of the shape of the inputs; see `guided_backprop`."""
    return torch.cat([_guided(net, {}, one, output)[0] for one in inputs.split(1)])


def _guided(net: nn.Module, named: Mapping[str, nn.Module], one: torch.Tensor, output: int) -> list[torch.Tensor]:
    with _differentiated(net, list(named.values())) as calls:
        one = one.detach().clone().requires_grad_()
        with _GuidedActivations():
            logit = _logit(net, one, output)
        responses = [
            sum((call.amax(dim=1).sum() for call in calls[m]), start=one.new_zeros(())) for m in named.values()
        ]
        return [_gradient(target, one) for target in (logit, *responses)]


def _gradient(target: torch.Tensor, one: torch.Tensor) -> torch.Tensor:
    """Return the gradient by the input; zeros where the target does not depend on it."""
    if not target.requires_grad:
        return torch.zeros_like(one)
    (gradient,) = torch.autograd.grad(target, [one], retain_graph=True, allow_unused=True)
    return torch.zeros_like(one) if gradient is None else gradient.detach()


class _GuidedActivations(TorchFunctionMode):
    """Lets gradients back through activations only where they and the activations are positive.

    It finds activations as modules and as functions, in place or not; the hooks end with the tensors that bear them.
    """

    def __torch_function__(
        self, func: Any, types: Sequence[type], args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        result = func(*args, **(kwargs or {}))
        if func in _RECTIFIERS and isinstance(result, torch.Tensor) and result.requires_grad:
            result.register_hook(functools.partial(_guide, result.detach() > 0))
        return result


def _guide(active: torch.Tensor, gradient: torch.Tensor) -> torch.Tensor:
    return gradient.clamp(min=0) * active


def _logit(net: nn.Module, one: torch.Tensor, output: int) -> torch.Tensor:
    """Return one logit of one sample, from which gradients can be taken."""
    whole = one if one.requires_grad else one.detach().clone().requires_grad_()
    logit: torch.Tensor = net(whole).reshape(-1)[output]
    return logit


def _calls(found: list[torch.Tensor], least: int) -> list[torch.Tensor]:
    """Return what a layer has given.

    Raises
    ------
    ValueError : when it was not called, or gives tensors of fewer axes.
    """
    if not found:
        raise ValueError("the network does not use the layer")
    if min(tensor.ndim for tensor in found) < least:
        raise ValueError(f"the layer gives {tuple(found[0].shape)}, which has no places: see dense_cam")
    return found


@contextlib.contextmanager
def _differentiated(net: nn.Module, layers: Iterable[nn.Module]) -> Iterator[Mapping[nn.Module, list[torch.Tensor]]]:
    """Keep what layers give in each call inside the block; the network evaluates, and is put back afterwards."""
    calls: dict[nn.Module, list[torch.Tensor]] = {layer: [] for layer in layers}
    training = {module: module.training for module in net.modules()}

    def keep(module: nn.Module, _: Any, given: torch.Tensor) -> torch.Tensor:
        calls[module].append(given)
        return given.clone()  # what comes next may change its input in place

    hooks = [layer.register_forward_hook(keep) for layer in calls]
    try:
        net.eval()
        with torch.inference_mode(False), torch.enable_grad():
            yield calls
    finally:
        for hook in hooks:
            hook.remove()
        for module, mode in training.items():
            module.training = mode
