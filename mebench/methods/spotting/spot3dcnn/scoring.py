"""Dense scoring: a score for every frame of a video, streamed with bounded memory.

Each frame is read and normalised once, into a ring that holds the frames between the oldest reference and the newest frame
of a chunk. A chunk's stacks are copied from the ring into one reused buffer, because fresh large tensors cost more in page
faults than their arithmetic. Chunks of 16 frames are the fastest on a CPU; longer ones fall out of its cache.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from mebench.methods.spotting.spot3dcnn.fold import folded
from mebench.methods.spotting.spot3dcnn.network import TwoStreamNet
from mebench.methods.spotting.spot3dcnn.preprocess import Preprocessor
from mebench.methods.spotting.spot3dcnn.sampling import FrameReader, stack_offsets

CHUNK = 16


class Ring:
    """The last normalised frames of a video, addressed by frame index.

    Parameters
    ----------
    capacity : how many frames are kept.
    """

    def __init__(self, frames: FrameReader, preprocess: Preprocessor, capacity: int) -> None:
        self.frames = frames
        self.preprocess = preprocess
        self.capacity = capacity
        self.loaded = 0
        self.store: torch.Tensor | None = None

    def load_until(self, stop: int) -> None:
        """Read and normalise frames in order until index `stop - 1` is held."""
        stop = min(stop, len(self.frames))
        while self.loaded < stop:
            room = self.capacity - self.loaded % self.capacity
            upto = min(stop, self.loaded + CHUNK, self.loaded + room)
            block = self.preprocess(self.frames.read(self.loaded, upto))
            if self.store is None:
                self.store = block.new_empty((self.capacity, *block.shape[1:]))
            at = self.loaded % self.capacity
            self.store[at : at + len(block)] = block
            self.loaded = upto

    def copy_stacks(self, indices: torch.Tensor, out: torch.Tensor) -> torch.Tensor:
        """Copy frames (n, 4) into the first rows of `out` (chunk, 4, height, width) and return those rows."""
        assert self.store is not None
        view = out[: len(indices)]
        flat = view.reshape(-1, *out.shape[2:])
        torch.index_select(self.store, 0, (indices % self.capacity).reshape(-1), out=flat)
        return view


class DenseScorer:
    """A trained network, folded for speed, that scores whole videos.

    Parameters
    ----------
    net : trained network; it is copied.
    skips : (short, long) in frames.
    reference : see `pair_offsets`.
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

    @torch.inference_mode()
    def __call__(self, frames: FrameReader) -> NDArray[np.float32]:
        """Return the sigmoids of every frame, float32 of shape (n_frames, outputs)."""
        count = len(frames)
        oldest, newest = min(0, int(self.offsets.min())), max(0, int(self.offsets.max()))
        ring = Ring(frames, self.preprocess, newest - oldest + CHUNK)
        buffer: torch.Tensor | None = None
        parts: list[torch.Tensor] = []
        for start in range(0, count, CHUNK):
            stop = min(start + CHUNK, count)
            ring.load_until(stop + newest)
            assert ring.store is not None
            if buffer is None:
                buffer = ring.store.new_empty((CHUNK, 4, *ring.store.shape[1:]))
            indices = (torch.arange(start, stop)[:, None] + self.offsets).clamp(0, count - 1).to(self.device)
            parts.append(self.logits(ring.copy_stacks(indices, buffer)))
        outputs = self.net.output.out_features
        logits = torch.cat(parts) if parts else torch.zeros((0, outputs))
        return np.asarray(torch.sigmoid(logits.double()).float().cpu().numpy())

    def logits(self, stacks: torch.Tensor) -> torch.Tensor:
        """Return float32 logits of normalised stacks (n, 4, height, width)."""
        with torch.autocast(torch.device(self.device).type, torch.bfloat16, enabled=self.bf16):
            result: torch.Tensor = self.net(stacks)
        return result.float()


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
