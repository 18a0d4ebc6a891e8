"""`mebench spot`."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mebench.cli import options
from mebench.cli.say import say

if TYPE_CHECKING:
    from mebench.runs.spot import Spotted
    from mebench.schema.recordings import Video


@click.command()
@click.argument("video", type=click.Path(path_type=Path))
@click.option("--run", type=click.Path(path_type=Path), metavar="DIR", help="Use the models that this run has trained.")
@click.option("--method", metavar="ID[:key=value,...]", help="A method that needs no training.  [default: au_sum]")
@click.option(
    "--fps", type=options.FiniteRange(0, min_open=True), help="Frames per second, where the file does not say."
)
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the results.  [default: spotted/NAME]")
@options.config
@options.device
@options.plugin
def spot(
    video: Path,
    run: Path | None,
    method: str | None,
    fps: float | None,
    out: Path | None,
    settings: Path | None,
    device: str,
    plugins: tuple[Path, ...],
) -> None:
    """Spot expressions in VIDEO, a file or a folder of frames: intervals.csv and timeline.html."""
    from mebench.cli.progress import make_monitor
    from mebench.runs.spot import open_video, spot_video, write_intervals

    monitor, opened = make_monitor(), open_video(video, fps)
    monitor.phase("spot", 1)
    try:
        spotted = spot_video(
            opened, method=method, run=run, settings=settings, device=device,
            progress=lambda what, done, total: monitor.progress(opened.id, what, done, total),
        )  # fmt: skip
        monitor.finished(opened.id, None)
    finally:
        monitor.close()
    folder = out or Path("spotted") / opened.id
    write_intervals(spotted, folder / "intervals.csv")
    _write_page(folder, spotted)
    for i in spotted.spotting.intervals:
        seconds = f"{(i.onset - 1) / opened.fps:.2f}-{i.offset / opened.fps:.2f} s"
        say(f"{i.type:<5}  frames {i.onset}-{i.offset}  {seconds}  {i.score:.3f}")
    say(f"{len(spotted.spotting.intervals)} expressions in {opened.n_frames} frames at {opened.fps:g} fps.")
    _tell_missing(opened)
    for line in spotted.presence.sentences() if spotted.presence else ():
        say(line)
    say(f"intervals: {folder / 'intervals.csv'}\ntimeline:  {folder / 'timeline.html'}")


def _tell_missing(video: Video) -> None:
    """Say which frames of a folder have no file: what was spotted there was spotted in copies of a frame."""
    from mebench.frames.folders import FolderFrames

    missing = video.frames.missing if isinstance(video.frames, FolderFrames) else ()
    if missing:
        say(
            f"{len(missing)} of the frames have no file and show the nearest one instead: {_ranges(missing)}.",
            err=True,
        )


def _ranges(numbers: Sequence[int]) -> str:
    """Return ascending numbers as `3, 10-29`."""
    groups = itertools.groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])
    ends = [[number for _, number in group] for _, group in groups]
    return ", ".join(f"{group[0]}-{group[-1]}" if len(group) > 1 else str(group[0]) for group in ends)


def _write_page(folder: Path, spotted: Spotted) -> None:
    from mebench.leaderboard.timeline import VideoInfo, write_timeline

    video = spotted.video
    facts = {"models": str(spotted.models)} if spotted.models > 1 else {}
    write_timeline(
        folder / "timeline.html",
        VideoInfo(video.id, video.n_frames, video.fps),
        spotted.spotting.intervals,
        spotted.spotting.scores,
        method=spotted.method,
        facts=facts,
        presence=spotted.presence,
    )
