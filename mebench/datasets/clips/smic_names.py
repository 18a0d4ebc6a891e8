"""What SMIC and SMIC-E share: names of people and clips, cameras, and finding the folders of one camera.

A clip is named `s1_ne_01` in one distribution and `s01_ne_01` in another; here it is `s01_ne_01`, as in the composite
list of MEGC2019. The emotion stands in the name: ne negative, po positive, sur surprise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from mebench.datasets.folders import subfolders

CAMERAS = {"hs": 100.0, "vis": 25.0, "nir": 25.0}
"""Frame rate of each camera."""

_CLIP = re.compile(r"s0*([0-9]+)_(ne|neg|negative|po|pos|positive|su|sur|surprise)_?0*([0-9]+)", re.IGNORECASE)
_CODES = {"n": ("ne", "negative"), "p": ("po", "positive"), "s": ("sur", "surprise")}
_LONG = re.compile(r"long|smic[-_ ]?(hs|vis|nir)?[-_ ]?e(?![a-z])", re.IGNORECASE)
_DEPTH = 7


class SmicName(NamedTuple):
    """Who, what and which emotion, from the name of a clip."""

    subject: str
    clip: str
    emotion: str


def parse_name(name: str) -> SmicName | None:
    """Return what a clip's name says, None when it is none.

    >>> parse_name('s1_ne_01') == parse_name('s01_ne_1') == ('s01', 's01_ne_01', 'negative')
    True
    """
    match = _CLIP.fullmatch(name.strip())
    if match is None:
        return None
    code, emotion = _CODES[match[2][0].lower()]
    subject = f"s{int(match[1]):02d}"
    return SmicName(subject, f"{subject}_{code}_{int(match[3]):02d}", emotion)


def is_long(parts: tuple[str, ...]) -> bool:
    """Tell whether folders on the way to a clip are those of the extended, longer clips."""
    return any(_LONG.search(part) for part in parts)


def camera_of(parts: tuple[str, ...]) -> str | None:
    """Return the camera that the folders on the way to a clip name, None where none does."""
    for part in reversed(parts):
        words = re.split(r"[^a-z]+", part.lower())
        named = [camera for camera in CAMERAS if camera in words]
        if named:
            return named[0]
    return None


def find_clips(
    root: Path, wanted: Callable[[tuple[str, ...]], bool], depth: int = _DEPTH
) -> Iterator[tuple[SmicName, Path]]:
    """Yield the folders of clips below a root, sorted by path.

    Parameters
    ----------
    wanted : told the names of the folders between the root and the clip, says whether it is one.
    depth : how many levels to look at.
    """
    yield from _search(root, (), wanted, depth)


def _search(
    folder: Path, parts: tuple[str, ...], wanted: Callable[[tuple[str, ...]], bool], depth: int
) -> Iterator[tuple[SmicName, Path]]:
    for child in subfolders(folder):
        name = parse_name(child.name)
        if name is not None:
            if wanted(parts):
                yield name, child
        elif depth > 0:
            yield from _search(child, (*parts, child.name), wanted, depth - 1)
