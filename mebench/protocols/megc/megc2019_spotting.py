"""Micro-Expression Grand Challenge 2019: spotting of micro-expressions in long videos.

The rule text that all later years took over: a true positive has an IoU of at least .5, no score of a single video is
computed, and all videos together are one long video. Only micro-expressions count: macro-expressions of a truth and of
predictions are left out before anything is compared.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

from mebench.protocols.base import Predicted
from mebench.protocols.rules.spotting import SpottingProtocol
from mebench.schema.intervals import Intervals
from mebench.schema.scorecard import Scorecard
from mebench.schema.truth import Truth, TruthCounts


class Megc2019Spotting(SpottingProtocol):
    """Leave one subject out, micro-expressions only."""

    id = "megc2019-spotting"
    summary = "interval spotting of micro-expressions at IoU .5, leave-one-subject-out, counts pooled"
    sources = (
        "MEGC2019 spotting guideline, 18 Dec 2018 (IoU >= .5, pooled counts)",
        "See et al. 2019, MEGC 2019: the second facial micro-expressions grand challenge (FG)",
    )
    official = {
        "samm_lv": TruthCounts(videos=79, macro=0, micro=159),
        "casme_sq": TruthCounts(videos=87, macro=0, micro=57),
    }

    def score(self, submission: Predicted, truth: Truth, *, convention: Any = None) -> Scorecard:
        """Grade the micro-expressions alone; see `Protocol.score`."""
        intervals: Intervals = submission.predictions
        micro = np.flatnonzero(~intervals.is_macro).tolist()
        lines: Sequence[int] = [submission.lines[row] for row in micro] if len(submission.lines) else ()
        kept = dataclasses.replace(submission, predictions=intervals.select(micro), lines=lines)
        return super().score(kept, without_macro(truth), convention=convention)


def without_macro(truth: Truth) -> Truth:
    """Return a truth without its macro-expressions; every video is still scored."""
    return dataclasses.replace(truth, events=truth.events.select(~truth.events.is_macro))
