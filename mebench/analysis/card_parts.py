"""Whether what subjects add to statistics of our own protocols is what their counts, classes and clips say.

Conventions
-----------
Many parts are another account of the counts: a confusion matrix has the counts of every class on its margins, the mean
of subjects is made of ratios of their counts. A card that tells one story in its counts and another in its parts cannot
be right in both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from mebench.analysis.card_claims import protocol_of
from mebench.analysis.card_sums import NONE, WHOLE, name_of, spelled
from mebench.metrics.classification import recognition_statistic
from mebench.metrics.intervals import ratios
from mebench.metrics.questions import KINDS
from mebench.metrics.statistics.folds import parts_over_folds
from mebench.metrics.statistics.kinds import OF_METRIC
from mebench.metrics.statistics.pooling import ratios_to_average
from mebench.protocols.cards import class_counts, counts_of, total_counts
from mebench.schema.people import Person
from mebench.schema.scorecard import Counts, Scorecard, SubjectRow

Floats = NDArray[np.float64]
Parts = Mapping[str, tuple[float, ...]]


def contradicting_parts(card: Scorecard) -> Iterator[str]:
    """Yield parts of subjects that contradict what else the card says of them, a sentence each."""
    for row in card.by_subject:
        for key, part in row.parts.items():
            if key.split("/")[0] in _COUNTED and not _is_counted(part):
                yield f"The parts {key}{name_of(row)} are no counts: {_shown(part)}."
                break
        else:
            try:
                with np.errstate(all="ignore"):
                    found = list(_BY_TASK[card.task](card, row)) if card.task in _BY_TASK else []
                yield from found
            except (ValueError, OverflowError, IndexError) as error:
                yield f"The parts{name_of(row)} have another form than those of {card.protocol.id} ({error})."
    yield from _of_clips(card)


_COUNTED = ("frames", "raw", "untyped", "confusion", "fold_confusion", "classes", "coarse", "fine", "right")
"""Parts that are counts: whole and not negative."""


def _is_counted(part: Sequence[float]) -> bool:
    return all(number >= 0 and number == int(number) for number in part)


def _shown(part: Sequence[float]) -> str:
    return ", ".join(f"{number:g}" for number in part[:6]) + (" ..." if len(part) > 6 else "")


def _spotting(card: Scorecard, row: SubjectRow) -> Iterator[str]:
    """Hold means against the counts that they are made of, and datasets against the whole."""
    for scope, counts in row.counts.items():
        if scope not in ("overall", "macro", "micro"):
            yield from _of_scope(row, scope, counts, row.counts.get(WHOLE[card.task], NONE))
        part = row.parts.get(f"mean/{scope}")
        if part is not None:
            derived = ratios_to_average(np.array([counts.tp, counts.fp, counts.fn]))
            yield from _differing(f"mean/{scope}", row, part, derived, f"its counts ({spelled(counts)})")
    for key, part in row.parts.items():
        place, _, scope = key.partition("/")
        whole = row.parts.get(f"{place.removesuffix('_folds')}/{scope}")
        if place in _FOLDS_OF and whole is not None:
            yield from _differing(key, row, part, _FOLDS_OF[place](np.array(whole)), f"its {place[:-6]}/{scope}")


def _ratios_of_fold(counts: Floats) -> Floats:
    return parts_over_folds(ratios(counts), np.array((counts != 0).any()))


def _mean_of_fold(parts: Floats) -> Floats:
    """Return what the mean of a sum and of a count adds."""
    return parts_over_folds(parts[:1] / max(parts[1], 1), np.array(parts[1] > 0))


_FOLDS_OF = {"untyped_folds": _ratios_of_fold, "raw_folds": _ratios_of_fold, "raw_loss_folds": _mean_of_fold}
"""How what a fold adds follows from what the same person adds to the pooled statistic."""


def _of_scope(row: SubjectRow, scope: str, stated: Counts, whole: Counts) -> Iterator[str]:
    derived = whole if Person.parse(row.subject).dataset == scope else NONE
    if stated != derived:
        yield f"The counts of {scope}{name_of(row)} are {spelled(stated)}, but those of all are {spelled(derived)}."


def _differing(key: str, row: SubjectRow, part: Sequence[float], derived: Floats, source: str) -> Iterator[str]:
    if len(part) != len(derived) or not np.allclose(part, derived, rtol=1e-9, atol=1e-9):
        yield f"The parts {key}{name_of(row)} are {_shown(part)}, but {source} give {_shown(derived.tolist())}."


def _recognition(card: Scorecard, row: SubjectRow) -> Iterator[str]:
    """Hold the counts of classes against the confusion matrix, and that of a database against the whole."""
    classes, part = _classes(card), row.parts.get("confusion")
    if part is None:
        return
    matrix = _matrix(part, len(classes) + 1)
    yield from _counts_of_matrix(row, {"full": total_counts(matrix, len(classes))} | class_counts(matrix, classes))
    for key, other in row.parts.items():
        if key.startswith("confusion/"):
            yield from _differing(key, row, other, np.array(part), "its confusion counts")
        if key.startswith("fold_confusion/"):
            yield from _of_one_fold(row, key, other, np.array(part))
    if any(key.startswith("person_scores/") for key in row.parts):
        drops = card.convention.get("absent_class") == "drop"
        values = recognition_statistic(len(classes) + 1, len(classes), drops)(np.array(part)[None])[0]
        for key, other in row.parts.items():
            if key.startswith("person_scores/"):
                yield from _differing(key, row, other, np.append(values, 1.0), "its confusion counts")


def _of_one_fold(row: SubjectRow, key: str, other: Sequence[float], confusion: Floats) -> Iterator[str]:
    """Hold what a subject adds to the folds against the confusion counts, which stand in one of them."""
    folds = np.array(other).reshape(-1, len(confusion))
    present = folds[folds.any(axis=1)]
    one = present[0] if len(present) == 1 else np.full(len(confusion), np.nan)
    yield from _differing(key, row, one.tolist(), confusion, "its confusion counts")


def _spot_recognise(card: Scorecard, row: SubjectRow) -> Iterator[str]:
    """Hold the counts of intervals and classes against the parts of every scope."""
    classes = _classes(card)
    for key, part in row.parts.items():
        if key.startswith("spotted/"):
            found = np.array(part, np.int64)
            matrix = _matrix(part[3:], len(classes) + 1)
            if (matrix < 0).any():
                yield f"The parts {key}{name_of(row)} are no counts: {_shown(part)}."
            yield from _counts_of_matrix(row, {"overall": counts_of(found)} | class_counts(matrix, classes))


def _matrix(part: Sequence[float], size: int) -> NDArray[np.int64]:
    return np.array(part, np.int64).reshape(size, size)


def _classes(card: Scorecard) -> Sequence[str]:
    protocol = protocol_of(card.protocol.id)
    return protocol.classes if protocol is not None else ()


def _counts_of_matrix(row: SubjectRow, derived: Mapping[str, Counts]) -> Iterator[str]:
    for scope in sorted(row.counts.keys() | derived.keys()):
        stated, right = row.counts.get(scope, NONE), derived.get(scope, NONE)
        if stated != right:
            whose = f"{scope}{name_of(row)}"
            yield f"The counts of {whose} are {spelled(stated)}, but its confusion counts give {spelled(right)}."


def _questions(card: Scorecard, row: SubjectRow) -> Iterator[str]:
    for kind in KINDS:
        part, counts = row.parts.get(f"right/{kind}"), row.counts.get(kind, NONE)
        if part is not None:
            derived = np.array([counts.tp, counts.tp + counts.fn], np.float64)
            yield from _differing(f"right/{kind}", row, part, derived, f"its counts ({spelled(counts)})")
        matrix = row.parts.get(f"{kind}/overall")
        if matrix is not None and sum(matrix) != counts.tp + counts.fn:
            asked = f"{counts.tp + counts.fn} questions were asked"
            yield f"The parts {kind}/overall{name_of(row)} are of {sum(matrix):g} answers, but {asked}."


def _generation(card: Scorecard, row: SubjectRow) -> Iterator[str]:
    """Hold the ratings of a scope against the sums of its coders: the composite's against those of everything."""
    for key, part in row.parts.items():
        kind, _, scope = key.partition("/")
        of_coders = row.parts.get(f"icc/{'overall' if scope == 'composite' else scope}")
        if kind == "rating" and of_coders is not None:
            total = [sum(part[0::2])]
            yield from _differing(f"{key}, summed,", row, total, np.array([sum(of_coders[1:-2])]), "its coders")


_BY_TASK: Mapping[str, Callable[[Scorecard, SubjectRow], Iterator[str]]] = {
    "spotting": _spotting,
    "recognition": _recognition,
    "spot_recognise": _spot_recognise,
    "questions": _questions,
    "generation": _generation,
}


def _of_clips(card: Scorecard) -> Iterator[str]:
    """Hold what subjects add to a measure against their clips, where these are kept."""
    measured = {metric for row in card.by_video for metric in row.parts}
    for metric in sorted(measured):
        for subject in card.by_subject:
            clips = [
                row.parts[metric] for row in card.by_video if row.subject == subject.subject and metric in row.parts
            ]
            for key, part in subject.parts.items():
                if key.startswith(f"{OF_METRIC}{metric}/"):
                    if {len(clip) for clip in clips} != {len(part)}:
                        yield f"The parts {key}{name_of(subject)} are not those of its clips."
                    else:
                        yield from _differing(key, subject, part, np.sum(clips, axis=0), "its clips")
