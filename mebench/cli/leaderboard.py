"""`mebench leaderboard`."""

from __future__ import annotations

from pathlib import Path

import click

from mebench.cli import options
from mebench.cli.lazy import LazyGroup
from mebench.cli.say import say
from mebench.errors import UserError
from mebench.plain import plain_text


@click.group(cls=LazyGroup, verbs={"build": ("mebench.cli.leaderboard:build", "Build the page.")})
def leaderboard() -> None:
    """Build the leaderboard page from scorecards."""


@click.command()
@click.argument("scorecards", type=click.Path(path_type=Path), nargs=-1)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder of the page.")
@click.option("--title", default="mebench leaderboard", show_default=True, help="Heading of the page.")
@click.option(
    "--literature", type=click.Path(path_type=Path), multiple=True, help="CSV file of published scores, shown apart."
)
@options.plugin_loaded
def build(scorecards: tuple[Path, ...], out: Path, title: str, literature: tuple[Path, ...]) -> None:
    """Build one offline HTML page from SCORECARDS: files, or folders of runs.  [default: those under runs/]"""
    from mebench.cli.outputs import PAGES, output_file, require_place
    from mebench.cli.progress import make_monitor
    from mebench.leaderboard.build import build_leaderboard
    from mebench.leaderboard.cards import file_of

    chosen = scorecards or tuple(sorted(Path("runs").glob("*/scorecard.json")))
    read = [path for path in (*chosen, *literature) if not path.is_dir()]
    require_place(out, [])
    output_file(out / "index.html", read, "--out", PAGES)
    told: list[str] = []
    refused: list[str] = []
    page = build_leaderboard(
        chosen, out, title=title, literature=literature, tell=told.append, warn=refused.append, monitor=make_monitor()
    )
    say("\n".join((f"leaderboard: {page}", *(plain_text(sentence, 2000) for sentence in told))))
    for sentence in refused:
        say(plain_text(sentence, 2000), err=True)
    if len(refused) == len({file_of(path).resolve() for path in chosen}):
        raise UserError(f"Nothing ranks on {page}, for every card contradicts itself: grade their predictions again.")
