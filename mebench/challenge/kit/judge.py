"""What the child process does with a stranger's submission: read it, report on it, grade it.

Each function takes one JSON object and returns another, as `run_limited` wants it. What a participant may see stands
under `report`; everything else is for the organisers.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mebench.challenge.findings import InvalidSubmission
from mebench.challenge.kit.truths import expected, restrict, restrict_intervals, task_of
from mebench.challenge.organiser import observations
from mebench.challenge.submission import Submission, check_submission, read_submission
from mebench.metrics.conventions import preset
from mebench.protocols.base import Protocol
from mebench.protocols.catalogue import PROTOCOLS
from mebench.schema.intervals import Intervals
from mebench.schema.truth import Truth, VideoTable


def check(request: dict[str, Any]) -> dict[str, Any]:
    """Check a submission without looking at the truth's events.

    Parameters
    ----------
    request : `path`, `protocol`, `flags`, `videos` (rows of subject, video, fps, n_frames) and `work`, an empty folder.

    Returns
    -------
    `accepted`, and `report` with `json` and `text`.
    """
    protocol = PROTOCOLS.get(request["protocol"])()
    videos = VideoTable.from_rows([tuple(row) for row in request["videos"]])
    report = check_submission(
        Path(request["path"]),
        task_of(protocol),
        expected=expected(videos),
        protocol=protocol.id,
        flags=complete_flags(request["flags"], protocol.id),
        work=Path(request["work"]),
    )
    return {"accepted": report.accepted, "report": {"json": report.to_dict(), "text": report.to_text()}}


def grade(request: dict[str, Any]) -> dict[str, Any]:
    """Read and grade a submission.

    Parameters
    ----------
    request : `path`, `protocol`, `convention`, `flags`, `truth` (a folder), `hidden` (videos) and `work`.

    Returns
    -------
    `accepted`; for an accepted submission `manifest`, `notes` and `cards` (texts of the scorecards `all` and, where
    videos are hidden, `public` and `hidden`), for a refused one `report` as `check` gives it; `observations` for the
    organisers in both cases.
    """
    protocol = PROTOCOLS.get(request["protocol"])()
    truth = Truth.read(Path(request["truth"]))
    work = Path(request["work"])
    try:
        submission = read_submission(
            Path(request["path"]),
            task_of(protocol),
            expected=expected(truth.videos),
            protocol=protocol.id,
            flags=complete_flags(request["flags"], protocol.id),
            work=work / "first",
        )
    except InvalidSubmission:
        return _refused(request, protocol, truth, work / "second")
    predictions = submission.predictions
    assert isinstance(predictions, Intervals)
    return {
        "accepted": True,
        "manifest": {"team": submission.manifest.team, "method": submission.manifest.method},
        "notes": list(submission.notes),
        "cards": score_cards(protocol, request["convention"], submission, truth, request["hidden"]),
        "observations": list(observations(predictions, submission.claims, truth)),
    }


def _refused(request: dict[str, Any], protocol: Protocol, truth: Truth, work: Path) -> dict[str, Any]:
    report = check_submission(
        Path(request["path"]),
        task_of(protocol),
        expected=expected(truth.videos),
        protocol=protocol.id,
        flags=complete_flags(request["flags"], protocol.id),
        work=work,
        truth=truth,
    )
    return {
        "accepted": False,
        "report": {"json": report.to_dict(), "text": report.to_text()},
        "observations": list(report.organiser),
    }


def complete_flags(flags: Mapping[str, str], protocol: str) -> dict[str, str]:
    """Return flags that say it all where they name team and method, so that no manifest is needed."""
    given = {key: value for key, value in flags.items() if value}
    return {**given, "protocol": protocol} if {"team", "method"} <= set(given) else given


def score_cards(
    protocol: Protocol, convention: str, submission: Submission, truth: Truth, hidden: list[str]
) -> dict[str, str]:
    """Return the scorecards of all videos and, where some are hidden, of either part, as JSON texts.

    Parameters
    ----------
    protocol : the rules.
    convention : name of a preset, or empty for the protocol's own.
    submission : what is graded.
    truth : all of it.
    hidden : videos, `subject/video`.
    """
    rules = preset(convention) if convention else None
    graded = submission.graded()
    cards = {"all": protocol.score(graded, truth, convention=rules).to_json()}
    everything = {f"{subject}/{video}" for subject, video in truth.videos.keys()}  # noqa: SIM118
    for part, names in (("public", everything - set(hidden)), ("hidden", set(hidden))) if hidden else ():
        predictions = restrict_intervals(graded.predictions, names)
        rest = type(graded)(predictions, method=graded.method, source=graded.source)
        cards[part] = protocol.score(rest, restrict(truth, names), convention=rules).to_json()
    return cards
