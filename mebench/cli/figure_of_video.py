"""`mebench figure au-sum`, `action-units`, `lcn`, `features` and `flow`."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from mebench.cli import options
from mebench.cli.figure_of_run import tell_written
from mebench.cli.outputs import require_place
from mebench.cli.say import say
from mebench.errors import UserError

if TYPE_CHECKING:
    from mebench.runs.monitor import Monitor
    from mebench.schema.recordings import Video

T = TypeVar("T")

_dataset = click.argument("dataset")
_video = click.option("--video", default="", metavar="ID", help="Which video.  [default: the first with an event]")
_event = click.option(
    "--event", type=click.IntRange(1), default=1, show_default=True, metavar="N", help="Which event, by onset, from 1."
)


@click.command("au-sum")
@_dataset
@_video
@click.option("--method", default="au_sum", show_default=True, metavar="au_sum[:key=value,...]", help="Its settings.")
@options.figures_out
@options.root
@options.config
@options.plugin_loaded
def au_sum(dataset: str, video: str, method: str, out: Path, root: Path | None, settings: Path | None) -> None:
    """Draw the sum of action units over a video of DATASET, filtered, with its percentile, peaks and the truth."""
    from mebench.cli.progress import make_monitor
    from mebench.figures.au_sum import au_sum_of, draw_au_sum
    from mebench.figures.drawing import file_name, settings_of, write_figure
    from mebench.figures.video import video_of

    require_place(out, [root] if root else [])
    chosen, monitor = video_of(dataset, video, root, settings), make_monitor()
    try:
        monitor.phase("action units", 1)
        found = au_sum_of(chosen, method, monitor)
    finally:
        monitor.close()
    arrays = {"sum": found.total, "filtered": found.smoothed}
    set_by_hand = [*settings_of(dataset, settings), *settings_of(method)]
    name = file_name("au-sum", chosen.dataset, chosen.id, settings=set_by_hand)
    paths = write_figure(out / name, draw_au_sum(found), arrays)
    say(f"{chosen.id}: {len(found.peaks)} peaks above {found.floor:.3f}, {len(chosen.events)} annotated events")
    tell_written(paths)


@click.command("action-units")
@_dataset
@_video
@click.option(
    "--units", default="", metavar="N,N,...",
    help="Numbers of action units.  [default: those that the events of the video name most often, or 4,7]",
)  # fmt: skip
@click.option(
    "--detector", default="auto", show_default=True, metavar="ID",
    help="Where intensities come from; auto: the OpenFace table of the video, or hog_ridge where there is none.",
)  # fmt: skip
@options.figures_out
@options.root
@options.config
@options.plugin_loaded
def action_units(
    dataset: str, video: str, units: str, detector: str, out: Path, root: Path | None, settings: Path | None
) -> None:
    """Draw the intensities of single action units over a video of DATASET, with its annotated events."""
    from mebench.cli.progress import make_monitor
    from mebench.figures.action_units import draw_units, unit_curves
    from mebench.figures.drawing import file_name, settings_of, write_figure
    from mebench.figures.video import video_of

    wanted = _numbers(units)
    require_place(out, [root] if root else [])
    chosen, monitor = video_of(dataset, video, root, settings), make_monitor()
    try:
        monitor.phase("action units", 1)
        found = unit_curves(chosen, wanted, detector, monitor)
    finally:
        monitor.close()
    made_of = [*settings_of(dataset, settings), "" if detector == "auto" else detector]
    name = file_name("action-units", chosen.dataset, chosen.id, *found.curves, settings=made_of)
    paths = write_figure(out / name, draw_units(found), found.arrays())
    say(f"{chosen.id}: action units {', '.join(map(str, found.curves))} by {found.detector}")
    tell_written(paths)


def _numbers(text: str) -> tuple[int, ...]:
    """Return the action units that somebody has typed.

    Raises
    ------
    UserError : when they are no numbers.
    """
    from mebench.errors import UserError

    if not text:
        return ()
    if not re.fullmatch(r"\s*\d{1,2}\s*(,\s*\d{1,2}\s*)*", text, flags=re.ASCII):
        raise UserError(f"--units {text} is no list of action units: write --units 4,7.")
    return tuple(map(int, text.split(",")))


_frame = click.option(
    "--frame", type=click.IntRange(0), metavar="N", help="Which frame.  [default: the apex of the event]"
)


def _shown(work: Callable[[Video, int, Monitor], T], phase: str, chosen: Video, number: int) -> T:
    """Return what work makes of a frame, while its progress is shown."""
    from mebench.cli.progress import make_monitor

    monitor = make_monitor()
    try:
        monitor.phase(phase, 1)
        return work(chosen, number, monitor)
    finally:
        monitor.close()


def _require_one_of(frame: int | None) -> None:
    """Refuse a frame and an event at once.

    Raises
    ------
    UserError : when both were typed.
    """
    given = click.get_current_context().get_parameter_source("event")
    if frame is not None and given is click.core.ParameterSource.COMMANDLINE:
        raise UserError("--frame and --event both name a frame: give one of them.")


def _number_of(chosen: Video, event: int, frame: int | None) -> int:
    """Return the number of a frame that was asked for: itself, or the apex of an event.

    Raises
    ------
    UserError : when the video has no such frame or event.
    """
    from mebench.figures.video import apex_of, event_of, index_of

    number = frame if frame is not None else apex_of(event_of(chosen, event)) + chosen.first - 1
    index_of(chosen, number)
    return number


@click.command()
@_dataset
@_video
@_event
@_frame
@options.figures_out
@options.root
@options.config
@options.plugin_loaded
def lcn(
    dataset: str, video: str, event: int, frame: int | None, out: Path, root: Path | None, settings: Path | None
) -> None:
    """Draw a face of DATASET under changed contrast, gamma and gain, before and after local contrast normalisation."""
    from mebench.figures.drawing import file_name, settings_of, write_figure
    from mebench.figures.lcn import draw_lcn, face_of
    from mebench.figures.video import video_of

    _require_one_of(frame)
    require_place(out, [root] if root else [])
    chosen = video_of(dataset, video, root, settings)
    number = _number_of(chosen, event, frame)
    found = _shown(face_of, "normalise", chosen, number)
    name = file_name("lcn", chosen.dataset, chosen.id, number, settings=settings_of(dataset, settings))
    paths = write_figure(out / name, draw_lcn(found))
    for name, (before, after) in list(found.distances().items())[1:]:
        say(f"{name}: {before:.3f} away before normalisation, {after:.3f} after")
    tell_written(paths)


@click.command()
@_dataset
@_video
@_event
@_frame
@options.figures_out
@options.root
@options.config
@options.plugin_loaded
def features(
    dataset: str, video: str, event: int, frame: int | None, out: Path, root: Path | None, settings: Path | None
) -> None:
    """Draw one aligned face of DATASET as local binary patterns, oriented gradients and local contrast."""
    from mebench.figures.drawing import file_name, settings_of, write_figure
    from mebench.figures.features import draw_features, features_of
    from mebench.figures.video import video_of

    _require_one_of(frame)
    require_place(out, [root] if root else [])
    chosen = video_of(dataset, video, root, settings)
    number = _number_of(chosen, event, frame)
    found = _shown(features_of, "features", chosen, number)
    name = file_name("features", chosen.dataset, chosen.id, number, settings=settings_of(dataset, settings))
    tell_written(write_figure(out / name, draw_features(found)))


@click.command()
@_dataset
@_video
@_event
@options.figures_out
@options.root
@options.config
@options.plugin_loaded
def flow(dataset: str, video: str, event: int, out: Path, root: Path | None, settings: Path | None) -> None:
    """Draw the optical flow from onset to apex of an event of DATASET (Farneback, 256 px, hue and brightness)."""
    from mebench.figures.drawing import file_name, settings_of, write_figure
    from mebench.figures.flow import draw_flow, flow_of
    from mebench.figures.video import event_of, video_of

    require_place(out, [root] if root else [])
    chosen = video_of(dataset, video, root, settings)
    found = flow_of(chosen, event_of(chosen, event))
    name = file_name("flow", chosen.dataset, chosen.id, *found.frames, settings=settings_of(dataset, settings))
    paths = write_figure(out / name, draw_flow(found), {"flow": found.field})
    say(f"{chosen.id}: from frame {found.frames[0]} to {found.frames[1]}, up to {found.reach:.2f} px of 256")
    tell_written(paths)
