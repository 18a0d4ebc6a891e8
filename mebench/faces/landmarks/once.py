"""Notes that a user is shown once, not once for every process of every run."""

from __future__ import annotations

import sys

from mebench.frames.usage import default_root


def tell_once(name: str, text: str) -> None:
    """Write a note to stderr unless this user has seen it; a marker in the folder of the cache says so.

    Where no marker can be written, the note is shown.
    """
    try:
        folder = default_root() / "notes"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).touch(exist_ok=False)
    except FileExistsError:
        return
    except (OSError, RuntimeError):
        pass
    print(text, file=sys.stderr, flush=True)
