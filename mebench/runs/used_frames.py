"""Which frames a run used: the digest of every recording, kept so that frames which change are noticed.

Conventions
-----------
A recording is named `dataset/subject/id`. Its digest covers the content of its frames and, where it has them, of its
ready-made aligned faces and its OpenFace table. `frames.txt` in the run's folder has one line a recording,
`<digest>  <name>`, sorted by name, and ends in the checksum of these lines. Every fold keeps the digests of its own
recordings in its receipt. A method that reads no frames has none to keep.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from mebench.errors import UserError
from mebench.frames.content import KnownContent, ReadsFiles, content_of
from mebench.frames.usage import default_root
from mebench.runs.executors.base import Executor, Job, Report
from mebench.runs.monitor import Monitor
from mebench.runs.plan import Fold
from mebench.runs.spec import RunSpec, Workspace
from mebench.schema.people import Person, joined
from mebench.schema.recordings import Recording
from mebench.settings import digest_of

FRAMES = "frames.txt"
_LAST = "of the lines above"
_NAMED = 3
PUT_BACK = "put the old frames back, or give another --out"
CHANGED_AT_WORK = "put the old frames back and run the same command again, or give another --out"

Digests = Mapping[str, str]


@dataclasses.dataclass(frozen=True)
class LookWork:
    """Read what the recordings of one person hold; `fresh` looks at the files again."""

    spec: RunSpec
    person: Person
    fresh: bool


def look(work: LookWork, report: Report) -> dict[str, str]:
    """Return the digests of one person's recordings."""
    return digests(work.spec.open(), [work.person], fresh=work.fresh, report=report)


def digests(
    space: Workspace, people: Iterable[Person], *, fresh: bool = False, report: Report | None = None
) -> dict[str, str]:
    """Return the digests of the recordings of some people.

    Parameters
    ----------
    fresh : look at the files again; else what this process has seen before holds.
    """
    known = KnownContent(space.spec.cache or default_root())
    found = {}
    for recording in space.recordings(people):
        listen = None if report is None else _listener(report, recording.id)
        found[name_of(recording)] = _digest(recording, known, fresh, listen)
    return found


def name_of(recording: Recording) -> str:
    """Return the name under which a recording's digest is kept; it begins with the person."""
    return joined(str(recording.person), recording.id)


def _listener(report: Report, id: str) -> Callable[[int, int], None]:
    return lambda done, total: report(f"read {id}", done, total)


def _digest(
    video: Recording, known: KnownContent, fresh: bool = False, progress: Callable[[int, int], None] | None = None
) -> str:
    parts = [content_of(video.frames, known, fresh=fresh, progress=progress)]
    if video.aligned is not None:
        parts += ["aligned", content_of(video.aligned, known, fresh=fresh, progress=progress)]
    if video.action_units_csv is not None:
        table = Path(video.action_units_csv)
        parts += ["action units", known.digest(table, [table])]
    return digest_of(*parts)


def frames_of_run(
    spec: RunSpec, plan: Sequence[Fold], executor: Executor, monitor: Monitor, *, fresh: bool = False
) -> dict[str, str]:
    """Return the digests of every recording that a plan reads; files that are new are read in parallel.

    Raises
    ------
    UserError : when a file is missing or cannot be read.
    """
    space = spec.open()
    found: dict[str, str] = {}
    work = []
    for person in sorted({person for fold in plan for person in fold.people}):
        if any(_has_files(recording) for recording in space.recordings([person])):
            work.append(Job(str(person), look, LookWork(spec, person, fresh)))
        else:
            found |= digests(space, [person])
    if work:
        monitor.phase("frames", len(work))
        for outcome in executor.run(work, monitor.progress):
            if outcome.error is not None:
                raise UserError(outcome.error)
            found |= outcome.value
            monitor.finished(outcome.job, None)
        monitor.close()
    return found


def _has_files(video: Recording) -> bool:
    return isinstance(video.frames, ReadsFiles) or video.aligned is not None or video.action_units_csv is not None


class FramesByPerson:
    """Digests of recordings, found by whose they are."""

    def __init__(self, frames: Digests) -> None:
        self._names: dict[str, list[str]] = {}
        self._frames = frames
        for name in frames:
            # A subject's own id may hold slashes, and so may that of a recording.
            for end in (i for i, character in enumerate(name) if character == "/"):
                self._names.setdefault(name[:end], []).append(name)

    def of(self, fold: Fold) -> dict[str, str]:
        """Return the digests of the recordings that a fold reads."""
        people = map(str, fold.people)
        return {name: self._frames[name] for person in people for name in self._names.get(person, ())}


def require_same(before: Digests, now: Digests, fix: str) -> None:
    """Refuse frames that differ from those that a run has used.

    Parameters
    ----------
    before : what the run has used.
    now : what is there; videos that are missing count as different.
    fix : what the user should do.

    Raises
    ------
    UserError : naming the videos.
    """
    changed = sorted(name for name, digest in before.items() if now.get(name) != digest)
    if changed:
        more = f" and {len(changed) - _NAMED} more" if len(changed) > _NAMED else ""
        raise UserError(
            f"The frames of {', '.join(changed[:_NAMED])}{more} have changed since this run began, so that its folds "
            f"would not belong together: {fix}."
        )


def format_frames(frames: Digests) -> str:
    """Return the content of `frames.txt`."""
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(frames.items()))
    return f"{lines}{hashlib.sha256(lines.encode()).hexdigest()}  {_LAST}\n"


def parse_frames(text: str) -> dict[str, str] | None:
    """Take up what `format_frames` returned; None for anything else."""
    *lines, last = text.splitlines(keepends=True) or [""]
    rows = [line.rstrip("\n").partition("  ") for line in lines]
    frames = {name: digest for digest, _, name in rows}
    return frames if format_frames(frames) == "".join(lines) + last else None
