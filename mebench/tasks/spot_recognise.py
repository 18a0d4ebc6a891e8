"""Spot-then-recognise: intervals with an emotion each, and no type.

predictions.csv    subject,video,onset,offset,emotion[,score]
"""

from __future__ import annotations

from typing import ClassVar

from mebench.metrics.conventions.base import Convention
from mebench.metrics.conventions.spot_recognise import SpotRecogniseConvention
from mebench.tasks.spotting import Spotting


class SpotRecognise(Spotting):
    """Find every expression and tell its class; truth and videos are those of spotting."""

    id = "spot_recognise"
    title = "spotting, then recognition"
    convention: ClassVar[type[Convention]] = SpotRecogniseConvention
    protocols = ("megc2025-str", "megc2025-str", "megc2025-str")
    columns = ()
    typed: ClassVar[bool] = False
