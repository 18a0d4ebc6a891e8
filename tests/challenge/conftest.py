"""Lets the tests of this folder share its corpora and the small challenge."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from small_challenge import here, make_challenge, submit  # noqa: E402  found by way of the line above

__all__ = ["here", "make_challenge", "submit"]
