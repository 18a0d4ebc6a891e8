"""The trained network as it is scored: fewer and cheaper layers that compute the same numbers.

In evaluation, batch normalisation is a fixed scale and shift, and dropout does nothing. The depthwise and the
pointwise convolution of the first block have no activation between them and see two channels only, so their product is
one ordinary convolution with as many filters as the block has outputs.
"""

from __future__ import annotations

import copy

import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from mebench.methods.spotting.spot3dcnn.network import ChannelsLast, TwoStreamNet


def folded(net: TwoStreamNet) -> TwoStreamNet:
    """Return a copy in evaluation mode without batch normalisation and dropout, the first block being one convolution.

    Outputs agree with those of `net.eval()` up to rounding.
    """
    copied = copy.deepcopy(net).eval()
    blocks = [_fold_block(list(block.children())) for block in copied.body.children()]
    copied.body = nn.Sequential(*(part for block in blocks for part in block))
    copied.dropout = nn.Identity()  # type: ignore[assignment]
    for module in copied.modules():
        if isinstance(module, nn.ReLU | nn.LeakyReLU | nn.ELU):
            module.inplace = True  # nothing is differentiated any more
    return copied.requires_grad_(False)


def _fold_block(parts: list[nn.Module]) -> list[nn.Module]:
    kept: list[nn.Module] = []
    for part in parts:
        previous = kept[-1] if kept else None
        if isinstance(part, nn.BatchNorm2d) and isinstance(previous, nn.Conv2d):
            kept[-1] = fuse_conv_bn_eval(previous, part)
        elif not isinstance(part, nn.Dropout | nn.Dropout2d):
            kept.append(part)
    plain = [part for part in kept if not isinstance(part, ChannelsLast)]
    if len(plain) > 1 and isinstance(plain[0], nn.Conv2d) and isinstance(plain[1], nn.Conv2d):
        first, second = plain[0], plain[1]
        if first.groups == 1 and second.kernel_size == (1, 1) and second.out_channels <= 2 * first.out_channels:
            return [_product(first, second), ChannelsLast(), *plain[2:]]
    return kept


@torch.no_grad()
def _product(first: nn.Conv2d, pointwise: nn.Conv2d) -> nn.Conv2d:
    """Return one convolution that equals a convolution without bias followed by a pointwise one."""
    weight = torch.einsum("om,mikl->oikl", pointwise.weight[:, :, 0, 0].double(), first.weight.double())
    product = nn.Conv2d(
        first.in_channels,
        pointwise.out_channels,
        first.kernel_size,  # type: ignore[arg-type]
        first.stride,  # type: ignore[arg-type]
        first.padding,  # type: ignore[arg-type]
        device=first.weight.device,
    )
    product.weight.copy_(weight.float())
    assert product.bias is not None
    product.bias.copy_(torch.zeros_like(product.bias) if pointwise.bias is None else pointwise.bias)
    return product
