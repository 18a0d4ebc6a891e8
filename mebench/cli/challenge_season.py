"""The verbs of `mebench challenge` around the grading: the kit, baselines, regrading, the final ranking."""

from __future__ import annotations

from pathlib import Path

import click

from mebench.cli.challenge_folder import Place, open_challenge, tell_stale
from mebench.cli.say import say


@click.command()
@click.argument("folder", type=Place(), metavar="DIR")
@click.option("--out", type=Place(), required=True, metavar="KIT", help="A new folder, or a new file ending in .zip.")
def kit(folder: Path, out: Path) -> None:
    """Write what participants of the challenge in DIR get, for them to use alone.

    It holds the public list, the rules, the formats of the task, an example that the check accepts, and a copy of the
    checking code; nothing of the truth.
    """
    from mebench.challenge.export.kit import write_kit

    say(f"kit: {write_kit(open_challenge(folder), out)}")


@click.command()
@click.argument("folder", type=Place(), metavar="DIR")
@click.argument("file", type=Place(), required=False)
@click.option("--name", required=True, metavar="NAME", help="As boards show it.")
@click.option("--remove", is_flag=True, help="Take the baseline of that name off the boards; without FILE.")
@click.pass_context
def baseline(ctx: click.Context, folder: Path, file: Path | None, name: str, remove: bool) -> None:
    """Add a row of the organisers' own to the challenge in DIR: shown on every board, ranked on none.

    FILE is a submission (a folder, an archive or a table, without a manifest if you like), graded behind the same
    walls; or a scorecard of the public or the hidden part under the rules of the challenge. It uses no quota. One of
    the same name is replaced.
    """
    from mebench.challenge.desk.baselines import add_baseline, remove_baseline
    from mebench.cli.ledger_tables import print_baseline

    if remove == (file is not None):
        raise click.UsageError("Give FILE, or --remove to take the baseline off the boards.", ctx)
    rules = open_challenge(folder)
    if file is None:
        remove_baseline(rules, name)
        say(f"removed: {name}")
    else:
        print_baseline(add_baseline(rules, file, name), rules.columns)
    tell_stale(folder)


@click.command()
@click.argument("folder", type=Place(), metavar="DIR")
@click.option("--json", "as_json", is_flag=True, help="Print JSON with every score that changed.")
@click.pass_context
def regrade(ctx: click.Context, folder: Path, as_json: bool) -> None:
    """Grade every accepted submission to the challenge in DIR again, after a mended truth, other rules, a new mebench.

    What was sent is kept in organiser/archives; quotas, times and receipts' ids stay as they are, withdrawn submissions
    are left alone, and baselines are graded again as well. What can no longer be graded keeps what it had. This may be
    interrupted, and is ended by the same command.

    Exit code: 0 when all have their scores under the rules in force, 1 when one has not, 2 when it cannot begin.
    """
    from mebench.challenge.desk.regrade import regrade as grade_again
    from mebench.cli.ledger_tables import print_regraded, regraded_json

    rules, done = open_challenge(folder), []
    for found in grade_again(rules):
        done.append(found)
        if not as_json:
            print_regraded(found, rules.columns)
    changed, left = sum(bool(one.changes) for one in done), sum(not one.is_done for one in done)
    counted = f"graded again: {len(done)}, of them changed: {changed}, not graded: {left}"
    say(regraded_json(done) if as_json else counted)
    tell_stale(folder)
    ctx.exit(0 if all(one.is_done for one in done) else 1)


@click.command()
@click.argument("folder", type=Place(), metavar="DIR")
@click.option("--publish", is_flag=True, help="Write it for everybody to read, rounded, into DIR/final.")
@click.option("--provisional", is_flag=True, help="Rank while the phase is still open; for the organisers alone.")
@click.option("--out", type=Place(), metavar="FOLDER", help="Another folder.  [default: DIR/organiser/final]")
def final(folder: Path, publish: bool, provisional: bool, out: Path | None) -> None:
    """Rank the teams of the challenge in DIR by the hidden part, with 95% intervals and ties.

    A folder with index.html, final.json and final.csv appears whole or not at all; again, it has the same bytes.
    The section [final] of challenge.toml says which phase, and which submission of each team counts. Without
    --publish it is for the organisers alone, with all digits.
    """
    from mebench.challenge.pages.final import tie_rule, write_final
    from mebench.cli.ledger_tables import print_standing
    from mebench.cli.tables import print_text

    rules = open_challenge(folder)
    written = write_final(rules, publish=publish, provisional=provisional, out=out)
    print_standing(written.standing)
    print_text(tie_rule(written.standing))
    for note in written.standing.notes:
        print_text(f"note: {note}", err=True)
    say(f"final: {written.folder}" + ("" if written.is_new else " (unchanged)"))
