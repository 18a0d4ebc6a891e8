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
from mebench.runs.executors.base import EXECUTORS, Report, Task
from mebench.runs.monitor import Monitor
from mebench.runs.resources import available_cores, resolve_device
from mebench.runs.spec import DatasetChoice, RunSpec
from mebench.runs.work import PrepareJob, prepare_video
from mebench.schema.recordings import FrameSource
from mebench.schema.truth import Truth

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
    """Fill the cache for every video: with what a method needs, or with the aligned faces where none is given.

    Returns
    -------
    Why each video failed that could not be prepared.
    """
    chosen = choose_method(method or "", read_settings(settings) if method else None)
    choice = choose_dataset(text, root, settings)
    spec = RunSpec(
        chosen.id, chosen.options, (choice,), 0, resolve_device(device), cache, tuple(p.resolve() for p in plugins)
    )
    videos = sorted(spec.open().videos(choice.id), key=lambda video: -video.n_frames)
    tasks = [Task("/".join(v.key), prepare_video, PrepareJob(spec, choice.id, *v.key)) for v in videos]
    return carry_out(tasks, "prepare", jobs, executor, monitor)


@dataclasses.dataclass(frozen=True)
class _MakeJob:
    """Write the frames of one video."""

    spec: RunSpec
    dataset: str
    subject: str
    video: str
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
    """Write `frames/SUBJECT/VIDEO/00001.png` of every video, and then `truth/`.

    Frames that are there already are kept, so a second start goes on where the first one ended.

    Returns
    -------
    The number of videos.

    Raises
    ------
    UserError : when a video cannot be written; the truth is written only when all videos are.
    """
    choice = choose_dataset(text, root, settings)
    spec = RunSpec("", {}, (choice,), plugins=tuple(p.resolve() for p in plugins))
    videos = spec.open().videos(choice.id)
    folder = out.resolve() / "frames"
    jobs_of = {"/".join(v.key): _MakeJob(spec, choice.id, *v.key, folder, suffix) for v in videos}
    tasks = [Task(id, write_frames, job) for id, job in jobs_of.items()]
    for video, reason in carry_out(tasks, "make", jobs, executor, monitor).items():
        raise UserError(f"{video} could not be written: {reason}")
    Truth.from_videos(videos).write(out / "truth")
    return len(videos)


def write_frames(job: _MakeJob, report: Report) -> None:
    """Write the frames of one video that are not there yet."""
    video = job.spec.open().video(job.dataset, job.subject, job.video)
    folder = job.folder / job.subject / job.video
    folder.mkdir(parents=True, exist_ok=True)
    for start in range(0, video.n_frames, _CHUNK):
        stop = min(start + _CHUNK, video.n_frames)
        paths = [folder / f"{number:05d}.{job.suffix}" for number in range(start + 1, stop + 1)]
        if not all(path.exists() for path in paths):
            for path, content in zip(paths, _encoded(video.frames, start, stop, job.suffix), strict=True):
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


def carry_out(
    tasks: Sequence[Task], phase: str, jobs: int | None, executor: str, monitor: Monitor | None
) -> dict[str, str]:
    """Carry tasks out with a named executor and return why each one failed that did."""
    monitor, failures = monitor or Monitor(), {}
    monitor.phase(phase, len(tasks))
    try:
        with EXECUTORS.get(executor)(jobs or available_cores()) as pool:
            for outcome in pool.run(tasks, monitor.progress):
                monitor.finished(outcome.task, outcome.error)
                if outcome.error is not None:
                    failures[outcome.task] = outcome.error
    finally:
        monitor.close()
    return failures
