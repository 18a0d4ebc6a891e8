"""What two child processes do with a stranger's submission: one reads it, the other scores it against the truth.

Conventions
-----------
`read` knows of no truth; the others see predictions in our own form, and never a byte of the submission. Each function
takes one JSON object and returns another, as `run_limited` wants it. What a participant may see stands under `report`;
everything else is for the organisers.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mebench.challenge.desk.truths import submitted_task
from mebench.challenge.reading.normal import Normal
from mebench.challenge.safety.prepared import MATERIAL, prepared_by
from mebench.protocols.base import Predicted as Graded
from mebench.protocols.base import Protocol
from mebench.protocols.catalogue import PROTOCOLS
from mebench.schema.scorecard import Scorecard
from mebench.tasks.base import AnyTruth

if TYPE_CHECKING:
    from mebench.challenge.reading.submission import Reading

Reader = Callable[..., "Reading"]


def _prepare_reading(request: dict[str, Any]) -> Reader:
    # The scoring process needs no parser of strangers' files, so it imports none.
    from mebench.challenge.reading.read import read as read_once

    protocol = PROTOCOLS.get(request["protocol"])()
    expected = submitted_task(protocol).expected(request["rows"], protocol.classes)
    return partial(
        read_once,
        task=protocol.task,
        expected=dataclasses.replace(expected, outside=str(request.get("outside", ""))),
        protocol=protocol.id,
        flags=complete_flags(request["flags"], protocol.id),
    )


@prepared_by(_prepare_reading)
def read(request: dict[str, Any], reader: Reader) -> dict[str, Any]:
    """Read a submission without looking at the truth.

    Parameters
    ----------
    request : `path`, `protocol`, `flags`, `rows` (of the public list), `work`, an empty folder, and `outside`, the
        convention's rule for intervals that reach outside their video, where it is known.

    Returns
    -------
    `accepted`, `report` with `json` and `text`, and `normal`, the predictions without problems.
    """
    reading = reader(Path(request["path"]), work=Path(request["work"]))
    report = reading.report()
    return {
        "accepted": report.accepted,
        "report": {"json": report.to_dict(), "text": report.to_text()},
        "normal": reading.normal().to_plain(),
    }


def _prepare_scoring(request: dict[str, Any]) -> tuple[Protocol, AnyTruth]:
    protocol = PROTOCOLS.get(request["protocol"])()
    submitted_task(protocol).load_metrics()
    return protocol, protocol.read_truth(Path(request["truth"]))


@prepared_by(_prepare_scoring)
def score(request: dict[str, Any], ready: tuple[Protocol, AnyTruth]) -> dict[str, Any]:
    """Score the predictions of an accepted submission.

    Parameters
    ----------
    request : `protocol`, `convention`, `truth` (a folder), `hidden` (items), and as `material` what `read` gives as
        `normal`.

    Returns
    -------
    `cards` (texts of the scorecards `all` and, where items are hidden, `public` and `hidden`) and `observations` for
    the organisers.
    """
    protocol, truth = ready
    normal = _material(protocol, request)
    return {
        "cards": score_cards(protocol, request["convention"], normal.graded(), truth, request["hidden"]),
        "observations": list(normal.observations(truth)),
    }


@prepared_by(_prepare_scoring)
def score_some(request: dict[str, Any], ready: tuple[Protocol, AnyTruth]) -> dict[str, Any]:
    """Return the `card` of some `items` alone; the rest of the request is that of `score`."""
    protocol, truth = ready
    graded = _material(protocol, request).graded()
    return {"card": score_part(protocol, request["convention"], graded, truth, set(request["items"])).to_json()}


@prepared_by(_prepare_scoring)
def observe(request: dict[str, Any], ready: tuple[Protocol, AnyTruth]) -> dict[str, Any]:
    """Return the `observations` on a submission that is refused; the request is that of `score`."""
    protocol, truth = ready
    return {"observations": list(_material(protocol, request).observations(truth))}


def _material(protocol: Protocol, request: Mapping[str, Any]) -> Normal:
    return Normal.from_plain(request[MATERIAL], submitted_task(protocol))


def complete_flags(flags: Mapping[str, str], protocol: str) -> dict[str, str]:
    """Return flags that say it all where they name team and method, so that no manifest is needed."""
    given = {key: value for key, value in flags.items() if value}
    return {"protocol": protocol, **given} if {"team", "method"} <= set(given) else given


def score_cards(
    protocol: Protocol, convention: str, graded: Graded[Any], truth: AnyTruth, hidden: Collection[str]
) -> dict[str, str]:
    """Return the scorecards of all items and, where some are hidden, of either part, as JSON texts.

    Parameters
    ----------
    protocol : the rules.
    convention : name of a preset, or empty for the protocol's own.
    graded : the predictions.
    truth : all of it.
    hidden : items, such as the video `subject/video`.
    """
    rules = protocol.preset(convention) if convention else None
    cards = {"all": protocol.score(graded, truth, convention=rules).to_json()}
    if hidden:
        parts = {"public": set(submitted_task(protocol).names(truth)) - set(hidden), "hidden": set(hidden)}
        cards |= {
            part: score_part(protocol, convention, graded, truth, names).to_json() for part, names in parts.items()
        }
    return cards


def score_part(
    protocol: Protocol, convention: str, graded: Graded[Any], truth: AnyTruth, names: Collection[str]
) -> Scorecard:
    """Return the scorecard of some items; parameters as in `score_cards`."""
    # Lines are of all predictions, and the reader has checked those already.
    task = submitted_task(protocol)
    rest = dataclasses.replace(graded, predictions=task.restrict_predictions(graded.predictions, names), lines=())
    rules = protocol.preset(convention) if convention else None
    return protocol.score(rest, task.restrict(truth, names), convention=rules)
