"""A method at work on small recordings in a folder of its own, the way a run lets it work."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mebench.faces.cache import FrameCache
from mebench.methods.base import Method, RunContext
from mebench.runs.resources import seed_global_generators
from mebench.tasks.catalogue import task_of
from mebench.testing import fakes
from mebench.testing.benches import BENCHES, TESTED, TESTED_FRAMES, TRAINING_FRAMES, fit
from mebench.testing.findings import Tell, silent
from mebench.testing.frames import Reads, watch

SEED = 7


class Trial:
    """One method at work in a folder of its own.

    Parameters
    ----------
    cls : the method.
    folder : where its files may lie.
    tell : is handed the progress of its work.
    plugin : the file that it is from, where there is one.
    """

    def __init__(self, cls: type[Method[Any]], folder: Path, tell: Tell = silent, plugin: Path | None = None) -> None:
        self.cls, self.folder, self._tell = cls, folder, tell
        self.plugin = plugin and plugin.resolve()
        self.bench = BENCHES[cls.task]()
        self.reads = Reads()
        self.out, self.cache, kept = (folder / name for name in ("run/fold", "cache", "kept"))
        self.own = (self.out, self.cache, kept)
        self.kept = kept / "state.safetensors"
        self.beside = self.out.parent.parent / "truth"
        for own in self.own:
            own.mkdir(parents=True)

    def context(self) -> RunContext:
        """Return what a run hands to a method; frames that it prepares note how they are read."""
        cache = FrameCache(self.cache)
        watch(cache, self.reads)
        return RunContext(
            SEED, "cpu", cache, fakes.DATASET, out=self.out, progress=self._progress, classes=fakes.CLASSES
        )

    def _progress(self, what: str, done: int, total: int) -> None:
        self._tell(f"{what} {done}/{total}")

    def fresh(self) -> Method[Any]:
        """Return the method as a run makes it, with nothing learnt."""
        return self.cls.for_datasets({}, [fakes.DATASET])

    def fitted(self, n_frames: int = TRAINING_FRAMES) -> Method[Any]:
        """Return a method that has learnt from the small recordings."""
        seed_global_generators(SEED)
        return fit(self.fresh(), self.bench, self.context(), self.reads, n_frames)

    def tested(self) -> list[Any]:
        """Return what is tested, with its truth."""
        return list(self.bench.recordings(TESTED, TESTED_FRAMES, self.reads))[:4]

    @contextlib.contextmanager
    def truth_beside(self) -> Iterator[None]:
        """Let the truth of what is tested lie where a run keeps it, as seen from the folder of a fold."""
        task = task_of(self.cls.task)
        task.write_truth(task.truth_of(self.tested()), self.beside)
        try:
            yield
        finally:
            shutil.rmtree(self.beside)

    def ask(self, model: Method[Any], recording: Any) -> str:
        """Return the digest of what a method says of a recording, prepared the way a run does."""
        context = self.context()
        model.prepare(recording.without_truth(), context)
        return self.bench.answer(model, recording, context)

    def ask_all(self, model: Method[Any]) -> list[str]:
        """Return the digests of what a method says of all that is tested, its truth withheld."""
        return [self.ask(model, self.seen(recording)) for recording in self.tested()]

    def seen(self, recording: Any) -> Any:
        """Return a recording as a run shows it to the method."""
        return recording if self.cls.needs_truth else recording.without_truth()

    def everything(self) -> list[str]:
        """Return what a method says that has just learnt: what must be the same in any process."""
        return self.ask_all(self.fitted())

    def from_state(self, path: Path) -> list[str]:
        """Return what the method says with a state loaded, without any training."""
        loaded = self.fresh()
        loaded.load_state(read_arrays(path))
        return self.ask_all(loaded)


def arrays_of(model: Method[Any]) -> dict[str, NDArray[Any]]:
    """Return the state of a method.

    Raises
    ------
    TypeError : when it is not all arrays of numbers.
    """
    state = model.state()
    if wrong := [name for name, array in state.items() if not isinstance(array, np.ndarray) or array.dtype == object]:
        raise TypeError(f"state {wrong[0]!r} is no array of numbers")
    return {name: np.array(array) for name, array in state.items()}


def read_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """Return the arrays of a safetensors file."""
    from safetensors.numpy import load_file

    return dict(load_file(path))
