"""Finding frame folders in a copy of a dataset, and counting their frames without opening one.

Conventions
-----------
A frame's number is the last group of digits in its file's stem; zero padding differs between videos and says nothing.
Those of a long video start at 1, so that it has as many frames as its highest number; a clip's may start anywhere.
Frames without a file show the nearest earlier one (`FolderFrames`).
"""

from __future__ import annotations

import dataclasses
import fnmatch
import itertools
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from mebench.errors import UserError
from mebench.frames.folders import FolderFrames

_NUMBERED = re.compile(r"(?<!\d)([0-9]++)[^\d\n]*\.(?:jpe?g|png|bmp)$", re.IGNORECASE | re.MULTILINE)


class CountedFrames(FolderFrames):
    """A frame folder whose number of frames is known, so that asking for it lists nothing.

    Parameters
    ----------
    folder : the folder.
    count : frames from the first to the last one.
    first : the file number of the first frame.
    """

    def __init__(self, folder: Path, count: int, first: int = 1) -> None:
        super().__init__(folder, count=count, first=first)
        self.count = count

    def __len__(self) -> int:
        """Return the number of frames."""
        return self.count

    def notes(self) -> tuple[str, ...]:
        """Return nothing: what is odd about the folder stands among the errata of its dataset, and is read once."""
        return ()


@dataclasses.dataclass(frozen=True)
class FolderScan:
    """What the names in a frame folder say.

    Attributes
    ----------
    last : highest frame number, 0 when there is no frame.
    numbers : how many frame numbers have an image.
    twins : images whose number another one has too.
    width : digits of the shortest number, which is the padding.
    first : lowest frame number.
    padded : whether a number begins with a zero that only fills its width.
    gaps : first and last of the numbers without an image, wherever they lie between two that have one.
    """

    last: int
    numbers: int
    twins: int
    width: int
    first: int = 0
    padded: bool = False
    gaps: tuple[tuple[int, int], ...] = ()

    @property
    def span(self) -> int:
        """Frames from the first to the last number, those without an image included."""
        return self.last - self.first + 1 if self.numbers else 0


def frame_number_of(name: str) -> int | None:
    """Return the frame number in an image's file name, or None when it is no numbered image.

    >>> [frame_number_of(n) for n in ('006_1_0001.jpg', 'img12.JPG', '1.png', 'Thumbs.db', '._img12.JPG', 'notes.jpg')]
    [1, 12, 1, None, None, None]
    """
    match = None if name.startswith(".") else _NUMBERED.search(name)
    return int(match[1]) if match else None


def scan_frames(folder: Path) -> FolderScan:
    """Count the frames of a folder from one listing; hidden files, such as a Mac's `._img_1.jpg`, are passed over.

    Raises
    ------
    UserError : when the folder cannot be listed.
    """
    try:
        names = os.listdir(folder)
    except OSError as error:
        raise UserError(f"The folder {folder} cannot be listed ({error.strerror}): check its permissions.") from error
    digits = _NUMBERED.findall("\n".join(name for name in names if not name.startswith(".")))
    if not digits:
        return FolderScan(0, 0, 0, 0)
    numbers = sorted(set(map(int, digits)))
    whole = numbers[-1] - numbers[0] + 1 == len(numbers)
    return FolderScan(
        numbers[-1],
        len(numbers),
        len(digits) - len(numbers),
        min(map(len, digits)),
        numbers[0],
        any(len(number) > 1 and number.startswith("0") for number in digits),
        () if whole else tuple((a + 1, b - 1) for a, b in itertools.pairwise(numbers) if b > a + 1),
    )


def subfolders(folder: Path) -> list[Path]:
    """Return the folders directly inside a folder, sorted by name, hidden ones left out."""
    with os.scandir(folder) as entries:
        found = [Path(entry.path) for entry in entries if not entry.name.startswith(".") and entry.is_dir()]
    return sorted(found, key=lambda path: path.name)


def search_folders(root: Path, wanted: Callable[[list[Path]], bool], depth: int = 3) -> Iterator[Path]:
    """Yield every folder at or below `root` whose subfolders are `wanted`, nearest first; those are not entered.

    Parameters
    ----------
    root : where to begin.
    wanted : told the subfolders of a folder, says whether it is one.
    depth : how many levels below `root` to look at.
    """
    level = [root]
    for _ in range(depth + 1):
        following: list[Path] = []
        for folder in level:
            children = subfolders(folder)
            if wanted(children):
                yield folder
            else:
                following += children
        level = following


def search_files(folders: Iterator[Path] | list[Path], *patterns: str) -> list[Path]:
    """Return the files in `folders` whose names match a pattern, without regard to case, by folder and then by name.

    Lock files of open workbooks (`~$...`) are left out.
    """
    found: list[Path] = []
    for folder in folders:
        with os.scandir(folder) as entries:
            names = sorted(e.name for e in entries if e.is_file() and not e.name.startswith(("~", ".")))
        found += [folder / n for n in names if any(fnmatch.fnmatch(n.lower(), p.lower()) for p in patterns)]
    return found
