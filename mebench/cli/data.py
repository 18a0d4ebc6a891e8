"""`mebench data`: everything that concerns a dataset alone."""

from __future__ import annotations

import click

from mebench.cli.lazy import LazyGroup

_VERBS = {
    "list": ("mebench.cli.data_list:list_", "List the datasets."),
    "root": ("mebench.cli.data_root:root", "Remember where a licensed dataset lies."),
    "check": (
        "mebench.cli.data_check:check",
        "Compare a dataset's counts with the published ones, and list its errata.",
    ),
    "show": ("mebench.cli.data_show:show", "Draw what recognisers see of some clips."),
    "prepare": ("mebench.cli.data_prepare:prepare", "Fill the frame cache."),
    "cache": ("mebench.cli.data_cache:cache", "Show or clean the frame cache."),
    "durations": ("mebench.cli.data_durations:durations", "Print how long the annotated expressions last."),
    "ratio": ("mebench.cli.data_ratio:ratio", "Print how much of the videos the expressions fill."),
    "au-presence": ("mebench.cli.data_au:au_presence", "Print which annotated action units OpenFace has seen, too."),
    "au-correlation": ("mebench.cli.data_au:au_correlation", "Correlate the action units of OpenFace tables."),
    "make": ("mebench.cli.data_make:make", "Write a dataset's frames and truth as plain files."),
    "export": ("mebench.cli.data_export:export", "Write a dataset in the layout of a licensed one."),
}


@click.group(cls=LazyGroup, verbs=_VERBS)
def data() -> None:
    """List, check, measure, prepare, make and export datasets."""
