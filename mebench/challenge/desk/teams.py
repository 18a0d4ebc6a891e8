"""Whose submissions there are, and what organisers should look at: shared bytes, and names that look alike.

Conventions
-----------
Teams are told apart as quotas do, by `team_key`. What is flagged here is refused nowhere: two teams may have every
right to it. It is for the organisers alone.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from mebench.challenge.desk.receipt import Receipt, team_key
from mebench.challenge.safety.plain import plain_text, prints_as_nothing, skeleton
from mebench.errors import UserError

_LONGEST = 80


@dataclasses.dataclass(frozen=True)
class Team:
    """What one team has sent in one phase.

    Attributes
    ----------
    name : as it was spelt last.
    phase : of the submissions.
    accepted : submissions that count towards the quota, withdrawn ones included.
    withdrawn : how many of them were withdrawn.
    last : time of the last receipt.
    flags : what organisers should look at.
    """

    name: str
    phase: str
    accepted: int
    withdrawn: int
    last: str
    flags: tuple[str, ...]


def named_team(name: str) -> str:
    """Return a team's name as organisers gave it, without controls.

    Raises
    ------
    UserError : for a name that prints as nothing or is too long.
    """
    clean = plain_text(name, 10 * _LONGEST)
    if prints_as_nothing(clean) or len(clean) > _LONGEST:
        raise UserError(
            f"The team's name {name[:_LONGEST]!a} must have 1 to {_LONGEST} printable characters: mend --team."
        )
    return clean


class Roster:
    """All teams of a challenge, by what they sent and by how their names look.

    Parameters
    ----------
    receipts : of all teams and phases, in order of receipt.
    """

    def __init__(self, receipts: Sequence[Receipt]) -> None:
        self._by_bytes: defaultdict[str, dict[str, str]] = defaultdict(dict)
        self._by_look: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for receipt in receipts:
            self._by_bytes[receipt.submission][team_key(receipt.team)] = receipt.team
        for name in {receipt.team for receipt in receipts}:
            self._by_look[skeleton(name)][team_key(name)] = name

    def flags(self, team: str, submissions: Iterable[str] = ()) -> tuple[str, ...]:
        """Return what organisers should know of a team beside the others.

        Parameters
        ----------
        team : its name.
        submissions : sha256 of what it sent.
        """
        key = team_key(team)
        same = {k: name for sent in submissions for k, name in self._by_bytes[sent].items() if k != key}
        alike = {k: name for k, name in self._by_look[skeleton(team)].items() if k != key}
        return (
            *(f"sent the same bytes as {name}" for name in sorted(same.values())),
            *(f"has a name that looks like {name} ({name!a})" for name in sorted(alike.values())),
        )


def list_teams(receipts: Sequence[Receipt], withdrawn: Collection[str]) -> list[Team]:
    """Return all teams of all phases, in order of phase and name.

    Parameters
    ----------
    receipts : of all teams, in order of receipt.
    withdrawn : ids of withdrawn receipts.
    """
    roster = Roster(receipts)
    groups: defaultdict[tuple[str, str], list[Receipt]] = defaultdict(list)
    for receipt in receipts:
        groups[receipt.phase, team_key(receipt.team)].append(receipt)
    return [
        Team(
            name=own[-1].team,
            phase=phase,
            accepted=len(own),
            withdrawn=sum(receipt.id in withdrawn for receipt in own),
            last=own[-1].received,
            flags=roster.flags(own[-1].team, [receipt.submission for receipt in own]),
        )
        for (phase, _), own in sorted(groups.items())
    ]
