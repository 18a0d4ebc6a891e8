"""Dense scoring: a score for every frame of a video, streamed with bounded memory.

Each frame is read, normalised and put through the first convolution once. That convolution is linear in the two frames
of a pair, so its kernels for the reference and for the current frame are applied to every frame, and a pair is the sum
of two results. They are kept in a window as long as a pair reaches. Chunks of 32 frames keep every tensor in the
processor's cache; a GPU takes longer ones, since each costs it the start of every kernel.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from mebench.methods.spotting.spot3dcnn.fold import folded
from mebench.methods.spotting.spot3dcnn.network import TwoStreamNet
from mebench.methods.spotting.spot3dcnn.preprocess import Preprocessor
from mebench.methods.spotting.spot3dcnn.sampling import FrameReader, stack_offsets

CHUNK, GPU_CHUNK = 32, 1024
"""Frames scored at a time, on a CPU and on a GPU."""
SLACK = 8
"""Chunks that the window holds beyond the frames that a chunk needs, so that it is moved seldom."""


class Window:
    """What the first convolution makes of the last frames of a video, in one piece of memory.

    Parameters
    ----------
    frames : the video.
    features : from raw frames (n, height, width) to maps (n, 2, h, w, maps): as reference, as current frame.
    offsets : shape (2, 2), where the pairs' frames lie relative to the scored frame: short, long; reference, current.
    chunk : frames read, and at most scored, at a time.
    """

    def __init__(
        self,
        frames: FrameReader,
        features: Callable[[NDArray[np.uint8]], torch.Tensor],
        offsets: torch.Tensor,
        chunk: int = CHUNK,
    ) -> None:
        self.frames = frames
        self.features = features
        self.offsets, self.chunk = offsets, chunk
        self.oldest, self.newest = min(0, int(offsets.min())), max(0, int(offsets.max()))
        first = features(frames.read(0, min(chunk, len(frames))))
        capacity = self.newest - self.oldest + chunk + min(SLACK * chunk, max(len(frames) - chunk, chunk))
        self.store = first.new_empty((capacity, *first.shape[1:]))
        self.store[: len(first)] = first
        self.sums = first.new_empty((chunk, *first.shape[1:]))
        self.start, self.stop = 0, len(first)  # the frames held; frame `start` is in the first row

    def pairs(self, start: int, stop: int) -> torch.Tensor:
        """Return the first convolution's results for the pairs of frames `start <= i < stop`.

        Returns
        -------
        Maps (2 * (stop - start), maps, h, w) in channels-last order, the short and the long pair of each frame side by
        side; overwritten by the next call.
        """
        self._load(start, min(stop + self.newest, len(self.frames)))
        sums = self.sums[: stop - start]
        last = len(self.frames) - 1
        for stream, pair in enumerate(self.offsets.tolist()):
            if start + min(pair) >= 0 and stop - 1 + max(pair) <= last:
                rows = [slice(start + offset - self.start, stop + offset - self.start) for offset in pair]
                torch.add(self.store[rows[0], 0], self.store[rows[1], 1], out=sums[:, stream])
            else:
                scored = torch.arange(start, stop)
                ends = [((scored + offset).clamp(0, last) - self.start).to(sums.device) for offset in pair]
                sums[:, stream] = self.store[ends[0], 0] + self.store[ends[1], 1]
        return sums.flatten(0, 1).permute(0, 3, 1, 2)

    def _load(self, scored: int, stop: int) -> None:
        """Read on until frame `stop - 1` is held, dropping what lies before the references of frame `scored`."""
        while self.stop < stop:
            upto = min(self.stop + self.chunk, len(self.frames))
            if upto - self.start > len(self.store):
                keep = max(scored + self.oldest, 0)
                held = self.store[keep - self.start : self.stop - self.start].clone()
                self.store[: len(held)] = held
                self.start = keep
            block = self.features(self.frames.read(self.stop, upto))
            self.store[self.stop - self.start : upto - self.start] = block
            self.stop = upto


class DenseScorer:
    """A trained network, folded for speed, that scores whole videos.

    Parameters
    ----------
    net : trained network; it is copied.
    skips : (short, long) in frames.
    reference : see `pair_offsets`.
    bf16 : compute in bfloat16 where the device has it; scores then differ in the third digit.
    """

    def __init__(
        self,
        net: TwoStreamNet,
        preprocess: Preprocessor,
        skips: Sequence[int],
        reference: str,
        *,
        bf16: bool = False,
    ) -> None:
        self.net = folded(net)
        self.preprocess = preprocess
        self.device = preprocess.device
        self.chunk = CHUNK if self.device == "cpu" else GPU_CHUNK
        self.bf16 = bf16
        self.offsets = torch.from_numpy(stack_offsets(skips[0], skips[1], reference)).reshape(2, 2)
        first, *rest = self.net.body.children()
        assert isinstance(first, nn.Conv2d)
        self.first, self.rest = FrameConvolution(first), nn.Sequential(*rest)

    @torch.inference_mode()
    def __call__(self, frames: FrameReader) -> NDArray[np.float32]:
        """Return the sigmoids of every frame, float32 of shape (n_frames, outputs)."""
        count = len(frames)
        if count == 0:
            return np.zeros((0, self.net.output.out_features), np.float32)
        window = Window(frames, self._features, self.offsets, self.chunk)
        parts: list[torch.Tensor] = []
        for start in range(0, count, self.chunk):
            pairs = window.pairs(start, min(start + self.chunk, count))
            with self._autocast():
                parts.append(self.net.head(self.net.pool(self.rest(pairs))).float())
        return np.asarray(torch.sigmoid(torch.cat(parts).double()).float().cpu().numpy())

    def _features(self, frames: NDArray[np.uint8]) -> torch.Tensor:
        with self._autocast():
            maps: torch.Tensor = self.first(self.preprocess(frames))
        return maps.float()

    def _autocast(self) -> torch.autocast:
        return torch.autocast(torch.device(self.device).type, torch.bfloat16, enabled=self.bf16)

    @torch.inference_mode()
    def logits(self, stacks: torch.Tensor) -> torch.Tensor:
        """Return float32 logits of normalised stacks (n, 4, height, width): the network alone."""
        with self._autocast():
            result: torch.Tensor = self.net(stacks)
        return result.float()


class FrameConvolution(nn.Module):
    """The first convolution of a folded network, taken apart into its two frames.

    Parameters
    ----------
    pair : convolution over (reference, current) as two channels.
    """

    weight: torch.Tensor
    bias: torch.Tensor

    def __init__(self, pair: nn.Conv2d) -> None:
        super().__init__()
        assert pair.in_channels == 2
        self.stride, self.edge = pair.stride[0], int(pair.padding[0])
        weight = torch.cat([pair.weight[:, :1], pair.weight[:, 1:]]).detach()
        bias = weight.new_zeros(pair.out_channels) if pair.bias is None else pair.bias.detach()
        self.register_buffer("weight", weight.contiguous(memory_format=torch.channels_last))
        self.register_buffer("bias", torch.cat([torch.zeros_like(bias), bias]))

    def forward(self, frames: torch.Tensor) -> torch.Tensor:
        """Return maps (n, 2, h, w, maps) of frames (n, height, width): as reference, and with the bias as current.

        The strides say channels-last, which the shape of one channel leaves open: the maps then come in the order in
        which the depthwise convolutions after it are fast.
        """
        n, height, width = frames.shape
        image = frames.contiguous().as_strided((n, 1, height, width), (height * width, 1, width, 1))
        maps = functional.conv2d(image, self.weight, self.bias, self.stride, self.edge)
        return maps.unflatten(1, (2, -1)).permute(0, 1, 3, 4, 2)


@torch.inference_mode()
def score_one_by_one(
    net: TwoStreamNet,
    preprocess: Preprocessor,
    frames: FrameReader,
    skips: Sequence[int],
    reference: str,
    chosen: Sequence[int],
) -> NDArray[np.float32]:
    """Score chosen frames the plain way: gather four frames, normalise them, run the network on that one stack.

    The definition that dense scoring is held against; shape (len(chosen), outputs).
    """
    net = net.eval()
    offsets = stack_offsets(skips[0], skips[1], reference)
    rows = []
    for index in chosen:
        stack = frames.gather(np.clip(index + offsets, 0, len(frames) - 1))
        rows.append(torch.sigmoid(net(preprocess(stack)[None]).double()).float())
    return np.asarray(torch.cat(rows).cpu().numpy())
