"""Turns a state into one that mebench 0.1.0 wrote."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

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


def as_of_0_1_0(path: Path) -> None:
    """Write the receipts and papers of a state into one of 0.1.0 in its place."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        receipts = db.execute("SELECT id, phase, team, day, received, rules, receipt FROM receipts").fetchall()
        papers = db.execute("SELECT * FROM papers").fetchall()
    path.unlink()
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.executescript(_SCHEMA)
        db.executemany("INSERT INTO receipts VALUES (?, ?, ?, ?, ?, ?, ?)", receipts)
        db.executemany("INSERT INTO papers VALUES (?, ?, ?)", papers)
        db.commit()
