"""How much a recogniser leans on annotated key frames: its score when onset and apex are shifted by k frames.

Conventions
-----------
The models are those of a finished run, trained once on key frames as annotated; only the clips that they are tested
on are changed, each by the model that has not seen the person. Onset and apex are both moved by exactly k frames,
each earlier or later with equal chance. The direction depends on the draw, the seed and the clip's name alone, so it
is the same for every k: a curve follows the same clips further and further out. What would leave the clip stays at
its end, and an apex never comes to lie before the frame after the onset; clips where that happened are counted. A key
frame that is not annotated is not moved. The offset stays.

    frames                        1 2 3 4 5 6 7 8 9
    annotated                         o     a           onset 3, apex 6
    k = 2, earlier and later      o             a
    k = 2, later and earlier              o a           the apex would lie before the onset: held at 6

With k = 0 the score is that of the run.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mebench.apply.trained import trained_model
from mebench.errors import UserError
from mebench.faces.cache import FrameCache
from mebench.methods.base import RunContext
from mebench.methods.catalogue import METHODS
from mebench.methods.recognition.base import Recogniser
from mebench.protocols.base import Predicted, Protocol
from mebench.protocols.catalogue import PROTOCOLS
from mebench.runs.monitor import Monitor
from mebench.runs.reopen import recordings_of
from mebench.runs.resources import resolve_device
from mebench.runs.run import StoredRun, load_run
from mebench.runs.work.recognition import Recognised, RecognitionWork
from mebench.schema.people import joined
from mebench.schema.recognition import Labels
from mebench.schema.recordings import Clip
from mebench.tasks.catalogue import task_of

SHIFTS = (0, 1, 2, 4, 8)
DRAWS = 3
_TRUTH = "truth"


@dataclasses.dataclass(frozen=True, eq=False)
class KeyFrameNoise:
    """A score against the shift of the key frames.

    Attributes
    ----------
    run, method, metric, scope : of what it is.
    shifts : k, shape (n_shifts,).
    scores : shape (n_shifts, n_draws); every draw has other directions.
    held : clips whose key frames could not be moved so far, of all clips, shape (n_shifts, n_draws).
    clips : number of clips.
    """

    run: str
    method: str
    metric: str
    scope: str
    shifts: NDArray[np.int64]
    scores: NDArray[np.float64]
    held: NDArray[np.int64]
    clips: int


def key_frame_noise(
    run: Path,
    shifts: Sequence[int] = SHIFTS,
    *,
    draws: int = DRAWS,
    seed: int = 0,
    roots: Sequence[str] = (),
    device: str = "auto",
    cache: Path | None = None,
    monitor: Monitor | None = None,
) -> KeyFrameNoise:
    """Carry out the models of a run on clips with shifted key frames, and grade each under the run's protocol.

    Parameters
    ----------
    run : folder of a finished run of a recogniser.
    shifts : k, in frames; not negative.
    draws : how often directions are drawn.
    seed : which directions.
    roots, device : as for `mebench run`.
    cache : folder of the frame cache, by default the user's own.
    monitor : is told how it goes.

    Raises
    ------
    UserError : when the run is not of a recogniser or not complete, or its datasets are not at hand.
    """
    if not shifts or min(shifts) < 0 or draws < 1:
        raise UserError("Shifts are numbers of frames from 0 on, and there is one draw or more: give --shifts 0,1,2.")
    stored = load_run(run)
    tested = _Tested(stored, roots, resolve_device(device), cache)
    monitor = monitor or Monitor()
    monitor.phase("recognise", len(shifts) * draws)
    scores, held = np.zeros((len(shifts), draws)), np.zeros((len(shifts), draws), np.int64)
    for row, k in enumerate(shifts):
        for draw in range(draws):
            scores[row, draw], held[row, draw] = tested.score(k, [seed, draw])
            monitor.finished(f"k = {k}, draw {draw + 1}", None)
    metric, scope = tested.rules.ranking
    name = stored.config["method"]["id"]
    return KeyFrameNoise(run.name, name, metric, scope, np.array(shifts), scores, held, len(tested.truth.clips))


class _Tested:
    """The models of a run and the clips that each of them was tested on."""

    def __init__(self, stored: StoredRun, roots: Sequence[str], device: str, cache: Path | None) -> None:
        cls = METHODS.get(stored.config["method"]["id"])
        if not issubclass(cls, Recogniser):
            raise UserError(f"{cls.id} recognises no clips: give a run of a recogniser, such as one on megc2019-cde.")
        self.rules: Protocol = PROTOCOLS.get(stored.config["protocol"]["id"])()
        self.task = task_of(stored.config["task"])
        self.truth = self.task.read_truth(stored.folder.path / _TRUTH)
        self.several = len(stored.config["datasets"]) > 1
        self.context = RunContext(
            stored.config["seed"], device, FrameCache(cache), stored.config["datasets"][0]["id"],
            classes=self.rules.classes,
        )  # fmt: skip
        self.parts = list(_models(stored, cls, self._admitted(stored, roots)))

    def _admitted(self, stored: StoredRun, roots: Sequence[str]) -> list[Clip]:
        found = (self.rules.admit(recording) for recording in recordings_of(stored, roots))
        return [clip for clip in found if isinstance(clip, Clip)]

    def score(self, k: int, seed: Sequence[int]) -> tuple[float, int]:
        """Return the score by which the protocol ranks, and how many clips could not be moved so far."""
        found, held = Recognised(), 0
        for model, clips in self.parts:
            for clip in clips:
                moved, whole = shifted(clip, k, seed)
                held += not whole
                seen = moved if model.needs_truth else moved.without_truth()
                named = self.task.named(clip, several=self.several)
                found.add(named, RecognitionWork().carry_out(model, seen, self.context))
        labels = Labels(tuple(found.keys), tuple(found.emotions), tuple(found.probabilities))
        card = self.rules.score(Predicted(labels), self.truth)
        return card.score(*self.rules.ranking).value, held


def _models(stored: StoredRun, cls: type[Recogniser], clips: Sequence[Clip]) -> Iterator[tuple[Any, list[Clip]]]:
    """Yield the trained model of every arm with the clips of those whom it was tested on."""
    for folder in stored.folds():
        for number, arm in enumerate(folder.fold.arms):
            people = set(arm.test)
            yield trained_model(stored, cls, folder, number), [clip for clip in clips if clip.person in people]


def shifted(clip: Clip, k: int, seed: Sequence[int]) -> tuple[Clip, bool]:
    """Return a clip whose onset and apex are moved by k frames, and whether both could be moved so far.

    Parameters
    ----------
    clip : with key frames as annotated; 0 stands for none.
    k : number of frames.
    seed : draws the directions, with the clip's name.
    """
    name = np.frombuffer(joined(clip.dataset, *clip.key).encode(), np.uint8)
    earlier = np.random.default_rng([*seed, *name.tolist()]).random(2) < 0.5
    if not k:
        return clip, True
    onset, apex = (
        number + (-k if before else k) for number, before in zip((clip.onset, clip.apex), earlier.tolist(), strict=True)
    )
    first = _within(onset, 1, clip.n_frames - 1) if clip.onset else 0
    most = _within(apex, first + 1, clip.n_frames) if clip.apex else 0
    whole = first in (onset, 0) and most in (apex, 0)
    return dataclasses.replace(clip, onset=first, apex=most), whole


def _within(number: int, lowest: int, highest: int) -> int:
    return max(min(number, highest), lowest, 1)
