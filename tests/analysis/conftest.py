"""The small truth of `tests/small_truth.py`, and the plug-in of the tests of runs."""

from tests.runs.conftest import plugin
from tests.small_truth import predictions, truth

__all__ = ["plugin", "predictions", "truth"]
