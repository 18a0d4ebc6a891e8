"""The metrics that mebench computes, and those that other packages register."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mebench.errors import UserError
from mebench.metrics.base import FrameMetric, Metric, heading_of
from mebench.registry import Registry

METRICS: Registry[Metric] = Registry("metric", "mebench.metrics", of=Metric, instances=True)

_CDE = "MEGC2019 recognition guideline"
_STR = "MEGC2024, MEGC2025 spot-then-recognise"
_VQA = "MEGC2025, MEGC2026 visual question answering"
_OPEN = (None, 1.0)
_ANY = (None, None)

for _id, _name, _task, _bounds, _summary, _source in (
    ("precision", "P", "", (0, 1), "share of what is predicted that is right", "thesis eq. 3.10"),
    ("recall", "R", "", (0, 1), "share of what is true that is found", "thesis eq. 3.11"),
    ("f1", "F1", "", (0, 1), "2 TP / (2 TP + FP + FN), counts pooled", "thesis eq. 3.12"),
    ("frame_f1", "frame F1", "spotting", (0, 1), "F1 of the frames inside predicted and true intervals", "thesis 5.6"),
    ("auc", "AUC", "spotting", (0, 1), "area under the ROC curve of the frame scores", "thesis 5.4"),
    ("uf1", "UF1", "", (0, 1), "mean over classes of F1, counts pooled", _CDE),
    ("uar", "UAR", "", (0, 1), "mean over classes of recall, counts pooled", _CDE),
    (
        "macro_precision",
        "macro precision",
        "",
        (0, 1),
        "mean over classes of precision; several papers print it as UAR",
        "STRS-Metric code",
    ),
    ("accuracy", "accuracy", "", (0, 1), "share of the samples that are right", "MEGC2019 recognition papers"),
    ("f1_spotting", "F1 spotting", "spot_recognise", (0, 1), "F1 of the intervals, whatever their emotion", _STR),
    (
        "f1_analysis",
        "F1 analysis",
        "spot_recognise",
        (0, 1),
        "harmonic mean of macro precision and macro recall over spotted true positives",
        _STR,
    ),
    ("strs", "STRS", "spot_recognise", (0, 1), "F1 spotting times F1 analysis", _STR),
    ("uf1_coarse", "UF1 coarse", "questions", (0, 1), "UF1 of the answers that name the coarse class", _VQA),
    ("uar_coarse", "UAR coarse", "questions", (0, 1), "UAR of the answers that name the coarse class", _VQA),
    (
        "macro_precision_coarse",
        "macro precision coarse",
        "questions",
        (0, 1),
        "macro precision of the answers that name the coarse class",
        _VQA,
    ),
    ("uf1_fine", "UF1 fine", "questions", (0, 1), "UF1 of the answers that name the fine class", _VQA),
    ("uar_fine", "UAR fine", "questions", (0, 1), "UAR of the answers that name the fine class", _VQA),
    (
        "macro_precision_fine",
        "macro precision fine",
        "questions",
        (0, 1),
        "macro precision of the answers that name the fine class",
        _VQA,
    ),
    (
        "corpus_bleu4",
        "corpus BLEU4",
        "questions",
        (0, 1),
        "BLEU of all answers: 4-grams, brevity penalty, lower case, no smoothing",
        "Papineni et al. 2002, by sacrebleu",
    ),
    ("rouge1_f1", "ROUGE1 F1", "questions", (0, 1), "F1 of single words, mean over the answers", "Lin 2004"),
    (
        "rating",
        "rating",
        "generation",
        _ANY,
        "mean of the experts' ratings; composite: mean over databases",
        "MEGC2021 generation",
    ),
    ("icc", "ICC", "generation", _OPEN, "agreement of a single coder with others, ICC(2,1)", "Shrout and Fleiss 1979"),
    (
        "krippendorff_alpha",
        "krippendorff alpha",
        "generation",
        _OPEN,
        "agreement of coders, interval metric",
        "Krippendorff 2011",
    ),
    (
        "niqe",
        "NIQE",
        "generation",
        (0, None),
        "distance from natural images; less is better, read from cards of other packages",
        "Mittal et al. 2013",
    ),
    (
        "fid",
        "FID",
        "generation",
        (0, None),
        "distance of feature distributions; less is better, read from cards of other packages",
        "Heusel et al. 2017",
    ),
    (
        "lpips",
        "LPIPS",
        "generation",
        (0, None),
        "perceptual distance; less is better, read from cards of other packages",
        "Zhang et al. 2018",
    ),
):
    _members: dict[str, Any] = {
        "id": _id,
        "name": _name,
        "task": _task,
        "bounds": _bounds,
        "summary": _summary,
        "source": _source,
        "higher_is_better": _id not in ("niqe", "fid", "lpips"),
        "needs": "frame scores" if _id == "auc" else "",
        "__doc__": f"{_summary[0].upper()}{_summary[1:]}.",
    }
    METRICS.add_loaded(_id, type(_id, (Metric,), _members)(), _summary, task=_task)

_FOLDS: tuple[tuple[str, str, tuple[float | None, float | None], bool, str], ...] = (
    ("precision", "P", (0, 1), True, "precision"),
    ("recall", "R", (0, 1), True, "recall"),
    ("f1", "F1", (0, 1), True, "F1"),
    ("raw_precision", "raw P", (0, 1), True, "precision of the frames whose raw score is at or above its threshold"),
    ("raw_recall", "raw R", (0, 1), True, "recall of the frames whose raw score is at or above its threshold"),
    ("raw_f1", "raw F1", (0, 1), True, "F1 of the frames whose raw score is at or above its threshold"),
    ("raw_auc", "raw AUC", (0, 1), True, "area under the ROC curve of the raw scores"),
    (
        "raw_loss",
        "raw loss",
        (0, None),
        False,
        "cross-entropy of the raw scores, frame by frame; of movement weighted as in eq. 5.1; less is better",
    ),
)
"""Metrics that have a mean and a deviation over folds: id, heading, bounds, direction, and what it is."""
_RAW = "thesis 5.3, 5.4.5, Tables 5.1 and 5.6"


def _with_folds() -> Iterator[tuple[str, str, tuple[float | None, float | None], bool, str, str]]:
    """Yield metrics of raw scores, and of every metric of folds its mean and its deviation."""
    for id, name, bounds, more, summary in _FOLDS:
        source = _RAW if id.startswith("raw_") else "thesis Table 5.2"
        if id.startswith("raw_"):
            yield id, name, bounds, more, summary, source
        yield (
            f"{id}_fold_mean",
            f"{name} (mean of folds)",
            bounds,
            more,
            f"mean over tested people of {summary}",
            source,
        )
        yield (
            f"{id}_fold_sd",
            f"{name} (sd of folds)",
            (0, None),
            False,
            f"deviation over tested people of {summary}",
            source,
        )


for _id, _name, _range, _more, _summary, _source in _with_folds():
    _members = {
        "id": _id,
        "name": _name,
        "task": "spotting",
        "bounds": _range,
        "summary": _summary,
        "source": _source,
        "higher_is_better": _more,
        "needs": "raw scores" if _id.startswith("raw_") else "",
        "__doc__": f"{_summary[0].upper()}{_summary[1:]}.",
    }
    METRICS.add_loaded(_id, type(_id, (Metric,), _members)(), _summary, task="spotting")


for _id, _target, _summary in (
    (
        "mean_absolute_error",
        "likeness:MeanAbsoluteError",
        "mean absolute difference of generated and recorded pixels, in grey levels; less is better",
    ),
    (
        "psnr",
        "likeness:Psnr",
        "peak signal-to-noise ratio of generated and recorded pixels, all frames together, in dB",
    ),
):
    METRICS.add(_id, f"mebench.metrics.generation.{_target}", _summary, task="generation")


def frame_metrics() -> list[FrameMetric]:
    """Return every metric of generated frames, sorted by id.

    Raises
    ------
    UserError : when one of another package cannot be imported.
    """
    found = [METRICS.get(entry.id) for entry in METRICS.entries()]
    return [metric for metric in found if isinstance(metric, FrameMetric)]


def metric_of(id: str) -> Metric:
    """Return the metric of a card's score; one that nobody has registered is taken for a number where more is better.

    Parameters
    ----------
    id : the metric's id.
    """
    if id in METRICS:
        try:
            return METRICS.get(id)
        except UserError:
            pass  # a plug-in that cannot be imported still has its scores on old cards
    unknown: Metric = type(id, (Metric,), {"id": id, "name": heading_of(id), "bounds": _ANY})()
    return unknown


def added_metrics(task: str) -> list[Metric]:
    """Return the metrics of a task that other packages or plug-in files have registered, sorted by id.

    Parameters
    ----------
    task : id of the task.

    Raises
    ------
    UserError : when one of them cannot be imported.
    """
    foreign = [entry.id for entry in METRICS.entries() if entry.origin != "mebench"]
    found = [METRICS.get(id) for id in foreign]
    return [metric for metric in found if metric.task == task]
