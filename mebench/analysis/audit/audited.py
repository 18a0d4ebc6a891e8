"""A run as an audit sees it: what its folds really did, and its recordings where they can be opened again."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from mebench.faces.cache import FrameCache
from mebench.runs.choices import choose_datasets
from mebench.runs.copies import Copies, read_copies
from mebench.runs.folds import DONE, FoldFolder, read_own
from mebench.runs.plan import Fold
from mebench.runs.reopen import recordings_of
from mebench.runs.run import StoredRun
from mebench.runs.spec import RunSpec, Workspace
from mebench.schema.json_text import parse_object
from mebench.schema.people import Person
from mebench.schema.recordings import Recording


@dataclasses.dataclass(frozen=True)
class AuditedFold:
    """One fold.

    Attributes
    ----------
    folder : where it lies.
    fold : who learnt, validated and tested: by its receipt where it is done, else by the plan.
    frames : digests of the frames of each recording that it has read, by `dataset/subject/recording`.
    """

    folder: FoldFolder
    fold: Fold
    frames: Mapping[str, str]


class AuditedRun:
    """A run that is looked through.

    Parameters
    ----------
    stored : the run.
    roots : of its datasets, as for `mebench run`.
    also : folders of the copies of people that it learnt from.
    cache : folder of the frame cache, None for the user's own.

    Attributes
    ----------
    answers : what the models of a fold say when they are asked again, by the fold's id; filled by whoever asks.
    """

    def __init__(
        self, stored: StoredRun, roots: Sequence[str] = (), also: Sequence[Path] = (), cache: Path | None = None
    ) -> None:
        self.stored, self.roots, self.also, self.cache = stored, tuple(roots), tuple(also), cache
        self.answers: dict[str, Mapping[tuple[str, ...], Mapping[str, float]]] = {}

    @functools.cached_property
    def folds(self) -> tuple[AuditedFold, ...]:
        """Every fold of the plan."""
        return tuple(AuditedFold(f, _done(f) or f.fold, f.frames_used()) for f in self.stored.folds())

    @functools.cached_property
    def copies(self) -> tuple[Copies, ...]:
        """The copies of people whose folders were given.

        Raises
        ------
        UserError : when a folder is none of copies.
        """
        return tuple(map(read_copies, self.also))

    @functools.cached_property
    def frame_cache(self) -> FrameCache:
        """Where small things that are made of frames are kept."""
        return FrameCache(self.cache)

    def recordings(self, people: Iterable[Person]) -> tuple[Recording, ...]:
        """Return the recordings of some people that have a place under the protocol.

        Raises
        ------
        UserError : as `space`.
        """
        found: tuple[Recording, ...] = self.space.recordings(people)
        return found

    @functools.cached_property
    def space(self) -> Workspace:
        """The run's method, protocol and datasets, opened as the run had them; copies left out.

        Raises
        ------
        UserError : when a dataset cannot be opened, or is no longer what the run was made with.
        """
        recordings_of(self.stored, self.roots, training=True)  # which tells when a dataset has changed
        config = self.stored.config
        sides = []
        for side in ("datasets", "training"):
            entries = {entry["id"]: entry for entry in config.get(side, ())}
            settings = {"dataset": {id: entry["settings"] for id, entry in entries.items()}}
            own = [root for root in self.roots if root.partition("=")[0] in entries or "=" not in root]
            sides.append(tuple(choose_datasets(list(entries), own, settings)) if entries else ())
        spec = RunSpec(
            config["method"]["id"],
            {},
            sides[0],
            config["seed"],
            "cpu",
            self.cache,
            training=sides[1],
            protocol=config["protocol"]["id"],
            task=config["task"],
        )
        return spec.open()


def _done(folder: FoldFolder) -> Fold | None:
    """Return what the receipt of a fold says that it did, None where there is no receipt that can be read."""
    try:
        return Fold.from_dict(parse_object(read_own(folder.path / DONE))["fold"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
