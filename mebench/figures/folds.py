"""How many frames each fold of a run trains, validates and tests on (thesis Figure 5.7).

Conventions
-----------
A bar is one trained model: two of a fold whose two subjects test each other's model. Bars stand in the order of folds,
those of one fold in the order of who is tested.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mebench.figures.drawing import GREY, as_drawn, axes_at, new_figure, plain_axes, written
from mebench.runs.reopen import recordings_of
from mebench.runs.run import load_run
from mebench.schema.people import Person

KINDS = ("train", "validation", "test")
_COLOURS = ("#9db8d2", "#e2b45a", "#b4532a")


@dataclasses.dataclass(frozen=True)
class FoldSizes:
    """Frames of every trained model of a run.

    Attributes
    ----------
    run, method : what they are of.
    models : names, such as `s01` for who is tested.
    frames : int (n, 3), of training, validation and test.
    uncounted : people whose recordings the run does not name, such as made copies.
    """

    run: str
    method: str
    models: tuple[str, ...]
    frames: NDArray[np.int64]
    uncounted: int


def fold_sizes(run: Path, roots: Sequence[str] = ()) -> FoldSizes:
    """Return the sizes of the folds of a run, done or not.

    Parameters
    ----------
    roots : as for `mebench run`.

    Raises
    ------
    UserError : when the folder is no run, or one of its datasets cannot be opened.
    """
    stored = load_run(run)
    counts: dict[Person, int] = {}
    for recording in recordings_of(stored, roots, training=True):
        counts[recording.person] = counts.get(recording.person, 0) + recording.n_frames
    folds = [folder.fold for folder in stored.folds()]
    arms = [(fold.train, arm) for fold in folds for arm in sorted(fold.arms, key=lambda arm: sorted(arm.test))]
    several = len({person.dataset for person in counts}) > 1
    everybody = {person for train, arm in arms for person in (*train, *arm.validation, *arm.test)}
    frames = [[_sum(counts, people) for people in (train, arm.validation, arm.test)] for train, arm in arms]
    names = (", ".join(str(p) if several else p.subject for p in arm.test) for _, arm in arms)
    return FoldSizes(
        run.resolve().name, stored.config["method"]["id"], tuple(names),
        np.array(frames, np.int64).reshape(-1, len(KINDS)), len(everybody - set(counts)),
    )  # fmt: skip


def _sum(counts: dict[Person, int], people: Iterable[Person]) -> int:
    return sum(counts.get(person, 0) for person in people)


def draw_folds(found: FoldSizes) -> dict[str, bytes]:
    """Return the bars as the bytes of a `svg` and a `png`."""
    count = len(found.models)
    longest = max(map(len, found.models), default=0)
    below = 0.4 + 0.065 * min(longest, 24)
    width = max(4.5, 1.6 + 0.26 * count)
    with new_figure(width, 3.3 + below) as figure:
        axes = axes_at(figure, 0.9, 0.5, width - 1.1, 2.6)
        at, base = np.arange(count), np.zeros(count)
        for column, (kind, colour) in enumerate(zip(KINDS, _COLOURS, strict=True)):
            heights = found.frames[:, column].astype(float)
            axes.bar(at, heights, 0.8, base, color=colour, label=kind)
            base += heights
        axes.set_xticks(at, [as_drawn(_cut(name)) for name in found.models], rotation=90)
        axes.set(
            xlabel="tested",
            ylabel="frames",
            xlim=(-0.6, max(count, 1) - 0.4),
            ylim=(0, 1.16 * max(base.max(initial=1), 1)),
        )
        axes.yaxis.set_major_formatter("{x:,.0f}")
        axes.legend(loc="upper center", ncols=len(KINDS), frameon=False)
        axes.axhline(0, color=GREY, linewidth=0.8)
        plain_axes(axes, as_drawn(f"{found.method}: frames of each fold"))
        return written(figure)


def _cut(name: str, most: int = 24) -> str:
    return name if len(name) <= most else name[: most - 3] + "..."
