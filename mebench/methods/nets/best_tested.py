"""The epoch that was best on the tested clips: what some papers print, for a setting `legacy` and nothing else.

Conventions
-----------
A run hands the tested clips with their truth to a method whose `tuned_on_test` says that it chooses on them, and stamps
its card; any other method finds none, and keeps its last epoch. What the choice is worth has been measured: .06 to .14
of UF1 on the composite of MEGC2019 (meb, arXiv 2211.11425).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from mebench.methods.base import RunContext
from mebench.methods.nets.early_stopping import HeldOut, Tracker
from mebench.schema.recordings import Clip


def best_on_tested(probabilities: Callable[[Sequence[Clip]], ArrayLike], context: RunContext) -> tuple[HeldOut, ...]:
    """Return what a training measures after every epoch; empty where nothing may be chosen on tested clips.

    Parameters
    ----------
    probabilities : what the network says of clips now, for each of `context.classes` in order.
    context : of the fold.

    Returns
    -------
    For the trainer's `held_out`: one that tracks the accuracy on the tested clips, of which the first best epoch is
    kept. The caller loads `tracker.best_weights` at the end.
    """
    clips = tuple(context.scored)
    if not clips:
        return ()
    true = np.array([context.classes.index(clip.emotion) for clip in clips])

    def accuracy() -> float:
        return float((np.argmax(np.asarray(probabilities(clips)), axis=1) == true).mean())

    return (HeldOut(accuracy, Tracker(higher=True)),)
