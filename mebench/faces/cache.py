"""The cache of aligned faces, shared by all runs and processes of a user.

Conventions
-----------
An entry is addressed by the sha256 of what it is made from: the frames' digest, the alignment's settings and version.
On disk it is `<2 digits>/<key>.u8`, the faces of all frames as raw uint8 (n, 112, 112), and `<key>.json`, a header
with the count and the checksum, written last: without a header there is no entry. Small arrays (motion, action-unit
tables) stand beside it as `<key>.<name>.array`. Files are written under another name and renamed when whole. One
process at a time prepares an entry (a `flock`, which the system drops when a process dies); others wait for it.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import io
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.faces.alignment import ALIGNMENT_VERSION, Aligner, AlignmentConfig
from mebench.faces.frame_sources import as_colour, check_range
from mebench.faces.geometry import SIZE
from mebench.schema.recordings import FrameSource, Video
from mebench.settings import config_dict, digest_of

_FRAME_BYTES = SIZE * SIZE
_COPY_CHUNK = 256
Progress = Callable[[int, int], None]


def default_root() -> Path:
    """Return $MEBENCH_CACHE, else $XDG_CACHE_HOME/mebench, else ~/.cache/mebench."""
    if os.environ.get("MEBENCH_CACHE"):
        return Path(os.environ["MEBENCH_CACHE"])
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "mebench"


class AlignedFrames:
    """The aligned faces of one video in the cache; a `FrameSource` of 112x112 grey frames.

    The file is mapped only while a call lasts, so a process's memory does not grow with what it has read.
    """

    def __init__(self, path: Path, count: int, digest: str) -> None:
        self.path = path
        self.digest = digest
        self._count = count

    def __len__(self) -> int:
        """Return the number of frames."""
        return self._count

    def read(self, start: int, stop: int, *, grey: bool = True) -> NDArray[np.uint8]:
        """Return a copy of frames `start <= i < stop`; see `FrameSource.read`."""
        check_range(start, stop, len(self))
        frames: NDArray[np.uint8] = np.array(self._mapped()[start:stop])
        return frames if grey else as_colour(frames)

    def gather(self, indices: NDArray[np.integer[Any]]) -> NDArray[np.uint8]:
        """Return a copy of the frames at any indices, repeated and unordered ones included, (..., 112, 112).

        Raises
        ------
        IndexError : when an index lies outside the video.
        """
        wanted = np.asarray(indices)
        if wanted.size and not (wanted.min() >= 0 and wanted.max() < len(self)):
            raise IndexError(f"indices {wanted.min()} to {wanted.max()} lie outside a video of {len(self)} frames")
        return np.asarray(self._mapped()[wanted], dtype=np.uint8)

    def _mapped(self) -> np.memmap[Any, np.dtype[np.uint8]]:
        return np.memmap(self.path, np.uint8, "r", shape=(self._count, SIZE, SIZE))


class FrameCache:
    """Aligned faces by content, prepared on first use.

    Parameters
    ----------
    root : folder of the cache, made when needed; default `default_root()`.
    """

    def __init__(self, root: Path | None = None) -> None:
        self.root = root or default_root()

    def aligned(
        self, video: Video, config: AlignmentConfig | None = None, progress: Progress | None = None
    ) -> AlignedFrames:
        """Return the aligned faces of a video, preparing them when they are not in the cache.

        Ready-made aligned faces (`video.aligned`) are taken as they are; they too are kept in the cache, where reading
        them in any order is fast.

        Parameters
        ----------
        progress : called with (frames done, frames in all) while faces are prepared.

        Raises
        ------
        UserError : when the video has no frames or no face, a frame cannot be read, or the disk is full.
        """
        config = config or AlignmentConfig()
        key = self.key(video, config)
        found = self._open(key)
        if found is None:
            with self._locked(key):
                found = self._open(key) or self._prepare(key, video, config, progress)
        return found

    def key(self, video: Video, config: AlignmentConfig) -> str:
        """Return the address of a video's aligned faces under these settings."""
        if video.aligned is not None:
            return digest_of("ready-made", video.aligned.digest)
        model = hashlib.sha256(Path(config.yunet_model).read_bytes()).hexdigest() if config.yunet_model else ""
        rate = video.fps if config.tracking else 0
        return digest_of("aligned", ALIGNMENT_VERSION, video.frames.digest, rate, config_dict(config), model)

    def _path(self, key: str, suffix: str) -> Path:
        return self.root / key[:2] / f"{key}{suffix}"

    def _open(self, key: str) -> AlignedFrames | None:
        """Return the entry when its header can be read and its file has the size that the header says."""
        header = self._header(key)
        if header is None:
            return None
        path = self._path(key, ".u8")
        try:
            if path.stat().st_size != header["count"] * _FRAME_BYTES:
                return None
        except OSError:
            return None
        return AlignedFrames(path, header["count"], key)

    def _header(self, key: str) -> dict[str, Any] | None:
        try:
            header = json.loads(self._path(key, ".json").read_text())
        except (OSError, ValueError):
            return None
        valid = isinstance(header, dict) and header.get("key") == key and isinstance(header.get("count"), int)
        return header if valid and header["count"] > 0 and isinstance(header.get("sha256"), str) else None

    def _prepare(self, key: str, video: Video, config: AlignmentConfig, progress: Progress | None) -> AlignedFrames:
        checksum, motion, count = hashlib.sha256(), [], 0
        with _writing(self._path(key, ".u8")) as file:
            for faces, rows in _faces_of(video, config):
                file.write(faces.data)
                checksum.update(faces.data)
                motion.append(rows)
                count += len(faces)
                if progress is not None:
                    progress(count, video.n_frames if video.aligned is None else len(video.aligned))
        self.store_array(key, "motion", np.concatenate(motion))
        header = {"key": key, "count": count, "height": SIZE, "width": SIZE, "sha256": checksum.hexdigest()}
        with _writing(self._path(key, ".json")) as file:
            file.write(json.dumps(header, sort_keys=True).encode())
        return AlignedFrames(self._path(key, ".u8"), count, key)

    def verify(self, *, remove: bool = False) -> list[str]:
        """Read every entry and compare it with its checksum.

        Parameters
        ----------
        remove : also delete what is corrupt, so that it is prepared anew when it is needed.

        Returns
        -------
        The names of corrupt files.
        """
        corrupt = []
        for path in sorted(self.root.glob("??/*.u8")):
            header = self._header(path.stem)
            if header is None or self._open(path.stem) is None or _sha256_of(path) != header["sha256"]:
                corrupt.append(path.name)
                if remove:
                    path.with_suffix(".json").unlink(missing_ok=True)
                    path.unlink(missing_ok=True)
        for path in sorted(self.root.glob("??/*.array")):
            if _read_array(path) is None:
                corrupt.append(path.name)
                if remove:
                    path.unlink(missing_ok=True)
        return corrupt

    def store_array(self, key: str, name: str, array: NDArray[Any]) -> None:
        """Keep a small array under a key and a name, atomically.

        Raises
        ------
        UserError : when the disk is full or the folder cannot be written.
        """
        buffer = io.BytesIO()
        np.save(buffer, np.ascontiguousarray(array), allow_pickle=False)
        content = buffer.getvalue()
        with _writing(self._path(key, f".{name}.array")) as file:
            file.write(hashlib.sha256(content).digest())
            file.write(content)

    def load_array(self, key: str, name: str) -> NDArray[Any] | None:
        """Return a stored array, or None when there is none or it is corrupt."""
        return _read_array(self._path(key, f".{name}.array"))

    def array(self, key: str, name: str, make: Callable[[], NDArray[Any]]) -> NDArray[Any]:
        """Return a stored array; when there is none, one process makes and stores it while others wait.

        Raises
        ------
        UserError : when the disk is full or the folder cannot be written.
        """
        found = self.load_array(key, name)
        if found is not None:
            return found
        with self._locked(f"{key}.{name}"):
            found = self.load_array(key, name)
            if found is None:
                found = make()
                self.store_array(key, name, found)
        return found

    @contextlib.contextmanager
    def _locked(self, key: str) -> Iterator[None]:
        """Hold the entry's lock; what a crashed holder left half-written is removed."""
        path = self._path(key, ".lock")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise _disk_error(error, path) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            for stale in path.parent.glob(f"{key}*.tmp"):
                stale.unlink(missing_ok=True)
            yield
        finally:
            os.close(handle)


def _faces_of(video: Video, config: AlignmentConfig) -> Iterator[tuple[NDArray[np.uint8], NDArray[np.float64]]]:
    if video.aligned is None:
        yield from Aligner(video.frames, video.fps, config).chunks()
        return
    if len(video.aligned) == 0:
        raise UserError(f"The aligned faces of {video.id} are empty: run OpenFace on it again.")
    yield from _ready_made(video.aligned)


def _ready_made(source: FrameSource) -> Iterator[tuple[NDArray[np.uint8], NDArray[np.float64]]]:
    for start in range(0, len(source), _COPY_CHUNK):
        faces = source.read(start, min(start + _COPY_CHUNK, len(source)))
        if faces.shape[1:] != (SIZE, SIZE):
            raise UserError(
                f"Aligned faces must be {SIZE}x{SIZE} px, not {faces.shape[2]}x{faces.shape[1]}: align again."
            )
        yield np.ascontiguousarray(faces), np.tile([1.0, 0.0, 0.0, 0.0], (len(faces), 1))


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[io.BufferedWriter]:
    """Open a file that takes its name only when it is whole; on failure nothing stays behind."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        if error.filename is not None and Path(error.filename) not in (temporary, *path.parents):
            raise  # a file that the caller was reading
        raise _disk_error(error, path) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def _disk_error(error: OSError, path: Path) -> UserError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return UserError(f"The disk of the frame cache {path.parent.parent} is full: free space or set MEBENCH_CACHE.")
    return UserError(f"The frame cache cannot write {path} ({error.strerror}): set MEBENCH_CACHE to a writable folder.")


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_array(path: Path) -> NDArray[Any] | None:
    try:
        content = path.read_bytes()
        if hashlib.sha256(content[32:]).digest() != content[:32]:
            return None
        loaded: NDArray[Any] = np.load(io.BytesIO(content[32:]), allow_pickle=False)
    except (OSError, ValueError):
        return None
    return loaded
