"""Receipts, teams, baselines and rankings of a challenge on stdout."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from mebench.challenge.desk.baselines import Baseline
from mebench.challenge.desk.ledger import Listed
from mebench.challenge.desk.outputs import CARD_FILES
from mebench.challenge.desk.regrade import Regraded
from mebench.challenge.desk.rule_tables import Column
from mebench.challenge.desk.standing import Place, Standing
from mebench.challenge.desk.teams import Team
from mebench.cli.say import say
from mebench.cli.tables import print_table
from mebench.schema.plain_json import to_plain
from mebench.schema.scorecard import Scorecard


def print_receipts(listed: Sequence[Listed], *, as_json: bool) -> None:
    """Print receipts one a line, or as a JSON list with all their fields, `status` and `withdrawal`."""
    if as_json:
        plain = [{**to_plain(entry), **to_plain(entry.receipt), "status": entry.status} for entry in listed]
        say(json.dumps([{k: v for k, v in p.items() if k != "receipt"} for p in plain], indent=1))
        return
    if not listed:
        say("No submission has been accepted yet.")
        return
    print_table(
        ["receipt", "team", "method", "phase", "received", "public score", "status"],
        [_row(entry) for entry in listed],
    )


def _row(entry: Listed) -> list[str]:
    receipt, first = entry.receipt, entry.receipt.scores[0]
    reason = entry.withdrawal.reason if entry.withdrawal else ""
    return [
        receipt.id,
        receipt.team,
        receipt.method,
        receipt.phase,
        receipt.received,
        f"{first.metric} {first.scope} {first.value:g}",
        entry.status + (f": {reason}" if reason else ""),
    ]


def print_teams(teams: Sequence[Team], totals: Mapping[str, int]) -> None:
    """Print teams one a line, and below them what organisers should look at.

    Parameters
    ----------
    teams : in the order in which they are printed.
    totals : quota of each phase.
    """
    if not teams:
        say("No submission has been accepted yet.")
        return
    print_table(
        ["team", "phase", "accepted", "of", "withdrawn", "last"],
        [
            [
                team.name,
                team.phase,
                str(team.accepted),
                str(totals.get(team.phase, "-")),
                str(team.withdrawn),
                team.last,
            ]
            for team in teams
        ],
    )
    for team in teams:
        for flag in team.flags:
            say(f"look at {team.name} in {team.phase}: it {flag}")


def print_baseline(baseline: Baseline, columns: Sequence[Column]) -> None:
    """Print the scores of a baseline by part; they are for the organisers."""
    cards = {part: Scorecard.from_json(baseline.cards[part]) for part in CARD_FILES if part in baseline.cards}
    for part, card in cards.items():
        found = [card.find(*column) for column in columns]
        line = ", ".join(f"{s.metric} {s.scope} {s.value:.4f}" for s in found if s is not None)
        say(f"{baseline.name} (baseline), {part}: {line}")


def print_regraded(found: Regraded, columns: Sequence[Column]) -> None:
    """Print what became of one submission that was graded again, and how the scores of some columns changed."""
    shown = [change for change in found.changes if change.column in map(str, columns)]
    counted = f", {len(found.changes)} scores" if found.changes else ""
    say(f"{found.receipt}  {found.team}, {found.phase}: {found.status}{counted}")
    for change in shown:
        say(f"  {change}")
    if found.why:
        say(f"  {found.why.rstrip()}", err=True)


def regraded_json(done: Sequence[Regraded]) -> str:
    """Return what became of all submissions as a JSON list."""
    return json.dumps([to_plain(found) for found in done], indent=1)


def print_standing(standing: Standing) -> None:
    """Print the final ranking, baselines last."""
    if not standing.places and not standing.baselines:
        say("No submission has been accepted.")
        return
    metric, scope = standing.column
    say(f"{metric} {scope} in the phase {standing.phase}: final is the {standing.part} part")
    print_table(
        ["team", "rank", "final", "95%", "tied with", "public", "by public"],
        [_place(row, str(standing.column)) for row in (*standing.places, *standing.baselines)],
    )


def _place(row: Place, column: str) -> list[str]:
    score = row.scores.get(column)
    rank = "baseline" if row.rank is None else f"{row.rank}{'=' if row.shared else ''}"
    ends = f"[{score.ci95[0]:.4f}, {score.ci95[1]:.4f}]" if score and score.ci95 else "-"
    public = f"{row.public.value:.4f}" if row.public else "-"
    value = f"{score.value:.4f}" if score else "-"
    return [row.name, rank, value, ends, ", ".join(row.tied_with) or "-", public, str(row.public_rank or "-")]
