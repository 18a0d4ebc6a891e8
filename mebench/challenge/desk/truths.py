"""The truth of a challenge: read, split, and named in the rules of its receipts.

Conventions
-----------
An item is what a split is made of: a video, `subject/video`; a clip, `database/subject/clip`; or the `video_id` of
questions. Public and hidden items are disjoint and together all items of the truth.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from typing import Any

from mebench.challenge.desk.config import FILE, Challenge
from mebench.challenge.desk.receipt import RulesDigest
from mebench.challenge.desk.rule_tables import Visibility
from mebench.challenge.desk.rules_key import keyed, rules_key
from mebench.challenge.safety.own_files import check_plain_below
from mebench.errors import UserError, did_you_mean
from mebench.metrics.conventions.base import Convention
from mebench.protocols.base import Predicted, Protocol
from mebench.protocols.rules.generation import RatingProtocol
from mebench.schema.migrations import RULES_OF_1, fingerprint_of_1
from mebench.schema.scorecard import ProtocolRef
from mebench.settings import digest_of
from mebench.tasks import catalogue
from mebench.tasks.base import AnyTruth, Task


@dataclasses.dataclass(frozen=True)
class RulesInForce:
    """The rules of a challenge in every form in which a receipt may name them.

    Attributes
    ----------
    now : in the form of today.
    before : in those of earlier versions, which mean the same: without the secret of the challenge, and, in mebench
        0.1.0, with a fingerprint that covered the rules of all tasks.
    """

    now: RulesDigest
    before: tuple[RulesDigest, ...]

    def __contains__(self, rules: RulesDigest) -> bool:
        """Tell whether a receipt was given under these rules."""
        return rules == self.now or rules in self.before

    @property
    def digests(self) -> tuple[str, ...]:
        """Digests of all forms, that of today first."""
        return self.now.digest, *(rules.digest for rules in self.before)


def submitted_task(protocol: Protocol) -> Task[Any, Any]:
    """Return the task of a protocol whose predictions participants submit.

    Raises
    ------
    UserError : for a task that nobody submits to, saying who makes what it grades.
    """
    task = catalogue.task_of(protocol.task)
    if not task.submitted:
        given = (
            "ratings, which coders give" if isinstance(protocol, RatingProtocol) else f"{task.items}, which runs make"
        )
        raise UserError(f"{protocol.id} grades {given} and no participant submits: grade them with `mebench grade`.")
    return task


def task_of(challenge: Challenge) -> Task[Any, Any]:
    """Return what a challenge asks for; raises as `submitted_task`."""
    return submitted_task(challenge.grader())


def read_truth(challenge: Challenge) -> AnyTruth:
    """Read the truth of a challenge.

    Raises
    ------
    UserError : for a protocol that the kit cannot grade, or when a file is missing or no plain file.
    InvalidTable : with every problem of the truth.
    """
    check_plain_below(challenge.truth)
    truth: AnyTruth = task_of(challenge).read_truth(challenge.truth)
    return truth


def complete_split(split: Visibility, names: Collection[str]) -> Visibility:
    """Return a split whose lists hold every item once.

    Raises
    ------
    UserError : for an unknown item, one in both lists, or one in none of two full lists.
    """
    public, hidden = set(split.public), set(split.hidden)
    for name in sorted((public | hidden) - set(names)):
        raise UserError(f"[split] names {name!r}, which the truth does not have.{did_you_mean(name, names)}")
    if both := sorted(public & hidden):
        raise UserError(f"[split] has {both[0]!r} in public and in hidden: keep it in one of them.")
    if not public and not hidden:
        return Visibility(tuple(names), ())
    public = public or set(names) - hidden
    hidden = hidden or set(names) - public
    if rest := sorted(set(names) - public - hidden):
        raise UserError(f"[split] has {rest[0]!r} in neither list: add it, or empty one of the lists.")
    return Visibility(tuple(sorted(public)), tuple(sorted(hidden)))


def check_columns(challenge: Challenge, truth: AnyTruth) -> None:
    """Refuse public columns that no submission can get: the scopes of scores are those of the truth.

    Raises
    ------
    UserError : for the first of them, with the columns that there are.
    """
    task, protocol = task_of(challenge), challenge.grader()
    task.load_metrics()
    split = complete_split(challenge.split, task.names(truth))
    public = task.restrict(truth, set(split.public)) if split.hidden else truth
    card = protocol.score(Predicted(task.pool([])), public, convention=challenge.rules())
    known = [f"{score.metric}:{score.scope}" for score in card.scores]
    for column in challenge.board.columns:
        if column not in known:
            raise UserError(
                f'{FILE} [board]: columns has "{column}", which no submission to this truth gets: choose of '
                f"{', '.join(known)}.{did_you_mean(column, known)}"
            )


def rules_of(challenge: Challenge, truth: AnyTruth) -> RulesInForce:
    """Return what a receipt says about the rules in force; raises as `rules_key`."""
    protocol, task = challenge.grader(), task_of(challenge)
    split = complete_split(challenge.split, task.names(truth))
    plain = RulesDigest(
        protocol=ProtocolRef(protocol.id, protocol.version),
        convention=challenge.rules().fingerprint,
        truth=task.digest(truth),
        split=digest_of("split", task.text(truth), split.public, split.hidden),
    )
    key = rules_key(challenge.folder)
    # Teams get the receipt: from digests without a secret, few labels and items could be found by trying them all.
    now = dataclasses.replace(plain, truth=keyed(key, "truth", plain.truth), split=keyed(key, "split", plain.split))
    of_0_1_0 = dataclasses.replace(plain, convention=_fingerprint_of_1(challenge.rules()))
    return RulesInForce(now, (plain, of_0_1_0))


def _fingerprint_of_1(convention: Convention) -> str:
    """Return the fingerprint that rules had in 0.1.0, or that of today for rules that 0.1.0 could not follow."""
    if convention.differing().keys() - RULES_OF_1.keys():
        return convention.fingerprint
    return fingerprint_of_1(convention.as_dict())
