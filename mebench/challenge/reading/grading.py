"""From files to a scorecard: the reading behind `mebench grade`, which is that of challenges.

Conventions
-----------
A table is read here as `mebench challenge check` reads it: the same formats, spellings, notes and refusals. Whose
machine it is differs: nobody has to say who submits, a link is followed to the table with a note, and only the size of
a file that is held in memory is limited. Tasks that nobody submits to (ratings, generated clips) are read by the task
itself.
"""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from mebench.challenge.reading.manifest import FIRST_FRAME
from mebench.challenge.reading.read import read
from mebench.challenge.reading.readers import READERS
from mebench.challenge.reading.submission import Reading
from mebench.challenge.safety.limits import SubmissionLimits
from mebench.challenge.safety.plain import shown_name
from mebench.errors import UserError
from mebench.metrics.conventions.base import Convention
from mebench.metrics.outside import rule_of
from mebench.protocols.base import Predicted, Protocol
from mebench.protocols.catalogue import PROTOCOLS
from mebench.protocols.grading import Loaded
from mebench.schema.files import LONGEST_FILE, kind_of
from mebench.schema.scorecard import MethodRef, Scorecard
from mebench.tasks.catalogue import task_of

OWN_LIMITS = SubmissionLimits(
    files=10_000,
    folders=10_000,
    file_bytes=LONGEST_FILE,
    total_bytes=4 * LONGEST_FILE,
    lines=10_000_000,
    total_lines=10_000_000,
)
"""Of files of one's own."""


def load(
    predictions: Path,
    truth: Path,
    protocol: str,
    method: MethodRef | None = None,
    *,
    rules: Convention | None = None,
    several: bool = False,
    first_frame: int | None = None,
) -> Loaded:
    """Read predictions and truth for a protocol.

    Parameters
    ----------
    predictions : a table, a JSONL file, a zip archive, or a folder such as an official pair of tables.
    truth : the folder of the truth's files.
    protocol : id of the protocol.
    method : which method made the predictions; by default the one that a `manifest.json` beside them names.
    rules : the convention that they will be graded under; the protocol's own when left out.
    several : whether they will be graded under several conventions.
    first_frame : number that the tables give to the first frame, 0 or 1; by default what a manifest says, or 1.

    Returns
    -------
    Both, with `notes` on what was read other than it was written.

    Raises
    ------
    InvalidTable : with every problem of the tables.
    UserError : for an unknown protocol, or a missing file.
    """
    grader = PROTOCOLS.get(protocol)()
    answer = grader.read_truth(truth)
    outside = "" if several else rule_of(rules or grader.convention)
    about_truth = task_of(grader.task).notes(answer, outside)
    if grader.task not in READERS:
        found, lines = grader.read_predictions(predictions)
        predicted = Predicted(found, method=method or MethodRef(), source=predictions.name, lines=lines)
        passed_over = () if first_frame is None else ("first_frame was passed over: there are no frame numbers",)
        return Loaded(grader, predicted, answer, (*passed_over, *about_truth))
    _refuse_run(predictions, task_of(grader.task).predictions_file)
    reading = _read(_plain(predictions), grader, answer, outside, first_frame)
    reading.findings.refuse(shown_name(predictions.name))
    named = MethodRef(reading.manifest.method) if reading.manifest else MethodRef()
    predicted = dataclasses.replace(reading.normal().graded(), method=method or named)
    return Loaded(grader, predicted, answer, (*_link_notes(predictions), *reading.findings.notes, *about_truth))


def grade(
    predictions: Path,
    truth: Path,
    protocol: str,
    convention: str | Convention | None = None,
    method: MethodRef | None = None,
    *,
    first_frame: int | None = None,
    tell: Callable[[str], None] = warnings.warn,
) -> Scorecard:
    """Grade predictions against a truth folder.

    Parameters
    ----------
    predictions, truth, protocol, method, first_frame : see `load`.
    convention : a preset's name or rules, instead of the protocol's own.
    tell : is called with every note on what was read other than it was written.

    Raises
    ------
    InvalidTable : with every problem of the tables.
    UserError : for an unknown protocol or preset, or a missing file.
    """
    # An unknown name is told before anything is read.
    rules = PROTOCOLS.get(protocol).preset(convention) if isinstance(convention, str) else convention
    loaded = load(predictions, truth, protocol, method, rules=rules, first_frame=first_frame)
    for note in loaded.notes:
        tell(note)
    return loaded.score(rules)


def _read(path: Path, grader: Protocol, truth: Any, outside: str, first_frame: int | None) -> Reading:
    task = task_of(grader.task)
    expected = task.expected(task.public_rows(truth), grader.classes)
    flags: Mapping[str, str] = {"protocol": grader.id}
    if first_frame is not None:
        flags = {**flags, FIRST_FRAME: str(first_frame)}
    return read(
        path,
        grader.task,
        expected=dataclasses.replace(expected, outside=outside),
        protocol=grader.id,
        flags=flags,
        limits=OWN_LIMITS,
        signed=False,
    )


def _refuse_run(path: Path, predictions: str) -> None:
    """Refuse the folder of a run, which holds much besides its predictions."""
    if (path / "folds").is_dir() and (path / "config.json").is_file():
        raise UserError(f"{path} is the folder of a run: give {path / predictions}.")


def _link_notes(path: Path) -> Iterator[str]:
    """Say of a link, which is read here, that a challenge does not read it."""
    if path.is_symlink() or (path.is_file() and path.stat().st_nlink > 1):
        kind = "a link" if path.is_symlink() else "a hard link"
        yield f"{shown_name(path.name)} is {kind}, which a challenge refuses: hand in a copy of it"


def _plain(path: Path) -> Path:
    """Return a plain file or folder: where a link leads.

    Raises
    ------
    UserError : for a pipe or a device, which challenges refuse, too.
    """
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise UserError(f"{path} is {kind_of(path)} and not a file: write its content to a file, and give that.")
    return path.resolve() if path.is_symlink() and path.exists() else path
