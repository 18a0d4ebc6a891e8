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
import sqlite3
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from mebench.challenge.kit.config import Quota
from mebench.challenge.kit.holders import Holder, is_dead, this_holder
from mebench.errors import UserError

FILE = "state.sqlite"
BUSY_SECONDS = 60.0
"""How long to wait for the write lock; a transaction takes milliseconds."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS receipts (
    id TEXT PRIMARY KEY, phase TEXT NOT NULL, team TEXT NOT NULL, day TEXT NOT NULL, received TEXT NOT NULL,
    rules TEXT NOT NULL, receipt TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS papers (
    id TEXT NOT NULL REFERENCES receipts (id), part TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (id, part)
) STRICT;
CREATE TABLE IF NOT EXISTS claims (
    id TEXT PRIMARY KEY, phase TEXT NOT NULL, team TEXT NOT NULL, day TEXT NOT NULL, received TEXT NOT NULL,
    token TEXT NOT NULL, machine TEXT NOT NULL, pid INTEGER NOT NULL, started TEXT NOT NULL, lease REAL NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS receipts_by_team ON receipts (phase, team, day);
"""
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
    rules : digest of the rules; a receipt of other rules is graded again and keeps its place.
    """

    id: str
    phase: str
    team: str
    received: str
    rules: str

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
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self._db = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("PRAGMA foreign_keys = ON")
        self._wal()
        with self._transaction():
            # executescript would commit: the statements go one by one.
            for statement in filter(str.strip, _SCHEMA.split(";")):
                self._db.execute(statement)

    def _wal(self) -> None:
        """Switch to WAL; the switch itself takes a lock for which SQLite does not wait."""
        deadline = time.monotonic() + BUSY_SECONDS
        while True:
            try:
                self._db.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

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
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

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
            self._reclaim()
            known = self._db.execute("SELECT rules, receipt, received FROM receipts WHERE id = ?", [request.id])
            row = known.fetchone()
            if row is not None and row[0] == request.rules:
                return str(row[1])
            if self._db.execute("SELECT 1 FROM claims WHERE id = ?", [request.id]).fetchone():
                return None
            if row is None and not self._has_room(request, quota):
                return None
            return self._reserve(request, request.received if row is None else row[2], lease_seconds)

    def _reclaim(self) -> None:
        """Drop the claims of dead holders and those past their lease."""
        rows = self._db.execute("SELECT id, machine, pid, started, lease FROM claims").fetchall()
        for id, machine, pid, started, lease in rows:
            if lease < time.time() or is_dead(Holder(machine, pid, started)):
                self._db.execute("DELETE FROM claims WHERE id = ?", [id])

    def _has_room(self, request: Request, quota: Quota) -> bool:
        """Tell whether a place is free; raise when none can become free."""
        who = {"phase": request.phase, "team": request.team, "day": request.day}
        total, today, running, running_today = self._db.execute(_USED, who).fetchone()
        if total - running >= quota.total:
            raise OverQuota(f"The team has used all {quota.total} submissions of {request.phase}: none are left.")
        if today - running_today >= quota.per_day:
            raise OverQuota(
                f"The team has used its {quota.per_day} submissions of {request.day}: submit tomorrow (UTC)."
            )
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

    def accept(self, claim: Claim, rules: str, receipt: str, papers: Mapping[str, str]) -> None:
        """Turn a claim into a receipt with papers of any name; one of older rules is replaced.

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
            self._db.execute("DELETE FROM papers WHERE id = ?", [claim.id])
            self._db.execute(
                "INSERT INTO receipts VALUES (?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (id) DO UPDATE SET rules = excluded.rules, receipt = excluded.receipt",
                [claim.id, *row, rules, receipt],
            )
            self._db.executemany("INSERT INTO papers VALUES (?, ?, ?)", [(claim.id, *item) for item in papers.items()])

    def release(self, claim: Claim) -> None:
        """Give a reservation back; one that is no longer held is left alone."""
        with self._transaction():
            self._db.execute("DELETE FROM claims WHERE id = ? AND token = ?", [claim.id, claim.token])

    def receipts(self) -> list[str]:
        """Return the texts of all receipts, in order of receipt."""
        return [row[0] for row in self._db.execute("SELECT receipt FROM receipts ORDER BY received, id")]

    def papers(self, id: str) -> dict[str, str]:
        """Return the papers of a receipt by name."""
        return dict(self._db.execute("SELECT part, text FROM papers WHERE id = ?", [id]).fetchall())

    def accepted(self, phase: str, team: str, day: str) -> tuple[int, int]:
        """Return how many submissions of a team were accepted: on a day, and in the whole phase."""
        who = {"phase": phase, "team": team, "day": day}
        total, today, running, running_today = self._db.execute(_USED, who).fetchone()
        return int(today - running_today), int(total - running)
