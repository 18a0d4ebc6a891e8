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
@click.option(
    "--fold", default="", metavar="NAME",
    help="What is drawn alone: a tested person, or a fold of the run by its id.  [default: the first person with "
    "events of every kind]",
)  # fmt: skip
@options.figures_out
@options.plugin_loaded
def roc(run: Path, fold: str, out: Path) -> None:
    """Draw the ROC curves of the frame scores of RUN: one fold, which is one tested person, and all people pooled.

    The scores are the raw ones where the run keeps them, else the processed ones; the title says which.
    """
    from mebench.analysis.roc import roc_of_run
    from mebench.figures.drawing import file_name, write_figure
    from mebench.figures.roc import areas, arrays, draw_roc, everybody, whose

    require_place(out, [run])
    found = roc_of_run(run, fold)
    paths = write_figure(out / file_name("roc", found.run, found.fold), draw_roc(found), arrays(found))
    say(f"AUC of {found.kind} scores, {whose(found)}: {', '.join(areas(found.of_fold))}")
    say(f"AUC of {found.kind} scores, {everybody(found)}: {', '.join(areas(found.pooled))}")
    tell_written(paths)
    if found.tested < found.planned:
        say(f"{found.planned - found.tested} of {found.planned} people are not tested yet and not drawn.", err=True)


@click.command()
@_run
@options.figures_out
@options.roots
@options.plugin_loaded
def folds(run: Path, out: Path, roots: tuple[str, ...]) -> None:
    """Draw how many frames each fold of RUN trains, validates and tests on."""
    from mebench.figures.drawing import file_name, write_figure
    from mebench.figures.folds import draw_folds, fold_sizes

    require_place(out, [run])
    found = fold_sizes(run, roots)
    tell_written(write_figure(out / file_name("folds", found.run), draw_folds(found), {"frames": found.frames}))
    if found.uncounted:
        say(f"The frames of {found.uncounted} made copies of people are not counted.", err=True)


def tell_written(paths: tuple[Path, ...]) -> None:
    """Print where the files of a figure lie."""
    for path in paths:
        say(f"written: {shown(path)}")
