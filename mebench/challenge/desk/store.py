"""The state of a challenge in SQLite: who grades what right now, and what was accepted.

Conventions
-----------
Every change is one transaction that begins with the write lock (BEGIN IMMEDIATE), so any number of graders may work at
once and a grader may die at any instant. A *claim* is a reservation: it counts towards the quota until it becomes a
receipt, is released, or its holder is found dead. A claim that was taken from its holder can no longer be accepted.
The database must lie on a local disk: WAL needs shared memory.
"""

from __future__ import annotations

import contextlib
import dataclasses
import secrets
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path

from mebench.challenge.desk.database import FILE, StoreFault, has_content, open_database, told, transaction
from mebench.challenge.desk.kept import Kept, Withdrawal, kept_by
from mebench.challenge.desk.processes import Holder, is_dead, is_here, this_holder
from mebench.challenge.desk.rule_tables import Quota
from mebench.errors import UserError

_GIVEN_UP: set[str] = set()
"""Tokens of claims that this process could not give back, on a full disk for example; the next claim drops them."""

_USED = """
SELECT count(*), coalesce(sum(day = :day), 0), coalesce(sum(running), 0), coalesce(sum(running AND day = :day), 0)
FROM (
    SELECT day, 0 AS running FROM receipts WHERE phase = :phase AND team = :team
    UNION ALL
    SELECT day, 1 FROM claims WHERE phase = :phase AND team = :team AND id NOT IN (SELECT id FROM receipts)
)
"""


@dataclasses.dataclass(frozen=True)
class Request:
    """A submission that wants to be graded.

    Attributes
    ----------
    id : of its receipt.
    phase, team : whose quota it uses; the team in the form in which quotas compare it.
    received : time of receipt, `2026-05-01T12:00:00Z`.
    rules : digests of the rules, in every form; a receipt of other rules is graded again and keeps its place.
    """

    id: str
    phase: str
    team: str
    received: str
    rules: Collection[str]

    @property
    def day(self) -> str:
        """The day of receipt."""
        return self.received[:10]


@dataclasses.dataclass(frozen=True)
class Claim:
    """A reservation; `received` is the first time of receipt of the same bytes."""

    id: str
    token: str
    received: str


class OverQuota(UserError):
    """The team has no submission left."""


class LostClaim(UserError):
    """The reservation was given up while its holder worked."""


class Store:
    """The state of one challenge.

    Parameters
    ----------
    folder : of the challenge; the database is made when it is missing.

    Raises
    ------
    StoreFault : here and in every method, when the database is damaged, locked, full, newer, or cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        has_content(self.path)
        self._db = open_database(self.path)

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def __enter__(self) -> Store:
        """Return the store."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the database."""
        self.close()

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        with told(self.path), transaction(self._db):
            yield

    def claim(self, request: Request, quota: Quota, lease_seconds: float) -> Claim | str | None:
        """Reserve one submission of the quota.

        Returns
        -------
        The claim; or the receipt's text where the same bytes were graded under the same rules; or None when another
        grader has these bytes, or the last place of the quota, in hand: ask again soon.

        Raises
        ------
        OverQuota : when accepted submissions alone use up the quota.
        """
        with self._transaction():
            self._reclaim(lease_seconds)
            known = self._db.execute("SELECT rules, receipt, received FROM receipts WHERE id = ?", [request.id])
            row = known.fetchone()
            if row is not None and row[0] in request.rules:
                return str(row[1])
            if self._db.execute("SELECT 1 FROM claims WHERE id = ?", [request.id]).fetchone():
                return None
            if row is None and not self._has_room(request, quota):
                return None
            return self._reserve(request, request.received if row is None else row[2], lease_seconds)

    def _reclaim(self, lease_seconds: float) -> None:
        """Drop the claims of dead holders, those past their lease, and those that no right clock can have granted."""
        now = time.time()
        rows = self._db.execute("SELECT id, token, machine, pid, started, lease FROM claims").fetchall()
        for id, token, machine, pid, started, lease in rows:
            holder = Holder(machine, pid, started)
            is_of_the_future = lease > now + 2 * lease_seconds and not is_here(holder)
            if lease < now or is_of_the_future or token in _GIVEN_UP or is_dead(holder):
                self._db.execute("DELETE FROM claims WHERE id = ?", [id])

    def _has_room(self, request: Request, quota: Quota) -> bool:
        """Tell whether a place is free; raise when none can become free."""
        who = {"phase": request.phase, "team": request.team, "day": request.day}
        total, today, running, running_today = self._db.execute(_USED, who).fetchone()
        if total - running >= quota.total:
            raise OverQuota(f"The team has used its quota of {quota.total} in {request.phase}: no submission is left.")
        if today - running_today >= quota.per_day:
            raise OverQuota(f"The team has used its quota of {quota.per_day} on {request.day}: submit tomorrow (UTC).")
        return bool(total < quota.total and today < quota.per_day)

    def _reserve(self, request: Request, received: str, lease_seconds: float) -> Claim:
        claim, holder = Claim(request.id, secrets.token_hex(8), received), this_holder()
        lease = time.time() + lease_seconds
        self._db.execute(
            "INSERT INTO claims VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                *(claim.id, request.phase, request.team, received[:10], received, claim.token),
                *(holder.machine, holder.pid, holder.started, lease),
            ],
        )
        return claim

    def accept(
        self,
        claim: Claim,
        rules: str,
        receipt: str,
        papers: Mapping[str, str],
        report: Callable[[int, int], str] | None = None,
    ) -> None:
        """Turn a claim into a receipt with papers of any name; one of older rules is replaced.

        Parameters
        ----------
        claim : as it was given.
        rules : digest of the rules.
        receipt : its text.
        papers : report and scorecards by name.
        report : makes the report of how many submissions of the team are accepted with this one: on its day, and in
            the whole phase.

        Raises
        ------
        LostClaim : when the claim was reclaimed meanwhile.
        """
        with self._transaction():
            row = self._db.execute(
                "DELETE FROM claims WHERE id = ? AND token = ? RETURNING phase, team, day, received",
                [claim.id, claim.token],
            ).fetchone()
            if row is None:
                raise LostClaim("The grading took longer than its lease and was given up: grade the submission again.")
            self._keep(claim.id, row, Kept(receipt, papers, None, False, rules, time.time()))
            if report is not None:
                text = report(*self._accepted(*row[:3]))
                self._db.execute("INSERT OR REPLACE INTO papers VALUES (?, 'report', ?)", [claim.id, text])

    def replace(self, id: str, rules: str, receipt: str, papers: Mapping[str, str]) -> None:
        """Give a receipt that is there what it got when it was graded again; its place and its quota stay."""
        with self._transaction():
            whose = self._db.execute("SELECT phase, team, day, received FROM receipts WHERE id = ?", [id]).fetchone()
            self._keep(id, whose, Kept(receipt, papers, None, False, rules, time.time()))

    def _keep(self, id: str, whose: Sequence[str], kept: Kept) -> None:
        """Write a receipt over the one of its id; `whose` is phase, team, day and time of receipt."""
        self._db.execute("DELETE FROM papers WHERE id = ?", [id])
        self._db.execute(
            "INSERT INTO receipts VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?) ON CONFLICT (id) DO UPDATE SET (phase, team, day, "
            "received, rules, receipt, published, graded) = (excluded.phase, excluded.team, excluded.day, "
            "excluded.received, excluded.rules, excluded.receipt, 0, excluded.graded)",
            [id, *whose, kept.rules, kept.receipt, kept.graded],
        )
        self._db.executemany("INSERT INTO papers VALUES (?, ?, ?)", [(id, *item) for item in kept.papers.items()])

    def restore(self, entries: Mapping[str, tuple[Sequence[str], Kept]]) -> None:
        """Write receipts by id, each with phase, team, day and time of receipt, over what is there, in one step."""
        with self._transaction():
            for id, (whose, kept) in entries.items():
                self._keep(id, whose, kept)
                if kept.withdrawal is not None:
                    values = [id, kept.withdrawal.time, kept.withdrawal.reason]
                    self._db.execute("INSERT OR REPLACE INTO withdrawals VALUES (?, ?, ?)", values)

    def release(self, claim: Claim) -> None:
        """Give a reservation back; one that is no longer held is left alone."""
        try:
            with self._transaction():
                self._db.execute("DELETE FROM claims WHERE id = ? AND token = ?", [claim.id, claim.token])
        except StoreFault:
            _GIVEN_UP.add(claim.token)
            raise

    def withdraw(self, id: str, withdrawal: Withdrawal) -> None:
        """Keep a receipt from the board for good; one that was withdrawn before keeps its first time and reason."""
        with self._transaction():
            values = [id, withdrawal.time, withdrawal.reason]
            self._db.execute("INSERT OR IGNORE INTO withdrawals VALUES (?, ?, ?)", values)
            self._db.execute("UPDATE receipts SET published = 0 WHERE id = ?", [id])

    def unpublished(self) -> list[str]:
        """Return the ids of receipts whose files have not been written since their last change."""
        with told(self.path):
            return [row[0] for row in self._db.execute("SELECT id FROM receipts WHERE NOT published ORDER BY id")]

    def publish(self, id: str, write: Callable[[Kept], None]) -> None:
        """Write the files of a receipt while nobody else changes it, and remember that they are there."""
        with self._transaction():
            write(kept_by(self._db, id))
            self._db.execute("UPDATE receipts SET published = 1 WHERE id = ?", [id])

    def receipts(self) -> list[str]:
        """Return the texts of all receipts, in order of receipt."""
        with told(self.path):
            return [row[0] for row in self._db.execute("SELECT receipt FROM receipts ORDER BY received, id")]

    def papers(self, id: str) -> dict[str, str]:
        """Return the papers of a receipt by name."""
        with told(self.path):
            return dict(self._db.execute("SELECT part, text FROM papers WHERE id = ?", [id]).fetchall())

    def withdrawals(self) -> dict[str, Withdrawal]:
        """Return what was withdrawn, by the receipt's id."""
        with told(self.path):
            return {id: Withdrawal(*rest) for id, *rest in self._db.execute("SELECT * FROM withdrawals")}

    def last_graded(self) -> float:
        """Return when a submission was last accepted, in seconds since the epoch, or 0."""
        with told(self.path):
            return float(self._db.execute("SELECT coalesce(max(graded), 0) FROM receipts").fetchone()[0])

    def accepted(self, phase: str, team: str, day: str) -> tuple[int, int]:
        """Return how many submissions of a team were accepted: on a day, and in the whole phase."""
        with told(self.path):
            return self._accepted(phase, team, day)

    def _accepted(self, phase: str, team: str, day: str) -> tuple[int, int]:
        who = {"phase": phase, "team": team, "day": day}
        total, today, running, running_today = self._db.execute(_USED, who).fetchone()
        return int(today - running_today), int(total - running)
