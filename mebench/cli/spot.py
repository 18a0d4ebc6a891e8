"""`mebench spot`."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mebench.cli import options
from mebench.cli.say import complain, say
from mebench.frames.names import printable

if TYPE_CHECKING:
    from mebench.apply.record import SpotRecord
    from mebench.apply.session import Outcome, Session


@click.command()
@click.argument("videos", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="VIDEO...")
@click.option("--run", type=click.Path(path_type=Path), metavar="DIR", help="Use the models that this run has trained.")
@click.option("--method", metavar="ID[:key=value,...]", help="A method that needs no training.  [default: au_sum]")
@click.option(
    "--recognise", type=click.Path(path_type=Path), metavar="RUN",
    help="Tell the emotion of what is spotted, by the models of a finished run of recognition.",
)  # fmt: skip
@click.option(
    "--fps", type=options.FiniteRange(0, 10_000, min_open=True),
    help="Frames per second: of a folder, which does not say; of a file instead of its own, as for slow motion.  "
    "[default: what a file says, 30 for a folder]",
)  # fmt: skip
@click.option(
    "--out", type=click.Path(path_type=Path),
    help="Folder for the results of one video, or for the folders of several.  [default: spotted]",
)  # fmt: skip
@click.option("--face", type=click.IntRange(1), metavar="N", help="Which of several faces, from 1, the most important.")
@click.option("--no-frames", is_flag=True, help="Leave the pictures of onset, apex and offset off the page.")
@click.option("--json", "as_json", is_flag=True, help="Print what was spotted as JSON.")
@options.config
@options.device
@options.plugin
def spot(
    videos: tuple[Path, ...],
    run: Path | None,
    method: str | None,
    recognise: Path | None,
    fps: float | None,
    out: Path | None,
    face: int | None,
    no_frames: bool,
    as_json: bool,
    settings: Path | None,
    device: str,
    plugins: tuple[Path, ...],
) -> None:
    """Spot expressions in each VIDEO, a file or a folder of frames.

    The results of a video are intervals.csv, timeline.html and spotting.json in a folder of its own. What is there
    already is not done again, so a long list goes on after an interrupt with the same command.
    """
    from mebench.apply.models import choose_models
    from mebench.apply.places import Places, without_repeats
    from mebench.apply.recognise import load_recognisers
    from mebench.apply.session import Session
    from mebench.faces.cache import FrameCache
    from mebench.leaderboard.spotted import write_spotted

    paths = without_repeats(videos)
    cache = FrameCache()
    session = Session(
        choose_models(method, run, settings, face), Places(out, several=len(paths) > 1),
        functools.partial(write_spotted, cache=cache, pictures=not no_frames),
        page="" if no_frames else "pictures", fps=fps, device=device, cache=cache,
        recognisers=None if recognise is None else load_recognisers(recognise, face),
    )  # fmt: skip
    outcomes = _spot_all(session, paths)
    if as_json:
        import json

        say(json.dumps({"videos": [_plain(outcome) for outcome in outcomes]}, indent=1, ensure_ascii=False))
    for outcome in outcomes:
        _tell(outcome, several=len(paths) > 1, quiet=as_json)
    failed = sum(outcome.record is None for outcome in outcomes)
    if failed:
        complain(f"{failed} of {len(outcomes)} videos could not be spotted in: see above.")
        raise click.exceptions.Exit(1)


def _spot_all(session: Session, paths: Sequence[Path]) -> list[Outcome]:
    """Spot in all videos; what is wrong with a single one is an error of the command.

    Raises
    ------
    UserError : when there is one video, and it cannot be spotted in.
    """
    from mebench.cli.progress import make_monitor
    from mebench.errors import UserError

    monitor = make_monitor()
    try:
        outcomes = list(session.spot_all(paths, monitor))
    finally:
        monitor.close()
    if len(outcomes) == 1 and outcomes[0].error:
        raise UserError(outcomes[0].error)
    return outcomes


def _plain(outcome: Outcome) -> dict[str, object]:
    about: dict[str, object] = {"path": printable(str(outcome.path))}
    if outcome.record is None or outcome.folder is None:
        return {**about, "error": outcome.error}
    return {**about, "folder": printable(str(outcome.folder)), **outcome.record.plain()}


def _tell(outcome: Outcome, *, several: bool, quiet: bool) -> None:
    """Print what came of one video: the result on stdout unless `quiet`, what should be known of it on stderr."""
    path = printable(str(outcome.path))
    about = f"{path}: " if several else ""
    record, folder = outcome.record, outcome.folder
    if record is None or folder is None:
        complain(f"{about}{outcome.error}")
        return
    if not quiet:
        from mebench.apply.record import INTERVALS, PAGE

        say("\n".join(_lines(record, f"{path}\n" if several else "")))
        place = printable(str(folder))
        say(f"intervals: {place}/{INTERVALS}\ntimeline:  {place}/{PAGE}")
    if outcome.kept:
        say(f"{about}the results were there already, made with the same method and settings.", err=True)
    if outcome.replaced:
        say(f"{about}{outcome.replaced}.", err=True)
    for note in record.notes:
        say(f"{about}{note}", err=True)


def _lines(record: SpotRecord, heading: str) -> Iterator[str]:
    if heading:
        yield f"\n{heading}".rstrip()
    for i in record.intervals:
        told = f"  {i.emotion} {i.probabilities[i.emotion]:.2f}" if i.emotion else "  -" if record.recogniser else ""
        yield f"{i.type:<5}  frames {i.onset}-{i.offset}  {i.start:.2f}-{i.end:.2f} s  {i.score:.3f}{told}"
    count, video = len(record.intervals), record.video
    frames = f"{video.n_frames} frame{'' if video.n_frames == 1 else 's'}"
    yield f"{count} expression{'' if count == 1 else 's'} in {frames} at {video.fps:g} fps."
