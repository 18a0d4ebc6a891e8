"""The emotions of what was spotted in a user's own video, by the models of a run of recognition."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

from mebench.apply.models import Models, trained_models
from mebench.apply.spot import Spotted
from mebench.errors import UserError
from mebench.faces.alignment_settings import FindingSettings
from mebench.faces.cache import FrameCache
from mebench.methods.base import RunContext
from mebench.methods.catalogue import METHODS
from mebench.methods.recognition.base import Recogniser
from mebench.protocols.catalogue import PROTOCOLS
from mebench.runs.resources import limit_loaded_libraries, resolve_device, seed_global_generators
from mebench.runs.run import StoredRun, load_run
from mebench.runs.work.naming import Named, name_interval
from mebench.settings import digest_of

SHORTEST_LIST = 4
"""Intervals that a note names one by one."""


@dataclasses.dataclass(frozen=True)
class Recognisers:
    """The models of a run of recognition, which are averaged.

    Attributes
    ----------
    models : of every fold.
    classes : what they tell apart.
    protocol : id of the protocol that has these classes.
    """

    models: Models[Recogniser]
    classes: tuple[str, ...]
    protocol: str

    @property
    def digest(self) -> str:
        """Hex digest of the models and of the classes."""
        return digest_of(self.models.digest, self.classes)


def load_recognisers(run: Path, face: int | None = None) -> Recognisers:
    """Return the models of a finished run of recognition.

    Parameters
    ----------
    run : its folder.
    face : which face is followed, from 1; None for what the settings say.

    Raises
    ------
    UserError : when the folder is no run, one of another task, of the truth itself or without classes, or when one of
        its folds is not done.
    """
    stored = load_run(run)
    id, task = stored.config["method"]["id"], stored.config["task"]
    again = "give --recognise the folder of a run of recognition"
    if task != Recogniser.task:
        raise UserError(f"{run} is a run of {id}, which is for {task}: {again}.")
    cls = METHODS.get(id)
    assert issubclass(cls, Recogniser)
    if cls.needs_truth:
        raise UserError(f"{id} is the truth itself and recognises nothing new: {again} by another method.")
    classes = _classes(stored, run)
    folders = list(stored.folds())
    left = [folder for folder in folders if folder.problem() is not None]
    if left:
        raise UserError(
            f"{run} is not complete, {len(left)} of its {len(folders)} folds are not done: give the same mebench run "
            "command again, which does what is missing."
        )
    looks = face is not None and issubclass(cls.Config, FindingSettings)
    models = trained_models(stored, cls, folders, {"face": face} if looks and face is not None else {})
    models.each[0].require_parts()
    return Recognisers(models, classes, stored.config["protocol"]["id"])


def _classes(stored: StoredRun, run: Path) -> tuple[str, ...]:
    """Return the classes that a run was made for.

    Raises
    ------
    UserError : when its protocol has none, or others by now.
    """
    made = stored.config["protocol"]
    rules = PROTOCOLS.get(made["id"])
    if not rules.classes:
        raise UserError(f"{run} follows {made['id']}, which has no classes: give --recognise a run that has some.")
    if rules.version != made["version"]:
        raise UserError(
            f"{run} was made under version {made['version']} of {made['id']}, which is at {rules.version} now and may "
            "have other classes: run it again."
        )
    return rules.classes


def recognise_spotted(
    spotted: Spotted,
    recognisers: Recognisers,
    *,
    device: str = "auto",
    cache: FrameCache | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> Spotted:
    """Return what was spotted in a video with the emotion of each interval, and notes on what has none.

    Parameters
    ----------
    progress : called as progress(what, done, total).

    Raises
    ------
    UserError : when frames cannot be read, or a model is at fault.
    """
    context = RunContext(0, resolve_device(device), cache or FrameCache(), classes=recognisers.classes)
    intervals, models = spotted.spotting.intervals, recognisers.models
    named: list[Named] = []
    limit_loaded_libraries()
    for done, interval in enumerate(intervals):
        if progress is not None:
            progress("recognise", done, len(intervals))
        seed_global_generators(0)
        named.append(name_interval(models.each, spotted.video, interval.onset, interval.offset, context))
    emotions = tuple(one.probabilities for one in named)
    notes = (*spotted.notes, *_notes(spotted, named, models.each[0]), *_hints(recognisers))
    return dataclasses.replace(
        spotted, emotions=emotions, recogniser=models.method, recognisers=len(models.each), notes=notes
    )


def _notes(spotted: Spotted, named: list[Named], asked: Recogniser) -> tuple[str, ...]:
    """Say which intervals have no emotion and why, and once whatever the recognisers say of all of them."""
    before = spotted.video.first - 1
    left: dict[str, list[str]] = {}
    for interval, one in zip(spotted.spotting.intervals, named, strict=True):
        if one.why:
            left.setdefault(one.why, []).append(f"{interval.onset + before}-{interval.offset + before}")
    said = [note for one in named if one.clip is not None for note in asked.notes(one.clip)]
    told = [f"No emotion was recognised in {_listed(frames)}: {why}." for why, frames in left.items()]
    return (*told, *dict.fromkeys(said))


def _listed(frames: list[str]) -> str:
    more = f" and {len(frames) - SHORTEST_LIST} more" if len(frames) > SHORTEST_LIST else ""
    return f"frames {', '.join(frames[:SHORTEST_LIST])}{more}"


def _hints(recognisers: Recognisers) -> tuple[str, ...]:
    models = recognisers.models
    if not models.seen_only_rendered():
        return ()
    return (
        f"{models.method} has learnt emotions from rendered faces alone ({', '.join(models.trained_on)}): take what it "
        "says of real faces as a hint.",
    )
