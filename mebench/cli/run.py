"""`mebench run`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mebench.cli import options
from mebench.cli.say import say, shown

if TYPE_CHECKING:
    from mebench.runs.run import RunResult


@click.command()
@click.option("--method", required=True, metavar="ID[:key=value,...]", help="The method; see mebench list methods.")
@click.option(
    "--dataset", "datasets", required=True, multiple=True, metavar="ID[:key=value,...]",
    help="A tested dataset; given twice, both are tested and their counts are pooled.",
)  # fmt: skip
@click.option(
    "--train", "training", multiple=True, metavar="ID[:key=value,...]",
    help="A dataset to learn from that is not tested; without one, the tested people learn from each other.",
)  # fmt: skip
@click.option(
    "--also", type=click.Path(path_type=Path), multiple=True, metavar="DIR",
    help="Made copies of people to learn from, with their provenance; never of whom a fold tests.",
)  # fmt: skip
@options.roots
@click.option(
    "--protocol", metavar="ID",
    help="The rules.  [default: by task; of spotting megc2020, 2021 for several datasets, 2022 with --train]",
)  # fmt: skip
@options.device
@options.jobs
@options.executor
@options.seed
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="Folder of the run.  [default: one under runs/]"
)
@click.option(
    "--legacy", is_flag=True,
    help="Take the setting that the method's paper chose on the videos that it scored; the card says so.",
)  # fmt: skip
@click.option(
    "--repeats", type=click.IntRange(1), metavar="N", default=1, show_default=True,
    help="Run with N seeds, from --seed on, each in a folder of its own, and print mean and deviation.",
)  # fmt: skip
@options.config
@options.plugin
def run(method: str, datasets: tuple[str, ...], legacy: bool, repeats: int, **more: object) -> None:
    """Run a method on a dataset and grade it; the same command resumes a run that was interrupted."""
    method = with_legacy(method) if legacy else method
    results = []
    for result in _results(repeats, {"method": method, "datasets": datasets, **more}):
        if result.skipped is not None:
            say(f"Skipped: {result.skipped}.", err=True)
            raise click.exceptions.Exit(2)
        _show(result, also=tuple(more["also"]))  # type: ignore[arg-type]
        results.append(result)
    if repeats > 1:
        _show_spreads(results, more)
    if not all(result.complete for result in results):
        raise click.exceptions.Exit(1)


def _results(repeats: int, asked: dict[str, object]) -> Iterator[RunResult]:
    """Yield what comes of the run, or of one repeat of it after the other."""
    from mebench.cli.interruption import of_run, tell_when_interrupted
    from mebench.cli.progress import make_monitor
    from mebench.runs.repeats import repeated
    from mebench.runs.run import run as carry_out

    monitor = make_monitor()
    tell_when_interrupted(lambda: of_run(monitor.folder and shown(monitor.folder), monitor.folds))
    if repeats == 1:
        yield carry_out(monitor=monitor, **asked)  # type: ignore[arg-type]
    else:
        yield from repeated(repeats, monitor=monitor, **asked)  # type: ignore[arg-type]


def _show_spreads(results: list[RunResult], asked: dict[str, object]) -> None:
    """Print mean and deviation over the repeats of every score."""
    from mebench.cli.tables import print_table, print_text
    from mebench.runs.repeats import spreads_of

    spreads = spreads_of(results, asked["seed"], asked["out"])  # type: ignore[arg-type]
    rows = [[f"{metric} of {scope}", f"{s.mean:.4f}", f"{s.sd:.4f}"] for (metric, scope), s in spreads.items()]
    print_table(["score", "mean", "deviation"], rows)
    print_text(f"Mean and deviation over {len(results)} repeats that differ in the seed alone.")


def with_legacy(method: str) -> str:
    """Return a method with its setting `legacy`.

    Raises
    ------
    UserError : when it is a method of mebench that has none.
    """
    from mebench.errors import UserError
    from mebench.methods.additions import WITH_LEGACY
    from mebench.methods.catalogue import METHODS
    from mebench.settings import parse_spec

    id = parse_spec(method).id
    if id in METHODS and METHODS.entry(id).origin == "mebench" and id not in WITH_LEGACY:
        raise UserError(
            f"{id} has no legacy setting, for mebench knows of none that was chosen on the videos that are scored: "
            f"leave --legacy out. It is for {', '.join(WITH_LEGACY)}."
        )
    return f"{method}{',' if ':' in method else ':'}legacy=true"


def _show(result: RunResult, also: tuple[Path, ...] = ()) -> None:
    """Print the scores, the leaks that show without opening a dataset, where everything lies, and what failed."""
    from mebench.analysis.audit.audit import audit
    from mebench.analysis.audit.kept import keep_audit
    from mebench.cli.tables import print_scorecard
    from mebench.leaderboard.build import build_leaderboard
    from mebench.runs.unseen import presences_of, told_of
    from mebench.runs.untrained import told_of_untrained, untrained_in

    card = result.scorecard
    assert card is not None
    audited = audit(result.folder, also=also, quick=True)
    keep_audit(audited, result.folder, quick=True)
    page = build_leaderboard([result.folder], result.folder, title=f"{card.method.id} on {card.dataset.id}")
    print_scorecard(card)
    for line in (*told_of(presences_of(result.folder)), *told_of_untrained(untrained_in(result.folder))):
        say(line)
    for line in audited.lines():
        say(f"Audit: {line}")
    say(f"run:  {shown(result.folder)}\npage: {shown(page)}")
    failures = result.progress.failures
    for fold, reason in sorted(failures.items()):
        say(f"Fold {fold} failed: {reason}", err=True)
    if failures:
        if not card.scores:
            say("No fold is done, so the run has no score.", err=True)
        say(_advice(len(failures), result.folds), err=True)


def _advice(failed: int, folds: int) -> str:
    """Return what the same command will do once the cause of failures is mended."""
    done = folds - failed
    both = f"{failed} of {folds} folds failed, so the scorecard is not complete"
    does = f"does {'that one' if failed == 1 else 'those'} again"
    kept = f" and keeps the {f'{done} that are' if done > 1 else 'one that is'} done" if done else ""
    return f"{both}: mend the cause and run the same command, which {does}{kept}."
