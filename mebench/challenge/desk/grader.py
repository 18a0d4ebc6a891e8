"""The desk at which submissions are received, graded and given their receipts.

Conventions
-----------
A submission is copied, hashed, claimed, graded in a child process, and kept and accepted or released; a refused one,
and one whose grading failed, use no quota. The same bytes of the same team in the same phase get the receipt that they
have.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import enum
import json
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from mebench.challenge.desk import archives, outputs
from mebench.challenge.desk.audit import open_store
from mebench.challenge.desk.config import Challenge, utc_text
from mebench.challenge.desk.copy import snapshot, sweep
from mebench.challenge.desk.marking import Bench, Marking, scores_of, told_to_teams
from mebench.challenge.desk.modes import close_to_others
from mebench.challenge.desk.outputs import Event
from mebench.challenge.desk.receipt import Receipt, mebench_version, receipt_id, team_key
from mebench.challenge.desk.rule_tables import Phase
from mebench.challenge.desk.rules_key import PAPER, rules_key
from mebench.challenge.desk.store import Claim, LostClaim, OverQuota, Request
from mebench.challenge.desk.teams import Roster, named_team
from mebench.challenge.desk.tries import Tries
from mebench.challenge.reading.inventory import digest_of_submission
from mebench.challenge.reading.manifest import FIRST_FRAME
from mebench.challenge.safety.plain import shown_name
from mebench.challenge.safety.sandbox import LimitExceeded
from mebench.errors import UserError

_POLL_SECONDS = 0.1
_CLOCK_SECONDS = 300.0
"""By how much the clocks of graders may differ."""


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

    Attributes
    ----------
    notes : what was found open to others and closed; for the organisers.

    Raises
    ------
    UserError : when the truth cannot be read, the split or the columns do not fit it, secrets cannot be closed to
        others, or the state is damaged or does not agree with the receipts on disk.
    """

    def __init__(self, challenge: Challenge) -> None:
        self.challenge = challenge
        self.notes = close_to_others(challenge.folder)
        self.bench = Bench(challenge)
        self.store = open_store(challenge)
        sweep(challenge.folder, time.time())

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
        flags : `team`, whose quota is used, and `method`; they replace those of the manifest. The team may be left out
            only where the challenge takes it from the manifest.
        phase : where several are open.
        received : time of receipt, UTC; now when None.

        Raises
        ------
        UserError : when there is no such submission, no team is named, no phase is open, the clock has gone backwards,
            or the rules ask for a score that the protocol does not give.
        """
        given = {key: value for key, value in (flags or {}).items() if value}
        if "team" in given:
            given["team"] = named_team(given["team"])
        elif self.challenge.teams == "named":
            raise UserError("Whose quota does the submission use? Give --team NAME, or --team-from-manifest.")
        moment = received or self._now()
        opened = self.challenge.phase_at(moment, phase)
        with snapshot(path, self.challenge.folder) as copy:
            visit = _Visit(self, copy, opened, utc_text(moment), given)
            outcome = visit.outcome()
        outputs.log(self.challenge, dataclasses.replace(visit.event, status=str(outcome.status)))
        return outcome

    def _now(self) -> dt.datetime:
        """Return the time; a clock that has gone backwards would give the quota of a day twice."""
        last = self.store.last_graded()
        if time.time() < last - _CLOCK_SECONDS:
            then = utc_text(dt.datetime.fromtimestamp(last, dt.UTC))
            raise UserError(
                f"The clock of this machine is behind the last grading ({then}): set it, or give --received; if it was "
                f"wrong then, run `mebench challenge receipts {self.challenge.folder} --rebuild`."
            )
        return dt.datetime.now(dt.UTC)


class _Visit:
    """One submission at the desk; `event` is what the organisers' log will say."""

    def __init__(self, desk: Desk, copy: Path, phase: Phase, received: str, flags: dict[str, str]) -> None:
        self.desk, self.copy, self.phase, self.received, self.flags = desk, copy, phase, received, flags
        self.marking = Marking(desk.bench, copy, flags)
        self.digest = digest_of_submission(copy)
        self.event = Event(time=received, phase=phase.name, submission=shown_name(copy.name), sha256=self.digest)

    def _note(self, **found: Any) -> None:
        self.event = dataclasses.replace(self.event, **found)

    def outcome(self) -> Outcome:
        """Return what became of the submission; whatever goes wrong inside the child ends here."""
        try:
            team = self.flags["team"] if "team" in self.flags else self._team_of_manifest()
            if isinstance(team, Outcome):
                return team
            self._note(team=team)
            return self._at_quota(team)
        except OverQuota as error:
            return Outcome(Status.OVER_QUOTA, f"{error}\n  {self._tries(self.received[:10]).line}\n")
        except LimitExceeded as error:
            return self._refuse({"accepted": False, "problems": [], "limit": str(error)}, f"{error}\n")
        except (RuntimeError, LostClaim) as error:
            # What went wrong inside may quote the truth: it is for the organisers alone.
            self._note(fault=str(error))
            text = "The grading failed; the organisers can see why. No quota was used: submit again later.\n"
            return Outcome(Status.FAILED, text, private=str(error))

    def _team_of_manifest(self) -> str | Outcome:
        """Return the team that the submission names, or the refusal of one that cannot be read."""
        found = self.marking.reading
        return str(found["report"]["json"]["manifest"]["team"]) if found["accepted"] else self._refuse_read()

    def _refuse_read(self) -> Outcome:
        """Refuse what cannot be read; what it has of the truth is for the organisers' log."""
        with contextlib.suppress(RuntimeError, LimitExceeded):
            self._note(observations=self.marking.against_truth("observe")["observations"])
        report = self.marking.reading["report"]
        return self._refuse(report["json"], report["text"])

    def _at_quota(self, team: str) -> Outcome:
        """Claim a place, grade, and accept; give the place back when anything else happens."""
        desk = self.desk
        id = receipt_id(self.phase.name, team, self.digest)
        request = Request(id, self.phase.name, team_key(team), self.received, desk.bench.rules.digests)
        claim = self._claim(request)
        if isinstance(claim, str):
            return self._cached(Receipt.from_json(claim))
        accepted = False
        try:
            if not self.marking.reading["accepted"]:
                return self._refuse_read()
            found = self.marking.scored
            receipt, papers = self._receipt(claim, found["cards"]), self._papers(found["cards"])
            archives.keep(desk.challenge.folder, self.copy, self.digest)
            desk.store.accept(claim, receipt.rules.digest, receipt.to_json(), papers, partial(self._report, receipt))
            accepted = True
        finally:
            if not accepted:
                desk.store.release(claim)
        outputs.publish(desk.challenge, desk.store, [receipt.id])
        return self._given(receipt, found)

    def _claim(self, request: Request) -> Claim | str:
        """Wait until a place, the receipt of the same bytes, or the lack of either is certain."""
        lease = 2 * self.desk.challenge.limits.wall_seconds + 60
        deadline = time.monotonic() + 2 * lease
        while time.monotonic() < deadline:
            found = self.desk.store.claim(request, self.phase.quota, lease)
            if found is not None:
                return found
            time.sleep(_POLL_SECONDS)
        raise UserError(
            f"Other graders have had this submission, or the last place of its team, in hand for {2 * lease:.0f} s: "
            "end those that hang, and repeat."
        )

    def _receipt(self, claim: Claim, cards: Mapping[str, str]) -> Receipt:
        return Receipt(
            id=claim.id,
            # Its id was made of this name; the reader has read the same one.
            team=self.event.team,
            method=self.marking.reading["report"]["json"]["manifest"]["method"],
            phase=self.phase.name,
            received=claim.received,
            submission=self.digest,
            rules=self.desk.bench.rules.now,
            version=mebench_version(),
            scores=told_to_teams(self.desk.challenge, cards),
        )

    def _papers(self, cards: Mapping[str, str]) -> dict[str, str]:
        flagged = {FIRST_FRAME: self.flags[FIRST_FRAME]} if FIRST_FRAME in self.flags else {}
        key = rules_key(self.desk.challenge.folder).hex()
        papers = {**cards, outputs.SENT_AS: json.dumps(self.copy.name), PAPER: key}
        return papers | ({outputs.FLAGGED: json.dumps(flagged)} if flagged else {})

    def _report(self, receipt: Receipt, used_today: int, used: int) -> str:
        tries = Tries.after(self.phase, receipt.received[:10], used_today, used)
        notes = self.marking.reading["report"]["json"]["notes"]
        return outputs.dump(outputs.accepted_report(receipt, notes, tries))

    def _tries(self, day: str) -> Tries:
        """Return what the team has left by what was accepted so far."""
        used = self.desk.store.accepted(self.phase.name, team_key(self.event.team), day)
        return Tries.after(self.phase, day, *used)

    def _cached(self, receipt: Receipt) -> Outcome:
        # Its grader may have died before it wrote the files.
        outputs.publish(self.desk.challenge, self.desk.store)
        notes = ["these bytes were graded before"]
        if receipt.id in self.desk.store.withdrawals():
            notes.append("this submission was withdrawn and is not ranked")
        if FIRST_FRAME in self.flags:
            notes.append("first_frame of the first grading holds: for another, send a manifest that says it")
        archives.keep(self.desk.challenge.folder, self.copy, self.digest)
        self._note(receipt=receipt.id)
        tries = self._tries(self.received[:10])
        text = outputs.report_text(outputs.accepted_report(receipt, notes, tries))
        return Outcome(Status.CACHED, text, receipt)

    def _given(self, receipt: Receipt, found: Mapping[str, Any]) -> Outcome:
        scores = scores_of(found["cards"])
        flags = Roster(outputs.receipts_in(self.desk.store)).flags(receipt.team, [self.digest])
        self._note(receipt=receipt.id, scores=scores, observations=found["observations"], flags=flags)
        hidden = scores.get("hidden", {})
        line = ", ".join(f"{c} {hidden[str(c)]:.4f}" for c in self.desk.challenge.columns if str(c) in hidden)
        private = [f"hidden: {line}"] if line else []
        private += [f"look at {receipt.team}: it {flag}" for flag in flags]
        text = outputs.report_text(json.loads(self.desk.store.papers(receipt.id)["report"]))
        return Outcome(Status.ACCEPTED, text, receipt, "; ".join(private))

    def _refuse(self, report: Mapping[str, Any], text: str) -> Outcome:
        # Two teams may send the same broken file: the report is of the bytes, and names no team but its own.
        id = receipt_id(self.phase.name, self.event.team, self.digest)
        if self.event.team:
            tries = self._tries(self.received[:10])
            report, text = {**report, "tries": tries.to_plain()}, f"{text}  no submission was used; {tries.line}\n"
        outputs.write_refusal(self.desk.challenge, id, report, text)
        self._note(report=report, refused=id)
        return Outcome(Status.REFUSED, text)
