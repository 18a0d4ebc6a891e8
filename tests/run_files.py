"""What of a run's files must not differ between identical runs."""

from __future__ import annotations

from pathlib import Path

from mebench.schema.scorecard import Scorecard


def comparable(path: Path) -> bytes:
    """Return the bytes of a file; of a scorecard all but how it came about, which tells the time, as its page does."""
    if path.name == "index.html":
        return b""
    return Scorecard.read(path).compared().encode() if path.name == "scorecard.json" else path.read_bytes()
