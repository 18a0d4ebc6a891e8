"""What recognisers of frames say over a clip, beside its coded onset and offset (thesis Figures 7.3 to 7.6).

Conventions
-----------
The models are those of finished runs; a clip is asked of the model that has not learnt from its person, its emotion
withheld. Outputs are raw. Agreement with onset and offset is that of `metrics.coded_frames`, of every clip of the run
that has both coded: a clip without them has none, and is drawn all the same.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mebench.apply.trained import trained_model
from mebench.errors import UserError, did_you_mean
from mebench.faces.cache import FrameCache
from mebench.methods.base import RunContext
from mebench.methods.catalogue import METHODS
from mebench.methods.recognition.frame_recogniser import FrameRecogniser, classes_of_frames
from mebench.metrics.coded_frames import CodedAgreement, coded_agreement
from mebench.protocols.base import Protocol
from mebench.protocols.catalogue import PROTOCOLS
from mebench.runs.monitor import Monitor
from mebench.runs.reopen import recordings_of
from mebench.runs.resources import resolve_device
from mebench.runs.run import StoredRun, load_run
from mebench.schema.people import joined
from mebench.schema.recordings import Clip


@dataclasses.dataclass(frozen=True, eq=False)
class ExpressionCurve:
    """What the model of one run says of the frames of a clip.

    Attributes
    ----------
    run, method : of what it is.
    classes : what is told apart.
    outputs : raw, (n_frames, n_classes) or (n_frames,), see `FrameRecogniser.frame_outputs`.
    agreement : with the coded onset and offset of this clip, None where they are not coded.
    mean_agreement, coded : mean over all clips of the run with both coded, and their number; NaN for none.
    """

    run: str
    method: str
    classes: tuple[str, ...]
    outputs: NDArray[np.float64]
    agreement: CodedAgreement | None
    mean_agreement: float
    coded: int

    @property
    def said(self) -> NDArray[np.int64]:
        """Number of the class that is said of each frame, (n_frames,)."""
        return classes_of_frames(self.outputs)


@dataclasses.dataclass(frozen=True, eq=False)
class ExpressionCurves:
    """A clip with its truth, and the curves of several runs."""

    clip: Clip
    curves: tuple[ExpressionCurve, ...]

    @property
    def is_coded(self) -> bool:
        """Whether onset and offset are coded."""
        return is_coded(self.clip)


def is_coded(clip: Clip) -> bool:
    """Tell whether a clip has an onset and an offset, and frames between and beside them."""
    return clip.n_frames > 1 and 1 <= clip.onset <= clip.offset <= clip.n_frames


def expression_curves(
    runs: Sequence[Path],
    clip: str,
    *,
    roots: Sequence[str] = (),
    device: str = "auto",
    cache: Path | None = None,
    monitor: Monitor | None = None,
) -> ExpressionCurves:
    """Carry out the models of runs on the frames of the clips that they have tested.

    Parameters
    ----------
    runs : folders of finished runs that have tested the clip.
    clip : id, or `subject/id`.
    roots, device : as for `mebench run`.
    cache : folder of the frame cache, by default the user's own.
    monitor : is told how it goes.

    Raises
    ------
    UserError : when a run is not of a method that says something of frames, has no such clip, or its datasets are not
        at hand.
    """
    watcher = monitor or Monitor()
    tested = [_Tested(run, roots, resolve_device(device), cache) for run in runs]
    chosen = [one.find(clip) for one in tested]
    if len({(found.dataset, found.key) for found in chosen}) > 1:
        raise UserError(f"The runs mean different clips by {clip!r}: name it as subject/id, and runs of one dataset.")
    watcher.phase("recognise", sum(len(one.wanted(clip)) for one in tested))
    return ExpressionCurves(chosen[0], tuple(one.curve(clip, watcher) for one in tested))


class _Tested:
    """The models of a run and the clips that each of them has tested."""

    def __init__(self, run: Path, roots: Sequence[str], device: str, cache: Path | None) -> None:
        self.stored: StoredRun = load_run(run)
        self.name, config = run.resolve().name, self.stored.config
        cls = METHODS.get(config["method"]["id"])
        if not issubclass(cls, FrameRecogniser):
            raise UserError(
                f"{cls.id} says nothing of single frames: give a run of fer_classification or fer_regression."
            )
        self.cls, self.rules = cls, PROTOCOLS.get(config["protocol"]["id"])()
        self.context = RunContext(
            config["seed"], device, FrameCache(cache), config["datasets"][0]["id"], classes=self.rules.classes
        )
        self.clips = _admitted(self.rules, recordings_of(self.stored, roots))

    def find(self, name: str) -> Clip:
        """Return a clip by its id, or `subject/id`.

        Raises
        ------
        UserError : when there is none, or several.
        """
        by_name: dict[str, list[Clip]] = {}
        for clip in self.clips:
            for one in {clip.id, joined(clip.subject, clip.id)}:
                by_name.setdefault(one, []).append(clip)
        found = by_name.get(name, [])
        if not found:
            raise UserError(f"The run {self.name} has tested no clip {name!r}.{did_you_mean(name, by_name)}")
        if len(found) > 1:
            names = ", ".join(joined(clip.subject, clip.id) for clip in found)
            raise UserError(f"{len(found)} clips are called {name!r}: name one of {names}.")
        return found[0]

    def wanted(self, name: str) -> list[Clip]:
        """Return the clip of a name, and all others with a coded onset and offset."""
        chosen = self.find(name)
        return [clip for clip in self.clips if clip is chosen or is_coded(clip)]

    def curve(self, name: str, monitor: Monitor) -> ExpressionCurve:
        """Return what the models say of a clip, and how well they agree with the coding of all clips."""
        chosen, outputs, agreed = self.find(name), {}, {}
        for folder in self.stored.folds():
            for number, arm in enumerate(folder.fold.arms):
                people, model = set(arm.test), trained_model(self.stored, self.cls, folder, number)
                for clip in self.wanted(name):
                    if clip.person not in people:
                        continue
                    said = model.frame_outputs(clip.without_truth(), self.context)
                    monitor.finished(f"{self.name}: {clip.id}", None)
                    if is_coded(clip):
                        agreed[clip.person, clip.key] = self._agreement(clip, said)
                    if clip is chosen:
                        outputs[name] = said
        values = [one.agreement for one in agreed.values()]
        return ExpressionCurve(
            self.name, self.cls.id, self.rules.classes, outputs[name], agreed.get((chosen.person, chosen.key)),
            float(np.mean(values)) if values else float("nan"), len(values),
        )  # fmt: skip

    def _agreement(self, clip: Clip, outputs: NDArray[np.float64]) -> CodedAgreement:
        shown = classes_of_frames(outputs) == self.rules.classes.index(clip.emotion)
        return coded_agreement(shown, clip.onset, clip.offset)


def _admitted(rules: Protocol, recordings: Sequence[object]) -> list[Clip]:
    found = (rules.admit(recording) for recording in recordings if isinstance(recording, Clip))
    return [clip for clip in found if isinstance(clip, Clip)]
