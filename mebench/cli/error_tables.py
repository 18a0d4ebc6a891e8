"""An error analysis as tables on stdout."""

from __future__ import annotations

from mebench.cli.tables import print_table
from mebench.metrics.error_analysis import KINDS, ErrorAnalysis

_SCOPES = ("overall", "macro", "micro")


def print_errors(found: ErrorAnalysis) -> None:
    """Print what the false positives are, what was missed, the sweep over IoU thresholds and the boundary errors."""
    rows = [
        [scope, *(str(found.false_positives[scope][kind]) for kind in KINDS), str(found.counts[scope]["fp"])]
        for scope in _SCOPES
    ]
    print_table(["false positives", *(kind.replace("_", " ") for kind in KINDS), "all"], rows)
    misses = [
        [f"{by.replace('_', ' ')}: {group.group}", str(group.missed), str(group.truths)]
        for by, groups in found.misses.items()
        for group in groups
    ]
    print_table(["misses", "missed", "of"], misses)
    thresholds = sorted({point.iou for point in found.iou_sweep})
    f1 = {(point.scope, point.iou): point.f1 for point in found.iou_sweep}
    sweep = [[scope, *(f"{f1[scope, iou]:.3f}" for iou in thresholds)] for scope in _SCOPES]
    print_table(["F1 at IoU", *(f"{iou:g}" for iou in thresholds)], sweep)
    boundaries = [
        [f"{e.boundary} of {e.scope}, {e.unit}", str(e.n)]
        + [f"{value:.2f}" for value in (e.mean, e.mean_absolute, e.median_absolute, e.p90_absolute)]
        for e in found.boundaries
        if e.n
    ]
    print_table(["predicted minus true", "TP", "mean", "mean |.|", "median |.|", "90% |.|"], boundaries)
