"""The built-in metrics and those that other packages register."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mebench.registry import Registry

METRICS: Registry[Callable[..., Any]] = Registry("metric", "mebench.metrics")

for _id, _target, _summary, _task in (
    ("precision", "intervals:ratios", "share of the predicted intervals that are right", "spotting"),
    ("recall", "intervals:ratios", "share of the true intervals that are found", "spotting"),
    ("f1", "intervals:ratios", "2 TP / (2 TP + FP + FN) of intervals, counts pooled", "spotting"),
    ("frame_f1", "frames:covered_counts", "F1 of the frames inside predicted and true intervals", "spotting"),
    ("auc", "frames:auc", "area under the ROC curve of the frame scores", "spotting"),
    ("uf1", "classification:recognition_scores", "mean over classes of F1, counts pooled", "recognition"),
    ("uar", "classification:recognition_scores", "mean over classes of recall, counts pooled", "recognition"),
    (
        "macro_precision",
        "classification:recognition_scores",
        "mean over classes of precision; several papers print it as UAR",
        "recognition",
    ),
    ("accuracy", "classification:recognition_scores", "share of the samples that are right", "recognition"),
    ("f1_spotting", "spot_recognise:spot_recognise_values", "F1 of the intervals, whatever their emotion", "str"),
    (
        "f1_analysis",
        "spot_recognise:spot_recognise_values",
        "harmonic mean of macro precision and macro recall over spotted true positives",
        "str",
    ),
    ("strs", "spot_recognise:spot_recognise_values", "F1 spotting times F1 analysis", "str"),
    ("uf1_coarse", "classification:recognition_values", "UF1 of the answers that name the coarse class", "vqa"),
    ("uar_coarse", "classification:recognition_values", "UAR of the answers that name the coarse class", "vqa"),
    ("uf1_fine", "classification:recognition_values", "UF1 of the answers that name the fine class", "vqa"),
    ("uar_fine", "classification:recognition_values", "UAR of the answers that name the fine class", "vqa"),
    ("corpus_bleu4", "text:bleu", "BLEU of all answers: 4-grams, brevity penalty, lower case, no smoothing", "vqa"),
    ("rouge1_f1", "text:rouge1_f1", "F1 of single words, mean over the answers", "vqa"),
    ("rating", "agreement:mean_rating", "mean of the experts' ratings; composite: mean over databases", "generation"),
    ("icc", "agreement:icc", "agreement of a single coder with others, ICC(2,1)", "generation"),
    ("krippendorff_alpha", "agreement:krippendorff_alpha", "agreement of coders, interval metric", "generation"),
):
    METRICS.add(_id, f"mebench.metrics.{_target}", _summary, task=_task)
