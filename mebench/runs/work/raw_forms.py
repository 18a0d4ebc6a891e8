"""Whether the raw scores of a run are of one form, so that they can be graded together; if not, whose fault it is.

Conventions
-----------
Raw scores are graded when every video has some, all with the same columns: metrics that left out people would look like
those of everybody. The methods of mebench give raw scores of all videos or of none, so a fold of theirs without any was
done before there were any; of another method, its `spot` is the cause.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mebench.methods.catalogue import METHODS
from mebench.schema.people import joined
from mebench.schema.raw_scores import RawByVideo, RawScores

Key = tuple[str, str]
_NAMED = 3
_AGAIN = (
    "for them, mend its `spot` and give the command with another --out, since the folds of a run are of one method."
)


def gradable(raw: Mapping[Key, RawScores], videos: Iterable[Key], method: str) -> tuple[RawByVideo | None, list[str]]:
    """Return the raw scores where they can be graded together, and what there is to tell, one sentence each.

    Parameters
    ----------
    raw : raw scores by (subject, video).
    videos : every video of the folds that are done.
    method : id of the method, for the sentences.
    """
    if not raw:
        return None, []
    if missing := [key for key in videos if key not in raw]:
        return None, [_without(missing, method)]
    one = [key for key, found in raw.items() if found.scores.shape[1] == 1]
    two = [key for key, found in raw.items() if found.scores.shape[1] != 1]
    if one and two:
        return None, [
            f"{method} gave raw scores of one column of {_named(one)} and of two columns of {_named(two)}, so the card "
            f"has no metrics of raw scores: {_AGAIN}"
        ]
    bare = [key for key, found in raw.items() if found.thresholds is None]
    if bare and len(bare) < len(raw):
        return raw, [
            f"{method} gave no raw thresholds of {_named(bare)}, so the card has no precision, recall and F1 of raw "
            f"scores: {_AGAIN}"
        ]
    return raw, []


def _without(missing: list[Key], method: str) -> str:
    if method in METHODS and METHODS.entry(method).origin == "mebench":
        return (
            f"The folds of {_named(missing)} keep no raw scores, as those that were done before there were any, so the "
            "card has no metrics of raw scores: for them, give the same command with another --out."
        )
    return f"{method} gave no raw scores of {_named(missing)}, so the card has no metrics of raw scores: {_AGAIN}"


def _named(keys: list[Key]) -> str:
    names = [joined(*key) for key in sorted(keys)]
    return ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
