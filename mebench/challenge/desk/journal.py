"""What the organisers' log still knows of receipts: it is the third witness, beside the state and the files on disk.

Conventions
-----------
A receipt that the log calls accepted used quota, whatever else is lost. The log holds all of a receipt but its method,
its notes and its rules, so a receipt that is made of it is of no rules in force: grading the same bytes again makes it
anew, and uses no quota.
"""

from __future__ import annotations

import dataclasses
import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mebench.challenge.desk.config import Challenge
from mebench.challenge.desk.database import StoreFault, check_way
from mebench.challenge.desk.kept import Withdrawal
from mebench.challenge.desk.receipt import PublicScore, Receipt, RulesDigest
from mebench.challenge.safety.own_files import open_own
from mebench.errors import UserError
from mebench.schema.scorecard import ProtocolRef

LOG = "organiser/log.jsonl"
_LONGEST_LINE = 64 << 20
_UNKNOWN = "unknown"


@dataclasses.dataclass(frozen=True)
class Journal:
    """What can be read of the log.

    Attributes
    ----------
    accepted : the first event in which each receipt was accepted, by its id.
    withdrawn : withdrawals by id.
    torn : numbers of the lines that cannot be read.
    """

    accepted: Mapping[str, Mapping[str, Any]]
    withdrawn: Mapping[str, Withdrawal]
    torn: tuple[int, ...]


def read_journal(folder: Path) -> Journal:
    """Read the log of a challenge; one that is missing is empty.

    Raises
    ------
    StoreFault : when it cannot be opened.
    NoPlainFile : when something else lies there.
    """
    accepted: dict[str, Mapping[str, Any]] = {}
    withdrawn: dict[str, Withdrawal] = {}
    torn = []
    check_way(folder, LOG)
    for number, line in enumerate(_lines(folder / LOG), 1):
        event = _event(line)
        if event is None:
            torn.append(number)
            continue
        id, status = event.get("receipt"), event.get("status")
        if isinstance(id, str) and status == "accepted":
            accepted.setdefault(id, event)
        if isinstance(id, str) and status == "withdrawn":
            withdrawn[id] = Withdrawal(str(event.get("time", "")), str(event.get("reason", "")))
    return Journal(accepted, withdrawn, tuple(torn))


def _event(line: bytes) -> dict[str, Any] | None:
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return event if isinstance(event, dict) else None


def _lines(path: Path) -> Iterator[bytes]:
    try:
        descriptor = open_own(path, os.O_RDONLY)
    except FileNotFoundError:
        return
    except OSError as error:
        raise StoreFault(f"{path} cannot be read ({error.strerror}): mend that, or put back a copy of it.") from error
    with os.fdopen(descriptor, "rb") as file:
        # A grader that is writing its line has not torn it.
        fcntl.flock(file, fcntl.LOCK_SH)
        while line := file.readline(_LONGEST_LINE):
            if line.strip():
                yield line


def torn_lines(folder: Path) -> str:
    """Return what organisers must know of lines of the log that cannot be read, empty when there is none."""
    torn = read_journal(folder).torn
    if not torn:
        return ""
    lines = ", ".join(map(str, torn[:5])) + (" and more" if len(torn) > 5 else "")
    return (
        f"{LOG} cannot be read in line {lines}: a grader died there, or it was cut; what was accepted is in "
        "state.sqlite all the same, and the next line begins anew. Take the torn line out to end this note."
    )


def receipt_of(challenge: Challenge, id: str, event: Mapping[str, Any]) -> Receipt:
    """Return the receipt of an event, of no rules in force.

    Raises
    ------
    UserError : when the line lacks what a receipt needs, or is not that of its id.
    """
    try:
        part = "public" if "public" in event["scores"] else "all"
        scores = event["scores"][part]
        receipt = Receipt(
            id=id,
            team=event["team"],
            method=_UNKNOWN,
            phase=event["phase"],
            received=event["time"],
            submission=event["sha256"],
            rules=RulesDigest(ProtocolRef(challenge.protocol, _UNKNOWN), _UNKNOWN, _UNKNOWN, _UNKNOWN),
            version=_UNKNOWN,
            scores=tuple(
                PublicScore(*column, round(float(scores[str(column)]), challenge.board.decimals), True, part)
                for column in challenge.columns
                if str(column) in scores
            ),
        )
        return Receipt.from_json(receipt.to_json())
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise UserError(f"{LOG} does not say enough of the receipt {id!a}: put back a copy of the state.") from error
