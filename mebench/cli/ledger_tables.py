"""Receipts and teams of a challenge on stdout."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from mebench.challenge.desk.ledger import Listed
from mebench.challenge.desk.teams import Team
from mebench.cli.say import say
from mebench.cli.tables import print_table
from mebench.schema.plain_json import to_plain


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
        ["receipt", "team", "method", "phase", "received", "score", "status"],
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
