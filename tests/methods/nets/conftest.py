"""One thread, as in a run: small tensors gain nothing from more, and tests of several processes would fight for cores."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _one_thread(one_thread: None) -> None:
    """Compute with one thread in every test here."""
