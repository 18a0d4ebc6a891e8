"""`mebench figure roc` and `mebench figure folds`."""

from __future__ import annotations

from pathlib import Path

import click

from mebench.cli import options
from mebench.cli.outputs import require_place
from mebench.cli.say import say, shown

_run = click.argument("run", type=click.Path(path_type=Path))


@click.command()
@_run
@click.option("--fold", default="", metavar="ID", help="The fold that is drawn alone.  [default: the first]")
@options.figures_out
@options.plugin_loaded
def roc(run: Path, fold: str, out: Path) -> None:
    """Draw the ROC curves of the frame scores of RUN: one fold, and all folds pooled."""
    from mebench.figures.drawing import file_name, write_figure
    from mebench.figures.roc import areas, draw_roc, roc_of

    require_place(out, [run])
    found = roc_of(run, fold)
    paths = write_figure(out / file_name("roc", found.run, found.fold), draw_roc(found), found.arrays())
    say(f"AUC of fold {found.fold}: {', '.join(areas(found.of_fold))}")
    say(f"AUC of {found.folds} folds pooled: {', '.join(areas(found.pooled))}")
    tell_written(paths)
    if found.folds < found.planned:
        say(f"{found.planned - found.folds} of {found.planned} folds are not done and not drawn.", err=True)


@click.command()
@_run
@options.figures_out
@options.roots
@options.plugin_loaded
def folds(run: Path, out: Path, roots: tuple[str, ...]) -> None:
    """Draw how many frames each fold of RUN trains, validates and tests on."""
    from mebench.figures.drawing import file_name, place_of_run, write_figure
    from mebench.figures.folds import draw_folds, fold_sizes

    require_place(out, [run])
    found = fold_sizes(run, roots)
    name = file_name("folds", found.run, settings=[place_of_run(run)])
    tell_written(write_figure(out / name, draw_folds(found), {"frames": found.frames}))
    if found.uncounted:
        say(f"The frames of {found.uncounted} made copies of people are not counted.", err=True)


def tell_written(paths: tuple[Path, ...]) -> None:
    """Print where the files of a figure lie."""
    for path in paths:
        say(f"written: {shown(path)}")
