"""`mebench spot`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mebench.cli import options
from mebench.cli.say import say

if TYPE_CHECKING:
    from mebench.runs.spot import Spotted


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

    monitor = make_monitor()
    opened = open_video(video, fps, lambda what, done, total: monitor.progress(video.stem, what, done, total))
    monitor.phase("spot", 1)
    try:
        spotted = spot_video(
            opened, method=method, run=run, settings=settings, device=device,
            progress=lambda what, done, total: monitor.progress(opened.id, what, done, total),
        )  # fmt: skip
        monitor.finished(opened.id, None)
    finally:
        monitor.close()
    folder = out or Path("spotted") / video.stem
    write_intervals(spotted, folder / "intervals.csv")
    _write_page(folder, spotted)
    before = opened.first - 1
    for i in spotted.spotting.intervals:
        start, end = opened.seconds(i.onset, i.offset)
        frames = f"frames {i.onset + before}-{i.offset + before}"
        say(f"{i.type:<5}  {frames}  {start:.2f}-{end:.2f} s  {i.score:.3f}")
    say(f"{len(spotted.spotting.intervals)} expressions in {opened.n_frames} frames at {opened.fps:g} fps.")
    for note in opened.notes():
        say(note, err=True)
    say(f"intervals: {folder / 'intervals.csv'}\ntimeline:  {folder / 'timeline.html'}")


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
    )
