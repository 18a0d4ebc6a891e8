"""What participants get: the public list, the rules, and the check that the organisers run.

kit.json     title, protocol, convention, phases with quotas, public columns, how the final ranking is made
videos.csv   or clips.csv or questions.jsonl: see `Task.public_rows`
README.txt   how to install mebench, check and submit; FORMATS.md: the formats of the task
example/     a submission that the check accepts
"""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mebench.challenge.desk import kit_texts
from mebench.challenge.desk.config import Challenge, load_challenge, utc_text
from mebench.challenge.desk.copy import snapshot
from mebench.challenge.desk.kit_example import write_example
from mebench.challenge.desk.outputs import dump
from mebench.challenge.desk.receipt import mebench_version
from mebench.challenge.desk.truths import check_columns, complete_split, read_truth, submitted_task, task_of
from mebench.challenge.safety.hidden_paths import without_paths
from mebench.challenge.safety.own_files import check_plain
from mebench.challenge.safety.sandbox import ProcessLimits, run_limited
from mebench.errors import UserError
from mebench.metrics.outside import rule_of
from mebench.protocols.catalogue import PROTOCOLS
from mebench.schema.files import PUBLIC, read_bounded, write_atomic
from mebench.schema.json_text import parse_object
from mebench.tasks.base import Task

FILE = "kit.json"
SCHEMA = 1


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
    UserError : when the truth cannot be read, lacks a public column, or the folder cannot be written.
    """
    truth = read_truth(challenge)
    check_columns(challenge, truth)
    task = task_of(challenge)
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
        "mebench": mebench_version(),
        "final": {"phase": challenge.final_phase.name, "counts": challenge.final.counts or challenge.board.show},
    }
    rows = task.public_rows(truth)
    task.write_rows(rows, out)
    grader = challenge.grader()
    write_example(task, grader, rows, out / "example")
    write_atomic(out / "FORMATS.md", kit_texts.formats(task.id, task.item, grader.classes), PUBLIC)
    hides = bool(complete_split(challenge.split, task.names(truth)).hidden)
    write_atomic(out / "README.txt", _readme(challenge, task, hides), PUBLIC)
    write_atomic(out / FILE, dump(rules), PUBLIC)
    return out


def _readme(challenge: Challenge, task: Task[Any, Any], hides: bool) -> str:
    scores = kit_texts.HIDDEN if hides else kit_texts.ALL_PUBLIC
    counts = challenge.final.counts or challenge.board.show
    return kit_texts.README.format(
        title=challenge.title,
        file=task.public_file,
        item=task.item,
        version=mebench_version(),
        manifest=kit_texts.manifest(challenge.protocol),
        scores=scores.format(items=task.items, counts=counts),
    )


def check_with_kit(kit: Path, submission: Path, flags: Mapping[str, str]) -> Checked:
    """Check a submission against a public kit.

    Raises
    ------
    UserError : when the kit or the submission cannot be read.
    """
    if kit.is_file():
        raise UserError(f"{kit} is a file: unpack the kit, and give its folder.")
    check_plain(kit / FILE)
    try:
        rules = parse_object(read_bounded(kit / FILE))
        protocol = str(rules["protocol"])
    except (OSError, ValueError, KeyError) as error:
        raise UserError(f"{kit} holds no readable {FILE}: give the folder that the organisers hand out.") from error
    task = submitted_task(PROTOCOLS.get(protocol)())
    check_plain(kit / task.public_file)
    convention = rules.get("convention")
    outside = convention.get("outside", "") if isinstance(convention, dict) else ""
    asked = {"protocol": protocol, "rows": task.read_rows(kit), "outside": outside}
    return _check(asked, submission, flags, ProcessLimits())


def check_in_folder(folder: Path, submission: Path, flags: Mapping[str, str]) -> Checked:
    """Check a submission against a challenge's own folder; uses no quota and leaves no trace.

    Raises
    ------
    UserError : when the challenge or the submission cannot be read.
    """
    challenge = load_challenge(folder)
    rows = task_of(challenge).public_rows(read_truth(challenge))
    asked = {"protocol": challenge.protocol, "rows": rows, "outside": rule_of(challenge.rules())}
    return _check(asked, submission, flags, challenge.limits.process())


def _check(asked: dict[str, Any], submission: Path, flags: Mapping[str, str], limits: ProcessLimits) -> Checked:
    with (
        tempfile.TemporaryDirectory(prefix="mebench-", ignore_cleanup_errors=True) as place,
        snapshot(submission, Path(place)) as copy,
    ):
        work = copy.with_name(f"{copy.name}.work")
        work.mkdir()
        request = {**asked, "path": copy.name, "work": work.name, "flags": dict(flags)}
        found = run_limited("mebench.challenge.desk.grade_one:read", request, limits, copy.parent)
        report = without_paths(found["report"], [Path(place)])
    return Checked(found["accepted"], report["json"], report["text"])
