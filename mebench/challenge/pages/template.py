"""`mebench challenge init`: a folder with commented rules, ready to be filled with the truth."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from mebench.challenge.desk.config import FILE, SCHEMA
from mebench.challenge.desk.rules_key import rules_key
from mebench.challenge.desk.truths import submitted_task
from mebench.errors import UserError
from mebench.protocols.catalogue import PROTOCOLS
from mebench.schema.files import PRIVATE, PUBLIC, make_folder, write_atomic
from mebench.tasks.base import Task

FOLDERS = {
    "truth": "The truth: {files}, and truth.json with its name. Nobody but the organisers may read it.\n",
    "submissions": "What the teams sent, as it came. The grader reads it and never changes it.\n",
    "receipts": "What a team may be given: receipt.json and report.txt of each of its submissions.\n",
    "organiser": "Scorecards, hidden scores, log.jsonl, the secret rules.key. Nobody but the organisers may read it.\n",
}
"""The folders of a challenge and the note that lies in each of them."""

WEEKS = 8
"""Length of the phase that the template proposes."""

_TEMPLATE = """\
# The rules of a challenge for mebench. `mebench challenge grade` reads this file at every start.
schema = {schema}
title = {title}

# `mebench list protocols` shows the protocols, `mebench describe ID` their rules.
protocol = {protocol}
# A preset of published code instead of the protocol's own convention; submissions are then graded by it.
# convention = "strict"

# Who says whose quota a submission uses. "named": you, with `mebench challenge grade ... --team NAME`. "manifest": the
# submission's own manifest.json; then whoever invents team names has no quota, so choose it only where teams are
# checked before.
teams = "named"

# Phases may overlap; then every submission must name its own with --phase. Times are UTC and end in Z. A submission
# counts from `opens` on and until just before `closes`. Quotas are per team: only accepted submissions count.
[[phases]]
name = "test"
opens = {opens}T00:00:00Z
closes = {closes}T00:00:00Z
per_day = 5
total = 50

[board]
# The scores that participants see, in their reports and on the board, as "metric:scope". Everything else stays with
# the organisers.
columns = [{columns}]
rank_by = {rank_by}
# Which submission of a team stands on the board: "best" or "latest".
show = "best"
# Public scores are rounded: from all digits of an F1 the number of true events could be computed back.
decimals = 4

[split]
# {items}.
# Teams see scores of the public ones only; scores of the hidden ones stand in the organisers' log and on
# `board --organiser`, and become final ones with `mebench challenge final`. With one list empty it holds all that the
# other lacks; with both empty all are public.
public = []
hidden = []

[final]
# The ranking by the hidden ones, once its phase has closed. Which phase: empty for the one that closes last.
phase = ""
# Which submission of a team competes: its "best" by the public score, or its "latest"; empty: as on the board.
counts = ""

[limits]
# Of one grading, in a child process: time by the clock (extraction included), processor time, memory.
# Smaller ones than 1 s, 1 s and 512 MiB are refused: an empty submission needs nearly as much.
wall_seconds = 120
cpu_seconds = 60
memory_mib = 2048
"""


def init_challenge(
    folder: Path,
    *,
    protocol: str = "megc2022-spotting",
    title: str = "",
    today: dt.date | None = None,
) -> Path:
    """Write a commented `challenge.toml` and the folders beside it.

    Parameters
    ----------
    folder : made when it is missing; it must be empty.
    protocol : id of the protocol.
    title : heading of the board; when it is empty, one that names the task.
    today : the day on which the proposed phase opens; the present one in UTC when None.

    Returns
    -------
    The path of `challenge.toml`.

    Raises
    ------
    UserError : when the folder is not empty, cannot be written, or the protocol is unknown or one of ratings.
    """
    rules_of_scoring = PROTOCOLS.get(protocol)()
    task = submitted_task(rules_of_scoring)
    metric, scope = rules_of_scoring.ranking
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UserError(f"{folder} is not empty: give a new folder.")
    opens = today or dt.datetime.now(dt.UTC).date()
    columns = [f"{metric}:{scope}"]
    columns += [f"{metric}:{kind}" for kind in ("macro", "micro") if metric in task.columns]
    rules = _TEMPLATE.format(
        schema=SCHEMA,
        title=_quoted(title or f"{task.title.capitalize()} of facial expressions"),
        protocol=_quoted(protocol),
        opens=opens,
        closes=opens + dt.timedelta(weeks=WEEKS),
        columns=", ".join(map(_quoted, columns)),
        rank_by=_quoted(columns[0]),
        items=f'{task.items.capitalize()}, written "{task.item_form}"',
    )
    _make_folders(folder, task)
    rules_key(folder)
    write_atomic(folder / FILE, rules, PRIVATE)
    return folder / FILE


def _make_folders(folder: Path, task: Task[Any, Any]) -> None:
    try:
        # The rules come last, and the folder is for others to read: the board and the receipts lie in it.
        make_folder(folder, PUBLIC)
    except OSError as error:
        raise UserError(f"{folder} cannot be made ({error.strerror}): choose another folder.") from error
    for name, note in FOLDERS.items():
        mode = PUBLIC if name == "receipts" else PRIVATE
        write_atomic(folder / name / "README.txt", note.format(files=task.truth_words), mode)


def truth_files(protocol: str) -> str:
    """Return which files the truth of a protocol has."""
    return submitted_task(PROTOCOLS.get(protocol)()).truth_words


def _quoted(text: str) -> str:
    """Return text as a basic string of TOML, which JSON's strings are where DEL is escaped too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
