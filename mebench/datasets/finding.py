"""Finding the known folders of a release below the root that a user gives, and counting what is passed over.

Conventions
-----------
Names are compared without regard to case. Folders are entered level by level and no further than needed, so that one
with a hundred thousand pictures is listed only when nothing nearer has the name.
"""

from __future__ import annotations

import collections
from collections.abc import Iterator
from pathlib import Path

from mebench.datasets.folders import subfolders
from mebench.datasets.policies import Errata

_EXAMPLES = 5


def find_folders(root: Path, *names: str, depth: int = 3) -> Iterator[Path]:
    """Yield the folders of a name at or below `root`, nearest first; those that are found are not entered.

    Parameters
    ----------
    root : where to begin.
    names : names that it may have.
    depth : how many levels below `root` to look at.
    """
    wanted = {name.casefold() for name in names}
    level = [root]
    for left in range(depth, -1, -1):
        following: list[Path] = []
        for folder in level:
            if folder.name.casefold() in wanted:
                yield folder
            elif left:
                following += subfolders(folder)
        level = following


def find_folder(root: Path, *names: str, depth: int = 3) -> Path | None:
    """Return the nearest folder of a name at or below `root`, the innermost where folders of one name are nested."""
    found = next(find_folders(root, *names, depth=depth), None)
    while found is not None and (inner := [f for f in subfolders(found) if f.name.casefold() == found.name.casefold()]):
        found = inner[0]
    return found


def find_file(root: Path, *names: str, depth: int = 2) -> Path | None:
    """Return the nearest file of a name at or below `root`, the earlier names first on each level."""
    level = [root]
    for left in range(depth, -1, -1):
        for name in names:
            for folder in level:
                # Almost every copy keeps the case, and then nothing is listed.
                if (folder / name).is_file():
                    return folder / name
        for folder in level:
            for name in names:
                for path in folder.iterdir():
                    if path.name.casefold() == name.casefold() and path.is_file():
                        return path
        level = [child for folder in level for child in subfolders(folder)] if left else []
    return None


class PassedOver:
    """Counts what is treated by one policy many times, and becomes one erratum for each policy.

    Parameters
    ----------
    errata : gets the errata when `close` is called.
    """

    def __init__(self, errata: Errata) -> None:
        self._errata = errata
        self._counts: collections.Counter[tuple[str, str]] = collections.Counter()
        self._examples: dict[tuple[str, str], list[str]] = collections.defaultdict(list)

    def add(self, kind: str, policy: str, example: str) -> None:
        """Count one more."""
        self._counts[kind, policy] += 1
        if len(self._examples[kind, policy]) < _EXAMPLES:
            self._examples[kind, policy].append(example)

    def close(self) -> None:
        """Report the counts; the first few are named."""
        for (kind, policy), number in self._counts.items():
            named = ", ".join(self._examples[kind, policy])
            more = number - len(self._examples[kind, policy])
            self._errata.add(kind, f"{number} in all", policy, named + (f" and {more} more" if more else ""))
        self._counts.clear()
        self._examples.clear()


def assumed(errata: Errata, what: str, value: str) -> None:
    """Report what no file of a copy says and no published text settles, so that it was taken for granted."""
    errata.add("assumed", what, "not confirmed by any file of the copy", value)
