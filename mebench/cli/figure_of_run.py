"""`mebench figure confusion`, `roc`, `folds` and `scores`."""

from __future__ import annotations

from pathlib import Path

import click

from mebench.cli import options
from mebench.cli.outputs import require_place
from mebench.cli.say import say, shown

_run = click.argument("run", type=click.Path(path_type=Path))


@click.command()
@_run
@options.figures_out
@options.plugin_loaded
def confusion(run: Path, out: Path) -> None:
    """Draw what RUN has taken clips of each class for, in full and per database; RUN may be a scorecard, too."""
    from mebench.analysis.confusion import confusions_of
    from mebench.figures.confusion import draw_confusions
    from mebench.figures.drawing import file_name, place_of_run, write_figure

    require_place(out, [run])
    found = confusions_of(run)
    folder = run if run.is_dir() else run.resolve().parent
    name = file_name("confusion", folder.resolve().name, settings=[place_of_run(folder)])
    paths = write_figure(out / name, draw_confusions(found), found.matrices)
    for scope, matrix in found.matrices.items():
        right = int(matrix.trace())
        say(f"{scope}: {right} of {int(matrix.sum())} clips are right")
    tell_written(paths)
    if not found.card.complete:
        say("Clips that have no answer are counted apart: the run is not complete.", err=True)


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
    from mebench.figures.drawing import file_name, place_of_run, write_figure
    from mebench.figures.roc import areas, arrays, draw_roc, everybody, whose
    from mebench.runs.damaged import damaged_folds
    from mebench.runs.store import RunFolder

    require_place(out, [run])
    found = roc_of_run(run, fold)
    paths = write_figure(
        out / file_name("roc", found.run, found.fold, settings=[place_of_run(run)]), draw_roc(found), arrays(found)
    )
    say(f"AUC of {found.kind} scores, {whose(found)}: {', '.join(areas(found.of_fold))}")
    say(f"AUC of {found.kind} scores, {everybody(found)}: {', '.join(areas(found.pooled))}")
    tell_written(paths)
    if found.tested < found.planned:
        say(f"{found.planned - found.tested} of {found.planned} people are not tested yet and not drawn.", err=True)
        if damaged := damaged_folds(RunFolder(run)):
            say("\n".join(damaged), err=True)
            raise click.exceptions.Exit(1)


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


@click.command()
@_run
@click.option("--video", required=True, metavar="ID", help="A video that the run has tested.")
@options.figures_out
@options.plugin_loaded
def scores(run: Path, video: str, out: Path) -> None:
    """Draw the frame scores of a video of RUN over time: the raw ones where it keeps them, else the processed ones."""
    from mebench.figures.drawing import file_name, place_of_run, write_figure
    from mebench.figures.scores import draw_scores, score_curves

    require_place(out, [run])
    found = score_curves(run, video)
    paths = write_figure(
        out / file_name("scores", found.run, found.video, settings=[place_of_run(run)]),
        draw_scores(found),
        found.curves,
    )
    say(f"{found.video}: {found.kind} scores of {', '.join(found.curves)}, {len(found.events)} annotated events")
    tell_written(paths)


def tell_written(paths: tuple[Path, ...]) -> None:
    """Print where the files of a figure lie."""
    for path in paths:
        say(f"written: {shown(path)}")
