"""`mebench figure key-frames` and `expression`."""

from __future__ import annotations

from pathlib import Path

import click

from mebench.cli import options
from mebench.cli.outputs import require_place
from mebench.cli.say import say


@click.command("key-frames")
@click.argument("run", type=click.Path(path_type=Path))
@click.option(
    "--shifts", default="0,1,2,4,8", show_default=True, metavar="K,...", help="By how many frames, each from 0 on."
)
@click.option(
    "--draws", type=click.IntRange(1), default=3, show_default=True, metavar="N",
    help="How often it is drawn which key frames move earlier and which later.",
)  # fmt: skip
@options.seed
@options.figures_out
@options.roots
@options.device
@options.plugin_loaded
def key_frames(run: Path, shifts: str, draws: int, seed: int, out: Path, roots: tuple[str, ...], device: str) -> None:
    """Test the models of RUN, a recogniser's, on clips whose onset and apex are shifted by k frames.

    The models are those of the run, trained once; every clip is tested by the one that has not seen its person.
    """
    from mebench.apply.key_frames import key_frame_noise
    from mebench.cli.figure_of_run import tell_written
    from mebench.cli.progress import make_monitor
    from mebench.cli.tables import print_table
    from mebench.figures.drawing import file_name, place_of_run, write_figure
    from mebench.figures.key_frames import arrays, draw_key_frames, rows

    wanted = _numbers(shifts)
    require_place(out, [run])
    monitor = make_monitor()
    try:
        found = key_frame_noise(run, wanted, draws=draws, seed=seed, roots=roots, device=device, monitor=monitor)
    finally:
        monitor.close()
    print_table(["shift", f"{found.metric} of {found.scope}", "draws", "clips held"], rows(found), apart=False)
    say("held: a key frame could not be moved so far without leaving the clip or passing the other.")
    known = [place_of_run(run), *([shifts] if shifts != "0,1,2,4,8" else []), *(map(str, (draws, seed)))]
    stem = out / file_name("key-frames", found.run, settings=known)
    tell_written(write_figure(stem, draw_key_frames(found), arrays(found)))


@click.command()
@click.argument("runs", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="RUN...")
@click.option(
    "--clip", "--video", "clip", required=True, metavar="ID", help="A clip that the runs have tested, or subject/ID."
)
@options.figures_out
@options.roots
@options.device
@options.plugin_loaded
def expression(runs: tuple[Path, ...], clip: str, out: Path, roots: tuple[str, ...], device: str) -> None:
    """Draw what the models of RUN say of every frame of a clip, of one or more runs, beside its coded onset and offset.

    Printed is how well they agree: the share of frames that are both said to show the clip's class and coded, of those
    that are either; of this clip, and the mean over all tested clips with both coded.
    """
    from mebench.apply.expression import expression_curves
    from mebench.cli.figure_of_run import tell_written
    from mebench.cli.progress import make_monitor
    from mebench.figures.drawing import file_name, place_of_run, write_figure
    from mebench.figures.expression import arrays, draw_expression, told

    require_place(out, list(runs))
    monitor = make_monitor()
    try:
        found = expression_curves(runs, clip, roots=roots, device=device, monitor=monitor)
    finally:
        monitor.close()
    for sentence in told(found):
        say(sentence)
    known = [part for run in runs for part in (run.resolve().name, place_of_run(run))]
    stem = out / file_name("expression", found.clip.subject, found.clip.id, settings=known)
    tell_written(write_figure(stem, draw_expression(found), arrays(found)))


def _numbers(text: str) -> list[int]:
    """Return the shifts of an option, sorted, each once.

    Raises
    ------
    UserError : for anything that is no whole number from 0 on.
    """
    from mebench.errors import UserError

    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdecimal() for part in parts):
        raise UserError(f"--shifts {text} are no numbers of frames: give whole numbers from 0 on, such as 0,1,2.")
    return sorted(set(map(int, parts)))
