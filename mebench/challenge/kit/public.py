"""What participants get: the list of videos without any truth, the rules, and the check that the organisers run.

kit.json     title, protocol, convention, phases with quotas, public columns
videos.csv   subject,video,fps,n_frames
"""

from __future__ import annotations

import dataclasses
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mebench.challenge.kit.channels import dump
from mebench.challenge.kit.config import Challenge, load_challenge, utc_text
from mebench.challenge.kit.desk import video_rows
from mebench.challenge.kit.truths import task_of
from mebench.challenge.sandbox import ProcessLimits, run_limited
from mebench.errors import UserError
from mebench.protocols.catalogue import PROTOCOLS
from mebench.schema.files import write_atomic
from mebench.schema.problems import refuse
from mebench.schema.tables import REQUIRED, Column, format_table, frame, name, positive, read_table
from mebench.schema.truth import Truth

FILE = "kit.json"
SCHEMA = 1
_COLUMNS = (
    Column("subject", name, REQUIRED),
    Column("video", name, REQUIRED),
    Column("fps", positive, REQUIRED),
    Column("n_frames", frame, REQUIRED),
)
_README = """\
{title}

Check a submission before you send it; the organisers run the same check:

    mebench challenge check --kit . SUBMISSION

A submission is a folder, a zip archive or a table. It carries manifest.json:

    {{"schema": 1, "team": "...", "method": "...", "protocol": "{protocol}"}}

videos.csv lists every video that must be spotted. Refused submissions use no quota.
"""


@dataclasses.dataclass(frozen=True)
class Checked:
    """The participant's report on a check."""

    accepted: bool
    report: Mapping[str, Any]
    text: str


def write_public_kit(challenge: Challenge, out: Path) -> Path:
    """Write what participants get into a folder and return its path.

    Raises
    ------
    UserError : when the truth cannot be read or the folder cannot be written.
    """
    truth = Truth.read(challenge.truth)
    phases = [
        {
            "name": phase.name,
            "opens": utc_text(phase.opens),
            "closes": utc_text(phase.closes),
            **dataclasses.asdict(phase.quota),
        }
        for phase in challenge.phases
    ]
    rules = {
        "schema": SCHEMA,
        "title": challenge.title,
        "protocol": challenge.protocol,
        "convention": challenge.rules().as_dict(),
        "columns": [str(column) for column in challenge.columns],
        "phases": phases,
    }
    write_atomic(out / "videos.csv", format_table([column.name for column in _COLUMNS], video_rows(truth)))
    write_atomic(out / "README.txt", _README.format(title=challenge.title, protocol=challenge.protocol))
    write_atomic(out / FILE, dump(rules))
    return out


def check_with_kit(kit: Path, submission: Path, flags: Mapping[str, str]) -> Checked:
    """Check a submission against a public kit.

    Raises
    ------
    UserError : when the kit or the submission cannot be read.
    """
    try:
        protocol = str(json.loads((kit / FILE).read_bytes())["protocol"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(f"{kit} holds no readable {FILE}: give the folder that the organisers hand out.") from error
    table, problems = read_table(kit / "videos.csv", _COLUMNS)
    refuse(problems)
    rows = zip(*(table.columns[column.name] for column in _COLUMNS), strict=True)
    return _check(protocol, [list(row) for row in rows], submission, flags, ProcessLimits())


def check_in_folder(folder: Path, submission: Path, flags: Mapping[str, str]) -> Checked:
    """Check a submission against a challenge's own folder; uses no quota and leaves no trace.

    Raises
    ------
    UserError : when the challenge or the submission cannot be read.
    """
    challenge = load_challenge(folder)
    rows = video_rows(Truth.read(challenge.truth))
    return _check(challenge.protocol, rows, submission, flags, challenge.limits.process())


def _check(
    protocol: str, videos: list[list[Any]], submission: Path, flags: Mapping[str, str], limits: ProcessLimits
) -> Checked:
    task_of(PROTOCOLS.get(protocol)())
    with tempfile.TemporaryDirectory(prefix="mebench-") as work:
        request = {"path": str(submission.resolve()), "protocol": protocol, "videos": videos, "work": work}
        found = run_limited("mebench.challenge.kit.judge:check", {**request, "flags": dict(flags)}, limits)
    return Checked(found["accepted"], found["report"]["json"], found["report"]["text"])
