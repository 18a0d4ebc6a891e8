"""Clips that are cut out of a long recording: some frames of its folder.

Conventions
-----------
Annotations number frames as their files; within a clip frames count from 1. A clip from file `first` on has file
number n as its frame n - first + 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from mebench.datasets.folders import frame_number_of
from mebench.frames.content import KnownContent, Progress, digest_of_files
from mebench.frames.folders import FolderFrames
from mebench.settings import digest_of


class FolderWindow(FolderFrames):
    """The frames of a folder whose numbers lie between two; its length is known, so that asking for it lists nothing.

    Its digest is that of its own files: what else lies in the folder may change.

    Parameters
    ----------
    folder : the folder.
    first, last : file numbers of the first and the last frame; `first <= last`.
    """

    def __init__(self, folder: Path, first: int, last: int) -> None:
        super().__init__(folder, count=last - first + 1, first=first)
        self.last = last

    def __len__(self) -> int:
        """Return the number of frames, those without a file included."""
        return self.last - self.first + 1

    def notes(self) -> tuple[str, ...]:
        """Return nothing: what is odd about the frames stands among the errata of the dataset."""
        return ()

    def _numbered(self, names: Iterable[str]) -> dict[int, str]:
        inside = [name for name in names if self._holds(frame_number_of(name))]
        return super()._numbered(inside)

    def _holds(self, number: int | None) -> bool:
        return number is not None and self.first <= number <= self.last

    def _read_content(self, known: KnownContent | None, progress: Progress | None) -> str:
        now = self._again()
        paths = [now.folder / name for name in now.files.values()]
        # The windows of one folder are remembered beside each other.
        place = now.folder / f"{self.first}-{self.last}"
        content = known.digest(place, paths, progress) if known else digest_of_files(paths, progress)
        return digest_of(type(now).__name__, self.first, self.last, content)
