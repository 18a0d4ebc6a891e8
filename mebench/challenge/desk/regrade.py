"""Accepted submissions are graded again from what is kept of them: after a mended truth, other rules, a new version.

Conventions
-----------
A receipt keeps its place: id, time, team and quota stay, and a withdrawn one is left alone. The log is told before the
state changes, each submission is one transaction, and one that can no longer be graded keeps what it had; so a regrade
that was interrupted loses nothing and is ended by the same command.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mebench.challenge.desk import archives, outputs
from mebench.challenge.desk.audit import open_store
from mebench.challenge.desk.baselines import Baseline, list_baselines, mark_predictions, write_baseline
from mebench.challenge.desk.config import Challenge, utc_text
from mebench.challenge.desk.copy import snapshot
from mebench.challenge.desk.marking import Bench, Marking, scores_of, told_to_teams
from mebench.challenge.desk.receipt import Receipt, mebench_version
from mebench.challenge.desk.rules_key import PAPER, rules_key
from mebench.challenge.desk.store import Store
from mebench.challenge.safety.sandbox import LimitExceeded
from mebench.errors import UserError
from mebench.schema.scorecard import Scorecard

UNCHANGED, CHANGED, REFUSED, FAILED, NOT_KEPT = "unchanged", "changed", "refused", "failed", "not kept"
BASELINE = "baseline"
"""Stands in the place of a phase: baselines belong to none."""


@dataclasses.dataclass(frozen=True)
class Change:
    """One score before and after; None where it was not or is not there."""

    part: str
    column: str
    before: float | None
    now: float | None

    def __str__(self) -> str:
        """Return `hidden f1:overall 0.5 -> 0.6`."""
        before, now = ("none" if value is None else f"{value:.6g}" for value in (self.before, self.now))
        return f"{self.part} {self.column} {before} -> {now}"


@dataclasses.dataclass(frozen=True)
class Regraded:
    """What became of one submission.

    Attributes
    ----------
    receipt : its id, or that of a baseline.
    team, phase : whose it is; a baseline has no phase.
    status : `unchanged`, `changed`, `refused`, `failed`, or `not kept`; the last three keep what they had.
    changes : every score that differs, by part and column.
    why : what organisers must know of the last three.
    """

    receipt: str
    team: str
    phase: str
    status: str
    changes: tuple[Change, ...] = ()
    why: str = ""

    @property
    def is_done(self) -> bool:
        """Whether it has its scores under the rules in force."""
        return self.status in (UNCHANGED, CHANGED)


def regrade(challenge: Challenge, now: dt.datetime | None = None) -> Iterator[Regraded]:
    """Grade every accepted submission again that was not withdrawn, and yield what became of it.

    Parameters
    ----------
    challenge : its rules and its truth are those in force.
    now : the time that the log is told, UTC; the present one when None.

    Raises
    ------
    UserError : when the truth cannot be read, the split or the columns do not fit it, or the state is damaged.
    """
    bench = Bench(challenge)
    with open_store(challenge) as store:
        withdrawn = store.withdrawals()
        for receipt in outputs.receipts_in(store):
            if receipt.id not in withdrawn:
                yield _Again(bench, store, receipt, utc_text(now or dt.datetime.now(dt.UTC))).result()
    for baseline in list_baselines(challenge):
        yield _baseline_again(bench, baseline)


def mark_again(bench: Bench, path: Path, flags: Mapping[str, str]) -> Marking | str:
    """Read and score a kept submission, and return the work, or why it is not accepted any more."""
    with snapshot(path, bench.challenge.folder) as copy:
        marking = Marking(bench, copy, flags)
        if not marking.reading["accepted"]:
            return str(marking.reading["report"]["text"])
        # The copy is gone afterwards; what was found is not.
        _ = marking.scored
    return marking


def changes_between(before: Mapping[str, str], now: Mapping[str, str]) -> tuple[Change, ...]:
    """Return every score that differs between two sets of scorecards, by part and column."""
    old, new = scores_of(before), scores_of(now)
    columns = {part: sorted(old.get(part, {}).keys() | new.get(part, {}).keys()) for part in outputs.CARD_FILES}
    pairs = (
        Change(part, column, old.get(part, {}).get(column), new.get(part, {}).get(column))
        for part, names in columns.items()
        for column in names
    )
    return tuple(change for change in pairs if change.before != change.now)


def is_the_same(before: Mapping[str, str], now: Mapping[str, str]) -> bool:
    """Tell whether two sets of scorecards say the same, whenever and wherever they were made."""
    parts = [part for part in outputs.CARD_FILES if part in before or part in now]
    return all(part in before and part in now and _compared(before[part]) == _compared(now[part]) for part in parts)


def _compared(text: str) -> str:
    return Scorecard.from_json(text).compared()


def _baseline_again(bench: Bench, baseline: Baseline) -> Regraded:
    """Grade the predictions of a baseline again; scorecards alone stand as long as their rules do."""
    folder = bench.challenge.folder
    path = archives.find(folder, baseline.sha256, baseline.sent_as) if baseline.sha256 else None
    told = functools.partial(Regraded, baseline.id, baseline.name, BASELINE)
    if path is None:
        why = "its predictions are not kept: add the baseline again"
        return told(UNCHANGED) if baseline.rules in bench.rules and not baseline.sha256 else told(NOT_KEPT, why=why)
    try:
        with snapshot(path, folder) as copy:
            cards = mark_predictions(bench, copy, baseline.name)
    except UserError as error:
        return told(REFUSED, why=str(error))
    changes = changes_between(baseline.cards, cards)
    new = dataclasses.replace(baseline, rules=bench.rules.now, version=mebench_version(), cards=cards)
    if (new.rules, new.version) != (baseline.rules, baseline.version) or not is_the_same(baseline.cards, cards):
        write_baseline(folder, new)
    return told(CHANGED if changes else UNCHANGED, changes=changes)


class _Again:
    """One submission that is graded again."""

    def __init__(self, bench: Bench, store: Store, receipt: Receipt, time: str) -> None:
        self.bench, self.store, self.receipt, self.time = bench, store, receipt, time
        self.papers = store.papers(receipt.id)

    def result(self) -> Regraded:
        """Grade it again, and replace what it had where that has changed."""
        folder, digest = self.bench.challenge.folder, self.receipt.submission
        name = str(json.loads(self.papers.get(outputs.SENT_AS, '""')))
        path = archives.find(folder, digest, name) or archives.find(folder, digest)
        if path is None:
            how = "was changed on disk" if archives.is_damaged(folder, digest) else "is not kept"
            return self._left(NOT_KEPT, f"what was sent {how}: grade the same bytes again, which uses no quota")
        flags = {"team": self.receipt.team, "method": self.receipt.method, "protocol": self.bench.challenge.protocol}
        flags |= json.loads(self.papers.get(outputs.FLAGGED, "{}"))
        try:
            marking = mark_again(self.bench, path, flags)
        except LimitExceeded as error:
            return self._left(REFUSED, str(error))
        except RuntimeError as error:
            return self._left(FAILED, str(error))
        return self._left(REFUSED, marking) if isinstance(marking, str) else self._replaced(marking)

    def _left(self, status: str, why: str) -> Regraded:
        self._log(status, fault=why)
        return self._told(status, why=why)

    def _told(self, status: str, **more: Any) -> Regraded:
        return Regraded(self.receipt.id, self.receipt.team, self.receipt.phase, status, **more)

    def _replaced(self, marking: Marking) -> Regraded:
        cards = marking.scored["cards"]
        changes = changes_between(self.papers, cards)
        receipt = dataclasses.replace(
            self.receipt,
            rules=self.bench.rules.now,
            version=mebench_version(),
            scores=told_to_teams(self.bench.challenge, cards),
            method=marking.reading["report"]["json"]["manifest"]["method"],
            schema=Receipt.schema,
        )
        status = CHANGED if changes else UNCHANGED
        if receipt != self.receipt or not is_the_same(self.papers, cards):
            self._log(f"regraded, {status}", scores=scores_of(cards), changes=list(map(str, changes)))
            key = rules_key(self.bench.challenge.folder).hex()
            papers = {**self.papers, **cards, "report": self._report(receipt, marking), PAPER: key}
            gone = outputs.CARD_FILES.keys() - cards.keys()
            kept = {part: text for part, text in papers.items() if part not in gone}
            self.store.replace(receipt.id, receipt.rules.digest, receipt.to_json(), kept)
            outputs.publish(self.bench.challenge, self.store, [receipt.id])
        return self._told(status, changes=changes)

    def _report(self, receipt: Receipt, marking: Marking) -> str:
        notes = list(marking.reading["report"]["json"]["notes"])
        if receipt.scores != self.receipt.scores:
            before = ", ".join(f"{s.metric} {s.scope} {s.value:g}" for s in self.receipt.scores)
            notes.append(f"this submission was graded again by the organisers; before, it had {before}")
        report = outputs.accepted_report(receipt, notes)
        # What was left is that of the day on which it was received.
        return outputs.dump({**report, "tries": json.loads(self.papers["report"]).get("tries")})

    def _log(self, status: str, **more: Any) -> None:
        receipt = self.receipt
        event = outputs.Event(
            self.time, receipt.phase, team=receipt.team, sha256=receipt.submission, receipt=receipt.id, status=status
        )
        outputs.log(self.bench.challenge, dataclasses.replace(event, **more))
