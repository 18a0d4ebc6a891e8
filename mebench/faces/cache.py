"""Aligned faces in the store of prepared frames, made on first use and shared by all runs and processes of a user.

An entry is addressed by the digest of what it is made from: the content of the frames, the alignment's settings and
version. Beside the faces lie the arrays `motion`, the head's pose in every frame, and `found` and `begins`, see
`Presence`.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.faces.alignment import ALIGNMENT_VERSION, Aligner, AlignmentConfig, require_faces
from mebench.faces.emission import AlignedChunk
from mebench.faces.geometry import SIZE
from mebench.faces.several import Track
from mebench.frames.entries import About
from mebench.frames.store import FrameStore, Write
from mebench.frames.stored import StoredFrames
from mebench.schema.presence import Presence
from mebench.schema.recordings import FrameSource, Recording
from mebench.settings import config_dict, digest_of

_COPY_CHUNK = 256
_BESIDE = ("motion", "found", "begins")
Progress = Callable[[int, int], None]


class FrameCache(FrameStore):
    """The store of prepared frames, with the aligned faces of videos; parameters as in `FrameStore`."""

    def aligned(
        self, video: Recording, config: AlignmentConfig | None = None, progress: Progress | None = None
    ) -> StoredFrames:
        """Return the aligned faces of a video, 112x112 grey, preparing them when they are not in the cache.

        Ready-made aligned faces (`video.aligned`) are taken as they are; they too are kept in the cache, where reading
        them in any order is fast.

        Parameters
        ----------
        progress : called with (frames done, frames in all) while faces are prepared.

        Raises
        ------
        UserError : when the video has no frames or no face, a frame cannot be read, or the disk is full.
        """
        wanted = config or AlignmentConfig()
        source = video.frames if video.aligned is None else video.aligned
        about = About.of("aligned faces" if video.aligned is None else "ready-made aligned faces", video)

        def make(write: Write) -> Mapping[str, NDArray[Any]]:
            parts: list[tuple[NDArray[Any], ...]] = []
            done = 0
            for faces, *beside in _faces_of(video, wanted):
                write(faces)
                parts.append(tuple(beside))
                done += len(faces)
                if progress is not None:
                    progress(done, len(source))
            arrays = dict(zip(_BESIDE, map(np.concatenate, zip(*parts, strict=True)), strict=True))
            require_faces(arrays["found"], wanted.min_found)
            return arrays

        return self.frames(self.key(video, wanted), about, source, make)

    def presence(
        self, video: Recording, config: AlignmentConfig | None = None, progress: Progress | None = None
    ) -> Presence:
        """Return where the face of a video was found, preparing its aligned faces when they are not in the cache.

        A stretch ends where the time stamps of the video have a hole.

        Raises
        ------
        UserError : as in `aligned`.
        """
        found, begins = self._beside(video, config, progress, "found", "begins")
        return Presence(found, begins).parted(video.holes)

    def motion(self, video: Recording, config: AlignmentConfig | None = None) -> NDArray[np.float64]:
        """Return the pose of the face in every frame, see `AlignedChunk`, preparing it like `aligned`.

        Raises
        ------
        UserError : as in `aligned`.
        """
        return self._beside(video, config, None, "motion")[0]

    def _beside(
        self, video: Recording, config: AlignmentConfig | None, progress: Progress | None, *names: str
    ) -> list[NDArray[Any]]:
        """Return arrays that lie beside the aligned faces; a damaged one has the whole entry made again."""
        for _ in range(2):
            key = self.aligned(video, config, progress).digest
            arrays = [array for name in names if (array := self.load_array(key, name)) is not None]
            if len(arrays) == len(names):
                return arrays
        raise UserError(
            f"The prepared frames of {video.id} are damaged again and again: check the disk of {self.root}."
        )

    def tracks(self, video: Recording, config: AlignmentConfig | None = None) -> Sequence[Track]:
        """Return the faces that a video has, the most important first; `AlignmentConfig.face` counts them from 1.

        Raises
        ------
        UserError : when the video has no frames or no face; ready-made aligned faces have one track and tell none.
        """
        return Aligner.of_recording(video, dataclasses.replace(config or AlignmentConfig(), face=1)).tracks

    def key(self, video: Recording, config: AlignmentConfig) -> str:
        """Return the address of a video's aligned faces under these settings."""
        if video.aligned is not None:
            return digest_of("ready-made", ALIGNMENT_VERSION, self.content(video.aligned), config.min_found)
        detector = config.make_detector()
        beside = [content_of_file(path) for path in detector.files(video)]
        settings = {**config_dict(config), "yunet_model": ""}
        absent = list(getattr(video.frames, "missing", ()))
        return digest_of(
            "aligned",
            ALIGNMENT_VERSION,
            self.content(video.frames),
            video.fps,
            settings,
            detector.version,
            beside,
            absent,
        )


def _faces_of(video: Recording, config: AlignmentConfig) -> Iterator[AlignedChunk]:
    if video.aligned is None:
        yield from Aligner.of_recording(video, config).chunks()
        return
    if len(video.aligned) == 0:
        raise UserError(f"The aligned faces of {video.id} are empty: run OpenFace on it again.")
    yield from _ready_made(video.aligned)


def content_of_file(path: Path) -> str:
    """Return the digest of a file that a landmark detector reads.

    Raises
    ------
    UserError : when it cannot be read.
    """
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror}): check the path.") from error


def _ready_made(source: FrameSource) -> Iterator[AlignedChunk]:
    absent = np.zeros(len(source), np.bool_)
    absent[[number - 1 for number in getattr(source, "missing", ())]] = True
    for start in range(0, len(source), _COPY_CHUNK):
        faces = source.read(start, min(start + _COPY_CHUNK, len(source)))
        if faces.shape[1:] != (SIZE, SIZE):
            raise UserError(
                f"Aligned faces must be {SIZE}x{SIZE} px, not {faces.shape[2]}x{faces.shape[1]}: align again."
            )
        n = len(faces)
        motion = np.tile([1.0, 0.0, 0.0, 0.0], (n, 1))
        yield AlignedChunk(np.ascontiguousarray(faces), motion, ~absent[start : start + n], np.zeros(n, np.bool_))
