"""Does a card say what its own counts give? Boards, checks and comparisons all ask here.

Conventions
-----------
A card keeps what every subject and video adds, so whoever reads it can work out its scores again. Where they do not
follow, or the card contradicts itself in any other way, it is *inconsistent*: no board ranks it, no check passes it,
and no comparison takes it. Each fault is one sentence with what is stated and what was derived.

What a card has no parts of is not judged: scores of cards of schema 1 other than those of their counts, the AUC, whose
frames are not kept, and metrics of other packages. The first two are named in `unchecked` and told as *taken as they
stand* wherever the scores are shown, so that a reader knows.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from mebench.analysis.card_claims import false_claims, is_own
from mebench.analysis.card_forms import wrong_forms
from mebench.analysis.card_parts import contradicting_parts
from mebench.analysis.card_scores import unchecked_scores, wrong_scores
from mebench.analysis.card_sums import wrong_sums
from mebench.errors import UserError
from mebench.schema.scorecard import Scorecard

_NAMED = 3
_SCORES_NAMED = 5


@dataclasses.dataclass(frozen=True)
class Consistency:
    """What came of working a card out again.

    Attributes
    ----------
    faults : why the card is inconsistent, a sentence each; empty when it is not.
    unchecked : the scores, as `METRIC of SCOPE`, that the card keeps nothing of to work them out from.
    """

    faults: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing contradicts anything."""
        return not self.faults

    @property
    def reason(self) -> str:
        """The first faults in one line, and how many more there are; empty when there is none."""
        more = len(self.faults) - _NAMED
        return " ".join([*self.faults[:_NAMED], *([f"And {more} more."] if more > 0 else [])])


def consistency_of(card: Scorecard) -> Consistency:
    """Work out everything that a card states from what it keeps of subjects and videos.

    Parameters
    ----------
    card : any card; one of other packages' tasks or protocols is held against its own sums alone.
    """
    faults = [*false_claims(card), *wrong_sums(card)]
    if is_own(card.protocol.id):
        faults += [*wrong_forms(card), *contradicting_parts(card)]
    faults += wrong_scores(card)
    return Consistency(tuple(dict.fromkeys(faults)), unchecked_scores(card))


def require_consistent(card: Scorecard, name: str) -> None:
    """Refuse a card that contradicts itself.

    Parameters
    ----------
    card : the card.
    name : its file, for the message.

    Raises
    ------
    UserError : with its faults.
    """
    found = consistency_of(card)
    if not found.ok:
        fix = "" if "grade the predictions again" in found.reason.lower() else " Grade its predictions again."
        raise UserError(f"{name} is inconsistent: {found.reason}{fix}")


def as_they_stand(scores: Iterable[str]) -> tuple[str, ...]:
    """Return the sentence on unchecked scores, `METRIC of SCOPE`, each told once; nothing where there are none."""
    names = list(dict.fromkeys(scores))
    more = f" and {len(names) - _SCORES_NAMED} more" if len(names) > _SCORES_NAMED else ""
    told = f"{', '.join(names[:_SCORES_NAMED])}{more}"
    return (f"Taken as they stand, for a card keeps nothing to work them out from: {told}.",) if names else ()
