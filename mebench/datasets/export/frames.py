"""Writing frames as JPEG files with as little loss as the layout allows.

A source that holds its frames as JPEG files offers `encoded(index)`. In colour those files are passed on as they are.
In grey their luma is compressed once more, such that it is decoded to the very pixels it had: face detection and
tracking take decisions that a single grey level can turn, and a copy should score what the original scores.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath

import cv2
import numpy as np
from numpy.typing import NDArray

from mebench.datasets.export_record import ExportRecord
from mebench.errors import UserError
from mebench.schema.recordings import FrameSource

QUALITY = 95
"""JPEG quality where the source does not say another one."""

_BLOCK = 8
_CHUNK = 16
Image = NDArray[np.uint8]
Progress = Callable[[str, int, int], None]
Writer = Callable[[Path, Progress], ExportRecord]
"""Writes a copy below a root, and returns its record."""


@dataclasses.dataclass(frozen=True)
class FolderJob:
    """The frames `start <= i < stop` of a recording and the folder that they go to.

    Attributes
    ----------
    name : what progress calls it.
    frames : the recording's frames.
    folder : the folder, below the root of the copy.
    file_name : format of a file name, given the file number.
    grey : write grey files instead of colour ones.
    first : file number of the first one.
    """

    name: str
    frames: FrameSource
    folder: PurePosixPath
    file_name: str
    grey: bool
    first: int
    start: int
    stop: int


def write_folders(jobs: Sequence[FolderJob], root: Path, progress: Progress) -> None:
    """Write the frames of every job below `root`; no more than a few are held.

    Parameters
    ----------
    progress : called as progress(what, frames done, frames in all).
    """
    done, total = 0, sum(job.stop - job.start for job in jobs)
    for job in jobs:
        folder = root / job.folder
        folder.mkdir(parents=True)
        for start in range(job.start, job.stop, _CHUNK):
            stop = min(start + _CHUNK, job.stop)
            write_frames(job.frames, start, stop, folder, job.file_name, job.grey, job.first - job.start)
            progress(f"export {job.name}", done + stop - job.start, total)
        done += job.stop - job.start


def write_frames(
    frames: FrameSource, start: int, stop: int, folder: Path, file_name: str, grey: bool, first: int = 1
) -> None:
    """Write frames `start <= i < stop` to `folder`.

    Parameters
    ----------
    file_name : format of a file name, given the file number.
    grey : write grey files instead of colour ones.
    first : file number of frame index 0.
    """
    encoded = getattr(frames, "encoded", None)
    if encoded is None:
        for index, image in enumerate(frames.read(start, stop, grey=grey), start):
            (folder / file_name.format(index + first)).write_bytes(_jpeg(image, QUALITY))
        return
    for index in range(start, stop):
        content = encoded(index)
        (folder / file_name.format(index + first)).write_bytes(grey_jpeg(content) if grey else content)


def grey_jpeg(content: bytes) -> bytes:
    """Return the luma of a JPEG file as a grey JPEG file of the same quality that is decoded to the same pixels.

    The same quantisation gives the same coefficients but for a few, whose rounding the rounding of the pixels has
    turned. Those blocks are written with pixels that differ by 1 here and there, such that they come out right; for
    a rare block with cut-off blacks or whites a grey level may remain. A file that is grey already is left as it is.

    Raises
    ------
    UserError : when the content cannot be decoded.
    """
    if components(content) == 1:
        return content
    image = _decode(content)
    if image is None:
        raise UserError("A frame of the dataset is no readable JPEG file: make the dataset again.")
    quality = _qualities().get(luma_table(content) or b"", QUALITY)
    coded = _jpeg(image, quality)
    wanted, found = _blocks(image), _blocks(_decode(coded))
    rows, columns = np.nonzero((wanted != found).any(axis=(2, 3)))
    if not len(rows):
        return coded
    settled = image.copy()
    for row, column, block in zip(
        rows * _BLOCK, columns * _BLOCK, _settle(wanted[rows, columns], quality), strict=True
    ):
        settled[row : row + _BLOCK, column : column + _BLOCK] = block
    return _jpeg(settled, quality)


def components(content: bytes) -> int:
    """Return how many components a JPEG file has, 1 where it is grey (frame header, ITU T.81 B.2.2); 0 if unknown."""
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return content[at + 9]
        at += 2 + length
    return 0


def luma_table(content: bytes) -> bytes | None:
    """Return the first 8-bit quantisation table of a JPEG file (marker DQT, ITU T.81 B.2.4.1), None without one."""
    at = content.find(b"\xff\xdb")
    if at < 0 or len(content) < at + 69 or content[at + 4] != 0:
        return None
    return content[at + 5 : at + 69]


def _settle(wanted: Image, quality: int) -> Image:
    """Return, for each of (n, 8, 8) blocks, pixels that are decoded to that block, or nearly so.

    All attempts at all blocks are compressed as one picture, for blocks do not touch each other in a JPEG file. Blocks
    that no attempt has met go into further rounds, which start from the best attempt.
    """
    best = wanted.copy()
    left = np.arange(len(wanted))
    for nudges in _nudges():
        tries = np.clip(best[left, None].astype(np.int16) + nudges, 0, 255).astype(np.uint8)
        sheet = np.ascontiguousarray(tries.swapaxes(1, 2)).reshape(_BLOCK * len(left), -1)
        found = _blocks(_decode(_jpeg(sheet, quality))).astype(np.int16)
        error = np.abs(found - wanted[left, None]).sum(axis=(2, 3))
        best[left] = tries[np.arange(len(left)), error.argmin(axis=1)]
        left = left[error.min(axis=1) > 0]
        if not len(left):
            break
    return best


@functools.cache
def _nudges() -> NDArray[np.int16]:
    """24 rounds of 64 patterns that move some of a block's pixels by 1 or 3; the first of each moves none."""
    rng = np.random.default_rng(0)
    shape = (24, 64, _BLOCK, _BLOCK)
    share = np.resize([0.1, 0.05, 0.1, 0.03, 0.2], 24)[:, None, None, None]
    size = np.resize([1, 1, 1, 3], 24)[:, None, None, None]
    patterns = (rng.random(shape) < share) * np.where(rng.random(shape) < 0.5, -1, 1) * size
    patterns[:, 0] = 0
    return patterns.astype(np.int16)


def _blocks(image: Image | None) -> Image:
    """Return an image as (rows, columns, 8, 8) blocks; those that its lower and right edges cut are left out."""
    assert image is not None
    height, width = (side - side % _BLOCK for side in image.shape)
    grid = image[:height, :width].reshape(height // _BLOCK, _BLOCK, width // _BLOCK, _BLOCK)
    return grid.swapaxes(1, 2)


@functools.cache
def _qualities() -> dict[bytes, int]:
    """The quality behind each table that the encoder writes."""
    blank = np.zeros((_BLOCK, _BLOCK), np.uint8)
    return {table: quality for quality in range(1, 101) if (table := luma_table(_jpeg(blank, quality)))}


def _decode(content: bytes) -> Image | None:
    image = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE)
    return None if image is None else image.astype(np.uint8, copy=False)


def _jpeg(image: Image, quality: int) -> bytes:
    ok, buffer = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not ok:
        raise UserError(f"A frame of shape {image.shape} cannot be written as JPEG: check the dataset.")
    return bytes(buffer.tobytes())
