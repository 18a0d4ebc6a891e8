"""Work on a dataset alone: open it, fill the cache, write its frames and truth as plain files."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from pathlib import Path

from mebench.datasets.base import Dataset
from mebench.datasets.catalogue import DATASETS
from mebench.errors import UserError
from mebench.frames.writing import writing
from mebench.runs.choices import choose_datasets, choose_method, read_settings
from mebench.runs.executors.base import Job, Report
from mebench.runs.executors.catalogue import EXECUTORS
from mebench.runs.monitor import Monitor
from mebench.runs.places import fixed
from mebench.runs.resources import available_cores, resolve_device
from mebench.runs.spec import DatasetChoice, RunSpec, handing_over, key_of
from mebench.runs.work.base import RecordingWork, prepare_recording
from mebench.schema.people import joined
from mebench.schema.recordings import FrameSource

_CHUNK = 16


def choose_dataset(text: str, root: Path | None = None, settings: Path | None = None) -> DatasetChoice:
    """Return a dataset from what the user typed; see `choices`."""
    spec_id = text.partition(":")[0].strip()
    roots = [] if root is None else [f"{spec_id}={root}"]
    return choose_datasets([text], roots, read_settings(settings))[0]


def open_dataset(text: str, root: Path | None = None, settings: Path | None = None) -> Dataset:
    """Open a dataset from what the user typed.

    Raises
    ------
    UserError : for unknown names and settings, and for a root that is missing or has the wrong layout.
    """
    choice = choose_dataset(text, root, settings)
    return DATASETS.get(choice.id).open(choice.root, choice.options)


def prepare_dataset(
    text: str,
    root: Path | None = None,
    settings: Path | None = None,
    *,
    method: str | None = None,
    jobs: int | None = None,
    executor: str = "local",
    device: str = "auto",
    cache: Path | None = None,
    plugins: Sequence[Path] = (),
    monitor: Monitor | None = None,
) -> dict[str, str]:
    """Fill the cache for every recording: with what a method needs, or with the aligned faces where none is given.

    Returns
    -------
    Why each recording failed that could not be prepared.
    """
    chosen = choose_method(method or "", read_settings(settings) if method else None)
    choice = choose_dataset(text, root, settings)
    spec = RunSpec(
        chosen.id,
        chosen.options,
        (choice,),
        0,
        resolve_device(device),
        cache and fixed(cache),
        tuple(p.resolve() for p in plugins),
    )
    recordings = sorted(spec.open().recordings(), key=lambda r: -r.n_frames)
    with handing_over(spec) as shared:
        work = [Job(joined(*r.key), prepare_recording, RecordingWork(shared, key_of(r))) for r in recordings]
        return run_all(work, "prepare", jobs, executor, monitor)


@dataclasses.dataclass(frozen=True)
class _MakeWork:
    """Write the frames of one recording into a folder."""

    spec: RunSpec
    key: tuple[str, ...]
    folder: Path
    suffix: str


def make_dataset(
    text: str,
    out: Path,
    root: Path | None = None,
    settings: Path | None = None,
    *,
    suffix: str = "png",
    jobs: int | None = None,
    executor: str = "local",
    plugins: Sequence[Path] = (),
    monitor: Monitor | None = None,
) -> int:
    """Write `frames/SUBJECT/VIDEO/00001.png` of every recording, and then `truth/`.

    Frames that are there already are kept, so a second start goes on where the first one ended.

    Returns
    -------
    The number of recordings.

    Raises
    ------
    UserError : when one cannot be written; the truth is written only when all are.
    """
    out = fixed(out)
    choice = choose_dataset(text, root, settings)
    spec = RunSpec("", {}, (choice,), plugins=tuple(p.resolve() for p in plugins))
    space = spec.open()
    recordings = space.recordings()
    folder = out / "frames"
    with handing_over(spec) as shared:
        work_of = {joined(*r.key): _MakeWork(shared, key_of(r), _place(folder, r.key), suffix) for r in recordings}
        work = [Job(name, write_frames, one) for name, one in work_of.items()]
        for name, reason in run_all(work, "make", jobs, executor, monitor).items():
            raise UserError(f"{name} could not be written: {reason}")
    task = space.task
    task.write_truth(task.truth_of([task.named(r, several=False) for r in recordings]), out / "truth")
    return len(recordings)


def _place(folder: Path, key: Sequence[str]) -> Path:
    return folder.joinpath(*filter(None, key))


def write_frames(work: _MakeWork, report: Report) -> None:
    """Write the frames of one recording that are not there yet."""
    video, folder = work.spec.open().recording(work.key), work.folder
    folder.mkdir(parents=True, exist_ok=True)
    for start in range(0, video.n_frames, _CHUNK):
        stop = min(start + _CHUNK, video.n_frames)
        paths = [folder / f"{number:05d}.{work.suffix}" for number in range(start + 1, stop + 1)]
        if not all(path.exists() for path in paths):
            for path, content in zip(paths, _encoded(video.frames, start, stop, work.suffix), strict=True):
                with writing(path, durable=False) as file:
                    file.write(content)
        report("write", stop, video.n_frames)


def _encoded(frames: FrameSource, start: int, stop: int, suffix: str) -> Iterator[bytes]:
    """Yield image files; frames that the source holds as JPEG are passed on as they are where JPEG is wanted."""
    import cv2  # the process that hands out the work has no need of it

    as_recorded = getattr(frames, "encoded", None)
    if suffix == "jpg" and as_recorded is not None:
        yield from map(as_recorded, range(start, stop))
        return
    for image in frames.read(start, stop, grey=False):
        ok, encoded = cv2.imencode(f".{suffix}", image)
        assert ok
        yield encoded.tobytes()


def run_all(
    work: Sequence[Job], phase: str, jobs: int | None, executor: str, monitor: Monitor | None
) -> dict[str, str]:
    """Carry jobs out with a named executor and return why each one failed that did."""
    monitor, failures = monitor or Monitor(), {}
    monitor.phase(phase, len(work))
    try:
        with EXECUTORS.get(executor)(jobs or available_cores()) as pool:
            for outcome in pool.run(work, monitor.progress):
                monitor.finished(outcome.job, outcome.error)
                if outcome.error is not None:
                    failures[outcome.job] = outcome.error
    finally:
        monitor.close()
    return failures
