"""The desk at which submissions are received, graded and given their receipts.

Conventions
-----------
A submission is copied, hashed, claimed, graded in a child process, and accepted or released; a refused one, and one
whose grading failed, use no quota. The same bytes of the same team in the same phase get the receipt that they have.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import enum
import functools
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mebench.challenge.hidden_paths import without_paths
from mebench.challenge.inventory import digest_of_submission
from mebench.challenge.kit import channels
from mebench.challenge.kit.config import Challenge, Phase, utc_text
from mebench.challenge.kit.lists import public_rows
from mebench.challenge.kit.receipt import Receipt, mebench_version, public_scores, receipt_id, team_key
from mebench.challenge.kit.snapshot import snapshot, sweep
from mebench.challenge.kit.store import Claim, LostClaim, OverQuota, Request, Store
from mebench.challenge.kit.truths import complete_split, item_names, read_truth, rules_of
from mebench.challenge.plain import plain_text
from mebench.challenge.sandbox import LimitExceeded, run_limited
from mebench.errors import UserError
from mebench.schema.scorecard import Scorecard

_POLL_SECONDS = 0.1


class Status(enum.StrEnum):
    """What became of a submission."""

    ACCEPTED = "accepted"
    CACHED = "cached"
    REFUSED = "refused"
    OVER_QUOTA = "over quota"
    FAILED = "failed"


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What the desk says about one submission.

    Attributes
    ----------
    status : what became of it.
    text : the participant's report.
    receipt : of an accepted submission.
    private : one line for the organisers, such as the hidden scores, empty when there is nothing to say.
    """

    status: Status
    text: str
    receipt: Receipt | None = None
    private: str = ""


class Desk:
    """Grades submissions to one challenge; any number of desks may work on the same folder.

    Parameters
    ----------
    challenge : its rules; the truth is read from its folder.

    Raises
    ------
    UserError : when the truth cannot be read or the split does not fit it.
    """

    def __init__(self, challenge: Challenge) -> None:
        self.challenge = challenge
        self.truth = read_truth(challenge)
        self.rules = rules_of(challenge, self.truth)
        self.split = complete_split(challenge.split, item_names(self.truth))
        self.store = Store(challenge.folder)
        sweep(challenge.folder, time.time())
        channels.publish(challenge, self.store)

    def __enter__(self) -> Desk:
        """Return the desk."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the database."""
        self.store.close()

    def grade(
        self,
        path: Path,
        *,
        flags: Mapping[str, str] | None = None,
        phase: str | None = None,
        received: dt.datetime | None = None,
    ) -> Outcome:
        """Grade one submission.

        Parameters
        ----------
        path : a folder, a zip archive or a table.
        flags : `team` and `method`, which replace those of its manifest.
        phase : where several are open.
        received : time of receipt, UTC; now when None.

        Raises
        ------
        UserError : when there is no such submission, no phase is open, or the rules ask for a score that the protocol
            does not give.
        """
        moment = received or dt.datetime.now(dt.UTC)
        opened = self.challenge.phase_at(moment, phase)
        with snapshot(path, self.challenge.folder) as copy:
            visit = _Visit(self, copy, opened, utc_text(moment), dict(flags or {}))
            outcome = visit.outcome()
        channels.log(self.challenge, {**visit.entry, "status": str(outcome.status)})
        return outcome


class _Visit:
    """One submission at the desk; `entry` is what the organisers' log will say."""

    def __init__(self, desk: Desk, copy: Path, phase: Phase, received: str, flags: dict[str, str]) -> None:
        self.desk, self.copy, self.phase, self.received, self.flags = desk, copy, phase, received, flags
        self.digest = digest_of_submission(copy)
        self.entry: dict[str, Any] = {
            "time": received,
            "phase": phase.name,
            "submission": plain_text(copy.name),
            "sha256": self.digest,
        }

    def outcome(self) -> Outcome:
        """Return what became of the submission; whatever goes wrong inside the child ends here."""
        try:
            team = plain_text(self.flags["team"]) if self.flags.get("team") else self._team_of_manifest()
            if isinstance(team, Outcome):
                return team
            self.entry["team"] = team
            return self._at_quota(team)
        except OverQuota as error:
            return Outcome(Status.OVER_QUOTA, f"{error}\n")
        except LimitExceeded as error:
            return self._refuse({"accepted": False, "problems": [], "limit": str(error)}, f"{error}\n")
        except (RuntimeError, LostClaim) as error:
            # What went wrong inside may quote the truth: it is for the organisers alone.
            self.entry["fault"] = str(error)
            text = "The grading failed; the organisers can see why. No quota was used: submit again later.\n"
            return Outcome(Status.FAILED, text, private=str(error))

    def _run(self, verb: str, folder: Path, **request: Any) -> Any:
        """Let a child process work in a folder of its own; what it says is never for participants."""
        common = {"protocol": self.desk.challenge.protocol, "flags": self.flags}
        limits = self.desk.challenge.limits.process()
        try:
            return run_limited(f"mebench.challenge.kit.judge:{verb}", common | request, limits, folder)
        except LimitExceeded:
            raise
        except UserError as error:
            # The reader has refused by then what participants can mend; this message may quote the truth.
            raise RuntimeError(str(error)) from error

    @functools.cached_property
    def _reading(self) -> dict[str, Any]:
        """What the reading process found; it works in the folder of the copy, and is told of no other."""
        place = self.copy.parent
        work = self.copy.with_name(f"{self.copy.name}.work")
        work.mkdir()
        found = self._run("read", place, rows=public_rows(self.desk.truth), path=self.copy.name, work=work.name)
        return dict(found) | {"report": without_paths(found["report"], [place, self.desk.challenge.folder])}

    def _against_truth(self, verb: str) -> Any:
        """Let a process that never saw the submission hold its predictions against the truth."""
        place = self.copy.parent.parent / verb
        place.mkdir()
        challenge = self.desk.challenge
        request = {
            "truth": str(challenge.truth.absolute()),
            "convention": challenge.convention,
            "hidden": list(self.desk.split.hidden),
            "material": self._reading["normal"],
        }
        return self._run(verb, place, **request)

    def _team_of_manifest(self) -> str | Outcome:
        """Return the team that the submission names, or the refusal of one that cannot be read."""
        found = self._reading
        return str(found["report"]["json"]["manifest"]["team"]) if found["accepted"] else self._refuse_read()

    def _refuse_read(self) -> Outcome:
        """Refuse what cannot be read; what it has of the truth is for the organisers' log."""
        with contextlib.suppress(RuntimeError, LimitExceeded):
            self.entry["observations"] = self._against_truth("observe")["observations"]
        report = self._reading["report"]
        return self._refuse(report["json"], report["text"])

    def _at_quota(self, team: str) -> Outcome:
        """Claim a place, grade, and accept; give the place back when anything else happens."""
        desk = self.desk
        rules = desk.rules.digest
        id = receipt_id(self.phase.name, team, self.digest)
        request = Request(id, self.phase.name, team_key(team), self.received, rules)
        claim = self._claim(request)
        if isinstance(claim, str):
            return self._cached(Receipt.from_json(claim))
        accepted = False
        try:
            if not self._reading["accepted"]:
                return self._refuse_read()
            found = self._against_truth("score")
            receipt, papers = self._papers(claim, found)
            desk.store.accept(claim, rules, receipt.to_json(), papers)
            accepted = True
        finally:
            if not accepted:
                desk.store.release(claim)
        channels.write_papers(desk.challenge, receipt, papers)
        return self._given(receipt, found, papers)

    def _claim(self, request: Request) -> Claim | str:
        """Wait until a place, the receipt of the same bytes, or the lack of either is certain."""
        lease = 2 * self.desk.challenge.limits.wall_seconds + 60
        while True:
            found = self.desk.store.claim(request, self.phase.quota, lease)
            if found is not None:
                return found
            time.sleep(_POLL_SECONDS)

    def _papers(self, claim: Claim, found: Mapping[str, Any]) -> tuple[Receipt, dict[str, str]]:
        challenge, cards, report = self.desk.challenge, found["cards"], self._reading["report"]["json"]
        public = Scorecard.from_json(cards.get("public", cards["all"]))
        receipt = Receipt(
            id=claim.id,
            team=report["manifest"]["team"],
            method=report["manifest"]["method"],
            phase=self.phase.name,
            received=claim.received,
            submission=self.digest,
            rules=self.desk.rules,
            version=mebench_version(),
            scores=public_scores(challenge, public),
        )
        paper = channels.dump(channels.accepted_report(receipt, report["notes"]))
        return receipt, {**cards, "report": paper}

    def _cached(self, receipt: Receipt) -> Outcome:
        papers = self.desk.store.papers(receipt.id)
        channels.write_papers(self.desk.challenge, receipt, papers)
        self.entry["receipt"] = receipt.id
        text = channels.report_text(channels.accepted_report(receipt, ["these bytes were graded before"]))
        return Outcome(Status.CACHED, text, receipt)

    def _given(self, receipt: Receipt, found: Mapping[str, Any], papers: Mapping[str, str]) -> Outcome:
        scores = {
            part: {f"{s.metric}:{s.scope}": s.value for s in Scorecard.from_json(papers[part]).scores}
            for part in channels.CARD_FILES
            if part in papers
        }
        self.entry |= {"receipt": receipt.id, "scores": scores, "observations": found["observations"]}
        hidden = scores.get("hidden", {})
        line = ", ".join(f"{c} {hidden[str(c)]:.4f}" for c in self.desk.challenge.columns if str(c) in hidden)
        text = channels.report_text(json.loads(papers["report"]))
        return Outcome(Status.ACCEPTED, text, receipt, line and f"hidden: {line}")

    def _refuse(self, report: Mapping[str, Any], text: str) -> Outcome:
        # Two teams may send the same broken file: the report is of the bytes, and names no team but its own.
        id = receipt_id(self.phase.name, self.entry.get("team", ""), self.digest)
        channels.write_refusal(self.desk.challenge, id, report, text)
        self.entry |= {"report": report, "refused": id}
        return Outcome(Status.REFUSED, text)
