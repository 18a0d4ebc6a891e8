"""Turns a state into one that mebench 0.1.0 wrote."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import sqlite3
from pathlib import Path

from mebench.challenge.desk.config import load_challenge
from mebench.challenge.desk.receipt import Receipt
from mebench.challenge.desk.truths import read_truth, rules_of

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
    if (path.parent / "receipts").is_dir():
        _write_first_forms(path)
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


def _write_first_forms(path: Path) -> None:
    """Write receipts and reports as 0.1.0 did: without the part of a score, tries and the name of what was sent."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        for id, text in db.execute("SELECT id, receipt FROM receipts").fetchall():
            (report,) = db.execute("SELECT text FROM papers WHERE id = ? AND part = 'report'", [id]).fetchone()
            forms = {"receipt": _first_form(text), "report": _first_form(report)}
            db.execute("UPDATE receipts SET receipt = ? WHERE id = ?", [forms["receipt"], id])
            db.execute("UPDATE papers SET text = ? WHERE id = ? AND part = 'report'", [forms["report"], id])
            for name, form in forms.items():
                (path.parent / "receipts" / id / f"{name}.json").write_text(form)
        db.execute("DELETE FROM papers WHERE part = 'sent_as'")
        db.commit()


def _first_form(text: str) -> str:
    plain = json.loads(text)
    scores = [{key: value for key, value in score.items() if key != "part"} for score in plain["scores"]]
    kept = {key: value for key, value in plain.items() if key != "tries"}
    return json.dumps({**kept, "scores": scores, "schema": 1}, sort_keys=True, indent=1) + "\n"


def rename_convention(folder: Path, fingerprint: str) -> None:
    """Let every receipt name truth and split without a key, and the convention thus, in the state and on disk."""
    challenge = load_challenge(folder)
    plain = dataclasses.replace(rules_of(challenge, read_truth(challenge)).before[0], convention=fingerprint)
    with contextlib.closing(sqlite3.connect(folder / "state.sqlite")) as db:
        for id, text in db.execute("SELECT id, receipt FROM receipts").fetchall():
            text = dataclasses.replace(Receipt.from_json(text), rules=plain).to_json()
            db.execute("UPDATE receipts SET receipt = ?, rules = ? WHERE id = ?", [text, plain.digest, id])
            (folder / "receipts" / id / "receipt.json").write_text(text)
        db.commit()
