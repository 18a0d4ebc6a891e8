"""Decoding a video with OpenCV, on behind frames that are broken.

Conventions
-----------
OpenCV says False at the end of a video and at a packet that cannot be decoded alike, so it is asked again. The pictures
that it decodes are counted from 0; each bears the container's time stamp, in seconds from the start of the stream.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.frames.content import Progress
from mebench.frames.decoder_noise import Noise, kept_noise
from mebench.frames.names import opencv_name, printable
from mebench.frames.no_video import is_picture, picture_sentence, why_no_video
from mebench.schema.recordings import HIGHEST_FPS

MOST_BROKEN = 1_000
"""Packets in a row that may be broken."""
_ASKED_AT_LEAST = 64
_TOLD_EVERY = 128


@dataclasses.dataclass(frozen=True)
class Decoded:
    """What came of decoding a video from its beginning to its end.

    Attributes
    ----------
    stamps : float64 (n,), in seconds.
    promised : number of frames that the container promises or, where it has no count, that its duration makes likely.
    rate : frames per second as the container says, 0 where it says nothing.
    failures : how often a packet could not be decoded before another could.
    damaged : indices of pictures during whose decoding damage was reported.
    """

    stamps: NDArray[np.float64]
    promised: int
    rate: float
    failures: int
    damaged: tuple[int, ...]


def open_capture(path: Path, threads: int = 0) -> cv2.VideoCapture:
    """Open a video.

    Raises
    ------
    UserError : when the file is missing, a still picture, a sound, empty, or anything else that is no video.
    """
    if not path.is_file():
        raise UserError(f"The video {printable(str(path))} does not exist: check the path.")
    try:
        if is_picture(path):
            raise UserError(picture_sentence(path))
        with opencv_name(path) as name, kept_noise():
            capture = cv2.VideoCapture(name, cv2.CAP_ANY, [cv2.CAP_PROP_N_THREADS, threads] if threads else [])
        if capture.isOpened():
            return capture
        why = why_no_video(path)
    except OSError as error:
        raise UserError(f"{printable(str(path))} cannot be read ({error.strerror}): check its permissions.") from error
    raise UserError(f"{printable(str(path))} {why}.")


def decode_all(path: Path, threads: int = 0, progress: Progress | None = None) -> Decoded:
    """Decode a video without keeping a picture; what the decoder prints is kept from the terminal.

    Parameters
    ----------
    threads : threads of the decoder, 0 for its own choice; with 1 it is known which picture is damaged.
    progress : called with (frames done, frames promised) now and then.

    Raises
    ------
    UserError : as `open_capture`, and when nothing can be decoded.
    """
    with kept_noise() as noise:
        capture = open_capture(path, threads)
        promised = max(int(capture.get(cv2.CAP_PROP_FRAME_COUNT)), 0)
        rate = float(capture.get(cv2.CAP_PROP_FPS))
        noise.damage()
        stamps, failures, damaged = _grab_all(capture, promised, noise, progress)
    if not stamps:
        raise UserError(
            f"{printable(str(path))} has no frame that can be decoded: give a video with at least one frame."
        )
    if len(stamps) == 1 and promised <= 1 and is_picture(path, ones_that_move=True):
        raise UserError(picture_sentence(path))
    rate = rate if np.isfinite(rate) and 0 < rate < HIGHEST_FPS else 0.0
    return Decoded(np.array(stamps) / 1000, promised, rate, failures, damaged)


def lead_in(path: Path, rate: float) -> float:
    """Return how many seconds of a container's time go by before its first frame.

    Parameters
    ----------
    rate : frames per second as the container says.

    Raises
    ------
    UserError : as `open_capture`.
    """
    with kept_noise():
        capture = open_capture(path)
        ticks = capture.get(cv2.CAP_PROP_PTS) if grab_next(capture) else 0.0
    return max(float(ticks), 0.0) / rate


def _grab_all(
    capture: Any, promised: int, noise: Noise, progress: Progress | None
) -> tuple[list[float], int, tuple[int, ...]]:
    stamps: list[float] = []
    damaged: set[int] = set()
    failures = in_a_row = 0
    while in_a_row <= min(max(promised - len(stamps), _ASKED_AT_LEAST), MOST_BROKEN):
        if capture.grab():
            failures, in_a_row = failures + in_a_row, 0
            stamps.append(float(capture.get(cv2.CAP_PROP_POS_MSEC)))
        else:
            in_a_row += 1
        if noise.damage():
            damaged.add(max(len(stamps) - 1, 0))
        if progress is not None and len(stamps) % _TOLD_EVERY == 0 and not in_a_row:
            with noise.aloud():
                progress(len(stamps), max(promised, len(stamps)))
    return stamps, failures, tuple(sorted(damaged))


def grab_next(capture: Any) -> bool:
    """Go on to the next picture that can be decoded; False when there is none."""
    return any(capture.grab() for _ in range(MOST_BROKEN))
