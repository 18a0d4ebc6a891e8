"""Which pages of a challenge are older than what they show."""

from __future__ import annotations

from pathlib import Path

from mebench.challenge.desk.baselines import FOLDER
from mebench.challenge.desk.outputs import RECEIPT, WITHDRAWN

_PAGES = {
    "board.html": "board {}",
    "organiser/board.html": "board {} --organiser",
    "organiser/final/index.html": "final {}",
    "final/index.html": "final {} --publish",
}
"""Pages, and the verb of `mebench challenge` that builds each again."""

_SHOWN = (f"receipts/*/{RECEIPT}", f"organiser/*/{WITHDRAWN}", f"{FOLDER}/*.json", FOLDER)


def stale_pages(folder: Path) -> dict[str, str]:
    """Return the commands that build older pages again, by the page.

    Parameters
    ----------
    folder : of the challenge; a page is older when a receipt, a withdrawal or a baseline was written after it.
    """
    newest = max((_written(path) for pattern in _SHOWN for path in folder.glob(pattern)), default=0)
    return {
        page: f"mebench challenge {verb.format(folder)}"
        for page, verb in _PAGES.items()
        if 0 < _written(folder / page) < newest
    }


def _written(path: Path) -> int:
    """Return when a file was written, in nanoseconds; 0 where there is none."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
