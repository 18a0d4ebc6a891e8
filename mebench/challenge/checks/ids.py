"""Ids as strangers write them: `6` for `006`, `s1` for `sub01`, a video alone for a subject and a video.

Conventions
-----------
Ids are compared by their runs of letters and of digits: case, separators, leading zeros and a leading `s`, `sub` or
`subject` do not count. Where the known subjects are qualified (`samm_lv/006`), the dataset may be left out or be told
by the name of the file. A spelling that fits several known videos is refused, never guessed.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from mebench.errors import did_you_mean

_RUNS = re.compile(r"[0-9]+|[^0-9\s!-/:-@\[-`{-~\u2010-\u2015\u2212]+")
"""Digits, or letters; only blanks, dashes and the punctuation of ASCII part them. Digits of other scripts are letters
of unknown ids: they are neither passed over nor read as the number that they mean."""

_PREFIXES = ("s", "sub", "subj", "subject", "sp", "spno")
_MOST_FOR_HINTS = 2_000
_MOST_HINTS = 20

Key = tuple[str, str]
"""A subject, qualified or not, and a video or clip."""


def plain_id(text: str) -> str:
    """Return an id in the form in which spellings are compared, empty when it has neither letter nor digit."""
    runs = [run.lstrip("0") or "0" if _is_number(run) else run for run in _RUNS.findall(text.casefold())]
    if len(runs) > 1 and runs[0] in _PREFIXES and _is_number(runs[1]):
        runs = runs[1:]
    return "|".join(runs)


def _is_number(run: str) -> bool:
    return "0" <= run[0] <= "9"


@functools.lru_cache(maxsize=256)
def database_id(text: str) -> str:
    """Return a database's name in the form in which spellings are compared: CASME II, casme2; CAS(ME)^2, casme_sq."""
    key = text.casefold().replace("(me)", "me").replace("^2", "sq").replace("^3", "3")
    key = "".join(_RUNS.findall(key))
    return key.replace("iii", "3").replace("ii", "2")


@dataclasses.dataclass(frozen=True)
class Match:
    """What an id was found to mean.

    Attributes
    ----------
    row : position in the list of known ids, or -1.
    literal : whether it was written as it is known.
    kind : why it was not found: `unknown` or `ambiguous`; empty when it was.
    """

    row: int
    literal: bool = True
    kind: str = ""


class IdIndex:
    """Finds known videos, or clips, by however they are written.

    Parameters
    ----------
    keys : the known (subject, video) pairs.
    """

    def __init__(self, keys: Iterable[Key]) -> None:
        self.keys: Sequence[Key] = tuple(keys)
        self._exact = {key: row for row, key in enumerate(self.keys)}
        self._cache: dict[tuple[str, str, str], Match] = {}
        self._hints = 0

    @functools.cached_property
    def _aliases(self) -> defaultdict[str, set[int]]:
        """Rows by every form under which they may be asked for; ids as they are known never need it."""
        found: defaultdict[str, set[int]] = defaultdict(set)
        for row, (subject, video) in enumerate(self.keys):
            for alias in _aliases(plain_id(subject.rpartition("/")[2]), plain_id(video)):
                found[alias].add(row)
        return found

    @functools.cached_property
    def _databases(self) -> list[str]:
        return [database_id(subject.rpartition("/")[0]) for subject, _ in self.keys]

    def find(self, database: str, subject: str, video: str) -> Match:
        """Find a video.

        Parameters
        ----------
        database : what the file or a column says, in any spelling; empty where nothing does.
        subject : empty where the format names the video only.
        video : the video or clip.
        """
        asked = (database, subject, video)
        if asked not in self._cache:
            self._cache[asked] = self._find(*asked)
        return self._cache[asked]

    def _find(self, database: str, subject: str, video: str) -> Match:
        if (row := self._exact.get((subject, video))) is not None:
            return Match(row)
        within, _, person = subject.rpartition("/")
        alias = f"{plain_id(person)}/{plain_id(video)}" if subject else plain_id(video)
        rows = self._aliases.get(alias, set())
        for name in (within, database):
            rows = self._of_database(rows, name)
        if len(rows) > 1:
            same = {row for row in rows if self.keys[row][1] == video}
            rows = same if len(same) == 1 else rows
        if len(rows) == 1:
            (row,) = rows
            return Match(row, self._reads_as(row, database, subject, video))
        return Match(-1, False, "ambiguous" if rows else "unknown")

    def _of_database(self, rows: set[int], database: str) -> set[int]:
        """Keep the rows of a database; those of unqualified subjects belong to any."""
        name = database_id(database)
        if not name:
            return rows
        same = {row for row in rows if self._databases[row] == name}
        return same or {row for row in rows if not self._databases[row] or self._databases[row].startswith(name)}

    def _reads_as(self, row: int, database: str, subject: str, video: str) -> bool:
        """Tell whether only what the format leaves out is missing."""
        known_subject, known_video = self.keys[row]
        if video != known_video:
            return False
        return not subject or (bool(database) and known_subject.rpartition("/")[2] == subject)

    def hint(self, subject: str, video: str) -> str:
        """Return ` Did you mean ...?` for the nearest known ids, what to do about odd digits, or an empty string.

        After some hints there are no more of them: they cost time, and whoever has read twenty knows what to mend.
        """
        if any(c.isdigit() and not c.isascii() for c in subject + video):
            return ": write its digits as 0 to 9"
        if len(self.keys) > _MOST_FOR_HINTS or self._hints == _MOST_HINTS:
            return ""
        self._hints += 1
        names = ["/".join(key) for key in self.keys] if subject else [video for _, video in self.keys]
        found = did_you_mean(f"{subject}/{video}" if subject else video, set(names))
        return found if "Did you mean" in found else ""


def _aliases(subject: str, video: str) -> set[str]:
    """Return every form under which a video may be asked for: `subject/video` and, for formats without one, `video`."""
    if not video:
        return set()
    aliases = {video, f"{subject}/{video}", f"{subject}|{video}"}
    inner = video.removeprefix(f"{subject}|")
    aliases.add(f"{subject}/{inner}")
    if inner == video:
        aliases.add(f"{subject}/{subject}|{video}")
    return aliases
