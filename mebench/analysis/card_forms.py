"""How the scores of our own protocols must follow from what subjects add: the function, its parts and its options.

Conventions
-----------
A card writes down how it was made, so that it can be tested; it may not choose. A UF1 that says it is a mean over one
class, or whose parts are those of another scope, would follow "rightly" from a wrong account. An option that is None
here follows from the truth, which a card does not keep.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from mebench.analysis.card_claims import protocol_of
from mebench.metrics import classification, spot_recognise
from mebench.metrics.intervals import RATIOS
from mebench.metrics.questions import COARSE, COARSE_CLASSES, FINE, KINDS
from mebench.metrics.statistics.folds import names_over_folds
from mebench.metrics.statistics.kinds import OF_METRIC
from mebench.protocols.rules import raw_scores
from mebench.schema.migrations import OLD_SCHEMA
from mebench.schema.scorecard import OF_COUNTS, Score, Scorecard, StatisticRow

Form = StatisticRow | None


def wrong_forms(card: Scorecard) -> Iterator[str]:
    """Yield our own scores that are not made as the card's protocol and convention say, a sentence each.

    Cards of schema 1 kept too little for this.
    """
    if OLD_SCHEMA in card.environment or card.task not in _FORMS:
        return
    for score in card.scores:
        form = form_of(card, score)
        if form is None:
            continue
        name = f"{score.metric} of {score.scope}"
        rows = [row for row in card.statistics if row.scope == score.scope and score.metric in row.metrics]
        if not rows:
            yield f"{name} stands alone: the card does not say how it follows from what its subjects add."
        for row in rows:
            if (different := _difference(row, form)) is not None:
                yield f"{name} does not follow the rules of {card.protocol.id}: its {different}."


def form_of(card: Scorecard, score: Score) -> Form:
    """Return how a score must follow from what subjects add; None for one that is not ours or has no parts."""
    return _FORMS[card.task](card, score.metric, score.scope)


def _difference(row: StatisticRow, form: StatisticRow) -> str | None:
    """Return in what two rows differ, in words, or None."""
    for what in ("kind", "parts", "metrics"):
        stated, expected = getattr(row, what), getattr(form, what)
        if stated != expected:
            return f"{what} should be {_shown(expected)}, not {_shown(stated)}"
    if form.options.get("n_classes", 0) is None and row.options.get("n_classes") != _less_one(row.options.get("size")):
        return f"option n_classes should be one less than size, not {row.options.get('n_classes')}"
    for name in sorted(row.options.keys() | form.options.keys()):
        expected = form.options.get(name, ())
        if expected is not None and row.options.get(name, ()) != expected:
            return f"option {name} should be {_shown(expected)}, not {_shown(row.options.get(name, ()))}"
    return None


def _less_one(size: Any) -> int | None:
    return size - 1 if isinstance(size, int) else None


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) or "left out" if isinstance(value, tuple) else str(value)


def _rule(card: Scorecard, name: str) -> Any:
    return card.convention.get(name)


def _drops(card: Scorecard) -> bool:
    return bool(_rule(card, "absent_class") == "drop")


_RAW = raw_scores.RATIOS
_POOLED = {**dict.fromkeys(_RAW, ("ratios", "raw", _RAW)), "raw_loss": ("mean", "raw_loss", ("raw_loss",))}
"""Kind, beginning of the key and metrics of what is pooled of raw scores."""
_OVER_FOLDS = {
    id: (f"{place}_folds", names_over_folds(names))
    for place, names in (("untyped", RATIOS), ("raw", _RAW), ("raw_auc", ("raw_auc",)), ("raw_loss", ("raw_loss",)))
    for id in names_over_folds(names)
}
"""Beginning of the key and metrics of what is a mean or a deviation over folds."""


def _spotting(card: Scorecard, metric: str, scope: str) -> Form:
    if metric in _OVER_FOLDS:
        place, names = _OVER_FOLDS[metric]
        return StatisticRow("mean_and_deviation", f"{place}/{scope}", scope, names)
    if metric in _POOLED:
        kind, place, names = _POOLED[metric]
        return StatisticRow(kind, f"{place}/{scope}", scope, names)
    if metric in RATIOS and scope == raw_scores.MOVEMENT:
        return StatisticRow("ratios", f"untyped/{scope}", scope, RATIOS)
    if metric in RATIOS:
        kind, place = ("mean", "mean/") if _rule(card, "pooling") == "mean" else ("ratios", OF_COUNTS)
        return StatisticRow(kind, f"{place}{scope}", scope, RATIOS)
    if metric == "frame_f1":
        return StatisticRow("ratios", f"frames/{scope}", scope, (metric,), {"only": "f1"})
    return None


def _recognition(card: Scorecard, metric: str, scope: str) -> Form:
    protocol = protocol_of(card.protocol.id)
    classes = protocol.classes if protocol is not None else ()
    size = len(classes) + 1
    if metric in RATIOS and scope in classes:
        return StatisticRow("one_class", "confusion", scope, RATIOS, {"size": size, "number": classes.index(scope)})
    if metric not in classification.NAMES:
        return None
    if _rule(card, "pooling") == "mean":
        return StatisticRow("mean", f"person_scores/{scope}", scope, classification.NAMES)
    if _rule(card, "pooling") == "folds":
        options = {"size": size, "n_classes": len(classes), "n_folds": None, "drop_absent": _drops(card)}
        return StatisticRow("recognition_folds", f"fold_confusion/{scope}", scope, classification.NAMES, options)
    key = "confusion" if scope == "full" else f"confusion/{scope}"
    options = {"size": size, "n_classes": len(classes), "drop_absent": _drops(card)}
    return StatisticRow("recognition", key, scope, classification.NAMES, options)


def _spot_recognise(card: Scorecard, metric: str, scope: str) -> Form:
    if metric not in spot_recognise.NAMES:
        return None
    protocol = protocol_of(card.protocol.id)
    size = len(protocol.classes) + 1 if protocol is not None else None
    options = {"size": size, "drop_absent": _drops(card)}
    return StatisticRow("spot_recognise", f"spotted/{scope}", scope, spot_recognise.NAMES, options)


def _questions(card: Scorecard, metric: str, scope: str) -> Form:
    if metric in ("corpus_bleu4", "rouge1_f1"):
        return StatisticRow("text", f"text/{scope}", scope, ("corpus_bleu4", "rouge1_f1"))
    if metric == "accuracy" and scope in KINDS:
        return StatisticRow("mean", f"right/{scope}", scope, ("accuracy",))
    for kind in (COARSE, FINE):
        names = tuple(f"{name}_{kind}" for name in classification.NAMES[:3])
        if metric in names:
            n = len(COARSE_CLASSES) if kind == COARSE else None
            options = {"size": None if n is None else n + 1, "n_classes": n, "drop_absent": _drops(card)}
            return StatisticRow("recognition", f"{kind}/{scope}", scope, (*names, ""), options)
    return None


def _generation(card: Scorecard, metric: str, scope: str) -> Form:
    if metric == "rating":
        databases = sum(score.metric == "rating" and score.scope != "composite" for score in card.scores)
        n = databases if scope == "composite" else 1
        return StatisticRow("rating", f"rating/{scope}", scope, (metric,), {"n_databases": n})
    if metric in ("icc", "krippendorff_alpha"):
        return StatisticRow(metric, f"{metric}/{scope}", scope, (metric,))
    if metric in ("psnr", "mean_absolute_error"):
        kind = f"{OF_METRIC}{metric}"
        return StatisticRow(kind, f"{kind}/{scope}", scope, (metric,))
    return None


_FORMS: Mapping[str, Callable[[Scorecard, str, str], Form]] = {
    "spotting": _spotting,
    "recognition": _recognition,
    "spot_recognise": _spot_recognise,
    "questions": _questions,
    "generation": _generation,
}
