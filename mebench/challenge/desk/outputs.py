"""Two channels: what a team may be given, and what only the organisers may see.

Conventions
-----------
`receipts/ID/` (`receipt.json`, `report.json`, `report.txt`) and `receipts/refused/` are for the team. `organiser/ID/`
(scorecards, `withdrawn.json`) and `organiser/log.jsonl` are not. Every paper of an accepted submission is kept in the
database and written from there, so a grader that dies half-way loses none.
"""

from __future__ import annotations

import dataclasses
import fcntl
import functools
import io
import json
import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from mebench.challenge.desk.config import Challenge
from mebench.challenge.desk.database import StoreFault, check_way
from mebench.challenge.desk.kept import Kept
from mebench.challenge.desk.receipt import PublicScore, Receipt
from mebench.challenge.desk.store import Store
from mebench.challenge.desk.tries import Tries, tries_line
from mebench.challenge.safety.own_files import open_own
from mebench.schema.files import PRIVATE, PUBLIC, make_folder, write_atomic
from mebench.schema.plain_json import to_plain

LOG = "log.jsonl"
RECEIPT, REPORT, REPORT_TEXT = "receipt.json", "report.json", "report.txt"
WITHDRAWN = "withdrawn.json"
SENT_AS = "sent_as"
"""Paper that holds the name of what was sent, as JSON: some formats are told by it."""
FLAGGED = "flagged"
"""Paper with the flags of the first grading beside team and method, as JSON; absent where there were none."""
REPORT_SCHEMA = 2
"""Version of the report's form; in version 1 it told neither the part of its scores nor tries."""
HOW_FINAL = "The final ranking is by the hidden part; only the organisers see its scores."
_PARTS = {
    "public": ("Public scores, which are those of the public part, rounded.", HOW_FINAL),
    "all": ("Scores of everything, rounded: this challenge has no hidden part.",),
}
CARD_FILES = {"all": "scorecard.json", "public": "public.json", "hidden": "hidden.json"}
"""Files below `organiser/ID/` by the part of the truth that they score."""


def accepted_report(receipt: Receipt, notes: Sequence[str], tries: Tries | None = None) -> dict[str, Any]:
    """Return the participant's report on an accepted submission as plain JSON types.

    Parameters
    ----------
    receipt : what it got.
    notes : what was read other than it was written, and what else its team must know.
    tries : what its team has left; None where that is not known any more.
    """
    return {
        "schema": REPORT_SCHEMA,
        "accepted": True,
        "receipt": receipt.id,
        "team": receipt.team,
        "method": receipt.method,
        "phase": receipt.phase,
        "received": receipt.received,
        "sha256": receipt.submission,
        "scores": [to_plain(score) for score in receipt.scores],
        "tries": tries.to_plain() if tries else None,
        "notes": list(notes),
    }


def is_report_of(receipt: Receipt, report: Mapping[str, Any]) -> bool:
    """Tell whether a report of any version is the one of a receipt; only notes and tries are free."""
    expected = accepted_report(receipt, report["notes"])
    if report["schema"] == 1:
        expected |= {"scores": [{k: v for k, v in score.items() if k != "part"} for score in expected["scores"]]}
    free = {"schema", "tries"}
    return report["schema"] in (1, REPORT_SCHEMA) and _without(report, free) == _without(expected, free)


def _without(report: Mapping[str, Any], keys: Collection[str]) -> dict[str, Any]:
    return {key: value for key, value in report.items() if key not in keys}


def report_text(report: Mapping[str, Any]) -> str:
    """Return the participant's report on an accepted submission as lines of text."""
    scores = [PublicScore(**score) for score in report["scores"]]
    width = max((len(f"{s.metric} {s.scope}") for s in scores), default=0)
    tries = tries_line(report.get("tries"))
    lines = [
        f"The submission {report['sha256'][:12]} of {report['team']} is accepted in the phase {report['phase']}.",
        *(f"  {about}" for about in _PARTS.get(scores[0].part if scores else "", ())),
        *(f"  {f'{s.metric} {s.scope}':{width}}  {s.value:g}{'' if s.defined else ' (0/0)'}" for s in scores),
        *(f"  note: {note}" for note in report["notes"]),
        *([f"  {tries}"] if tries else []),
        f"  receipt: {report['receipt']}, received {report['received']}",
    ]
    return "\n".join(lines) + "\n"


def files_of(receipt: Receipt, kept: Kept) -> dict[str, str]:
    """Return the files of an accepted submission by their path in the challenge's folder; the receipt comes last.

    Raises
    ------
    StoreFault : when the state has no report of it.
    """
    if "report" not in kept.papers:
        raise StoreFault(f"The state lacks the report of the receipt {receipt.id}: put back a copy of it.")
    private, team = f"organiser/{receipt.id}", f"receipts/{receipt.id}"
    files = {f"{private}/{name}": kept.papers[part] for part, name in CARD_FILES.items() if part in kept.papers}
    if kept.withdrawal is not None:
        files[f"{private}/{WITHDRAWN}"] = dump(dataclasses.asdict(kept.withdrawal))
    files[f"{team}/{REPORT}"] = kept.papers["report"]
    files[f"{team}/{REPORT_TEXT}"] = report_text(json.loads(kept.papers["report"]))
    return {**files, f"{team}/{RECEIPT}": kept.receipt}


def publish(challenge: Challenge, store: Store, ids: Sequence[str] | None = None) -> None:
    """Write the files of accepted submissions: of those given, or of those whose grader died before it wrote them."""
    for id in store.unpublished() if ids is None else ids:
        store.publish(id, functools.partial(write_papers, challenge))


def receipts_in(store: Store) -> list[Receipt]:
    """Return all receipts, in order of receipt."""
    return [Receipt.from_json(text) for text in store.receipts()]


def write_papers(challenge: Challenge, kept: Kept) -> None:
    """Write the files of an accepted submission; where the receipt is, everything is."""
    for name, text in files_of(Receipt.from_json(kept.receipt), kept).items():
        check_way(challenge.folder, name)
        write_atomic(challenge.folder / name, text, PRIVATE if name.startswith("organiser/") else PUBLIC)


def write_refusal(challenge: Challenge, id: str, report: Mapping[str, Any], text: str) -> Path:
    """Write the participant's report on a refused submission and return the path of its text."""
    folder = challenge.folder / "receipts" / "refused"
    check_way(challenge.folder, f"receipts/refused/{id}.json")
    check_way(challenge.folder, f"receipts/refused/{id}.txt")
    write_atomic(folder / f"{id}.json", dump(report), PUBLIC)
    write_atomic(folder / f"{id}.txt", text, PUBLIC)
    return folder / f"{id}.txt"


@dataclasses.dataclass(frozen=True)
class Event:
    """One line of the organisers' log; what is empty is left out.

    Attributes
    ----------
    time : of receipt, or of a withdrawal, UTC.
    phase, team : of the submission; the team is empty where it could not be read.
    submission, sha256 : name and digest of what was sent.
    status : what became of it.
    receipt, refused : ids of its receipt and of the report on its refusal.
    scores : all of them, by part and column.
    observations, flags : what organisers should look at.
    report : the participant's report on a refusal.
    fault : why the grading failed.
    reason : why it was withdrawn.
    changes : what grading it again has changed.
    """

    time: str
    phase: str
    submission: str = ""
    sha256: str = ""
    team: str = ""
    status: str = ""
    receipt: str = ""
    refused: str = ""
    scores: Mapping[str, Mapping[str, float]] = dataclasses.field(default_factory=dict)
    observations: Sequence[str] = ()
    flags: Sequence[str] = ()
    report: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    fault: str = ""
    reason: str = ""
    changes: Sequence[str] = ()


def log(challenge: Challenge, event: Event) -> None:
    """Append one line of JSON to the organisers' log; lines of several graders never mix."""
    said = {field.name: getattr(event, field.name) for field in dataclasses.fields(event)}
    line = (json.dumps({name: value for name, value in said.items() if value}, sort_keys=True) + "\n").encode()
    path = challenge.folder / "organiser" / LOG
    make_folder(path.parent, PRIVATE)
    with os.fdopen(open_own(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, PRIVATE), "r+b", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        # A grader that died may have left a line without its end.
        file.write(line if _is_ended(file) else b"\n" + line)


def _is_ended(file: io.RawIOBase) -> bool:
    size = file.seek(0, os.SEEK_END)
    return size == 0 or os.pread(file.fileno(), 1, size - 1) == b"\n"


def dump(value: Any) -> str:
    """Return JSON with sorted keys, in ASCII."""
    return json.dumps(value, sort_keys=True, indent=1, allow_nan=False) + "\n"
