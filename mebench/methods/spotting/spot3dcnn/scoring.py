"""Dense scoring: a score for every frame of a video, streamed with bounded memory.

Each frame is read, normalised and put through the first convolution once. That convolution is linear in the two frames
of a pair, so its kernels for the reference and for the current frame are applied to every frame, and a pair is the sum
of two results. They are kept in a ring as long as a pair reaches. Chunks of 16 frames keep every tensor in the
processor's cache.
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

CHUNK = 16


class Ring:
    """What the first convolution makes of the last frames of a video, addressed by frame index.

    Parameters
    ----------
    frames : the video.
    features : from raw frames (n, height, width) to maps (n, h, w, 2, maps): as reference, as current frame.
    capacity : how many frames are kept.
    """

    def __init__(
        self, frames: FrameReader, features: Callable[[NDArray[np.uint8]], torch.Tensor], capacity: int
    ) -> None:
        self.frames = frames
        self.features = features
        self.capacity = capacity
        self.loaded = 0
        self.store: torch.Tensor | None = None

    def load_until(self, stop: int) -> torch.Tensor:
        """Read frames in order until index `stop - 1` is held, and return the ring (capacity, h, w, 2, maps)."""
        stop = min(stop, len(self.frames))
        while self.loaded < stop or self.store is None:
            place = self.loaded % self.capacity
            upto = min(stop, self.loaded + CHUNK, self.loaded + self.capacity - place)
            block = self.features(self.frames.read(self.loaded, upto))
            if self.store is None:
                self.store = block.new_empty((self.capacity, *block.shape[1:]))
            self.store[place : place + len(block)] = block
            self.loaded = upto
        return self.store

    def pairs(self, indices: torch.Tensor, buffers: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
        """Return the first convolution's results for pairs of frames.

        Parameters
        ----------
        indices : (n, 2), the reference and the current frame of each pair; all of them held.
        buffers : two tensors (at least n, h, w, maps), overwritten.

        Returns
        -------
        Maps (n, maps, h, w), in the memory order of `buffers`.
        """
        assert self.store is not None
        sums, currents = (buffer[: len(indices)] for buffer in buffers)
        places = indices % self.capacity
        torch.index_select(self.store[..., 0, :], 0, places[:, 0], out=sums)
        torch.index_select(self.store[..., 1, :], 0, places[:, 1], out=currents)
        return sums.add_(currents).permute(0, 3, 1, 2)


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
        self.bf16 = bf16
        self.offsets = torch.from_numpy(stack_offsets(skips[0], skips[1], reference))
        first, *rest = self.net.body.children()
        assert isinstance(first, nn.Conv2d)
        self.first, self.rest = FrameConvolution(first), nn.Sequential(*rest)

    @torch.inference_mode()
    def __call__(self, frames: FrameReader) -> NDArray[np.float32]:
        """Return the sigmoids of every frame, float32 of shape (n_frames, outputs)."""
        count = len(frames)
        if count == 0:
            return np.zeros((0, self.net.output.out_features), np.float32)
        oldest, newest = min(0, int(self.offsets.min())), max(0, int(self.offsets.max()))
        ring = Ring(frames, self._features, min(newest - oldest + CHUNK, count))
        store = ring.load_until(min(newest + 1, CHUNK))
        buffers = tuple(store.new_empty((2 * CHUNK, *store.shape[1:3], store.shape[4])) for _ in range(2))
        parts: list[torch.Tensor] = []
        for start in range(0, count, CHUNK):
            stop = min(start + CHUNK, count)
            ring.load_until(stop + newest)
            indices = (torch.arange(start, stop)[:, None] + self.offsets).clamp(0, count - 1).to(self.device)
            with self._autocast():
                maps = self.rest(ring.pairs(indices.reshape(-1, 2), (buffers[0], buffers[1])))
                parts.append(self.net.head(self.net.pool(maps)).float())
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

    def __init__(self, pair: nn.Conv2d) -> None:
        super().__init__()
        assert pair.in_channels == 2
        self.kernel, self.stride, self.edge = pair.kernel_size[0], pair.stride[0], int(pair.padding[0])
        weight = torch.cat([pair.weight[:, :1], pair.weight[:, 1:]]).detach()
        bias = torch.zeros(pair.out_channels) if pair.bias is None else pair.bias.detach()
        self.register_buffer("weight", weight.contiguous())
        self.register_buffer("bias", torch.cat([torch.zeros_like(bias), bias]))
        self.as_product = self.kernel <= 2 * self.stride

    weight: torch.Tensor
    bias: torch.Tensor

    def forward(self, frames: torch.Tensor) -> torch.Tensor:
        """Return maps (n, h, w, 2, maps): of each frame (n, height, width) as reference, and with the bias as current.

        On a CPU, copying the patches under the kernel and one matrix product takes half the time of the convolution,
        as long as the patches overlap little.
        """
        if not (self.as_product and frames.device.type == "cpu"):
            maps = functional.conv2d(frames[:, None], self.weight, self.bias, self.stride, self.edge)
            return maps.permute(0, 2, 3, 1).unflatten(-1, (2, -1))
        padded = functional.pad(frames, [self.edge] * 4)
        patches = padded.unfold(1, self.kernel, self.stride).unfold(2, self.kernel, self.stride)
        flat = patches.reshape(-1, self.kernel**2)
        return torch.addmm(self.bias, flat, self.weight.flatten(1).T).view(*patches.shape[:3], 2, -1)


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
