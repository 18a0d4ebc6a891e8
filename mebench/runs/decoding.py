"""Decoding every frame of a dataset, to find those that cannot be."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from pathlib import Path

from mebench.errors import UserError
from mebench.frames.decoder_noise import kept_noise
from mebench.frames.folders import FolderFrames
from mebench.frames.names import printable
from mebench.runs.data import choose_dataset
from mebench.runs.executors.base import Job, Report
from mebench.runs.executors.catalogue import EXECUTORS
from mebench.runs.monitor import Monitor
from mebench.runs.resources import available_cores
from mebench.runs.spec import RunSpec, key_of
from mebench.runs.work.base import RecordingWork
from mebench.schema.people import joined
from mebench.schema.recordings import FrameSource, Recording

_CHUNK = 16
"""Frames between two reports."""
_MOST = 20
"""Faults of one recording that are told in full."""


@dataclasses.dataclass(frozen=True)
class DecodeReport:
    """What came of decoding a dataset.

    Attributes
    ----------
    recordings, frames : how many were decoded.
    faults : by the name of the recording, what cannot be decoded or differs in size.
    missing : by the name of the recording, the frames that are not there and which another one stands in for.
    """

    recordings: int
    frames: int
    faults: dict[str, tuple[str, ...]]
    missing: dict[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)


def decode_dataset(
    text: str,
    root: Path | None = None,
    settings: Path | None = None,
    *,
    jobs: int | None = None,
    executor: str = "local",
    plugins: Sequence[Path] = (),
    monitor: Monitor | None = None,
) -> DecodeReport:
    """Decode every frame of every recording, ready-made aligned faces too.

    Raises
    ------
    UserError : for unknown names and settings, and for a root that is missing or has the wrong layout.
    """
    spec = RunSpec("", {}, (choose_dataset(text, root, settings),), plugins=tuple(p.resolve() for p in plugins))
    recordings = sorted(spec.open().recordings(), key=lambda r: -r.n_frames)
    work = [Job(joined(*r.key), decode_recording, RecordingWork(spec, key_of(r))) for r in recordings]
    monitor, faults = monitor or Monitor(), {}
    monitor.phase("decode", len(work))
    try:
        with EXECUTORS.get(executor)(jobs or available_cores()) as pool:
            for outcome in pool.run(work, monitor.progress):
                found = outcome.value if outcome.error is None else (outcome.error,)
                if found:
                    faults[outcome.job] = tuple(found)
                monitor.finished(outcome.job, f"{len(found)} faults" if found else None)
    finally:
        monitor.close()
    missing = {joined(*r.key): lost for r in recordings if (lost := missing_of(r))}
    frames = sum(r.n_frames for r in recordings)
    return DecodeReport(len(work), frames, dict(sorted(faults.items())), dict(sorted(missing.items())))


def decode_recording(work: RecordingWork, report: Report) -> tuple[str, ...]:
    """Return what cannot be decoded of one recording."""
    recording = work.spec.open().recording(work.key)
    return faults_of(recording, report)


def faults_of(recording: Recording, report: Report) -> tuple[str, ...]:
    """Return a sentence for each frame that cannot be decoded, or differs in size from the one before it."""
    found = list(_faults(recording.frames, "decode", report))
    if recording.aligned is not None:
        found += _faults(recording.aligned, "decode aligned faces", report)
    return _in_short(found)


def missing_of(recording: Recording) -> tuple[str, ...]:
    """Return a sentence for each frame that is not there, by the number that its file would have."""
    try:
        numbers = [number + recording.first - 1 for number in recording.missing]
    except UserError:
        return ()  # which is a fault of the whole recording, and told among them
    return _in_short([f"Frame {number} is missing: the nearest one stands in." for number in numbers])


def _in_short(sentences: Sequence[str]) -> tuple[str, ...]:
    more = len(sentences) - _MOST
    return (*sentences[:_MOST], *([f"{more} more frame{'s' if more > 1 else ''}"] if more > 0 else []))


def _faults(source: FrameSource, what: str, report: Report) -> Iterator[str]:
    size: tuple[int, ...] | None = None
    told = set()
    for index in range(len(source)):
        try:
            shape, patched = _read_one(source, index)
        except UserError as error:
            if str(error) not in told:  # a frame without a file shows another one again
                told.add(str(error))
                yield str(error)
            continue
        if size is not None and shape != size:
            yield f"Frame {index + 1} is {shape[1]}x{shape[0]}, the one before it {size[1]}x{size[0]}."
        if patched:
            yield f"{_file_of(source, index)} is damaged: what could not be decoded of it was made up."
        size = shape
        if index % _CHUNK == 0:
            report(what, index + 1, len(source))


def _read_one(source: FrameSource, index: int) -> tuple[tuple[int, ...], bool]:
    """Return the size of a frame, and whether the decoder complained of it: a damaged JPEG becomes a picture too."""
    with kept_noise() as noise:
        return source.read(index, index + 1, grey=False).shape[1:], noise.damage()


def _file_of(source: FrameSource, index: int) -> str:
    """Return what names a frame: its file where it has one."""
    if isinstance(source, FolderFrames):
        return f"The frame {printable(str(source.folder / source.names[index]))}"
    return f"Frame {index + 1}"
