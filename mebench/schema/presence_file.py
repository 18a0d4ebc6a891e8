"""`presence.json`: in which frames of the videos of a fold a face was found.

    {"schema": 1, "videos": {"SUBJECT/VIDEO": {"n_frames": 240, "missing": [[121, 240]], "begins": [], "notes": []}}}

Conventions
-----------
Frame numbers are 1-based and inclusive: `missing` are runs of frames without a face, first and last; `begins` are the
frames with which another shot or another person begins; `notes` are sentences of the source.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from mebench.errors import UserError
from mebench.schema.files import read_bounded
from mebench.schema.json_text import parse_object
from mebench.schema.presence import Presence

PRESENCE = "presence.json"
_MOST_FRAMES = 10_000_000


def format_presences(videos: Mapping[str, Presence]) -> str:
    """Return the text of the file."""
    plain = {name: presence.as_dict() for name, presence in videos.items()}
    return json.dumps({"schema": 1, "videos": plain}, sort_keys=True) + "\n"


def read_presences(path: Path) -> dict[str, Presence]:
    """Read the file; a fold of a method that looks at no face, or of mebench 0.1.0, has none, and gives no video.

    Raises
    ------
    UserError : for a file that is no such record.
    """
    try:
        text = read_bounded(path)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise UserError(f"{path} cannot be read: run that fold again.") from error
    try:
        return {name: presence_of(plain) for name, plain in parse_object(text)["videos"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(f"{path} is no record of where faces were found: run that fold again.") from error


def presence_of(plain: Mapping[str, Any]) -> Presence:
    """Take up what `Presence.as_dict` returned.

    Raises
    ------
    ValueError, KeyError, TypeError : for anything else.
    """
    n_frames = _number(plain["n_frames"], 0, _MOST_FRAMES)
    found, begins = np.ones(n_frames, np.bool_), np.zeros(n_frames, np.bool_)
    for first, last in plain["missing"]:
        found[_number(first, 1, n_frames) - 1 : _number(last, first, n_frames)] = False
    for number in plain["begins"]:
        begins[_number(number, 1, n_frames) - 1] = True
    return Presence(found, begins, tuple(map(str, plain["notes"])))


def _number(value: Any, least: int, most: int) -> int:
    if type(value) is not int or not least <= value <= most:
        raise ValueError(f"{value!r} is no number of {least} to {most}")
    return value
