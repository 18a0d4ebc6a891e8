"""What an audit says: leaks with their evidence, and what could not be looked for and why."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping

FOLDS_NAMED = 3
"""Folds of one leak that are named; the others are counted."""


@dataclasses.dataclass(frozen=True)
class Finding:
    """One piece of evidence for one leak.

    Attributes
    ----------
    leak : what kind, such as `subject_overlap`.
    evidence : who or what, a sentence without a full stop.
    fold : id of the fold, empty for the run as a whole.
    """

    leak: str
    evidence: str
    fold: str = ""


@dataclasses.dataclass(frozen=True)
class AuditReport:
    """Everything that was found in a run.

    Attributes
    ----------
    findings : in the order of detectors and folds.
    looked_for : ids of the detectors that could look.
    not_looked_for : why the others could not, by id.
    """

    findings: tuple[Finding, ...]
    looked_for: tuple[str, ...]
    not_looked_for: Mapping[str, str]

    @property
    def clean(self) -> bool:
        """True when nothing was found."""
        return not self.findings

    def leaks(self) -> tuple[str, ...]:
        """Return the kinds of leaks that were found, each once."""
        return tuple(dict.fromkeys(finding.leak for finding in self.findings))

    def lines(self) -> list[str]:
        """Return a line for each piece of evidence, that of several folds once."""
        return [f"{leak}: {evidence}{_folds(folds)}." for (leak, evidence), folds in grouped(self.findings).items()]


def grouped(findings: Iterable[Finding]) -> dict[tuple[str, str], list[str]]:
    """Return the folds of each piece of evidence, by leak and evidence, in the order of the findings."""
    found: dict[tuple[str, str], list[str]] = {}
    for finding in findings:
        found.setdefault((finding.leak, finding.evidence), []).append(finding.fold)
    return found


def _folds(folds: list[str]) -> str:
    named = [fold for fold in folds if fold]
    if not named:
        return ""
    more = len(named) - FOLDS_NAMED
    listed = ", ".join(named[:FOLDS_NAMED]) + (f" and {more} more" if more > 0 else "")
    return f" (fold{'s' if len(named) > 1 else ''} {listed})"
