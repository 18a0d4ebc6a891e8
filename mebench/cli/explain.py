"""`mebench explain`."""

from __future__ import annotations

import re
from pathlib import Path

import click

from mebench.cli import options
from mebench.cli.say import say, shown

DEFAULT_OUT = Path("explained")


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--video", required=True, metavar="ID", help="A video that the run has tested.")
@click.option(
    "--frames", metavar="A-B", help="First and last frame.  [default: the event, or the peak, with the highest score]"
)
@click.option("--fold", default="", metavar="ID", help="The fold, which must test the video's subject.")
@click.option(
    "--type", "output", default="", metavar="NAME",
    help="The output that is explained, such as micro.  [default: the event's type, or the highest score]",
)  # fmt: skip
@click.option(
    "--most", type=click.IntRange(1, 24), default=6, show_default=True, metavar="N",
    help="Frames that are explained, spread evenly over those with a face.",
)  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), default=DEFAULT_OUT, show_default=True, metavar="DIR")
@options.roots
@options.device
@options.plugin_loaded
def explain(
    run: Path,
    video: str,
    frames: str | None,
    fold: str,
    output: str,
    most: int,
    out: Path,
    roots: tuple[str, ...],
    device: str,
) -> None:
    """Show where in the face the scores of a trained network of RUN come from.

    The model is the one that was tested on the video's subject. A sheet (SVG, PNG) shows Grad-CAM at the last
    convolution and at the last dense layer, and guided backpropagation of the output and of every convolution; the
    arrays lie beside it (.npz).
    """
    from mebench.cli.outputs import require_place

    wanted = _frames(frames)
    require_place(out, [run])
    from mebench.apply.explain import MOST
    from mebench.apply.explain import explain as explain_run
    from mebench.cli.progress import make_monitor
    from mebench.figures.drawing import place_of_run
    from mebench.figures.explained import write_sheet

    monitor = make_monitor()
    try:
        found = explain_run(
            run, video, frames=wanted, fold=fold, output=output, most=most, roots=roots, device=device, monitor=monitor
        )
    finally:
        monitor.close()
    fewer = f"most={most}" if most != MOST else ""
    paths = write_sheet(out, found, [place_of_run(run), fewer])
    say(f"{found.method}, fold {found.fold}: {found.output} in {found.video}, frames {_listed(found.frames.tolist())}")
    for name, cam in found.cams.items():
        say(f"Grad-CAM: {name}{'' if cam.any() else ': nothing speaks for it'}")
    say(f"guided backpropagation: {', '.join(found.convolutions)}")
    for path in paths:
        say(f"written: {shown(path)}")
    for note in found.notes:
        say(note, err=True)


def _frames(text: str | None) -> tuple[int, int] | None:
    """Return the first and last frame number.

    Raises
    ------
    UserError : when it is no such pair.
    """
    from mebench.errors import UserError

    if text is None:
        return None
    if re.match(r"\s*-\s*\d", text):
        raise UserError(f"--frames {text} begins below 1, and frames begin at 1: write --frames 1-180.")
    pair = re.fullmatch(r"\s*(\d{1,9})\s*(?:-\s*(\d{1,9})\s*)?", text, flags=re.ASCII)
    if pair is None:
        raise UserError(f"--frames {text} is not a first and a last frame: write --frames 120-180.")
    first, last = int(pair[1]), int(pair[2] or pair[1])
    if first > last:
        raise UserError(f"--frames {text} ends before it begins: write --frames {last}-{first}.")
    return first, last


def _listed(frames: list[int]) -> str:
    return ", ".join(map(str, frames))
