"""Finding the folders of a clip dataset's copy, whatever unpacking programs and users have made of its tree."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from mebench.datasets.folders import search_folders, subfolders
from mebench.datasets.policies import Errata


def folders_within(root: Path, depth: int) -> list[Path]:
    """Return a folder and those at most so many levels below it, nearest first."""
    found, level = [root], [root]
    for _ in range(depth):
        level = [inner for folder in level for inner in subfolders(folder)]
        found += level
    return found


def folders_of_subjects(root: Path, subject: re.Pattern[str], clip: re.Pattern[str]) -> list[Path]:
    """Return every folder at or below a root with folders of subjects that hold folders of clips, nearest first."""
    return list(search_folders(root, lambda children: _holds(children, subject, clip)))


def clips_below(
    folder: Path, subject: re.Pattern[str], clip: re.Pattern[str]
) -> Iterator[tuple[re.Match[str], re.Match[str], Path]]:
    """Yield (match of the subject's folder, match of the clip's folder, its path), sorted by name."""
    for above in subfolders(folder):
        of = subject.fullmatch(above.name)
        if of is not None:
            for path in subfolders(above):
                match = clip.fullmatch(path.name)
                if match is not None:
                    yield of, match, path


def pick_release(
    root: Path, found: Sequence[Path], kind_of: Callable[[Path], str], wanted: str, order: Sequence[str], errata: Errata
) -> Path | None:
    """Return the folder to read of several that have the same clips.

    Parameters
    ----------
    root : the root of the copy.
    found : folders with the dataset's tree, at or below it.
    kind_of : says which release a folder is, such as `cropped`.
    wanted : a release, or `auto` for the first one of `order` that is there.
    order : the releases, the best one first.
    errata : is told of nested folders and of releases that are not read.

    Returns
    -------
    The folder, None when no folder is of the wanted release.
    """
    kinds = order if wanted == "auto" else (wanted,)
    ranked = [path for kind in kinds for path in found if kind_of(path) == kind]
    if not ranked:
        return None
    chosen = ranked[0]
    for other in found:
        if other != chosen:
            errata.add("several_releases", other.name, f"{chosen.name} is read", kind_of(other))
    if chosen.name == chosen.parent.name and root not in (chosen, chosen.parent):
        errata.add("nested_folder", f"{chosen.name}/{chosen.name}", "the inner folder is read")
    return chosen


def _holds(children: Sequence[Path], subject: re.Pattern[str], clip: re.Pattern[str]) -> bool:
    return any(
        subject.fullmatch(child.name) and any(clip.fullmatch(path.name) for path in subfolders(child))
        for child in children
    )
