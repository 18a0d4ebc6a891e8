"""Two channels: what a team may be given, and what only the organisers may see.

Conventions
-----------
`receipts/ID/` (`receipt.json`, `report.json`, `report.txt`) and `receipts/refused/` are for the team. `organiser/ID/`
(scorecards) and `organiser/log.jsonl` are not. Every paper of an accepted submission is kept in the database and
written from there, so a grader that dies half-way loses none.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mebench.challenge.kit.config import Challenge
from mebench.challenge.kit.receipt import PublicScore, Receipt
from mebench.challenge.kit.store import Store
from mebench.schema.files import write_atomic

LOG = "log.jsonl"
CARD_FILES = {"all": "scorecard.json", "public": "public.json", "hidden": "hidden.json"}
"""Files below `organiser/ID/` by the part of the truth that they score."""


def accepted_report(receipt: Receipt, notes: Sequence[str]) -> dict[str, Any]:
    """Return the participant's report on an accepted submission as plain JSON types."""
    return {
        "schema": 1,
        "accepted": True,
        "receipt": receipt.id,
        "team": receipt.team,
        "method": receipt.method,
        "phase": receipt.phase,
        "received": receipt.received,
        "sha256": receipt.submission,
        "scores": [
            {"metric": s.metric, "scope": s.scope, "value": s.value, "defined": s.defined} for s in receipt.scores
        ],
        "notes": list(notes),
    }


def report_text(report: Mapping[str, Any]) -> str:
    """Return the participant's report on an accepted submission as lines of text."""
    scores = [PublicScore(**score) for score in report["scores"]]
    width = max(len(f"{s.metric} {s.scope}") for s in scores)
    lines = [
        f"The submission {report['sha256'][:12]} of {report['team']} is accepted in the phase {report['phase']}.",
        *(f"  {f'{s.metric} {s.scope}':{width}}  {s.value:g}{'' if s.defined else ' (0/0)'}" for s in scores),
        *(f"  note: {note}" for note in report["notes"]),
        f"  receipt: {report['receipt']}, received {report['received']}",
    ]
    return "\n".join(lines) + "\n"


def publish(challenge: Challenge, store: Store) -> None:
    """Write whatever files of accepted submissions are missing or out of date."""
    for text in store.receipts():
        receipt = Receipt.from_json(text)
        kept = challenge.folder / "receipts" / receipt.id / "receipt.json"
        if not kept.exists() or kept.read_text(encoding="utf-8") != text:
            write_papers(challenge, receipt, store.papers(receipt.id))


def write_papers(challenge: Challenge, receipt: Receipt, papers: Mapping[str, str]) -> None:
    """Write the files of an accepted submission; the receipt comes last, so where it is everything is."""
    private = challenge.folder / "organiser" / receipt.id
    for part, name in CARD_FILES.items():
        if part in papers:
            write_atomic(private / name, papers[part])
    folder = challenge.folder / "receipts" / receipt.id
    write_atomic(folder / "report.json", papers["report"])
    write_atomic(folder / "report.txt", report_text(json.loads(papers["report"])))
    write_atomic(folder / "receipt.json", receipt.to_json())


def write_refusal(challenge: Challenge, id: str, report: Mapping[str, Any], text: str) -> Path:
    """Write the participant's report on a refused submission and return the path of its text."""
    folder = challenge.folder / "receipts" / "refused"
    write_atomic(folder / f"{id}.json", dump(report))
    write_atomic(folder / f"{id}.txt", text)
    return folder / f"{id}.txt"


def log(challenge: Challenge, event: Mapping[str, Any]) -> None:
    """Append one line of JSON to the organisers' log; lines of several graders never mix."""
    line = (json.dumps(event, sort_keys=True) + "\n").encode()
    path = challenge.folder / "organiser" / LOG
    path.parent.mkdir(exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "wb", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        _mend_torn_line(path, file)
        file.write(line)


def _mend_torn_line(path: Path, file: Any) -> None:
    """End a line that a grader left unfinished when it died."""
    with contextlib.suppress(OSError), path.open("rb") as before:
        before.seek(-1, os.SEEK_END)
        if before.read(1) != b"\n":
            file.write(b"\n")


def dump(value: Any) -> str:
    """Return JSON with sorted keys, in ASCII."""
    return json.dumps(value, sort_keys=True, indent=1, allow_nan=False) + "\n"
