"""The work of generation: every tested clip is made anew from its first frame, written, and measured against itself.

Conventions
-----------
    generated/generated.csv                           which clips there are, and what each adds to every metric
    generated/<database>/<subject>/<clip>/000001.png  their frames, without a loss

Frames are measured and written as they come, so a clip is never in memory. A generator is handed the first frame of the
clip that it is to come near to, and its length; the rest of the clip is the target.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mebench.errors import UserError
from mebench.methods.base import RunContext
from mebench.methods.generation.base import Generator, Request
from mebench.metrics.base import FrameMetric
from mebench.metrics.catalogue import frame_metrics
from mebench.runs.work.base import Results, Work
from mebench.schema.generated import GeneratedClip, GeneratedTable
from mebench.schema.people import joined
from mebench.schema.recordings import Clip

FOLDER = "generated"
FIRST_FRAMES = 1

Made = Iterator[NDArray[np.uint8]]


class GenerationWork(Work[Made]):
    """Generate every tested clip."""

    words = "generate"

    def carry_out(self, model: Generator, recording: Clip, context: RunContext) -> Made:
        """Return the frames of one clip, made as they are asked for."""
        first = FirstFrames(recording)
        request = Request(first.clip(), FIRST_FRAMES, recording.n_frames, recording.emotion)
        return checked_frames(model, recording, iter(model.generate(request, context)))

    @contextlib.contextmanager
    def results(self, folder: Path) -> Iterator[Generated]:
        """Return what writes frames as they come."""
        place = folder / FOLDER
        shutil.rmtree(place, ignore_errors=True)
        generated = Generated(place)
        yield generated
        GeneratedTable.of(generated.rows).write(place)


class FirstFrames:
    """The frames of a clip of which a generator may read the first ones only."""

    def __init__(self, source: Clip, allowed: int = FIRST_FRAMES) -> None:
        self._source, self._allowed = source, allowed

    @property
    def digest(self) -> str:
        """Digest of the whole clip's frames."""
        return self._source.frames.digest

    def __len__(self) -> int:
        """Return the number of frames that may be read."""
        return min(self._allowed, self._source.n_frames)

    def read(self, start: int, stop: int, *, grey: bool = True) -> NDArray[np.uint8]:
        """Return some of the first frames; IndexError for others."""
        if not 0 <= start <= stop <= len(self):
            raise IndexError(f"frames {start} to {stop} are the target: a generator may read the first {len(self)}")
        return self._source.frames.read(start, stop, grey=grey)

    def clip(self) -> Clip:
        """Return the clip with these frames alone, and its truth withheld."""
        import dataclasses

        return dataclasses.replace(self._source.without_truth(), frames=self, aligned=None, action_units_csv=None)


class Generated(Results[Made]):
    """The clips of a fold, written below a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rows: list[GeneratedClip] = []
        self._metrics = frame_metrics()

    def add(self, recording: Clip, result: Made) -> None:
        """Write and measure one clip as it is made."""
        place = self.folder.joinpath(*(part for part in recording.key if part))
        place.mkdir(parents=True)
        totals: dict[str, NDArray[np.float64]] = {}
        done = 0
        for chunk in result:
            _write(place, done, chunk)
            target = recording.frames.read(done, done + len(chunk), grey=False)
            _measure(self._metrics, chunk, target, totals)
            done += len(chunk)
        parts = {id: tuple(total.tolist()) for id, total in sorted(totals.items())}
        self.rows.append(GeneratedClip(*recording.key, done, parts))


def _write(place: Path, first: int, frames: NDArray[np.uint8]) -> None:
    import cv2  # the process that hands out the work has no need of it

    for number, frame in enumerate(frames, start=first + 1):
        path = place / f"{number:06d}.png"
        ok, content = cv2.imencode(".png", frame)
        if not ok:
            raise UserError(f"{path} cannot be written as PNG: give frames with at least one pixel.")
        path.write_bytes(content.tobytes())


def _measure(
    metrics: Sequence[FrameMetric],
    made: NDArray[np.uint8],
    target: NDArray[np.uint8],
    totals: dict[str, NDArray[np.float64]],
) -> None:
    for metric in metrics:
        parts = np.asarray(metric.measure(made, target), np.float64)
        totals[metric.id] = parts if metric.id not in totals else totals[metric.id] + parts


def checked_frames(model: Generator, clip: Clip, chunks: Iterator[NDArray[np.uint8]]) -> Made:
    """Yield the chunks of a generator that keeps what `generate` promises.

    Raises
    ------
    UserError : for frames of another type, size or number; the method is at fault.
    """
    shape = clip.frames.read(0, 1, grey=False).shape[1:]
    done = 0
    for chunk in chunks:
        frames = np.asarray(chunk)
        if frames.dtype != np.uint8 or frames.shape[1:] != shape:
            found = f"frames of shape {frames.shape[1:]} and type {frames.dtype}, not {shape} and uint8,"
            raise UserError(f"{model.id} gave {found} for clip {joined(*clip.key)}: mend its `generate`.")
        done += len(frames)
        if done > clip.n_frames:
            break
        yield frames
    if done != clip.n_frames:
        what = "more" if done > clip.n_frames else f"{done}"
        raise UserError(
            f"{model.id} gave {what} frames for clip {joined(*clip.key)}, where {clip.n_frames} were asked for: mend "
            "its `generate`."
        )
