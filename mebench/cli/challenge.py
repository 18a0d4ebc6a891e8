"""`mebench challenge`."""

from __future__ import annotations

from pathlib import Path

import click

from mebench.cli import options
from mebench.cli.challenge_folder import Place, open_challenge, tell_stale
from mebench.cli.lazy import LazyGroup
from mebench.cli.say import say

_HERE, _SEASON = "mebench.cli.challenge", "mebench.cli.challenge_season"
_VERBS = {
    "init": (f"{_HERE}:init", "Begin a challenge in a new folder."),
    "kit": (f"{_SEASON}:kit", "Write what participants get: formats, an example, how to check."),
    "check": (f"{_HERE}:check", "Check a submission offline, as participants do."),
    "grade": (f"{_HERE}:grade", "Grade submissions and hand out receipts."),
    "baseline": (f"{_SEASON}:baseline", "Add a row that is shown and not ranked."),
    "regrade": (f"{_SEASON}:regrade", "Grade all accepted submissions again."),
    "final": (f"{_SEASON}:final", "Rank the teams by the hidden part."),
    "sandbox": (f"{_HERE}:sandbox", "Tell which walls this system puts around the grading."),
    "receipts": (f"{_HERE}:receipts", "List receipts, or restore a lost state from them."),
    "teams": (f"{_HERE}:teams", "List teams, their quotas, and what to look at."),
    "withdraw": (f"{_HERE}:withdraw", "Take a submission off the board."),
    "board": (f"{_HERE}:board", "Write the board from accepted submissions."),
    "export": (f"{_HERE}:export", "Write what Codabench, EvalAI or grand-challenge runs."),
}


@click.group(cls=LazyGroup, verbs=_VERBS)
def challenge() -> None:
    """Run a challenge: check, grade and rank what others submit."""


@click.command()
@click.argument("folder", type=Place(), metavar="DIR")
@click.option("--protocol", default="megc2022-spotting", show_default=True, metavar="ID", help="The rules of scoring.")
@click.option("--title", default="", help="Heading of the board.  [default: names the task]")
def init(folder: Path, protocol: str, title: str) -> None:
    """Write a commented challenge.toml and the folders beside it into DIR."""
    from mebench.challenge.pages.template import init_challenge, truth_files

    rules = init_challenge(folder, protocol=protocol, title=title)
    say(f"rules: {rules}")
    say(f"next: edit them, and put {truth_files(protocol)} into {folder / 'truth'}")
    say(f"then: `mebench challenge kit {folder} --out KIT.zip` writes what participants get")


@click.command()
@click.argument("places", type=Place(), nargs=-1, metavar="[DIR] SUBMISSION")
@click.option("--kit", type=Place(), metavar="PUBLIC_KIT", help="Folder that organisers hand out.")
@click.option("--team", default="", metavar="NAME", help="Replaces the team of the manifest.")
@click.option("--method", default="", metavar="NAME", help="Replaces the method of the manifest.")
@click.option("--protocol", default="", metavar="ID", help="Replaces the protocol of the manifest.")
@options.first_frame
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Form of the report.")
@click.pass_context
def check(
    ctx: click.Context,
    places: tuple[Path, ...],
    kit: Path | None,
    team: str,
    method: str,
    protocol: str,
    first_frame: str | None,
    form: str,
) -> None:
    """Check SUBMISSION against the challenge in DIR, or against a PUBLIC_KIT; the truth is not needed.

    Exit code: 0 accepted, 2 refused or not readable.
    """
    from mebench.challenge.desk.outputs import dump
    from mebench.challenge.desk.public import check_in_folder, check_with_kit

    if len(places) != (2 if kit is None else 1):
        raise click.UsageError("Give DIR and one SUBMISSION, or --kit PUBLIC_KIT and one SUBMISSION.", ctx)
    flags = {"team": team, "method": method, "protocol": protocol, "first_frame": first_frame or ""}
    found = check_in_folder(places[0], places[1], flags) if kit is None else check_with_kit(kit, places[0], flags)
    say(dump(found.report) if form == "json" else found.text, nl=False)
    ctx.exit(0 if found.accepted else 2)


@click.command()
@click.argument("folder", type=Place(), metavar="DIR")
@click.argument("submissions", type=Place(exists=True), nargs=-1, required=True)
@click.option("--team", default="", metavar="NAME", help="Whose quota it is: the team of all SUBMISSIONS.")
@click.option("--team-from-manifest", is_flag=True, help="Believe the team of each manifest instead of --team.")
@click.option("--method", default="", metavar="NAME", help="Replaces the method of the manifest.")
@click.option("--protocol", default="", metavar="ID", help="Replaces the protocol of the manifest.")
@options.first_frame
@click.option("--phase", metavar="NAME", help="The phase that is meant, where several are open.")
@click.option(
    "--received",
    type=click.DateTime(["%Y-%m-%dT%H:%M:%SZ"]),
    metavar="TIME",
    help="Time of receipt in UTC, as 2026-05-01T12:00:00Z.  [default: now]",
)
@click.pass_context
def grade(
    ctx: click.Context,
    folder: Path,
    submissions: tuple[Path, ...],
    team: str,
    team_from_manifest: bool,
    method: str,
    protocol: str,
    first_frame: str | None,
    phase: str | None,
    received: object,
) -> None:
    """Grade SUBMISSIONS to the challenge in DIR; stdout is for the teams, stderr for the organisers.

    Quotas bind only when you say who submits: give --team, once for each team. A manifest is written by the one who
    submits, so --team-from-manifest, and teams = "manifest" in challenge.toml, let it choose whose quota it uses.

    Exit code: 0 when every one is accepted, 1 when one is refused, over quota or failed, 2 when the grading cannot
    begin or go on.
    """
    import dataclasses
    import datetime as dt

    from mebench.challenge.desk.grader import Desk, Status
    from mebench.challenge.safety.plain import shown_name

    if team and team_from_manifest:
        raise click.UsageError("--team and --team-from-manifest exclude each other: give one of them.", ctx)
    rules = open_challenge(folder)
    if team_from_manifest:
        rules = dataclasses.replace(rules, teams="manifest")
    moment = received.replace(tzinfo=dt.UTC) if isinstance(received, dt.datetime) else None
    flags = {"team": team, "method": method, "protocol": protocol, "first_frame": first_frame or ""}
    good = True
    with Desk(rules) as desk:
        for path in submissions:
            outcome = desk.grade(path, flags=flags, phase=phase, received=moment)
            # What the team gets says nothing of where the organisers keep it.
            say(f"{shown_name(path.name)}: {outcome.status}\n{outcome.text}", nl=False)
            if outcome.private:
                say(f"{shown_name(str(path))}: {outcome.private}", err=True)
            good = good and outcome.status in (Status.ACCEPTED, Status.CACHED)
    ctx.exit(0 if good else 1)


@click.command()
def sandbox() -> None:
    """Tell which walls this system puts around the processes that read and score submissions."""
    from mebench.challenge.safety.sandbox import missing_walls
    from mebench.challenge.safety.walls import WALLS
    from mebench.cli.tables import print_pairs, print_text

    missing = missing_walls()
    longest = max(map(len, WALLS))
    print_pairs(
        [
            (
                f"{'NO ' if name in missing else 'yes'}  {name:{longest}}",
                what + (f" ({missing[name]})" if name in missing else ""),
            )
            for name, what in WALLS.items()
        ]
    )
    if missing:
        print_text("note: grade in a container to have what is missing: see submissions/README.md", err=True)


@click.command()
@click.argument("folder", type=Place(), metavar="DIR")
@click.option("--team", default="", metavar="NAME", help="Only its receipts.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@click.option("--rebuild", is_flag=True, help="Make state and receipts on disk agree again; stop all graders first.")
@click.pass_context
def receipts(ctx: click.Context, folder: Path, team: str, as_json: bool, rebuild: bool) -> None:
    """List the receipts of the challenge in DIR in order of receipt, withdrawn ones included.

    --rebuild restores state.sqlite from the receipts on disk where it is lost or damaged, and the files on disk from
    state.sqlite where those are. No receipt is dropped, so quotas stay used; what cannot be restored is told.
    """
    if rebuild and (team or as_json):
        raise click.UsageError("--rebuild goes with neither --team nor --json: give it alone.", ctx)
    if rebuild:
        _rebuild(folder)
        return
    from mebench.challenge.desk.ledger import list_receipts
    from mebench.cli.ledger_tables import print_receipts

    print_receipts(list_receipts(open_challenge(folder), team), as_json=as_json)


def _rebuild(folder: Path) -> None:
    from mebench.challenge.desk.rebuild import rebuild

    done = rebuild(open_challenge(folder))
    from_log = f", {done.from_log} from the log" if done.from_log else ""
    say(f"receipts: {done.from_state} from the state, {done.from_disk} from disk{from_log}")
    if done.aside is not None:
        say(f"note: the state that could not be used is kept as {done.aside}", err=True)
    for id in done.again:
        say(f"note: the scorecards of {id} are lost: grade its submission again, it uses no quota", err=True)


@click.command()
@click.argument("folder", type=Place(), metavar="DIR")
def teams(folder: Path) -> None:
    """List the teams of the challenge in DIR: submissions, and what organisers should look at.

    Teams that sent the same bytes as another are told, and names that look alike. This is not for participants.
    """
    from mebench.challenge.desk.ledger import teams_of
    from mebench.cli.ledger_tables import print_teams

    rules = open_challenge(folder)
    print_teams(teams_of(rules), {phase.name: phase.quota.total for phase in rules.phases})


@click.command()
@click.argument("folder", type=Place(), metavar="DIR")
@click.argument("receipt")
@click.option("--reason", default="", metavar="TEXT", help="For the organisers; the team does not see it.")
def withdraw(folder: Path, receipt: str, reason: str) -> None:
    """Take the submission of RECEIPT off the board of the challenge in DIR, for good.

    Its record is kept and shown as withdrawn, and it still counts towards the quota of its team.
    """
    from mebench.challenge.desk.ledger import withdraw as take_off

    gone = take_off(open_challenge(folder), receipt, reason)
    say(f"withdrawn: {gone.id} of {gone.team}, received {gone.received}; it still counts towards the quota")
    tell_stale(folder)


@click.command()
@click.argument("folder", type=Place(), metavar="DIR")
@click.option("--out", type=Place(), help="HTML file, or its folder.  [default: DIR/board.html]")
@click.option("--organiser", is_flag=True, help="Add hidden and exact scores; not for participants.")
def board(folder: Path, out: Path | None, organiser: bool) -> None:
    """Write one offline HTML page of the accepted submissions to the challenge in DIR.

    It shows public scores, those of the public part; the ranking by the hidden part is that of mebench challenge final.
    """
    from mebench.challenge.pages.board import board_file, build_board
    from mebench.cli.outputs import PAGES, output_file

    if out is not None:
        output_file(board_file(out), [], "--out", PAGES)
    default = folder / ("organiser/board.html" if organiser else "board.html")
    say(f"board: {build_board(open_challenge(folder), out or default, organiser=organiser)}")


@click.command()
@click.argument("folder", type=Place(), metavar="DIR")
@click.option(
    "--to",
    "target",
    required=True,
    metavar="codabench|evalai|grand-challenge|participants",
    help="The platform; participants: the same as mebench challenge kit.",
)
@click.option("--out", type=Place(), required=True, metavar="DIR", help="A new folder.")
def export(folder: Path, target: str, out: Path) -> None:
    """Write what a platform runs, or what participants get, for the challenge in DIR.

    A platform gets the truth of the public part alone, and shows public scores; hidden and final ones stay here.
    """
    from mebench.challenge.export.targets import export_challenge

    say(f"{target}: {export_challenge(open_challenge(folder), target, out)}")
