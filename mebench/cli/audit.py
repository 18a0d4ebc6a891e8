"""`mebench audit`.

Exit codes: 0 when nothing was found, 1 when a leak was, 2 when the folder is no run.
"""

from __future__ import annotations

from pathlib import Path

import click

from mebench.cli import options
from mebench.cli.say import say


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@options.roots
@click.option(
    "--also", type=click.Path(path_type=Path), multiple=True, metavar="DIR",
    help="Folder of the copies of people that the run learnt from.",
)  # fmt: skip
@click.option(
    "--quick", is_flag=True, help="Open no dataset, as at the end of a run: look at the lists of people alone."
)
@options.plugin_loaded
def audit(run: Path, roots: tuple[str, ...], also: tuple[Path, ...], quick: bool) -> None:
    """Look through RUN for leaks between learning and testing; exit 1 when there is one.

    Each leak is named with its evidence: people on both sides, under one id or two, frames that are seen twice, tested
    clips that are altered or answered by chance, statistics of tested clips, choices made on tested people, and
    copies that were made of them. What was found is kept as audit.json in RUN, and boards show it.
    """
    from mebench.analysis.audit.audit import audit as look_through
    from mebench.analysis.audit.kept import keep_audit

    report = look_through(run, roots, also, quick=quick)
    keep_audit(report, run, quick=quick)
    for line in report.lines():
        say(line)
    say(f"Looked for: {', '.join(report.looked_for)}.")
    for name, reason in report.not_looked_for.items():
        say(f"Not looked for: {name}, because {reason.rstrip('.')}.")
    found = f"{len(report.leaks())} kinds of leaks" if len(report.leaks()) > 1 else "a leak"
    say(f"{run}: {'no leak was found' if report.clean else f'{found} found'}.")
    if not report.clean:
        raise click.exceptions.Exit(1)
