"""`mebench data ratio`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mebench.cli import options

if TYPE_CHECKING:
    from mebench.analysis.durations import Movement


@click.command()
@click.argument("dataset")
@options.root
@options.config
@options.plugin
def ratio(dataset: str, root: Path | None, settings: Path | None, plugins: tuple[Path, ...]) -> None:
    """Print the move-to-neutral ratio of every subject of DATASET, in both readings.

    To neutral: frames in any event over frames in none. Share of frames in an event: over all frames; data check of
    synthetic data gives it in thousandths.
    """
    import numpy as np

    from mebench.analysis.durations import Movement, movement_by_person
    from mebench.cli.tables import print_table
    from mebench.runs.data import open_dataset

    by_person = movement_by_person(open_dataset(dataset, root, settings).videos())
    everybody = sum(by_person.values(), Movement(0, 0))
    rows = [[person.subject, *_cells(movement)] for person, movement in by_person.items()]
    means = [np.mean([getattr(m, name) for m in by_person.values()]) for name in ("to_neutral", "share")]
    rows += [["mean over subjects", "", "", *(f"{mean:.3f}" for mean in means)], ["pooled", *_cells(everybody)]]
    print_table(["", "moving", "frames", "to neutral", "share of frames in an event"], rows, apart=False)


def _cells(movement: Movement) -> list[str]:
    return [str(movement.moving), str(movement.frames), f"{movement.to_neutral:.3f}", f"{movement.share:.3f}"]
