"""`mebench test`."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mebench.cli import options
from mebench.cli.say import say

if TYPE_CHECKING:
    from mebench.testing.findings import Finding

_EVERY = 5.0
"""Seconds between two lines about checks that are still at work."""


@click.command()
@click.option(
    "--plugin", "plugins", type=click.Path(path_type=Path), multiple=True, metavar="FILE.py",
    help="Python file with plug-ins of your own; it is loaded in a process of its own.",
)  # fmt: skip
@options.roots
@click.option(
    "--limit", type=options.FiniteRange(0, min_open=True), default=600.0, show_default=True, metavar="SECONDS",
    help="How long one check may take, a training on small recordings included.",
)  # fmt: skip
def test(plugins: tuple[Path, ...], roots: tuple[str, ...], limit: float) -> None:
    """Check a plug-in file: shapes, seeds, withheld truth, state, memory, settings, and what it writes.

    A plug-in that ends Python, or a check that takes longer than --limit, is told like any other fault.
    """
    if not plugins:
        raise click.UsageError("There is nothing to test: give --plugin FILE.")
    from mebench.testing.supervised import supervised_checks

    found: list[Finding] = []
    folders = _folders(roots)
    for path in plugins:
        for finding in supervised_checks(path, folders, _Teller(), limit=limit):
            say(
                f"{finding.state:<7}  {finding.plugin}: {finding.check}"
                + (f". {finding.reason}" if finding.reason else "")
            )
            found.append(finding)
    say(_summary(found))
    if not all(finding.ok for finding in found):
        raise click.exceptions.Exit(1)


def _folders(roots: Sequence[str]) -> dict[str, Path]:
    """Return folders by dataset id."""
    pairs = [root.partition("=") for root in roots]
    for id, between, folder in pairs:
        if not between or not id or not folder:
            raise click.UsageError(f"--root {id}{between}{folder} names no dataset: write --root ID=DIR.")
    return {id: Path(folder) for id, _, folder in pairs}


class _Teller:
    """Says on stderr what is being done: a line now and then."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def __call__(self, text: str) -> None:
        now = time.monotonic()
        if now - self._last >= _EVERY:
            self._last = now
            say(f"... {text}", err=True)


def _summary(found: Sequence[Finding]) -> str:
    counts = {state: sum(finding.state == state for finding in found) for state in ("ok", "failed", "skipped")}
    told = [f"{counts['ok']} checks hold", f"{counts['failed']} failed" if counts["failed"] else "none failed"]
    return ", ".join([*told, *([f"{counts['skipped']} skipped"] if counts["skipped"] else [])]) + "."
