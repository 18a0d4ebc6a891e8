"""A small truth that tests of protocols and of analyses share."""

from __future__ import annotations

import pytest

from mebench.schema.intervals import Intervals
from mebench.schema.truth import Truth, VideoTable


@pytest.fixture
def truth():
    """Three subjects; s3's only video has no event."""
    events = [
        ("s1", "a", 10, 49, "macro"),
        ("s1", "a", 100, 110, "micro"),
        ("s1", "b", 20, 60, "macro"),
        ("s2", "c", 30, 39, "micro"),
        ("s2", "c", 50, 99, "macro"),
    ]
    videos = [("s1", "a", 30.0, 200), ("s1", "b", 30.0, 150), ("s2", "c", 30.0, 120), ("s3", "d", 30.0, 90)]
    return Truth(Intervals.from_rows(events), VideoTable.from_rows(videos), "tiny")


@pytest.fixture
def predictions():
    """Per type and video: hits a macro, c micro; misses a micro, b macro, c macro; false b micro, d macro."""
    return Intervals.from_rows(
        [
            ("s1", "a", 12, 50, "macro", 0.9),
            ("s1", "b", 100, 110, "micro", 0.4),
            ("s2", "c", 30, 42, "micro", 0.7),
            ("s3", "d", 5, 40, "macro", 0.2),
        ]
    )
