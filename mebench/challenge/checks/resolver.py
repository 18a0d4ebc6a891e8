"""Checks that every kind of prediction shares: known ids, known labels, nothing twice.

Conventions
-----------
Only the public side of a truth is looked at: names and lengths of videos, clips, questions, labels.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mebench.challenge.checks.findings import Findings
from mebench.challenge.checks.ids import IdIndex, Key
from mebench.schema.problems import quoted
from mebench.tasks.expected import Expected

Place = tuple[str, int]
"""File and line."""

_WHOLE = "submission"


class Resolver:
    """Replaces ids as written by known ones, where there is a list of them."""

    def __init__(self, keys: Iterable[Key] | None, what: str, findings: Findings) -> None:
        self.index = IdIndex(keys) if keys is not None else None
        self.what, self.findings = what, findings

    def row(self, place: Place, database: str, subject: str, name: str) -> int:
        """Return the position in the list, or -1 after adding a problem."""
        assert self.index is not None
        match = self.index.find(database, subject, name)
        written = f"{subject}/{name}" if subject else name
        if match.kind:
            one = f"a known {self.what}"
            kind = f"{match.kind}_{self.what}"
            expected = one if match.kind == "unknown" else f"an id that fits only one {self.what}"
            self.findings.problem(*place, self.what, expected, written, kind)
            if self.findings.shows(kind):
                self.findings.hint(self.index.hint(subject, name))
        elif not match.literal:
            self._note(written, self.index.keys[match.row])
        return match.row

    def note(self, database: str, subject: str, name: str) -> None:
        """Add the note on a known id that is written otherwise; without a list there is none."""
        match = self.index.find(database, subject, name) if self.index else None
        if self.index and match and match.row >= 0 and not match.literal:
            self._note(f"{subject}/{name}" if subject else name, self.index.keys[match.row])

    def _note(self, written: str, known: Key) -> None:
        self.findings.note("ids were read as known ones", f"{quoted(written)} as {quoted('/'.join(known))}")


def check_emotion(place: Place, emotion: str | None, expected: Expected, findings: Findings) -> bool:
    """Tell whether an emotion could be read and is one of the protocol's."""
    if emotion and expected.emotions is not None and emotion not in expected.emotions:
        findings.problem(*place, "emotion", f"one of {', '.join(expected.emotions)}", emotion, "emotion")
        return False
    return emotion is not None


def is_repeated(
    key: tuple[object, ...], place: Place, seen: dict[tuple[object, ...], Place], what: str, findings: Findings
) -> bool:
    """Tell whether the same thing was read before, and remember where."""
    first = seen.setdefault(key, place)
    if first != place:
        findings.problem(*place, "", f"each {what} once", f"what stands in {first[0]}:{first[1]}", "duplicate")
    return first != place


def check_missing(
    known: Sequence[tuple[str, ...]] | None, seen: set[tuple[object, ...]], what: str, findings: Findings
) -> None:
    """Add a problem for each known key that no prediction is of; `what` names one of them."""
    for key in known or ():
        if key not in seen:
            findings.problem(_WHOLE, 0, what, f"{'/'.join(filter(None, key))}", "nothing", "missing")
