"""The macro-expressions of MMEW: 900 still faces, each named after person, emotion and sample.

Layout
------
::

    ROOT/S03/happiness/S03-01-001.jpg                                   beside the folders of the micro-expressions
    ROOT/MMEW_Final/Macro_Expression/happiness/S03-01-001.jpg

No table says what they show: the emotion is that of the folder that a still lies in.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from mebench.datasets.clips.layouts import folders_within
from mebench.datasets.clips.policies import AnnotatedClip
from mebench.datasets.policies import Errata
from mebench.errors import UserError
from mebench.frames.no_video import IMAGE_SUFFIXES

PROMISED: Mapping[str, int] = {"annotated rows": 900}
_STILL = re.compile(r"S0*([0-9]+)-([0-9]+)-([0-9]+)", re.IGNORECASE)
_MICRO = re.compile("micro", re.IGNORECASE)
_EMOTIONS = frozenset(
    ("happiness", "surprise", "anger", "disgust", "fear", "sadness", "happy", "angry", "sad", "others", "neutral")
)
_DEEPEST = 4


def macro_stills(root: Path, errata: Errata) -> dict[Path, AnnotatedClip]:
    """Return what each still shows, by its path; those in no folder of an emotion are left out and reported.

    Raises
    ------
    UserError : when there is none.
    """
    found: dict[Path, AnnotatedClip] = {}
    seen: dict[tuple[str, str], Path] = {}
    for path, match in _stills(root):
        person, name = f"S{int(match[1]):02d}", f"S{int(match[1]):02d}-{match[2]}-{match[3]}"
        emotion = next((f.name.lower() for f in (path.parent, path.parent.parent) if f.name.lower() in _EMOTIONS), "")
        if not emotion:
            errata.add("no_emotion", name, "left out", f"{path.parent.name} is no emotion")
            continue
        row = AnnotatedClip(person, name, name, 1, 1, 1, emotion)
        other = seen.setdefault(row.key, path)
        if other != path:
            raise UserError(f"{other} and {path} are the same still: remove one of them.")
        found[path] = row
    if not found:
        raise UserError(
            f"No still such as Macro_Expression/happiness/S03-01-001.jpg was found in {root}: give --root the folder "
            "that holds MMEW, or leave expressions=macro out."
        )
    return found


def _stills(root: Path) -> Iterator[tuple[Path, re.Match[str]]]:
    """Yield the stills, by folder and name, those of folders of micro-expressions aside."""
    for folder in folders_within(root, _DEEPEST):
        if any(map(_MICRO.search, folder.relative_to(root).parts)) or _STILL.fullmatch(folder.name):
            continue
        for name in sorted(os.listdir(folder)):
            stem, suffix = os.path.splitext(name)
            match = _STILL.fullmatch(stem)
            if match is not None and suffix.lower() in IMAGE_SUFFIXES:
                yield folder / name, match
