"""`mebench data durations`."""

from __future__ import annotations

from pathlib import Path

import click

from mebench.cli import options


@click.command()
@click.argument("dataset")
@options.root
@options.config
@options.plugin
def durations(dataset: str, root: Path | None, settings: Path | None, plugins: tuple[Path, ...]) -> None:
    """Print how long the annotated expressions of DATASET last, by type, in seconds."""
    from mebench.analysis.durations import DurationSummary
    from mebench.cli.tables import print_table
    from mebench.runs.data import open_dataset

    found = open_dataset(dataset, root, settings).durations()
    summaries = {kind: DurationSummary.of(seconds) for kind, seconds in found.items()}
    rows = [
        [kind.value, str(s.count), *(f"{value:.3f}" if s.count else "-" for value in (s.shortest, s.mean, s.longest))]
        for kind, s in summaries.items()
    ]
    print_table(["", "events", "shortest (s)", "mean (s)", "longest (s)"], rows, apart=False)
