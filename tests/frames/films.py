"""Small video files for tests, and what befalls them: other time stamps, a cut, corrupt bytes."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

SIZE = (96, 128)


def textured(number: int) -> np.ndarray:
    """One picture that compresses badly, so that damage to the file is damage to pictures; a disc moves through it."""
    rng = np.random.default_rng(0)
    picture = cv2.GaussianBlur(rng.integers(0, 255, (*SIZE, 3), dtype=np.uint8), (0, 0), 3)
    cv2.circle(picture, (10 + 2 * number, 48), 14, (0, 0, 255), -1)
    return picture


def film(path: Path, frames: int = 60, codec: str = "mp4v", fps: float = 30.0) -> Path:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*codec), fps, SIZE[::-1])
    for number in range(frames):
        writer.write(textured(number))
    writer.release()
    return path


def cut(path: Path, share: float = 0.6) -> Path:
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    return path


def spoil(path: Path, at: float = 0.5, count: int = 200) -> Path:
    content = bytearray(path.read_bytes())
    start = int(len(content) * at)
    content[start : start + count] = np.random.default_rng(1).integers(0, 256, count, dtype=np.uint8).tobytes()
    path.write_bytes(content)
    return path


def restamp(path: Path, runs: Sequence[tuple[int, int]]) -> Path:
    """Give an mp4 of one rate other steps between its frames: runs of (frames, times the usual step)."""
    data = path.read_bytes()
    at = data.find(b"stts") - 4
    size, step = struct.unpack(">I", data[at : at + 4])[0], struct.unpack(">I", data[at + 20 : at + 24])[0]
    steps = [(count, times * step) for count, times in runs]
    box = struct.pack(">I4sII", 16 + 8 * len(steps), b"stts", 0, len(steps))
    box += b"".join(struct.pack(">II", *pair) for pair in steps)
    out = bytearray(data[:at] + box + data[at + size :])

    def word(place: int) -> int:
        return struct.unpack(">I", out[place : place + 4])[0]

    def put(place: int, value: int) -> None:
        out[place : place + 4] = struct.pack(">I", value)

    for parent in (b"moov", b"trak", b"mdia", b"minf", b"stbl"):
        place = out.find(parent) - 4
        put(place, word(place) + len(box) - size)
    total = sum(count * each for count, each in steps)
    scale = {name: word(out.find(name) + 16) for name in (b"mdhd", b"mvhd")}
    put(out.find(b"mdhd") + 20, total)
    for name, offset in ((b"mvhd", 20), (b"tkhd", 24), (b"elst", 12)):
        if out.find(name) > 0:
            put(out.find(name) + offset, total * scale[b"mvhd"] // scale[b"mdhd"])
    path.write_bytes(out)
    return path


def encoded(path: Path, frames: int = 60, *, codec: str = "libx264", begin: int = 0) -> Path:
    """Write a film with PyAV, whose encoders use B-frames; its first frame is taken `begin` frames after time 0."""
    av = pytest.importorskip("av", reason="PyAV (mebench[video]) is not installed")
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=30)
        stream.height, stream.width, stream.pix_fmt = *SIZE, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 30)
        for number in range(frames):
            picture = av.VideoFrame.from_ndarray(textured(number), format="bgr24")
            picture.pts, picture.time_base = number + begin, Fraction(1, 30)
            container.mux(stream.encode(picture))
        container.mux(stream.encode())
    return path
