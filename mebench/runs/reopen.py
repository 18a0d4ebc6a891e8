"""The recordings of a run, opened again from its configuration."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mebench.datasets.catalogue import DATASETS
from mebench.errors import UserError, did_you_mean
from mebench.runs.choices import choose_datasets
from mebench.runs.run import StoredRun
from mebench.schema.people import joined
from mebench.schema.recordings import Recording
from mebench.tasks.catalogue import task_of


def recordings_of(stored: StoredRun, roots: Sequence[str] = (), *, training: bool = False) -> tuple[Recording, ...]:
    """Return every recording of the datasets that a run has tested, with its truth; not those of made copies.

    Parameters
    ----------
    roots : as for `mebench run`; by default where the datasets are remembered to lie.
    training : those of datasets for training alone, too.

    Raises
    ------
    UserError : when a dataset cannot be opened, or is no longer what the run has tested.
    """
    listed = [*stored.config["datasets"], *(stored.config.get("training", ()) if training else ())]
    entries = {entry["id"]: entry for entry in listed}
    settings = {"dataset": {id: entry["settings"] for id, entry in entries.items()}}
    kind = task_of(stored.config["task"]).recordings
    found: list[Recording] = []
    for choice in choose_datasets(list(entries), roots, settings):
        dataset = DATASETS.get(choice.id).open(choice.root, choice.options)
        if dataset.digest(kind) != entries[choice.id]["digest"]:
            raise UserError(
                f"{choice.id} has other annotations than those that {stored.folder.path} was made with: give the "
                f"--root of the copy that it was made with, or run it again."
            )
        found += dataset.recordings(kind)
    return tuple(found)


def recording_named(recordings: Iterable[Recording], name: str) -> Recording:
    """Return one recording by its id, `subject/id` or `dataset/subject/id`.

    Raises
    ------
    UserError : when none has that name, or several have.
    """
    by_name: dict[str, list[Recording]] = {}
    for recording in recordings:
        for known in {recording.id, joined(*recording.key), joined(recording.dataset, *recording.key)}:
            by_name.setdefault(known, []).append(recording)
    found = by_name.get(name, [])
    if not found:
        raise UserError(f"There is no video {name!r}.{did_you_mean(name, by_name)}")
    if len(found) > 1:
        names = ", ".join(joined(one.dataset, *one.key) for one in found)
        raise UserError(f"{len(found)} videos are called {name!r}: name one of {names}.")
    return found[0]
