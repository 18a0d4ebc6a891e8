"""The packets of a video by PyAV, the extra `mebench[video]`: they tell of frames that cannot be decoded."""

from __future__ import annotations

import dataclasses
import importlib
import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclasses.dataclass(frozen=True)
class Packets:
    """What the container holds.

    Attributes
    ----------
    stamps : float64 (n,), ascending; when each frame begins, in seconds from the start of the stream.
    damaged : bool (n,), whether its picture cannot be decoded or is patched up.
    """

    stamps: NDArray[np.float64]
    damaged: NDArray[np.bool_]


def has_pyav() -> bool:
    """Return whether PyAV is installed."""
    return importlib.util.find_spec("av") is not None


def read_packets(path: Path) -> Packets | None:
    """Decode every packet by itself, on behind those that are broken; None when the packets do not say their times."""
    # PyAV is an extra, so its types are not there for everybody who checks them.
    av: Any = importlib.import_module("av")
    packets: dict[int, bool] = {}
    try:
        with path.open("rb") as file, av.open(file) as container:
            stream = container.streams.video[0]
            stream.thread_type = "NONE"  # threads of the decoder lose the marks of damage
            for packet in container.demux(stream):
                if packet.size and not packet.is_discard:
                    if packet.pts is None:
                        return None
                    packets.setdefault(packet.pts, True)
                try:
                    packets.update({f.pts: f.is_corrupt for f in packet.decode() if f.pts in packets})
                except av.error.FFmpegError:
                    continue
            base = float(stream.time_base or 0)
            start = stream.start_time or 0
    except (av.error.FFmpegError, OSError, IndexError):
        return None
    pts = np.array(sorted(packets), np.int64)
    if not len(pts) or base <= 0:
        return None
    return Packets(((pts - start) * base).astype(np.float64), np.array([packets[p] for p in pts.tolist()], np.bool_))
