"""The receipts of a challenge: listed, and withdrawn from the board.

Conventions
-----------
A withdrawn submission keeps its receipt, its files and its place in the quota, and is not ranked. The quota is not
given back, for else a team could look at its score, have the submission withdrawn, and try again without end.
"""

from __future__ import annotations

import dataclasses
import datetime as dt

from mebench.challenge.desk import outputs
from mebench.challenge.desk.audit import open_store
from mebench.challenge.desk.config import Challenge, utc_text
from mebench.challenge.desk.kept import Withdrawal
from mebench.challenge.desk.receipt import Receipt, team_key
from mebench.challenge.desk.teams import Team, list_teams
from mebench.challenge.desk.truths import read_truth, rules_of
from mebench.challenge.safety.plain import plain_text
from mebench.errors import UserError, did_you_mean

_SHORTEST = 6
"""Digits that a shortened id must have."""


@dataclasses.dataclass(frozen=True)
class Listed:
    """A receipt and whether it counts.

    Attributes
    ----------
    receipt : as its team has it.
    in_force : whether it was graded under the present rules and truth.
    withdrawal : where it was withdrawn.
    """

    receipt: Receipt
    in_force: bool
    withdrawal: Withdrawal | None

    @property
    def status(self) -> str:
        """`ranked`, `withdrawn`, or `older rules`."""
        if self.withdrawal is not None:
            return "withdrawn"
        return "ranked" if self.in_force else "older rules"


def list_receipts(challenge: Challenge, team: str = "") -> list[Listed]:
    """Return the receipts of all teams, or of one, in order of receipt.

    Raises
    ------
    UserError : when there is no such team, the truth cannot be read, or the state is damaged.
    """
    rules = rules_of(challenge, read_truth(challenge))
    with open_store(challenge) as store:
        receipts, withdrawals = outputs.receipts_in(store), store.withdrawals()
    wanted = [r for r in receipts if not team or team_key(r.team) == team_key(team)]
    if team and not wanted:
        raise UserError(f"No submission of {team!r} was accepted.{did_you_mean(team, {r.team for r in receipts})}")
    return [Listed(receipt, receipt.rules in rules, withdrawals.get(receipt.id)) for receipt in wanted]


def teams_of(challenge: Challenge) -> list[Team]:
    """Return what each team has sent in each phase, with what organisers should look at.

    Raises
    ------
    UserError : when the state is damaged.
    """
    with open_store(challenge) as store:
        return list_teams(outputs.receipts_in(store), store.withdrawals())


def withdraw(challenge: Challenge, id: str, reason: str = "", now: dt.datetime | None = None) -> Receipt:
    """Take a submission off the board for good and return its receipt.

    Parameters
    ----------
    challenge : whose submission it is.
    id : of the receipt, or its first digits.
    reason : for the organisers; the team does not see it.
    now : the time that is kept, UTC; the present one when None.

    Raises
    ------
    UserError : for an unknown or ambiguous id, or one that was withdrawn before.
    """
    time = utc_text(now or dt.datetime.now(dt.UTC))
    with open_store(challenge) as store:
        receipt = _find(outputs.receipts_in(store), id)
        if (before := store.withdrawals().get(receipt.id)) is not None:
            raise UserError(f"The submission {receipt.id} was withdrawn at {before.time}: there is nothing left to do.")
        store.withdraw(receipt.id, Withdrawal(time, plain_text(reason)))
        outputs.publish(challenge, store, [receipt.id])
    event = outputs.Event(
        time=time,
        phase=receipt.phase,
        team=receipt.team,
        sha256=receipt.submission,
        receipt=receipt.id,
        status="withdrawn",
        reason=plain_text(reason),
    )
    outputs.log(challenge, event)
    return receipt


def _find(receipts: list[Receipt], id: str) -> Receipt:
    found = [receipt for receipt in receipts if id and receipt.id.startswith(id)]
    if len(found) == 1 and len(id) >= _SHORTEST:
        return found[0]
    if found:
        counted = f"{len(found)} receipt{'s' if len(found) > 1 else ''}"
        raise UserError(f"{id!r} begins {counted}: give more digits, at least {_SHORTEST}.")
    raise UserError(f"There is no receipt {id!r}: `mebench challenge receipts DIR` lists them.")
