from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
import torch

from mebench.methods.nets.reproducible import reproducible
from mebench.methods.spotting.spot3dcnn.config import Spot3DConfig
from mebench.methods.spotting.spot3dcnn.fold import folded
from mebench.methods.spotting.spot3dcnn.network import TwoStreamNet, build_network
from mebench.methods.spotting.spot3dcnn.preprocess import Preprocessor
from mebench.methods.spotting.spot3dcnn.scoring import (
    CHUNK,
    SLACK,
    DenseScorer,
    FrameConvolution,
    Window,
    score_one_by_one,
)
from mebench.schema.recordings import Video

CONFIG = Spot3DConfig()


def used_network(config: Spot3DConfig) -> TwoStreamNet:
    """Return a network whose batch statistics and biases are not the trivial ones."""
    torch.manual_seed(0)
    net = build_network(config, 2)
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))
        net.train()(torch.randn(4, 4, 112, 112))
    return net.eval()


@pytest.mark.parametrize(
    "options",
    [{}, {"batch_norm": False}, {"layers": 6}, {"pooling": "max", "activation": "elu"}, {"multiplier": 4}],
    ids=str,
)
def test_folding_changes_no_output(options: dict[str, Any]) -> None:
    net = used_network(dataclasses.replace(CONFIG, **options))
    stacks = torch.randn(3, 4, 112, 112)
    with torch.no_grad():
        assert torch.allclose(folded(net)(stacks), net(stacks), atol=1e-4, rtol=1e-4)
        assert sum(1 for _ in folded(net).modules()) < sum(1 for _ in net.modules())


@pytest.mark.parametrize("options", [{}, {"batch_norm": False}], ids=str)
def test_a_folded_network_stays_on_its_device(options: dict[str, Any]) -> None:
    net = folded(build_network(dataclasses.replace(CONFIG, **options), 2).to("meta"))
    first = FrameConvolution(next(part for part in net.body.children() if isinstance(part, torch.nn.Conv2d)))
    for module in (net, first):
        assert {tensor.device.type for tensor in (*module.parameters(), *module.buffers())} == {"meta"}


@pytest.mark.parametrize("chunk", [1, 7, 50, 1024])
def test_chunks_of_any_length_give_the_same(videos: list[Video], chunk: int) -> None:
    frames = videos[0].aligned
    assert frames is not None
    scorer = DenseScorer(used_network(CONFIG), Preprocessor(CONFIG, "cpu", 112), (4, 15), "around")
    expected = scorer(frames)  # type: ignore[arg-type]
    scorer.chunk = chunk
    assert np.abs(scorer(frames) - expected).max() < 1e-6  # type: ignore[arg-type]


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_a_gpu_scores_as_a_cpu_does(videos: list[Video]) -> None:
    frames = videos[0].aligned
    assert frames is not None
    scores = []
    for device in ("cpu", "cuda"):
        with reproducible():
            net = used_network(CONFIG).to(device)
            scorer = DenseScorer(net, Preprocessor(CONFIG, device, 112), (4, 15), "around")
            scores.append(scorer(frames))  # type: ignore[arg-type]
    assert np.abs(scores[1] - scores[0]).max() < 1e-3
    assert np.ptp(scores[0], axis=0).min() > 1e-4


@pytest.mark.parametrize("reference", ["past", "future", "around"])
@pytest.mark.parametrize("skips", [(4, 15), (3, 200)])
def test_dense_scores_equal_those_of_single_stacks(videos: list[Video], reference: str, skips: tuple[int, int]) -> None:
    net, frames = used_network(CONFIG), videos[0].aligned
    assert frames is not None
    preprocess = Preprocessor(CONFIG, "cpu", 112)
    dense = DenseScorer(net, preprocess, skips, reference)(frames)  # type: ignore[arg-type]
    chosen = [0, 1, 14, 15, 16, 17, 33, 60, 64, 103, 111, 118, 119]
    single = score_one_by_one(net, preprocess, frames, skips, reference, chosen)  # type: ignore[arg-type]
    assert dense.shape == (120, 2)
    assert np.abs(dense[chosen] - single).max() < 1e-5
    assert np.ptp(dense, axis=0).min() > 1e-4  # scores that differ, so that the comparison means something


@pytest.mark.parametrize("count", [1, 2, CHUNK, CHUNK + 1])
def test_the_shortest_videos_are_scored(videos: list[Video], count: int) -> None:
    source = videos[0].aligned
    assert source is not None
    frames: Any = type(source)(source.read(0, count))  # type: ignore[call-arg]
    net, preprocess = used_network(CONFIG), Preprocessor(CONFIG, "cpu", 112)
    dense = DenseScorer(net, preprocess, (5, 40), "past")(frames)
    single = score_one_by_one(net, preprocess, frames, (5, 40), "past", range(count))
    assert np.abs(dense - single).max() < 1e-5


def test_every_frame_is_read_once_in_blocks_and_memory_is_bounded() -> None:
    class Counting:
        def __init__(self) -> None:
            self.reads: list[tuple[int, int]] = []

        def __len__(self) -> int:
            return 1000

        def read(self, start: int, stop: int) -> np.ndarray:
            self.reads.append((start, stop))
            return np.broadcast_to((np.arange(start, stop) % 251).astype(np.uint8)[:, None, None], (stop - start, 8, 8))

        def gather(self, indices: np.ndarray) -> np.ndarray:
            raise AssertionError("dense scoring reads in order")

    frames = Counting()
    offsets = torch.tensor([[-2, 3], [-20, 20]])
    window = Window(
        frames, lambda block: torch.tensor(block).float()[:, None, :3, :3, None].repeat(1, 2, 1, 1, 1), offsets
    )
    held = len(window.store)
    for start in range(0, 1000, CHUNK):
        sums = window.pairs(start, min(start + CHUNK, 1000))
        scored = np.arange(start, min(start + CHUNK, 1000))
        expected = [np.clip(scored[:, None] + pair, 0, 999) % 251 for pair in offsets.numpy()]
        assert np.array_equal(sums[:, 0, 0, 0].reshape(-1, 2).numpy(), np.stack([e.sum(1) for e in expected], axis=1))
    assert len(window.store) == held == 40 + CHUNK + SLACK * CHUNK
    assert [i for start, stop in frames.reads for i in range(start, stop)] == list(range(1000))
    assert max(stop - start for start, stop in frames.reads) <= CHUNK


def test_bfloat16_is_close(videos: list[Video]) -> None:
    net, preprocess = used_network(CONFIG), Preprocessor(CONFIG, "cpu", 112)
    frames: Any = videos[0].aligned
    exact = DenseScorer(net, preprocess, (4, 15), "past")(frames)
    coarse = DenseScorer(net, preprocess, (4, 15), "past", bf16=True)(frames)
    assert np.abs(exact - coarse).max() < 0.05
