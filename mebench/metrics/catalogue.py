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
):
    METRICS.add(_id, f"mebench.metrics.{_target}", _summary, task=_task)
