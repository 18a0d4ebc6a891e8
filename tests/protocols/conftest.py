"""The small truth of `tests/small_truth.py`."""

from tests.small_truth import predictions, truth

__all__ = ["predictions", "truth"]
