"""What the child process does with a stranger's submission: read it, report on it, grade it.

Each function takes one JSON object and returns another, as `run_limited` wants it. What a participant may see stands
under `report`; everything else is for the organisers.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from mebench.challenge.findings import InvalidSubmission
from mebench.challenge.kit.lists import expected, public_rows
from mebench.challenge.kit.truths import AnyTruth, item_names, restrict, restrict_predictions, task_of
from mebench.challenge.organiser import observations
from mebench.challenge.submission import Submission, check_submission, read_submission
from mebench.protocols.base import Protocol
from mebench.protocols.catalogue import PROTOCOLS
from mebench.schema.intervals import Intervals
from mebench.schema.scorecard import Scorecard
from mebench.schema.truth import Truth


def check(request: dict[str, Any]) -> dict[str, Any]:
    """Check a submission without looking at the truth.

    Parameters
    ----------
    request : `path`, `protocol`, `flags`, `rows` (of the public list) and `work`, an empty folder.

    Returns
    -------
    `accepted`, and `report` with `json` and `text`.
    """
    protocol = PROTOCOLS.get(request["protocol"])()
    report = check_submission(
        Path(request["path"]),
        task_of(protocol),
        expected=expected(request["rows"], protocol),
        protocol=protocol.id,
        flags=complete_flags(request["flags"], protocol.id),
        work=Path(request["work"]),
    )
    return {"accepted": report.accepted, "report": {"json": report.to_dict(), "text": report.to_text()}}


def grade(request: dict[str, Any]) -> dict[str, Any]:
    """Read and grade a submission.

    Parameters
    ----------
    request : `path`, `protocol`, `convention`, `flags`, `truth` (a folder), `hidden` (items) and `work`.

    Returns
    -------
    `accepted`; for an accepted submission `manifest`, `notes` and `cards` (texts of the scorecards `all` and, where
    items are hidden, `public` and `hidden`), for a refused one `report` as `check` gives it; `observations` for the
    organisers in both cases.
    """
    protocol = PROTOCOLS.get(request["protocol"])()
    truth: AnyTruth = protocol.read_truth(Path(request["truth"]))
    work = Path(request["work"])
    try:
        submission = read_submission(
            Path(request["path"]),
            task_of(protocol),
            expected=expected(public_rows(truth), protocol),
            protocol=protocol.id,
            flags=complete_flags(request["flags"], protocol.id),
            work=work / "first",
        )
    except InvalidSubmission:
        return _refused(request, protocol, truth, work / "second")
    predictions = submission.predictions
    observed: tuple[str, ...] = ()
    if isinstance(truth, Truth) and isinstance(predictions, Intervals):
        observed = observations(predictions, submission.claims, truth)
    return {
        "accepted": True,
        "manifest": {"team": submission.manifest.team, "method": submission.manifest.method},
        "notes": list(submission.notes),
        "cards": score_cards(protocol, request["convention"], submission, truth, request["hidden"]),
        "observations": list(observed),
    }


def _refused(request: dict[str, Any], protocol: Protocol, truth: AnyTruth, work: Path) -> dict[str, Any]:
    report = check_submission(
        Path(request["path"]),
        task_of(protocol),
        expected=expected(public_rows(truth), protocol),
        protocol=protocol.id,
        flags=complete_flags(request["flags"], protocol.id),
        work=work,
        truth=truth if isinstance(truth, Truth) else None,
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
    protocol: Protocol, convention: str, submission: Submission, truth: AnyTruth, hidden: Collection[str]
) -> dict[str, str]:
    """Return the scorecards of all items and, where some are hidden, of either part, as JSON texts.

    Parameters
    ----------
    protocol : the rules.
    convention : name of a preset, or empty for the protocol's own.
    submission : what is graded.
    truth : all of it.
    hidden : items, such as the video `subject/video`.
    """
    rules = protocol.preset(convention) if convention else None
    cards = {"all": protocol.score(submission.graded(), truth, convention=rules).to_json()}
    if hidden:
        parts = {"public": set(item_names(truth)) - set(hidden), "hidden": set(hidden)}
        cards |= {
            part: score_part(protocol, convention, submission, truth, names).to_json() for part, names in parts.items()
        }
    return cards


def score_part(
    protocol: Protocol, convention: str, submission: Submission, truth: AnyTruth, names: Collection[str]
) -> Scorecard:
    """Return the scorecard of some items; parameters as in `score_cards`."""
    graded = submission.graded()
    # Lines are of all predictions, and the reader has checked those already.
    rest = dataclasses.replace(graded, predictions=restrict_predictions(submission.predictions, names), lines=())
    rules = protocol.preset(convention) if convention else None
    return protocol.score(rest, restrict(truth, names), convention=rules)
