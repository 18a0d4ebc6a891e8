"""What every method offers, and what a run hands to it.

Conventions
-----------
Per-frame scores have shape (n_frames, 2) with the columns micro, macro; larger means more certain. Intervals are in
1-based frame numbers, inclusive at both ends. A method sees the truth of training and validation videos only: the
videos handed to `spot` have their events withheld, unless the class says `needs_truth` (the `oracle` bound).
"""

from __future__ import annotations

import abc
import copy
import dataclasses
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray

from mebench.methods.resume import Resume
from mebench.plugin import Plugin
from mebench.schema.recordings import ExpressionType, Video
from mebench.settings import build_config

if TYPE_CHECKING:
    from mebench.faces.alignment import AlignmentConfig
    from mebench.faces.cache import FrameCache
    from mebench.frames.stored import StoredFrames

MICRO, MACRO = 0, 1
"""Columns of the per-frame scores."""


@dataclasses.dataclass(frozen=True, slots=True)
class SpottedInterval:
    """One predicted expression: frame numbers (1-based, inclusive), its type, and the method's confidence."""

    onset: int
    offset: int
    type: ExpressionType
    score: float


@dataclasses.dataclass(frozen=True)
class Spotting:
    """What a spotter says about one video.

    Attributes
    ----------
    intervals : predicted expressions, sorted by onset.
    scores : float32 array of shape (n_frames, 2), columns micro and macro.
    """

    intervals: tuple[SpottedInterval, ...]
    scores: NDArray[np.float32]


def _ignore(*_: object) -> None:
    """Take any arguments and do nothing: the default progress and log."""


@dataclasses.dataclass
class RunContext:
    """What a run hands to a method.

    Attributes
    ----------
    seed : the run's seed; use `rng` to derive independent streams.
    device : `cpu` or `cuda`.
    cache : frame cache shared by every process of the run.
    out : folder of the fold for logs and checkpoints, or None outside a run.
    progress : called as progress(what, done, total).
    log : called with one JSON-able mapping per epoch or decision; becomes a line of `log.jsonl`.
    dataset : id of the dataset.
    resume : keeps the state of a long training, so that an interrupted one goes on; see `Resume`.
    """

    seed: int
    device: str
    cache: FrameCache
    dataset: str = ""
    out: Path | None = None
    progress: Callable[[str, int, int], None] = _ignore
    log: Callable[[Mapping[str, Any]], None] = _ignore
    resume: Resume = dataclasses.field(default_factory=Resume.nowhere)

    def rng(self, *names: object) -> np.random.Generator:
        """Return a random stream that depends on the seed and the names alone, never on what ran before."""
        keys = [zlib.crc32(str(name).encode()) for name in names]
        return np.random.default_rng([self.seed, *keys])

    def aligned(self, video: Video, config: AlignmentConfig | None = None) -> StoredFrames:
        """Return the aligned 112x112 grey frames of a video, prepared once and then read from the cache."""
        from mebench.faces.alignment import AlignmentConfig as Config

        return self.cache.aligned(
            video, config or Config(), progress=lambda done, total: self.progress(f"align {video.id}", done, total)
        )


class Method(Plugin, abc.ABC):
    """A method under test.

    Class attributes
    ----------------
    task : id of the task that it is for; the rest of what is listed stands in `Plugin`.
    trains : whether `fit` learns from the training videos; methods that do not have one fold for each tested subject.
    validation : what `fit` chooses epochs and thresholds on: nothing, two subjects that test each other's model, or a
        share of the training subjects that is held out.
    is_bound : whether it bounds a table, from below or above, and competes with nobody.
    needs_truth : whether test videos keep their events (bounds only).
    reads_frames : whether the result depends on the frames; a run then keeps their digests.
    presets : published settings per dataset id, laid over the defaults before the user's own.
    """

    task: ClassVar[str]
    trains: ClassVar[bool] = True
    validation: ClassVar[Literal["none", "pair", "held_out"]] = "none"
    is_bound: ClassVar[bool] = False
    needs_truth: ClassVar[bool] = False
    reads_frames: ClassVar[bool] = True
    presets: ClassVar[Mapping[str, Mapping[str, Any]]] = {}

    @classmethod
    def configure(cls, options: Mapping[str, Any] | None = None, dataset: str = "") -> Self:
        """Make the method with the defaults published for `dataset`, overlaid by the user's options.

        Raises
        ------
        UserError : for an unknown setting or a value out of range.
        """
        return cls(build_config(cls.Config, options or {}, owner=cls.id, defaults=cls.presets.get(dataset)))

    def supports(self, dataset: str, task: str) -> str | None:
        """Return why this method cannot run on a dataset, or None when it can."""
        return None if task == self.task else f"{self.id} is for {self.task}, {dataset} is for {task}"


class Spotter(Method):
    """A method that finds expression intervals in long videos."""

    task = "spotting"

    def prepare(self, video: Video, context: RunContext) -> None:
        """Fill the cache for one video; a run calls this for many videos in parallel before the folds."""

    def fit(self, train: Sequence[Video], validation: Sequence[Video], context: RunContext) -> None:
        """Learn from the training videos; choose epochs and thresholds on the validation videos only."""

    def fit_pair(
        self, train: Sequence[Video], first: Sequence[Video], second: Sequence[Video], context: RunContext
    ) -> tuple[Spotter, Spotter]:
        """Leave two subjects out (thesis Algorithm 1): each validates while the other tests.

        Returns
        -------
        (model validated on `first`, to be tested on `second`; model validated on `second`, to be tested on `first`).
        The default trains twice; a method with an expensive `fit` overrides it to train once.
        """
        models = (copy.deepcopy(self), copy.deepcopy(self))
        for model, validation, name in zip(models, (first, second), ("first", "second"), strict=True):
            model.fit(train, validation, dataclasses.replace(context, resume=context.resume.within(name)))
        return models

    @abc.abstractmethod
    def spot(self, video: Video, context: RunContext) -> Spotting:
        """Spot one video whose truth is withheld."""

    def state(self) -> dict[str, NDArray[Any]]:
        """Return what was learnt as named arrays; goes into `checkpoint.safetensors`."""
        return {}

    def load_state(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Load what `state` returned."""
