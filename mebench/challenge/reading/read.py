"""Reading a submission: everything that is wrong with it at once, or predictions under the challenge's own ids.

Conventions
-----------
A submission is unpacked and read once, and never with the help of the truth. Nothing is written but what an archive
holds, below the work folder. Problems and notes quote the submission and the public lists only.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypedDict, Unpack

from mebench.challenge.checks.findings import Enough, Findings
from mebench.challenge.reading.inventory import digest_of_submission, take_stock
from mebench.challenge.reading.manifest import FIRST_FRAME, first_frame, read_manifest
from mebench.challenge.reading.readers import READERS
from mebench.challenge.reading.report import Report
from mebench.challenge.reading.submission import Reading, Submission
from mebench.challenge.safety.limits import SubmissionLimits
from mebench.errors import UserError
from mebench.tasks.base import AnyTruth, Task
from mebench.tasks.catalogue import task_of
from mebench.tasks.expected import Expected


class Options(TypedDict, total=False):
    """How a submission is read: the keywords of `read`."""

    expected: Expected | None
    protocol: str
    flags: Mapping[str, str] | None
    limits: SubmissionLimits | None
    work: Path | None
    signed: bool


def read_submission(path: Path, task: str, **options: Unpack[Options]) -> Submission:
    """Read a submission without problems; parameters and errors as in `read` and `Reading.submission`."""
    return read(path, task, **options).submission()


def check_submission(path: Path, task: str, *, truth: AnyTruth | None = None, **options: Unpack[Options]) -> Report:
    """Read a submission and report on it; parameters and errors as in `read` and `Reading.report`."""
    return read(path, task, **options).report(truth)


def read(
    path: Path,
    task: str,
    *,
    expected: Expected | None = None,
    protocol: str = "",
    flags: Mapping[str, str] | None = None,
    limits: SubmissionLimits | None = None,
    work: Path | None = None,
    signed: bool = True,
) -> Reading:
    """Read a submission once, whatever is wrong with it.

    Parameters
    ----------
    path : a folder, a zip archive, or a single table or JSONL file.
    task : id of a task that `READERS` knows.
    expected : the public lists that it is held against.
    protocol : id that the manifest must name; any will do when it is empty.
    flags : `team`, `method`, `protocol` and `first_frame`, which replace those of the manifest.
    limits : sizes beyond which it is refused.
    work : an empty folder for what an archive holds; a temporary one, removed again, when it is None.
    signed : whether it must say who submits; else a manifest is read where there is one.

    Raises
    ------
    UserError : when there is nothing at `path`, or it cannot be read.
    """
    if task not in READERS:
        raise UserError(f"Nobody submits to the task {task!r}: choose one of {', '.join(READERS)}.")
    kind = task_of(task)
    limits = limits or SubmissionLimits()
    findings = Findings()
    try:
        reading = Reading(path.name, kind, findings, digest_of_submission(path, limits), kind.empty())
        with _work_folder(path, kind, work) as place, contextlib.suppress(Enough):
            stock = take_stock(path, place, kind, findings, limits)
            # An archive that is refused has no manifest to miss.
            if stock.manifest is not None or (signed and (stock.files or not findings.counts)):
                reading.manifest = read_manifest(stock.manifest, flags or {}, protocol, findings, limits)
            said = {FIRST_FRAME: reading.manifest.first_frame} if reading.manifest else {}
            reading.first_frame = first_frame(said, flags or {}, findings)
            READERS[task](stock.files, expected or Expected(), reading, limits)
            if reading.format and not reading.places and not findings.counts:
                findings.note("there is no prediction at all")
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror}): check its permissions.") from error
    return reading


@contextlib.contextmanager
def _work_folder(path: Path, task: Task[Any, Any], work: Path | None) -> Iterator[Path]:
    """Yield an empty folder; a folder of tables, and a table by its name, need none."""
    if work is not None or path.is_dir() or path.suffix.lower() in task.suffixes:
        yield work or path
        return
    with tempfile.TemporaryDirectory(prefix="mebench-") as temporary:
        yield Path(temporary)
