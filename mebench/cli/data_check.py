"""`mebench data check`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from mebench.cli import options
from mebench.cli.say import say
from mebench.datasets.base import CheckReport


@click.command()
@click.argument("dataset")
@options.root
@options.config
@click.option("--all", "everything", is_flag=True, help="Show every erratum, not the first five of each kind.")
@click.option("--decode", is_flag=True, help="Decode every frame too, and tell what cannot be.")
@options.jobs
@options.plugin
def check(
    dataset: str,
    root: Path | None,
    settings: Path | None,
    everything: bool,
    decode: bool,
    jobs: int | None,
    plugins: tuple[Path, ...],
) -> None:
    """Compare the counts of DATASET with the published ones; exit 1 when they differ."""
    from mebench.cli.progress import make_monitor
    from mebench.runs.data import open_dataset
    from mebench.runs.notes import notes_on
    from mebench.runs.openface_check import with_tables

    opened = open_dataset(dataset, root, settings)
    report = with_tables(opened.check(), opened, make_monitor())
    show_counts(report)
    _show_errata(report, None if everything else 5)
    for note in notes_on(opened.everything(), None):
        say(note)
    say(f"{report.dataset}: {'all counts as expected' if report.ok else 'the counts differ'}.")
    decoded = not decode or _decode(dataset, root, settings, jobs, plugins)
    if not (report.ok and decoded):
        raise click.exceptions.Exit(1)


def _decode(
    dataset: str, root: Path | None, settings: Path | None, jobs: int | None, plugins: tuple[Path, ...]
) -> bool:
    """Decode all frames, print what cannot be and what is missing, and return whether all that are there could."""
    from mebench.cli.progress import make_monitor
    from mebench.runs.decoding import decode_dataset

    found = decode_dataset(dataset, root, settings, jobs=jobs, plugins=plugins, monitor=make_monitor())
    for name in sorted({*found.faults, *found.missing}):
        say(f"\n{name}")
        for sentence in (*found.faults.get(name, ()), *found.missing.get(name, ())):
            say(f"  {sentence}")
    bad = f"{len(found.faults)} of {found.recordings} recordings have faults" if found.faults else "all can be decoded"
    say(f"{found.frames} frames of {found.recordings} recordings: {bad}.")
    return not found.faults


def show_counts(report: CheckReport) -> None:
    """Print found and expected counts."""
    width = max(len(count.name) for count in report.counts)
    for count in report.counts:
        promise = "" if count.expected is None else f" of {count.expected}"
        say(f"{count.name:<{width}}  {count.found}{promise}{'' if count.ok else '   DIFFERS'}")


def _show_errata(report: CheckReport, most: int | None) -> None:
    """Print each kind of erratum with its number, and where the first ones are."""
    for (kind, policy), number in sorted(Counter((e.kind, e.policy) for e in report.errata).items()):
        say(f"\n{kind}: {number}, {policy}")
        found = [e for e in report.errata if (e.kind, e.policy) == (kind, policy)]
        for erratum in found[:most]:
            say(f"  {erratum.where}" + (f": {erratum.detail}" if erratum.detail else ""))
        if most is not None and number > most:
            say(f"  and {number - most} more (--all shows them)")
    if report.errata:
        say("")
