"""Bi-weighted oriented optical flow from onset to apex (Liong, See, Wong, Phan 2018, "Less is more").

Conventions
-----------
The face is parted into blocks. A block has a histogram of the directions of its flow, each pixel weighted by how far it
moves (the local weight), which is divided by its sum and multiplied by the sum of the optical strain in the block (the
global weight). All histograms, row by row, are one vector of length 1. Directions have equal bins from -180 degrees on.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mebench.faces.clip_inputs import FlowSettings, FlowView, apex_flow, key_frames
from mebench.faces.clip_inputs.crops import faces_key
from mebench.faces.clip_inputs.flows import FLOWS_VERSION
from mebench.methods.base import RunContext
from mebench.methods.recognition.linear import SCALE, SvmSettings
from mebench.methods.recognition.of_features import FeatureRecogniser, motion_notes
from mebench.schema.recordings import Clip
from mebench.settings import check_limits, digest_of, setting

_VERSION = "1"
_PROGRAM = "Liong et al. 2018, and their program"


@dataclasses.dataclass(frozen=True)
class Grid:
    """How the face is parted, and how many directions are told apart."""

    rows: int = 5
    columns: int = 5
    bins: int = 8


def oriented_histograms(
    field: NDArray[np.float32], strain: NDArray[np.floating[Any]], grid: Grid
) -> NDArray[np.float32]:
    """Return the weighted histograms of all blocks.

    Parameters
    ----------
    field : flow (height, width, 2).
    strain : optical strain (height, width).

    Returns
    -------
    float32 (rows * columns * bins,), of length 1; 0 where nothing moves.

    Raises
    ------
    ValueError : when flow and strain differ in size, or there are more blocks than pixels.
    """
    height, width = strain.shape
    if field.shape != (height, width, 2) or height < grid.rows or width < grid.columns:
        raise ValueError(f"flow {field.shape} and strain {strain.shape} do not fit {grid.rows}x{grid.columns} blocks")
    u, v = np.moveaxis(field.astype(np.float64), -1, 0)
    turn = (np.arctan2(v, u) + np.pi) / (2 * np.pi)
    bin_of = np.floor(turn * grid.bins).astype(np.int64) % grid.bins
    row, column = (np.arange(size) * parts // size for size, parts in ((height, grid.rows), (width, grid.columns)))
    block = row[:, None] * grid.columns + column
    blocks = grid.rows * grid.columns
    moved = np.bincount((block * grid.bins + bin_of).ravel(), np.hypot(u, v).ravel(), blocks * grid.bins)
    histograms = moved.reshape(blocks, grid.bins)
    total = histograms.sum(axis=1, keepdims=True)
    histograms = np.divide(histograms, total, out=np.zeros_like(histograms), where=total > 0)
    weighted = (histograms * np.bincount(block.ravel(), strain.ravel(), blocks)[:, None]).ravel()
    length = np.linalg.norm(weighted)
    return (weighted / length if length > 0 else weighted).astype(np.float32)


@dataclasses.dataclass(frozen=True)
class BiWoofConfig(SvmSettings, FlowSettings):
    """Settings of `bi_woof`."""

    scale: Literal["none", "standard"] = setting("none", SCALE, source=_PROGRAM)
    rows: int = setting(5, "rows of blocks of the face", source=_PROGRAM)
    columns: int = setting(5, "columns of blocks of the face", source=_PROGRAM)
    bins: int = setting(8, "directions that are told apart", source=_PROGRAM)

    def __post_init__(self) -> None:
        """Refuse blocks smaller than a pixel and settings that are refused elsewhere."""
        FlowSettings.__post_init__(self)
        SvmSettings.__post_init__(self)
        check_limits(self, "rows", "columns", least=1, most=self.face_size)
        check_limits(self, "bins", least=2, most=360)


class BiWoof(FeatureRecogniser):
    """Directions of the flow from onset to apex in blocks, weighted by its length and by strain, and a linear machine.

    The published program takes TV-L1 flow; neither it nor the paper says how large the faces are, nor C.
    """

    id = "bi_woof"
    paper = "10.1016/j.image.2017.11.006"
    Config = BiWoofConfig

    def key(self, clip: Clip, context: RunContext) -> str:
        """Return the digest of what the features depend on."""
        config: BiWoofConfig = self.config_for(clip)
        view, grid = _views(config)
        found = key_frames(clip, context.cache, view.face)
        made = [FLOWS_VERSION, view.flow, view.strain, dataclasses.asdict(grid)]
        return digest_of(self.id, _VERSION, faces_key(clip, context.cache, view.face), found.onset, found.apex, made)

    def compute(self, clip: Clip, context: RunContext) -> NDArray[np.float32]:
        """Return the weighted histograms of one clip."""
        view, grid = _views(self.config_for(clip))
        maps = apex_flow(clip, context.cache, view)
        return oriented_histograms(maps[..., :2], maps[..., 2], grid)

    def notes(self, recording: Clip) -> tuple[str, ...]:
        """Say how the apex is found where it is not annotated, and where nothing moves."""
        return motion_notes(recording, self.config_for(recording))


def _views(config: BiWoofConfig) -> tuple[FlowView, Grid]:
    return FlowView.of(config, size=config.face_size), Grid(config.rows, config.columns, config.bins)
