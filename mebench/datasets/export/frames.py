"""Writing frames as JPEG files with as little loss as the layout allows.

A source that holds its frames as JPEG files offers `encoded(index)`. In colour those files are passed on as they are. In
grey their luma is compressed again with the same quantisation, which gives nearly the same coefficients and so nearly
the same pixels, where any other quality would compress what is compressed already.
"""

from __future__ import annotations

import functools
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.schema.video import FrameSource

QUALITY = 95
"""JPEG quality where the source does not say another one."""


def write_frames(frames: FrameSource, start: int, stop: int, folder: Path, file_name: str, grey: bool) -> None:
    """Write frames `start <= i < stop` to `folder`.

    Parameters
    ----------
    file_name : format of a file name, given the frame number.
    grey : write grey files instead of colour ones.
    """
    encoded = getattr(frames, "encoded", None)
    if encoded is None:
        for index, image in enumerate(frames.read(start, stop, grey=grey), start):
            (folder / file_name.format(index + 1)).write_bytes(_jpeg(image, QUALITY))
        return
    for index in range(start, stop):
        content = encoded(index)
        (folder / file_name.format(index + 1)).write_bytes(grey_jpeg(content) if grey else content)


def grey_jpeg(content: bytes) -> bytes:
    """Return the luma of a JPEG file as a grey JPEG file of the same quality.

    Raises
    ------
    UserError : when the content cannot be decoded.
    """
    image = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE)
    if image is None:
        raise UserError("A frame of the dataset is no readable JPEG file: make the dataset again.")
    return _jpeg(image.astype(np.uint8, copy=False), _qualities().get(luma_table(content) or b"", QUALITY))


def luma_table(content: bytes) -> bytes | None:
    """Return the first 8-bit quantisation table of a JPEG file (marker DQT, ITU T.81 B.2.4.1), None without one."""
    at = content.find(b"\xff\xdb")
    if at < 0 or len(content) < at + 69 or content[at + 4] != 0:
        return None
    return content[at + 5 : at + 69]


@functools.cache
def _qualities() -> dict[bytes, int]:
    """The quality behind each table that the encoder writes."""
    blank = np.zeros((8, 8), np.uint8)
    return {table: quality for quality in range(1, 101) if (table := luma_table(_jpeg(blank, quality)))}


def _jpeg(image: NDArray[np.uint8], quality: int) -> bytes:
    ok, buffer = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not ok:
        raise UserError(f"A frame of shape {image.shape} cannot be written as JPEG: check the dataset.")
    return bytes(buffer.tobytes())
