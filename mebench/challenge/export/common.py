"""What the exports share: the copy of the grading code, the packed truth, and the scoring that runs on the platform."""

from __future__ import annotations

import dataclasses
import re
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import mebench
from mebench.challenge.desk.config import Challenge
from mebench.challenge.desk.copy import snapshot
from mebench.challenge.desk.outputs import dump
from mebench.challenge.desk.receipt import mebench_version
from mebench.challenge.desk.rule_tables import Column
from mebench.challenge.desk.truths import check_columns, complete_split, read_truth, task_of
from mebench.challenge.reading.report import refusal
from mebench.challenge.safety.archives import extract_zip
from mebench.challenge.safety.hidden_paths import without_paths
from mebench.challenge.safety.sandbox import run_limited
from mebench.schema.files import USUAL, write_atomic
from mebench.schema.json_text import read_json_object
from mebench.schema.scorecard import Scorecard

RULES = "rules.json"
LISTS = "lists.json"
"""The public list of everything and the public items, beside the truth: a platform has no other part of it."""
_PARTS = ("challenge", "metrics", "protocols", "schema", "tasks")
_JUDGE = "mebench.challenge.desk.grade_one"
_STAMP = (1980, 1, 1, 0, 0, 0)
"""Archives hold no clock, so the same challenge gives the same bytes."""


def copy_code(folder: Path, mode: int = USUAL) -> None:
    """Write the part of mebench that grades below `folder/mebench`."""
    source = Path(mebench.__file__).parent
    files = list(source.glob("*.py")) + [file for part in _PARTS for file in (source / part).rglob("*.py")]
    for file in files:
        write_atomic(folder / "mebench" / file.relative_to(source), file.read_bytes(), mode)


ENTRY = """\
FAULT = "The grading failed for a reason that is not in the submission; ask the organisers."


def fail(scores):
    \"\"\"Leave no score, and say so where mebench itself cannot.\"\"\"
    print(FAULT, file=sys.stderr)
    try:
        scores.unlink(missing_ok=True)
        scores.with_name("detailed_results.html").write_text(f"<!DOCTYPE html><p>{FAULT}</p>")
    except OSError:
        pass
    return 1
"""
"""What an entry script does when mebench cannot even be loaded there; it names no path and quotes nothing."""


def write_rules(challenge: Challenge, path: Path) -> None:
    """Write what the scoring needs to know of `challenge.toml`; no video is named, for participants may read it."""
    rules = {
        "protocol": challenge.protocol,
        "convention": challenge.convention,
        "columns": [str(column) for column in challenge.columns],
        "decimals": challenge.board.decimals,
        "part": "public" if hides(challenge) else "all",
        "mebench": mebench_version(),
    }
    write_atomic(path, dump(rules))


def write_truth(challenge: Challenge, folder: Path) -> None:
    """Write the truth of the public items, and the public list of all, into a folder that the platform hides."""
    task, truth = task_of(challenge), read_truth(challenge)
    check_columns(challenge, truth)
    public = complete_split(challenge.split, task.names(truth)).public
    task.write_truth(task.restrict(truth, set(public)), folder)
    write_atomic(folder / LISTS, dump({"rows": task.public_rows(truth), "public": list(public)}))


def hides(challenge: Challenge) -> bool:
    """Tell whether a challenge has a hidden part, which no platform gets."""
    task, truth = task_of(challenge), read_truth(challenge)
    return bool(complete_split(challenge.split, task.names(truth)).hidden)


def column_title(challenge: Challenge, column: Column) -> str:
    """Return the heading of a column on a platform, which says of which part its scores are."""
    return " ".join(column) + (" (public part)" if hides(challenge) else "")


def packages(challenge: Challenge) -> str:
    """Return what the grading needs beside Python, as pip is told it."""
    return " ".join(f'"{need}"' for need in ("numpy>=1.26", *task_of(challenge).requirements))


def zip_folder(folder: Path, path: Path, mode: int = USUAL) -> None:
    """Write a folder's files as an archive whose bytes depend on nothing else."""
    with tempfile.TemporaryFile() as buffer:
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(p for p in folder.rglob("*") if p.is_file()):
                info = zipfile.ZipInfo(file.relative_to(folder).as_posix(), _STAMP)
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, file.read_bytes())
        buffer.seek(0)
        write_atomic(path, buffer.read(), mode)


def column_key(column: Column) -> str:
    """Return a column's name as platforms want it: letters, digits and underscores."""
    return re.sub(r"\W+", "_", f"{column.metric}_{column.scope}", flags=re.ASCII)


@dataclasses.dataclass(frozen=True)
class Graded:
    """What a participant may see of a submission on a platform.

    Attributes
    ----------
    scores : public ones by column key, rounded.
    notes : what was read other than it was written.
    part : of the truth that is scored: `public`, or `all` where the challenge hides nothing.
    """

    scores: dict[str, float]
    notes: tuple[str, ...]
    part: str


def score_on_platform(submission: Path, truth: Path, rules: Path, team: str = "participant") -> Graded:
    """Grade a submission where a platform has laid it.

    Parameters
    ----------
    submission : a file or a folder.
    truth : a folder, or a zip archive of it.
    rules : `rules.json`.
    team : stands in where the submission has no manifest.

    Raises
    ------
    InvalidSubmission : with everything that is wrong with the submission.
    LimitExceeded : when its grading takes too much.
    """
    asked = read_json_object(rules, "export the challenge again")
    with tempfile.TemporaryDirectory(prefix="mebench-") as work:
        if truth.is_file():
            # The first folder is for the truth: participants' files never lie beside it.
            extract_zip(truth, Path(work))
            truth = Path(work)
        return _score(submission, truth, asked, team)


def _score(path: Path, folder: Path, asked: dict[str, Any], team: str) -> Graded:
    """Read the submission in one process, and score its predictions in another that never sees its bytes."""
    lists = read_json_object(folder / LISTS, "export the challenge again")
    # The platform knows who submits, and to what.
    who = {"protocol": asked["protocol"], "flags": {"team": team, "method": "submission"}}
    with (
        tempfile.TemporaryDirectory(prefix="mebench-", ignore_cleanup_errors=True) as place,
        # A platform may mount what was handed in by way of a link of its own.
        snapshot(path.resolve(), Path(place)) as copy,
    ):
        work = copy.with_name(f"{copy.name}.work")
        work.mkdir()
        request = {**who, "rows": lists["rows"], "path": copy.name, "work": work.name}
        found = run_limited(f"{_JUDGE}:read", request, None, copy.parent)
        report = without_paths(found["report"]["json"], [copy.parent, folder])
    if not found["accepted"]:
        raise refusal(report)
    request = {
        **who,
        "truth": str(folder.absolute()),
        "convention": asked["convention"],
        "items": lists["public"],
        "material": found["normal"],
    }
    card = Scorecard.from_json(run_limited(f"{_JUDGE}:score_some", request)["card"])
    columns = [Column(*text.split(":")) for text in asked["columns"]]
    scores = {column_key(c): round(card.score(*c).value, asked["decimals"]) for c in columns}
    return Graded(scores, tuple(report["notes"]), asked["part"])
