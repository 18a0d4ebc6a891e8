"""Paths of the organisers' machine, kept out of what participants get to read."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

HIDDEN = "(folder)"
"""What stands in the place of a folder's path."""


def without_paths(value: Any, folders: Iterable[Path] = ()) -> Any:
    """Return JSON types whose texts name none of some folders.

    Parameters
    ----------
    value : a text, or lists and objects with texts in them; keys stay as they are.
    folders : hidden beside the home, the current folder, the place of temporary files and the interpreter's own.
    """
    return _hide(value, _spellings(folders))


def _hide(value: Any, spellings: list[str]) -> Any:
    if isinstance(value, str):
        for path in spellings:
            value = value.replace(path, HIDDEN)
        return value
    if isinstance(value, dict):
        return {key: _hide(item, spellings) for key, item in value.items()}
    return [_hide(item, spellings) for item in value] if isinstance(value, list) else value


def _spellings(folders: Iterable[Path]) -> list[str]:
    """Return each folder as it was given and as it is, the longest first; `/` and `/home` alone say nothing."""
    package = Path(__file__).parents[3]
    common = [Path(tempfile.gettempdir()), Path(sys.prefix), Path(sys.base_prefix), package]
    with contextlib.suppress(RuntimeError):  # a user without a home folder
        common.append(Path.home())
    with contextlib.suppress(FileNotFoundError):
        common.append(Path.cwd())
    found = {os.path.abspath(path) for path in (*folders, *common)}
    found |= {os.path.realpath(path) for path in found}
    return sorted((path for path in found if len(Path(path).parts) > 2), key=len, reverse=True)
