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

from mebench.challenge.kit.lists import expected
from mebench.challenge.kit.truths import AnyTruth, item_names, restrict, restrict_predictions, task_of
from mebench.challenge.normal import Normal
from mebench.challenge.organiser import observations
from mebench.challenge.safety.prepared import MATERIAL, prepared_by
from mebench.protocols.base import Predicted as Graded
from mebench.protocols.base import Protocol
from mebench.protocols.catalogue import PROTOCOLS
from mebench.schema.intervals import Intervals
from mebench.schema.scorecard import Scorecard
from mebench.schema.truth import Truth

if TYPE_CHECKING:
    from mebench.challenge.submission import Reading

Reader = Callable[..., "Reading"]


def _prepare_reading(request: dict[str, Any]) -> Reader:
    # The scoring process needs no parser of strangers' files, so it imports none.
    from mebench.challenge.submission import read as read_once

    protocol = PROTOCOLS.get(request["protocol"])()
    return partial(
        read_once,
        task=task_of(protocol),
        expected=expected(request["rows"], protocol),
        protocol=protocol.id,
        flags=complete_flags(request["flags"], protocol.id),
    )


@prepared_by(_prepare_reading)
def read(request: dict[str, Any], reader: Reader) -> dict[str, Any]:
    """Read a submission without looking at the truth.

    Parameters
    ----------
    request : `path`, `protocol`, `flags`, `rows` (of the public list) and `work`, an empty folder.

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
    if protocol.task == "vqa":
        _load_text_metrics()
    return protocol, protocol.read_truth(Path(request["truth"]))


def _load_text_metrics() -> None:
    """Use BLEU and ROUGE once: their libraries load parts on first use, and may be out of reach behind the walls."""
    from mebench.metrics.text import bleu_parts, missing_libraries, rouge1_f1

    if not missing_libraries():
        bleu_parts(["a"], ["a"])
        rouge1_f1(["a"], ["a"])


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
    normal = Normal.from_plain(request[MATERIAL])
    return {
        "cards": score_cards(protocol, request["convention"], normal.graded(), truth, request["hidden"]),
        "observations": _observed(normal, truth),
    }


@prepared_by(_prepare_scoring)
def score_some(request: dict[str, Any], ready: tuple[Protocol, AnyTruth]) -> dict[str, Any]:
    """Return the `card` of some `items` alone; the rest of the request is that of `score`."""
    protocol, truth = ready
    graded = Normal.from_plain(request[MATERIAL]).graded()
    return {"card": score_part(protocol, request["convention"], graded, truth, set(request["items"])).to_json()}


@prepared_by(_prepare_scoring)
def observe(request: dict[str, Any], ready: tuple[Protocol, AnyTruth]) -> dict[str, Any]:
    """Return the `observations` on a submission that is refused; the request is that of `score`."""
    return {"observations": _observed(Normal.from_plain(request[MATERIAL]), ready[1])}


def _observed(normal: Normal, truth: AnyTruth) -> list[str]:
    if isinstance(truth, Truth) and isinstance(normal.predictions, Intervals):
        return list(observations(normal.predictions, normal.claims, truth))
    return []


def complete_flags(flags: Mapping[str, str], protocol: str) -> dict[str, str]:
    """Return flags that say it all where they name team and method, so that no manifest is needed."""
    given = {key: value for key, value in flags.items() if value}
    return {**given, "protocol": protocol} if {"team", "method"} <= set(given) else given


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
        parts = {"public": set(item_names(truth)) - set(hidden), "hidden": set(hidden)}
        cards |= {
            part: score_part(protocol, convention, graded, truth, names).to_json() for part, names in parts.items()
        }
    return cards


def score_part(
    protocol: Protocol, convention: str, graded: Graded[Any], truth: AnyTruth, names: Collection[str]
) -> Scorecard:
    """Return the scorecard of some items; parameters as in `score_cards`."""
    # Lines are of all predictions, and the reader has checked those already.
    rest = dataclasses.replace(graded, predictions=restrict_predictions(graded.predictions, names), lines=())
    rules = protocol.preset(convention) if convention else None
    return protocol.score(rest, restrict(truth, names), convention=rules)
