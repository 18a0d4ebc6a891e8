"""Checks of methods: a method is trained and asked on small recordings, and watched meanwhile."""

from __future__ import annotations

import copy
import dataclasses
import functools
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np

from mebench.methods.base import Method
from mebench.methods.explainable import Explainable
from mebench.runs.arrays import write_safetensors
from mebench.runs.resources import seed_global_generators
from mebench.runs.work.presence import presence_for
from mebench.tasks.catalogue import TASKS
from mebench.testing import fakes
from mebench.testing.benches import BENCHES, LONG, TESTED, TESTED_FRAMES, TRAINING_FRAMES, fit
from mebench.testing.findings import Check, Finding, Skip, Tell, find_all, silent
from mebench.testing.frames import FRAME_BYTES, Reads
from mebench.testing.plugins import common_checks
from mebench.testing.trial import SEED, Trial, arrays_of
from mebench.testing.watched import WatchedChecks
from mebench.testing.watching import Watch, peak_bytes, watching

_QUICK = 5.0
"""Seconds of a training that is repeated on longer recordings."""
_LOST = "With its state loaded it says something else"
_REPEATS_FIRST = "It can be looked at when the method says the same on a second call: mend that first."
_ANSWERS_FIRST = "It can be looked at when the method trains and answers: mend that first."


def check_method(cls: type[Method[Any]], tell: Tell = silent, plugin: Path | None = None) -> Iterator[Finding]:
    """Check a spotter, recogniser or generator with its default settings.

    Parameters
    ----------
    cls : the method.
    tell : is handed a line about what is being done.
    plugin : the file that it is from, so that it can be tried in another process, too.

    Yields
    ------
    A finding a check.
    """
    named = f"method {cls.id}"
    with tempfile.TemporaryDirectory() as folder:
        checks = {**common_checks(cls), "says what it supports": lambda: _supports(cls)}
        yield from find_all(named, checks, tell)
        if cls.task not in BENCHES:
            known = ", ".join(BENCHES)
            yield Finding(named, "trains and answers", "skipped", f"There are recordings for {known} alone.")
            return
        trial = _Checked(cls, Path(folder).resolve(), lambda text: tell(f"{named}: {text}"), plugin)
        yield from find_all(named, trial.checks(), tell)


def _supports(cls: type[Method[Any]]) -> str:
    model = cls.configure()
    answer = model.supports(fakes.DATASET, (cls.task,))
    if answer is not None and not (isinstance(answer, str) and answer):
        return f"`supports` returned {answer!r}: return a reason as text, or None."
    other = next(entry.id for entry in TASKS.entries() if entry.id != cls.task)
    refused = model.supports(fakes.DATASET, (other,))
    if not isinstance(refused, str) or not refused:
        return f"`supports` gave no reason against a dataset for {other} alone: ask super().supports first."
    return ""


class _Checked(Trial, WatchedChecks):
    """The checks of a method at work, and what they have found so far."""

    def __init__(self, cls: type[Method[Any]], folder: Path, tell: Tell = silent, plugin: Path | None = None) -> None:
        Trial.__init__(self, cls, folder, tell, plugin)
        WatchedChecks.__init__(self, "writes nowhere outside its folder", "write below context.out alone")
        self.trained: Method[Any] | None = None
        self.answers: list[str] = []
        self._repeats, self._loads = True, False
        self._seconds = 0.0

    def checks(self) -> dict[str, Check]:
        """Return the checks in the order in which they build on each other."""
        checks: dict[str, Check] = {
            "trains and answers in the right shape and range": self._answers,
            "says the same on a second call": self._again,
        }
        if not self.cls.needs_truth:
            checks["does not use the truth that is withheld"] = self._truth
        else:
            checks["needs the truth because it is a bound"] = self._bound
        checks |= {
            "same seed, same results": self._same_seed,
            "state that is loaded gives the same results": self._state,
            "memory does not grow with the length of a recording": self._memory,
            "leaves what it is handed as it is": self._inputs,
        }
        if issubclass(self.cls, Explainable):
            checks["gives what mebench explain draws"] = self._explained
        if self.plugin is not None:
            checks["says the same in another process"] = self._other_process
        # The last one: what it leaves behind would be taken for a fault of others.
        checks["knows nothing that another fold has learnt"] = self._other_fold
        return self.watched(checks)

    def watch(self) -> AbstractContextManager[Watch]:
        """Watch what it does outside its own folders, and beside its file."""
        beside = () if self.plugin is None else (self.plugin.parent,)
        return watching((*self.own, self.beside), (self.folder, *beside), {self.out.parent: "context.out/../"})

    def _answers(self) -> str:
        start = time.perf_counter()
        self.trained = self.fitted()
        self._seconds = time.perf_counter() - start
        self.answers = self.ask_all(self.trained)
        return ""

    def _model(self) -> Method[Any]:
        if self.trained is None or not self.answers:
            raise Skip(_ANSWERS_FIRST)
        return self.trained

    def _steady(self) -> Method[Any]:
        """Return the trained method; one that says something else each time shows nothing by a difference."""
        model = self._model()
        if not self._repeats:
            raise Skip(_REPEATS_FIRST)
        return model

    def _truth(self) -> str:
        if not self._repeats:
            raise Skip(_REPEATS_FIRST)
        model = self.trained or self.fresh()
        for recording in self.tested():
            withheld = self._try(model, recording.without_truth())
            for told in (recording, fakes.with_other_truth(recording)):
                answer = self._try(model, told)
                if answer is not None and answer != withheld:
                    return (
                        "What it says of a recording depends on the truth of that recording, which a run withholds: "
                        "use the truth in `fit` alone."
                    )
            with self.truth_beside():
                if self._try(model, recording.without_truth()) not in (None, withheld):
                    return "It reads the truth that a run keeps beside its folds: use the truth in `fit` alone."
        if self.reads.refused:
            return f"It read frames {self.reads.refused[0]}, which it may not: ask for frames from 0 to n_frames."
        if self.opened:
            return f"It opened the dataset {self.opened[0]!r}: use what `fit` and its other methods are handed."
        if self.cls.is_bound:
            return ""
        return "" if self.trained is not None and self.answers else self._unanswered()

    def _unanswered(self) -> str:
        raise Skip(_ANSWERS_FIRST)

    def _try(self, model: Method[Any], recording: Any) -> str | None:
        """Return an answer, None where the method gives none."""
        seed_global_generators(SEED)
        try:
            return self.ask(copy.deepcopy(model), recording)
        except (Exception, SystemExit, GeneratorExit):
            return None

    def _bound(self) -> str:
        if self.cls.is_bound:
            return ""
        return "It says `needs_truth`, so it is told what it should find: leave that out, or say `is_bound`."

    def _again(self) -> str:
        model = self._model()
        again = self.ask_all(model)
        backwards = [self.ask(model, self.seen(recording)) for recording in self.tested()[::-1]]
        self._repeats = again == self.answers == backwards[::-1]
        if self._repeats:
            return ""
        return (
            "Asked again about the same recordings it says something else: keep nothing between calls, and draw random "
            "numbers from context.rng(NAMES)."
        )

    def _same_seed(self) -> str:
        first = self._model()
        second = self.fitted()
        if _bytes_of(first) != _bytes_of(second):
            return "Trained twice with one seed it has learnt something else: draw from context.rng(NAMES)."
        if self._repeats and self.ask_all(second) != self.answers:
            return "Trained twice with one seed it says something else: draw from context.rng(NAMES)."
        return ""

    def _other_fold(self) -> str:
        """Let another training learn from the tested people, as in another fold of a run, and train and ask again."""
        self._steady()
        if not self.cls.trains:
            return ""
        seed_global_generators(SEED)
        fit(self.fresh(), self.bench, self.context(), self.reads, TESTED_FRAMES, TESTED)
        if self.everything() == self.answers:
            return ""
        return (
            "After another fold has learnt from the tested people it says something else of them: keep what is learnt "
            "in the method itself, and nothing in its module or on recordings."
        )

    def _state(self) -> str:
        arrays = arrays_of(self._steady())
        write_safetensors(self.kept, arrays, "")
        self._loads = self.from_state(self.kept) == self.answers
        if self._loads:
            return ""
        missing = " (`state` returned nothing)" if not arrays else ""
        return f"{_LOST}{missing}: keep all that was learnt in `state`, and load all of it in `load_state`."

    def _memory(self) -> str:
        model = self._model()
        if self.bench.long(TESTED_FRAMES, Reads()) is None:
            return self._clips_forgotten(model)
        peaks = []
        for n_frames in LONG:
            recording = self.seen(self.bench.long(n_frames, self.reads))
            peaks.append(peak_bytes(functools.partial(self.ask, model, recording)))
        if self.reads.largest >= TRAINING_FRAMES:
            return (
                f"It read {self.reads.largest} frames at once, a whole recording: read some hundred at a time, by "
                "frames.read(start, stop)."
            )
        return _growth(peaks, "") or (_growth(self._training_peaks(), " of training") if self._is_quick else "")

    @property
    def _is_quick(self) -> bool:
        return self.cls.trains and self._seconds < _QUICK

    def _training_peaks(self) -> list[int]:
        """Return how much memory trainings on recordings of two lengths take."""
        return [peak_bytes(functools.partial(self.fitted, n_frames)) for n_frames in LONG]

    def _clips_forgotten(self, model: Method[Any]) -> str:
        """Return whether a method keeps the clips that it was asked about."""
        clips = self.tested()
        self.ask_all(model)
        peaks = [peak_bytes(functools.partial(self._ask_about, model, clips * times)) for times in (1, 6)]
        growth = (peaks[1] - peaks[0]) / (5 * sum(clip.n_frames for clip in clips))
        if growth <= FRAME_BYTES / 2:
            return ""
        return "Memory grows with every clip that it is asked about: keep nothing of a clip between calls."

    def _ask_about(self, model: Method[Any], recordings: list[Any]) -> None:
        for recording in recordings:
            self.ask(model, self.seen(recording))

    def _inputs(self) -> str:
        self._model()
        model, context = self.fresh(), self.context()
        settings, given = model.settings(), _fields(context)
        train = list(self.bench.recordings(TESTED, TRAINING_FRAMES, self.reads))
        before = [_fields(recording) for recording in train]
        seed_global_generators(SEED)
        if model.trains:
            model.fit(train, train[:1] if model.validation != "none" else [], context)
        for recording in list(train):
            self.bench.answer(model, self.seen(recording), context)
        if [_fields(recording) for recording in train] != before:
            return "It changed the recordings that it was handed: work on copies."
        if _fields(context) != given:
            return "It changed the context that it was handed: leave its fields as they are."
        if model.settings() != settings:
            return "It changed its own settings while it worked: keep what is learnt in fields of its own."
        return ""

    def _explained(self) -> str:
        """Let the trained network be explained, as `mebench explain` does."""
        from mebench.apply.explain import Attribution
        from mebench.apply.explained import ask_explained, its_fault

        model: Any = copy.deepcopy(self._model())
        video, context = self.tested()[0], self.context()
        presence = presence_for(model, video.without_truth(), context)
        seen = np.arange(video.n_frames) if presence is None else np.flatnonzero(presence.found)
        if not len(seen):
            raise Skip("It sees a face in no frame of the recordings that it is tried on.")
        found = ask_explained(model, video, seen[[0, -1]].tolist(), context)
        with its_fault(self.cls.id, "the gradients of what its `explained` gave"):
            for column in range(len(found.outputs)):
                every = Attribution(found, column, context.progress)
                every.cams(), every.guided(), every.convolutions()
        return ""

    def _other_process(self) -> str:
        """Load the state, and train anew, where nothing is left of this process."""
        self._steady()
        command = [sys.executable, "-m", "mebench.testing.child", str(self.plugin), self.cls.id, str(self.kept)]
        seed = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        ended = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        said = ended.stdout.splitlines()[-2:]
        if ended.returncode or len(said) < 2:
            return f"It cannot be run in another process ({(ended.stderr.splitlines() or ['no reason'])[-1]}): mend it."
        if said[1].split() != self.answers:
            return (
                "In another process it says something else with the same seed: depend on no clock, no hash() and no "
                "order of a set."
            )
        if self._loads and said[0].split() != self.answers:
            return f"In another process: {_LOST[0].lower()}{_LOST[1:]}: keep nothing that was learnt outside `state`."
        return ""


def _growth(peaks: list[int], what: str) -> str:
    growth = (peaks[1] - peaks[0]) / (LONG[1] - LONG[0])
    if growth <= FRAME_BYTES / 2:
        return ""
    return (
        f"Each further frame of a recording{what} takes {growth / 1000:.0f} kB of memory, a frame itself "
        f"{FRAME_BYTES / 1000:.0f} kB: keep numbers of the frames, not the frames."
    )


def _bytes_of(model: Method[Any]) -> list[tuple[str, str, bytes]]:
    return [(name, array.dtype.str, array.tobytes()) for name, array in sorted(arrays_of(model).items())]


def _fields(thing: Any) -> list[Callable[..., Any] | str]:
    """Return the fields of a dataclass as text; objects without a value of their own by their identity."""
    return [f"{field.name}={getattr(thing, field.name)!r}" for field in dataclasses.fields(thing)]
