"""Why a trained network of a run gives a video its scores: Grad-CAM and guided gradients of some frames.

Conventions
-----------
The model is the one that the run has tested on the video's subject, so it has neither learnt from that subject nor
chosen anything by it. Frames are numbers as the files have them; arrays are float32 and lie over the pictures.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from mebench.apply.explained import ask_explained, its_fault
from mebench.apply.models import spotter_class
from mebench.apply.trained import trained_model
from mebench.errors import UserError, did_you_mean
from mebench.faces.cache import FrameCache
from mebench.methods.base import RunContext
from mebench.methods.explainable import Explainable, Explained, ExplainedLayer
from mebench.methods.nets.explain import dense_cam, grad_cam, guided_backprop, guided_gradient
from mebench.methods.nets.places import over_input
from mebench.methods.nets.reproducible import reproducible
from mebench.methods.spotting.base import MACRO, MICRO, Spotter
from mebench.runs.folds import FoldFolder
from mebench.runs.monitor import Monitor
from mebench.runs.reopen import recording_named, recordings_of
from mebench.runs.resources import resolve_device
from mebench.runs.run import StoredRun, load_run
from mebench.runs.work.presence import presence_for
from mebench.runs.work.spotting import scores_of
from mebench.schema.people import Person, joined
from mebench.schema.recordings import Event, ExpressionType, Video
from mebench.tasks.catalogue import task_of

MOST = 6
"""Frames that are explained unless the user wants more or fewer."""
_COLUMN = {ExpressionType.MICRO: MICRO, ExpressionType.MACRO: MACRO}
_AROUND = 15
"""Frames on each side of the highest score of a video without events."""


@dataclasses.dataclass(frozen=True)
class Explanation:
    """What was found of some frames.

    Attributes
    ----------
    run, method, video, subject, fold : where the network and the frames come from.
    frames : int (n,), numbers of the explained frames, as the files have them.
    events : the annotated events that any of them lies in, numbered likewise.
    output, outputs, scores : the explained output, all outputs, and the scores (n, outputs).
    pictures : uint8 (n, height, width).
    cams : (n, height, width) by the layer's name, 0 and above.
    guided : gradients of the output by the inputs, (n, ..., height, width).
    convolutions : guided gradients of every convolution of the frame with the highest score, (..., height, width).
    shown : position of that frame among the frames.
    notes : sentences that whoever looks at it should know.
    """

    run: str
    method: str
    video: str
    subject: str
    fold: str
    frames: NDArray[np.int64]
    events: tuple[Event, ...]
    output: str
    outputs: tuple[str, ...]
    scores: NDArray[np.float32]
    pictures: NDArray[np.uint8]
    cams: Mapping[str, NDArray[np.float32]]
    guided: NDArray[np.float32]
    convolutions: Mapping[str, NDArray[np.float32]]
    shown: int
    notes: tuple[str, ...] = ()

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return every array by name; the part of a layer's name before its bracket names it, with underscores."""
        found: dict[str, NDArray[Any]] = {"frames": self.frames, "scores": self.scores, "pictures": self.pictures}
        found |= {f"grad_cam/{short(name).replace(' ', '_')}": cam for name, cam in self.cams.items()}
        found |= {f"guided/{name}": one for name, one in self.convolutions.items()}
        return {**found, "guided/output": self.guided}


def short(name: str) -> str:
    """Return a layer's name without what stands in brackets."""
    return name.partition(" (")[0]


def explain(
    run: Path,
    video: str,
    *,
    frames: tuple[int, int] | None = None,
    fold: str = "",
    output: str = "",
    most: int = MOST,
    roots: Sequence[str] = (),
    device: str = "auto",
    monitor: Monitor | None = None,
) -> Explanation:
    """Explain the scores of some frames of a video that a run has tested.

    Parameters
    ----------
    run : folder of a run whose method is `Explainable`.
    video : its id, `subject/id` or `dataset/subject/id`.
    frames : first and last frame number; by default those of the event with the highest score in it, or around the
        highest score of a video without events.
    fold : refuse any other fold than this one.
    output : such as `micro`; by default the type of the event, else the output with the highest score.
    most : so many frames are explained at most, spread evenly over those with a face.
    roots, device : as for `mebench run`.

    Raises
    ------
    UserError : when the run has no network, its fold is not done or damaged, there is no such video, fold or output,
        the frames lie outside of the video, or none of them shows a face.
    """
    monitor = monitor or Monitor()
    stored = load_run(run)
    cls = _explainable_class(stored)
    recording = recording_named(recordings_of(stored, roots), video)
    assert isinstance(recording, Video)
    folder, arm = _fold_of(stored, recording.person, fold)
    model = trained_model(stored, cls, folder, arm)
    if outputs := tuple(model.explained_outputs()):
        _require_output(output, outputs, cls.id)
    context = RunContext(
        int(stored.config["seed"]), resolve_device(device), FrameCache(), recording.dataset,
        progress=lambda what, done, total: monitor.progress(recording.id, what, done, total),
    )  # fmt: skip
    event, indices = _asked(stored, folder, recording, frames)
    monitor.phase("explain", 1)
    chosen, notes = _with_face(model, recording, indices, most, context)
    explained = ask_explained(model, recording, chosen, context)
    column = _column(explained, output, event, cls.id)
    found = Attribution(explained, column, context.progress)
    with reproducible(), its_fault(cls.id, "the gradients of what its `explained` gave"):
        cams, guided, convolutions = found.cams(), found.guided(), found.convolutions()
    monitor.finished(recording.id, None)
    return Explanation(
        run.resolve().name, cls.id, recording.id, recording.subject, folder.fold.id,
        np.asarray(chosen, np.int64) + recording.first,
        tuple(_as_in_files(e, recording) for e in recording.events if {*range(e.onset - 1, e.offset)} & {*chosen}),
        explained.outputs[column], explained.outputs, np.asarray(explained.scores), explained.pictures,
        cams, guided, convolutions, found.shown, notes,
    )  # fmt: skip


def _explainable_class(stored: StoredRun) -> type[Spotter]:
    """Return the method of a run, which must have a network."""
    id = stored.config["method"]["id"]
    cls = spotter_class(id)
    if not issubclass(cls, Explainable):
        raise UserError(f"{id} offers no network to explain: give a run of a method that does, such as spot3dcnn.")
    return cls


def _fold_of(stored: StoredRun, person: Person, asked: str) -> tuple[FoldFolder, int]:
    """Return the fold that has tested a person, and the position of its arm."""
    folders = {folder.fold.id: folder for folder in stored.folds()}
    if asked and asked not in folders:
        raise UserError(f"There is no fold {asked!r} in {stored.folder.path}.{did_you_mean(asked, folders)}")
    tested = [
        (folder, number)
        for folder in folders.values()
        for number, arm in enumerate(folder.fold.arms)
        if person in arm.test
    ]
    found = [pair for pair in tested if asked in ("", pair[0].fold.id)]
    if not found:
        others = ", ".join(pair[0].fold.id for pair in tested)
        raise UserError(
            f"The fold {asked} does not test {person}, so its model may have learnt from that subject: leave --fold "
            f"out, or give {others}."
        )
    return found[0]


def _asked(
    stored: StoredRun, folder: FoldFolder, video: Video, frames: tuple[int, int] | None
) -> tuple[Event | None, NDArray[np.int64]]:
    """Return the event that is explained, if any, and the indices of the frames that may be."""
    if frames is not None:
        first, last = frames
        lowest, highest = video.first, video.first + video.n_frames - 1
        if not lowest <= first <= last <= highest:
            raise UserError(
                f"{video.id} has the frames {lowest} to {highest}, and {first}-{last} is no part of them: give "
                "--frames FIRST-LAST."
            )
        indices = np.arange(first, last + 1) - video.first
        return _most_covered(video.events, indices), indices
    task = task_of(stored.config["task"])
    named = task.named(video, several=len(stored.config["datasets"]) > 1)
    scores = scores_of(folder)[joined(*named.key)]
    if not video.events:
        peak = int(np.argmax(scores.max(axis=1)))
        return None, np.arange(max(peak - _AROUND, 0), min(peak + _AROUND + 1, video.n_frames))
    event = max(video.events, key=lambda e: float(scores[_inside(e, video), _COLUMN[e.type]].max(initial=-np.inf)))
    return event, np.arange(video.n_frames)[_inside(event, video)]


def _as_in_files(event: Event, video: Video) -> Event:
    """Return an event with the frame numbers that the files have."""
    later = video.first - 1
    apex = None if event.apex is None else event.apex + later
    return dataclasses.replace(event, onset=event.onset + later, apex=apex, offset=event.offset + later)


def _inside(event: Event, video: Video) -> slice:
    return slice(max(event.onset, 1) - 1, max(min(event.offset, video.n_frames), 1))


def _most_covered(events: Sequence[Event], indices: NDArray[np.int64]) -> Event | None:
    """Return the event that most of some frames lie in, None where there is none."""
    shares = [int(np.count_nonzero((indices + 1 >= e.onset) & (indices + 1 <= e.offset))) for e in events]
    return events[int(np.argmax(shares))] if any(shares) else None


def _with_face(
    model: Spotter, video: Video, indices: NDArray[np.int64], most: int, context: RunContext
) -> tuple[list[int], tuple[str, ...]]:
    """Return at most so many of some frames, spread evenly over those with a face, and what should be told."""
    presence = presence_for(model, video.without_truth(), context)
    seen = indices if presence is None else indices[presence.found[indices]]
    shown = f"{indices[0] + video.first}-{indices[-1] + video.first}"
    if not len(seen):
        raise UserError(f"No face was found in the frames {shown} of {video.id}: give others with --frames.")
    lacking = len(indices) - len(seen)
    notes = (f"No face was found in {lacking} of the frames {shown}: they are left out.",) if lacking else ()
    places = np.unique(np.linspace(0, len(seen) - 1, min(most, len(seen))).round().astype(int))
    return seen[places].tolist(), notes


def _require_output(asked: str, outputs: Sequence[str], method: str) -> None:
    """Refuse an output that a method has not.

    Raises
    ------
    UserError : when one is asked for that is none of its outputs.
    """
    if asked and asked not in outputs:
        raise UserError(f"{method} has no output {asked!r}.{did_you_mean(asked, outputs)}")


def _column(explained: Explained, asked: str, event: Event | None, method: str) -> int:
    """Return the position of the output that is explained."""
    _require_output(asked, explained.outputs, method)
    wanted = asked or (event.type.value if event is not None else "")
    if wanted in explained.outputs:
        return explained.outputs.index(wanted)
    return int(np.argmax(np.asarray(explained.scores).max(axis=0)))


class Attribution:
    """Asks a network for one output, layer after layer; what it gives lies over the pictures.

    Attributes
    ----------
    shown : position of the frame with the highest score.
    """

    def __init__(self, explained: Explained, column: int, progress: Callable[[str, int, int], None]) -> None:
        self.explained, self.column, self.progress = explained, column, progress
        self.shown = int(np.argmax(np.asarray(explained.scores)[:, column]))

    def cams(self) -> dict[str, NDArray[np.float32]]:
        """Return the Grad-CAM of every layer."""
        inputs, layers, found = self.explained.inputs, self.explained.layers, {}
        for done, layer in enumerate(layers):
            self.progress("Grad-CAM", done, len(layers))
            size = (inputs.shape[-2], inputs.shape[-1])
            found[layer.name] = over_input(self._cam(layer), size, layer.grid).float().numpy()
        return found

    def _cam(self, layer: ExplainedLayer) -> torch.Tensor:
        e = self.explained
        if layer.pooled is None or layer.at_places is None:
            return grad_cam(e.net, layer.module, e.inputs, self.column)
        return dense_cam(e.net, layer.module, layer.pooled, layer.at_places, e.inputs, self.column)

    def guided(self) -> NDArray[np.float32]:
        """Return the guided gradients of the output by the inputs of every frame."""
        self.progress("guided backpropagation", 0, 1)
        return guided_gradient(self.explained.net, self.explained.inputs, self.column).float().cpu().numpy()

    def convolutions(self) -> dict[str, NDArray[np.float32]]:
        """Return the guided gradients of every convolution, for the frame with the highest score."""
        one = self.explained.inputs[self.shown : self.shown + 1]
        found = guided_backprop(self.explained.net, one, self.column).convolutions
        return {name: gradient[0].float().cpu().numpy() for name, gradient in found.items()}
