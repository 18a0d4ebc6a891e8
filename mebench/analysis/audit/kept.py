"""The result of an audit, kept beside the card that it speaks of: `audit.json` in the folder of a run.

Conventions
-----------
`of` is the digest of what is compared of `scorecard.json` at the time; what is kept of another card is not believed. An
audit that opened the datasets is not replaced by a quick one of the same card.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from pathlib import Path

from mebench.analysis.audit.findings import AuditReport, Finding
from mebench.errors import UserError
from mebench.runs.store import SCORECARD
from mebench.schema.files import write_atomic
from mebench.schema.json_text import parse_object
from mebench.schema.scorecard import Scorecard

FILE = "audit.json"
_SCHEMA = 1


@dataclasses.dataclass(frozen=True)
class KeptAudit:
    """What an audit said of a card; `quick` where it opened no dataset."""

    report: AuditReport
    quick: bool


def keep_audit(report: AuditReport, run: Path, *, quick: bool) -> None:
    """Keep a report in the folder of its run, unless a more thorough one of the same card is there.

    Raises
    ------
    UserError : when the file cannot be written.
    """
    card = _digest(run)
    before = kept_audit(run)
    if card is None or (quick and before is not None and not before.quick):
        return
    plain = {
        "schema": _SCHEMA,
        "of": card,
        "quick": quick,
        "findings": [dataclasses.asdict(finding) for finding in report.findings],
        "looked_for": list(report.looked_for),
        "not_looked_for": dict(report.not_looked_for),
    }
    write_atomic(run / FILE, json.dumps(plain, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


def kept_audit(run: Path) -> KeptAudit | None:
    """Return the audit of the card in a folder, None where none of it is kept or it cannot be read."""
    try:
        plain = parse_object((run / FILE).read_text(encoding="utf-8"))
        if plain["schema"] != _SCHEMA or plain["of"] != _digest(run):
            return None
        findings = tuple(
            Finding(str(each["leak"]), str(each["evidence"]), str(each["fold"])) for each in plain["findings"]
        )
        missing = {str(name): str(reason) for name, reason in plain["not_looked_for"].items()}
        return KeptAudit(AuditReport(findings, tuple(map(str, plain["looked_for"])), missing), bool(plain["quick"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _digest(run: Path) -> str | None:
    try:
        card = Scorecard.read(run / SCORECARD)
    except UserError:
        return None
    return hashlib.sha256(card.compared().encode()).hexdigest()
