"""A copy of a submission is read in one process, and what was read is held against the truth in another.

Conventions
-----------
Grading, grading again and baselines all come through here, so all of them have the same walls. Nothing here knows of
quotas, receipts or the state.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mebench.challenge.desk.config import Challenge
from mebench.challenge.desk.receipt import PublicScore, public_scores
from mebench.challenge.desk.truths import check_columns, complete_split, read_truth, rules_of, task_of
from mebench.challenge.safety.hidden_paths import without_paths
from mebench.challenge.safety.sandbox import LimitExceeded, run_limited
from mebench.errors import UserError
from mebench.metrics.outside import rule_of
from mebench.schema.scorecard import Scorecard


class Bench:
    """What submissions to a challenge are held against.

    Parameters
    ----------
    challenge : its rules; the truth is read from its folder.

    Attributes
    ----------
    task, truth : what is asked for, and what is right.
    rules : those in force, in every form in which a receipt may name them.
    split : with every item in one of its lists.

    Raises
    ------
    UserError : when the truth cannot be read, or the split or the columns do not fit it.
    """

    def __init__(self, challenge: Challenge) -> None:
        self.challenge = challenge
        self.task, self.truth = task_of(challenge), read_truth(challenge)
        self.rules = rules_of(challenge, self.truth)
        self.split = complete_split(challenge.split, self.task.names(self.truth))
        check_columns(challenge, self.truth)


class Marking:
    """The work on one copy.

    Parameters
    ----------
    bench : what it is held against.
    copy : of the submission, in a folder of its own that is removed in the end; see `copy.snapshot`.
    flags : `team`, `method`, `protocol` and `first_frame`, which replace those of the manifest.
    """

    def __init__(self, bench: Bench, copy: Path, flags: Mapping[str, str]) -> None:
        self.bench, self.copy, self.flags = bench, copy, dict(flags)

    @functools.cached_property
    def reading(self) -> dict[str, Any]:
        """What the reading process found; it works in the folder of the copy, and is told of no other.

        Raises
        ------
        LimitExceeded : when it used more than it may.
        RuntimeError : when it failed; the message is for organisers alone.
        """
        place, bench = self.copy.parent, self.bench
        work = self.copy.with_name(f"{self.copy.name}.work")
        work.mkdir()
        rows = bench.task.public_rows(bench.truth)
        outside = rule_of(bench.challenge.rules())
        found = self._run("read", place, rows=rows, path=self.copy.name, work=work.name, outside=outside)
        return dict(found) | {"report": without_paths(found["report"], [place, bench.challenge.folder])}

    @functools.cached_property
    def scored(self) -> dict[str, Any]:
        """Scorecards and observations of an accepted submission; raises as `reading`."""
        return dict(self.against_truth("score"))

    def against_truth(self, verb: str) -> Any:
        """Let a process that never saw the submission hold its predictions against the truth.

        Parameters
        ----------
        verb : `score` or `observe`; see `grade_one`. Raises as `reading`.
        """
        place = self.copy.parent.parent / verb
        place.mkdir()
        challenge = self.bench.challenge
        request = {
            "truth": str(challenge.truth.absolute()),
            "convention": challenge.convention,
            "hidden": list(self.bench.split.hidden),
            "material": self.reading["normal"],
        }
        return self._run(verb, place, **request)

    def _run(self, verb: str, folder: Path, **request: Any) -> Any:
        """Let a child process work in a folder of its own; what it says is never for participants."""
        challenge = self.bench.challenge
        common = {"protocol": challenge.protocol, "flags": self.flags}
        limits = challenge.limits.process()
        try:
            return run_limited(f"mebench.challenge.desk.grade_one:{verb}", common | request, limits, folder)
        except LimitExceeded:
            raise
        except UserError as error:
            # The reader has refused by then what participants can mend; this message may quote the truth.
            raise RuntimeError(str(error)) from error


def scores_of(cards: Mapping[str, str]) -> dict[str, dict[str, float]]:
    """Return every score of scorecards by part and column; papers that are no scorecard are passed over."""
    found = {part: Scorecard.from_json(cards[part]) for part in ("all", "public", "hidden") if part in cards}
    return {part: {f"{s.metric}:{s.scope}": s.value for s in card.scores} for part, card in found.items()}


def told_to_teams(challenge: Challenge, cards: Mapping[str, str]) -> tuple[PublicScore, ...]:
    """Return what a team may see of the scorecards of its submission, rounded.

    Raises
    ------
    UserError : when they lack a public column.
    """
    part = "public" if "public" in cards else "all"
    return public_scores(challenge, Scorecard.from_json(cards[part]), part)
