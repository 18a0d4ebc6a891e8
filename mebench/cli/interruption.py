"""What is true when a command is interrupted: what is kept, and what the same command will do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

USUAL = "Interrupted; nothing is half-written, and the same command can be given again."

_SAID: list[Callable[[], str]] = []


def tell_when_interrupted(said: Callable[[], str] | None) -> None:
    """Let a command say itself what its interruption means, or let the usual sentence be told."""
    _SAID[:] = [] if said is None else [said]


def sentence() -> str:
    """Return what is to be told now."""
    return _SAID[-1]() if _SAID else USUAL


def of_run(folder: Path | None, folds: Sequence[str]) -> str:
    """Return which folds of an interrupted run are kept and what the same command does with the others.

    Parameters
    ----------
    folder : the run's, None where it has none yet.
    folds : ids of all its folds.
    """
    if folder is None:
        return "Interrupted before a fold was begun: the same command begins again."
    places = [folder / "folds" / fold for fold in folds]
    left = [place for place in places if not (place / "done.json").exists()]
    if not left:
        return (
            f"Interrupted while it was graded: all folds are done and kept in {folder}; the same command grades them."
        )
    under_way = [place.name for place in left if any((place / "resume").rglob("*.safetensors"))]
    goes_on = f", and goes on in the training of {', '.join(under_way)}" if under_way else ""
    does = "the one that is left" if len(left) == 1 else f"the {len(left)} that are left"
    kept = f"{len(places) - len(left)} of {len(places)} folds are done and kept in {folder}"
    return f"Interrupted: {kept}; the same command does {does}{goes_on}."
