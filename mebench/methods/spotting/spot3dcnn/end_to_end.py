"""spot3dcnn_end_to_end: whole frames without face detection or alignment (thesis Appendix B).

Regular convolutions of growing number and shrinking kernel, two and two in three blocks, each block ending in a
max-pooling; everything else is spot3dcnn's. The text names filters and kernels; strides (1), pooling size and the
rest are mebench's choice. Whether its frames were contrast-normalised is not told ("no other methods"): `lcn` is on,
as in the main method, and can be switched off.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar

from torch import nn

from mebench.methods.base import RunContext
from mebench.methods.spotting.spot3dcnn.config import PRESETS, Spot3DConfig
from mebench.methods.spotting.spot3dcnn.method import Spot3DCNN
from mebench.methods.spotting.spot3dcnn.network import (
    ACTIVATIONS,
    TwoStreamNet,
    first_convolution,
    start_as_differences,
)
from mebench.methods.spotting.spot3dcnn.sampling import FrameReader
from mebench.methods.spotting.spot3dcnn.whole_frames import SIZE, whole_frames
from mebench.schema.recordings import Video
from mebench.settings import setting

CONVOLUTIONS = 6


@dataclasses.dataclass(frozen=True)
class EndToEndConfig(Spot3DConfig):
    """Settings of the end-to-end variant; `layers`, `multiplier` have no meaning here and keep their defaults."""

    filters: tuple[int, ...] = setting((2, 2, 4, 4, 8, 8), "filters of the six convolutions", source="Figure B.1")
    kernels: tuple[int, ...] = setting(
        (11, 9, 7, 5, 3, 3), "kernel sizes of the convolutions", unit="px", source="Figure B.1"
    )
    strides: tuple[int, ...] = setting((1, 1, 1, 1, 1, 1), "spatial strides of the convolutions", unit="px")
    pool_size: int = setting(2, "size and stride of the max-pooling after every second convolution", unit="px")
    stage_count: ClassVar[int] = CONVOLUTIONS


class Spot3DCNNEndToEnd(Spot3DCNN):
    """Two-stream 3D-CNN on uncropped 160x160 frames."""

    id: ClassVar[str] = "spot3dcnn_end_to_end"
    Config: ClassVar[type] = EndToEndConfig
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = PRESETS
    frame_size: ClassVar[int] = SIZE
    config: EndToEndConfig

    def reader(self, video: Video, context: RunContext) -> FrameReader:
        """Return the resized whole frames, prepared on first use."""
        return whole_frames(
            video, context.cache, lambda done, total: context.progress(f"resize {video.id}", done, total)
        )

    def build(self) -> TwoStreamNet:
        """Build the network of Figure B.1 with fresh weights."""
        net = TwoStreamNet(end_to_end_body(self.config), self.config.filters[-1], self.outputs, self.config)
        start_as_differences(first_convolution(net), self.config.difference_start)
        return net

    def regular_size(self, net: TwoStreamNet) -> None:
        """Return None: the convolutions are regular."""


def end_to_end_body(config: EndToEndConfig) -> nn.Sequential:
    """Return three blocks of two convolutions and a max-pooling, from pairs of frames (n, 2, 160, 160) to maps."""
    blocks: list[nn.Module] = []
    inputs = 2
    for place, (outputs, kernel, stride) in enumerate(zip(config.filters, config.kernels, config.strides, strict=True)):
        parts: list[nn.Module] = [nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2)]
        if config.batch_norm:
            parts.append(nn.BatchNorm2d(outputs))
        parts += [ACTIVATIONS[config.activation](), nn.Dropout2d(config.dropout)]
        if place % 2:
            parts.append(nn.MaxPool2d(config.pool_size))
        blocks.append(nn.Sequential(*parts))
        inputs = outputs
    return nn.Sequential(*blocks)
