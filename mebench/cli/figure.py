"""`mebench figure`: figures of the papers from runs and datasets, as SVG and PNG."""

from __future__ import annotations

import click

from mebench.cli.lazy import LazyGroup

_VERBS = {
    "confusion": ("mebench.cli.figure_of_run:confusion", "Confusion matrices of a run, in full and per database."),
    "roc": ("mebench.cli.figure_of_run:roc", "ROC curves of one fold of a run, and of all people pooled."),
    "folds": ("mebench.cli.figure_of_run:folds", "Frames that each fold of a run trains, validates and tests on."),
    "scores": ("mebench.cli.figure_of_run:scores", "Frame scores of a video that a run has tested, and the truth."),
    "key-frames": ("mebench.cli.figure_of_clips:key_frames", "Score of a recogniser when onset and apex are shifted."),
    "expression": ("mebench.cli.figure_of_clips:expression", "Expression of every frame of a clip, and its coding."),
    "au-sum": ("mebench.cli.figure_of_video:au_sum", "Sum of action units over a video, its peaks and the truth."),
    "action-units": ("mebench.cli.figure_of_video:action_units", "Single action units over a video, and the truth."),
    "lcn": ("mebench.cli.figure_of_video:lcn", "A face before and after local contrast normalisation."),
    "features": ("mebench.cli.figure_of_video:features", "A face as LBP, HOG and local contrast."),
    "flow": ("mebench.cli.figure_of_video:flow", "Optical flow from onset to apex of an event."),
}


@click.group(cls=LazyGroup, verbs=_VERBS)
def figure() -> None:
    """Draw figures of the papers from runs and datasets."""
