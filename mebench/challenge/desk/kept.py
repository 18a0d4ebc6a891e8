"""What the state holds of one accepted submission, whatever the version of the database."""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Mapping

from mebench.challenge.desk.database import VERSION


@dataclasses.dataclass(frozen=True)
class Withdrawal:
    """That a submission no longer counts on the board; it still counts towards the quota.

    Attributes
    ----------
    time : when it was withdrawn, UTC.
    reason : for the organisers.
    """

    time: str
    reason: str


@dataclasses.dataclass(frozen=True)
class Kept:
    """All that the state holds of an accepted submission.

    Attributes
    ----------
    receipt : its text.
    papers : report and scorecards by name.
    withdrawal : where it was withdrawn.
    published : whether its files have been written since the last change.
    rules : digest of the rules under which it was graded; empty where it must be graded again.
    graded : seconds since the epoch, 0 where it is not known.
    """

    receipt: str
    papers: Mapping[str, str]
    withdrawal: Withdrawal | None
    published: bool
    rules: str
    graded: float


def ids_in(db: sqlite3.Connection) -> set[str]:
    """Return the ids of all receipts of a database, none where a grader died before it made the tables."""
    if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'receipts'").fetchone() is None:
        return set()
    return {row[0] for row in db.execute("SELECT id FROM receipts")}


def kept_by(db: sqlite3.Connection, id: str) -> Kept:
    """Return what a database of any version holds of a receipt that is there."""
    if db.execute("PRAGMA user_version").fetchone()[0] < VERSION:
        text, rules = db.execute("SELECT receipt, rules FROM receipts WHERE id = ?", [id]).fetchone()
        published, graded, withdrawn = 1, 0.0, None
    else:
        columns = "receipt, rules, published, graded"
        text, rules, published, graded = db.execute(f"SELECT {columns} FROM receipts WHERE id = ?", [id]).fetchone()
        withdrawn = db.execute("SELECT time, reason FROM withdrawals WHERE id = ?", [id]).fetchone()
    papers = dict(db.execute("SELECT part, text FROM papers WHERE id = ?", [id]).fetchall())
    return Kept(text, papers, withdrawn and Withdrawal(*withdrawn), bool(published), rules, graded)
