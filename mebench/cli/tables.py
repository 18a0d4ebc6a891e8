"""Scorecards and regression reports as tables on stdout."""

from __future__ import annotations

from collections.abc import Sequence

import click

from mebench.protocols.regression import Comparison
from mebench.schema.scorecard import Score, Scorecard

_METRICS = ("f1", "precision", "recall", "frame_f1", "auc")


def print_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table whose first column is text and whose other columns are right-aligned."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD)
    for i, name in enumerate(header):
        table.add_column(name, justify="left" if i == 0 else "right", no_wrap=True)
    for row in rows:
        table.add_row(*row)
    console = Console(markup=False, highlight=False)
    if not console.is_terminal:
        console.width = 160
    console.print(table)


def print_scorecard(card: Scorecard) -> None:
    """Print the scores of a card, one line a scope, with 95% intervals."""
    scopes = list(dict.fromkeys([*(s for s in ("overall", "macro", "micro") if s in card.counts), *card.counts]))
    metrics = [m for m in _METRICS if any(score.metric == m for score in card.scores)]
    rows = []
    for scope in scopes:
        counts = card.counts[scope]
        cells = [_cell(card.find(metric, scope)) for metric in metrics]
        rows.append([scope, str(counts.tp), str(counts.fp), str(counts.fn), *cells])
    click.echo(f"{card.method.id} on {card.dataset.id} under {card.protocol.id}, version {card.protocol.version}")
    print_table(["", "TP", "FP", "FN", *metrics], rows)
    if not card.complete:
        click.echo("not complete: a fold is missing")
    if not card.official and card.reason:
        click.echo(f"not official: {card.reason}")


def _cell(score: Score | None) -> str:
    """Write `.123 [.100, .150]`, `undefined` for 0/0, and nothing where there is no such score."""
    if score is None:
        return ""
    if not score.defined:
        return "undefined"
    return _number(score.value) + (f" [{_number(score.ci95[0])}, {_number(score.ci95[1])}]" if score.ci95 else "")


def _number(value: float) -> str:
    return f"{value:.3f}"


def print_comparison(comparison: Comparison, everything: bool = False) -> None:
    """Print what has moved between a card and its baseline, or every number."""
    rows = comparison.rows if everything else comparison.moved
    click.echo(
        f"{comparison.title}: {'ok' if comparison.ok else 'FAILED'}"
        + ("" if rows or comparison.errors else ", all equal")
    )
    for error in comparison.errors:
        click.echo(f"  {error}")
    if rows:
        print_table(
            ["score", "baseline", "new", "allowed", "verdict"],
            [
                [
                    f"{row.metric} of {row.scope}",
                    _exact(row.baseline),
                    _exact(row.new),
                    f"{row.allowed:.2g}",
                    str(row.verdict),
                ]
                for row in rows
            ],
        )


def _exact(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}"
