"""Checks of datasets: annotations that keep their conventions, and frames that are decoded when they are asked for."""

from __future__ import annotations

import tempfile
import tracemalloc
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mebench.datasets.base import CheckReport, Dataset
from mebench.schema.recordings import Clip, FrameSource, Recording, Video
from mebench.tasks.catalogue import TASKS, task_of
from mebench.testing.findings import Check, Finding, Skip, Tell, find_all, silent
from mebench.testing.plugins import common_checks, problem_of_names
from mebench.testing.watched import WatchedChecks

_LOOKED_AT = 3
"""Recordings whose frames are read."""


def check_dataset(cls: type[Dataset], root: Path | None = None, tell: Tell = silent) -> Iterator[Finding]:
    """Check a dataset with its default settings.

    Parameters
    ----------
    cls : the dataset.
    root : its folder, for one that needs one.
    tell : is handed a line about what is being done.

    Yields
    ------
    A finding a check.
    """
    named = f"dataset {cls.id}"
    yield from find_all(named, common_checks(cls), tell)
    if cls.needs_root and root is None:
        yield Finding(named, "lists recordings", "skipped", f"It needs its files: add --root {cls.id}=DIR.")
        return
    yield from find_all(named, _Trial(cls, root and root.resolve()).checks(), tell)


class _Trial(WatchedChecks):
    """One dataset that is opened again and again."""

    def __init__(self, cls: type[Dataset], root: Path | None) -> None:
        super().__init__("writes nothing", "a dataset is read alone")
        self.cls, self.root = cls, root

    def checks(self) -> dict[str, Check]:
        """Return the checks in order."""
        checks: dict[str, Check] = {
            "lists recordings of its tasks, each once and sorted": self._listed,
            "annotates within the frames": self._annotated,
            "withholds the truth": self._withheld,
            "decodes frames when they are asked for": self._lazy,
            "frames have the right shape, and are the same again": self._frames,
            "its truth can be written and read again": self._kept,
            "lists the same when it is opened again": self._again,
            "counts what it holds": self._counted,
        }
        return self.watched(checks)

    def kinds(self) -> list[str]:
        """Return what it is asked for by its tasks: `videos`, `clips`, or both."""
        return list(dict.fromkeys(task_of(task).recordings for task in self.cls.tasks))

    def recordings(self) -> list[Any]:
        """Return all of its recordings."""
        dataset = self.cls.open(self.root)
        return [recording for kind in self.kinds() for recording in dataset.recordings(kind)]

    def _listed(self) -> str:
        for name, says in (("tasks", "what it is for"), ("classes", "which labels there are")):
            if hasattr(self.cls, name) and (problem := problem_of_names(name, getattr(self.cls, name), says)):
                return problem
        if unknown := [task for task in self.cls.tasks if task not in TASKS]:
            return f"There is no task {unknown[0]!r}: name those of `mebench list`."
        dataset = self.cls.open(self.root)
        for kind in self.kinds():
            found = list(dataset.recordings(kind))
            if problem := _problem_of_list(found, {"videos": Video, "clips": Clip}[kind], kind, self.cls.id):
                return problem
        return ""

    def _annotated(self) -> str:
        return next(filter(None, map(_problem_of, self.recordings())), "")

    def _withheld(self) -> str:
        for recording in self.recordings():
            seen = recording.without_truth()
            if getattr(seen, "events", ()) or getattr(seen, "emotion", "") or getattr(seen, "action_units", ""):
                return f"{_name(recording)} shows its truth after without_truth(): return plain Videos and Clips."
        return ""

    def _lazy(self) -> str:
        tracemalloc.start()
        try:
            found = self.recordings()
            held = tracemalloc.get_traced_memory()[0]
        finally:
            tracemalloc.stop()
        if not found:
            raise Skip("It lists no recordings.")
        size = found[0].frames.read(0, 1).nbytes * sum(recording.n_frames for recording in found)
        if held > max(size / 2, 5_000_000):
            return f"Listing its recordings takes {held / 1e6:.0f} MB: give frames that are decoded by `read`."
        return ""

    def _frames(self) -> str:
        return next(filter(None, map(_problem_of_frames, self.recordings()[:_LOOKED_AT])), "")

    def _kept(self) -> str:
        dataset = self.cls.open(self.root)
        for task in map(task_of, self.cls.tasks):
            truth = task.truth_of(list(dataset.recordings(task.recordings)))
            with tempfile.TemporaryDirectory() as folder:
                task.write_truth(truth, Path(folder))
                if task.read_truth(Path(folder)).digest() != truth.digest():
                    return f"Its truth for {task.title} is another when it is read again: give plain ids and labels."
        return ""

    def _again(self) -> str:
        for kind in self.kinds():
            first, second = (self.cls.open(self.root).digest(kind) for _ in range(2))
            if first != second:
                return f"Its {kind} differ when it is opened again: draw from a fixed seed."
        return ""

    def _counted(self) -> str:
        report = self.cls.open(self.root).check()
        if not isinstance(report, CheckReport):
            return f"`check` returned {type(report).__name__}: return a CheckReport."
        return next((f"{c.name}: {c.found} found, {c.expected} expected." for c in report.counts if not c.ok), "")


def _name(recording: Recording) -> str:
    return "/".join(filter(None, recording.key))


def _problem_of_list(found: Sequence[Any], cls: type, kind: str, dataset: str) -> str:
    if not found:
        return f"It lists no {kind}: say in `tasks` what it is for."
    if wrong := [recording for recording in found if not isinstance(recording, cls)]:
        return f"Among its {kind} is a {type(wrong[0]).__name__}: return {cls.__name__}s."
    if wrong := [recording for recording in found if not (recording.subject and recording.id)]:
        return f"A recording has the subject {wrong[0].subject!r} and the id {wrong[0].id!r}: give every one both."
    keys = [recording.key for recording in found]
    if len(set(keys)) < len(keys):
        return f"Two of its {kind} have one key: give each an id of its own within its subject."
    if keys != sorted(keys):
        return f"Its {kind} are not sorted by subject and id: return them sorted."
    if wrong := [recording for recording in found if recording.dataset != dataset]:
        return f"{_name(wrong[0])} says that it is of {wrong[0].dataset!r}: hand self.id to its recordings."
    return ""


def _problem_of(recording: Any) -> str:
    n, name = recording.n_frames, _name(recording)
    if not recording.fps > 0 or n < 1:
        return f"{name} has {n} frames at {recording.fps} fps: give a recording that has some."
    if not isinstance(recording, Video):
        marked = [frame for frame in (recording.onset, recording.apex, recording.offset) if frame]
        if marked != sorted(marked) or any(not 1 <= frame <= n for frame in marked):
            return f"{name} has onset, apex and offset {marked} of {n} frames: number frames from 1, 0 for none."
        return _problem_of_label(name, recording.emotion)
    onsets = [event.onset for event in recording.events]
    if onsets != sorted(onsets):
        return f"The events of {name} are not sorted by onset: sort them."
    for event in recording.events:
        apex = event.onset if event.apex is None else event.apex
        if not 1 <= event.onset <= apex <= event.offset <= n:
            return f"{name} has an event from {event.onset} to {event.offset} of {n} frames: number frames from 1."
        if problem := _problem_of_label(name, event.emotion):
            return problem
    return ""


def _problem_of_label(name: str, emotion: str) -> str:
    return f"{name} has the emotion {emotion!r}: write labels in lower case." if emotion != emotion.lower() else ""


def _problem_of_frames(recording: Any) -> str:
    source, name = recording.frames, _name(recording)
    if not isinstance(source, FrameSource):
        return f"The frames of {name} are no FrameSource: give them `digest`, `__len__` and `read`."
    n = len(source)
    stop = min(n, 4)
    grey, colour = source.read(0, stop), source.read(0, stop, grey=False)
    if grey.dtype != np.uint8 or grey.ndim != 3 or len(grey) != stop:
        return f"Grey frames of {name} are {grey.dtype} {grey.shape}: return uint8 (n, height, width)."
    if colour.dtype != np.uint8 or colour.shape != (*grey.shape, 3):
        return f"Colour frames of {name} are {colour.dtype} {colour.shape}: return uint8 (n, height, width, 3)."
    if not np.array_equal(grey[stop - 1 :], source.read(stop - 1, stop)):
        return f"A frame of {name} is another when it is read again: let `read` depend on the index alone."
    if source.read(n - 1, n).shape != grey[:1].shape:
        return f"The last frame of {name} cannot be read: let `len` be the number of frames."
    return "" if source.digest and source.digest == recording.frames.digest else f"{name} has no lasting `digest`."
