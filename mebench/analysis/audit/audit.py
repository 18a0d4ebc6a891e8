"""Look a run through for every leak that is known; what cannot be looked for is said with its reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from mebench.analysis.audit.audited import AuditedRun
from mebench.analysis.audit.findings import AuditReport, Finding
from mebench.analysis.audit.frames import augmented_tests, duplicated_frames
from mebench.analysis.audit.people import selection_on_test, subject_overlap, tested_copies, two_ids
from mebench.analysis.audit.replay import chance_in_tests, statistics_of_tests
from mebench.errors import UserError
from mebench.runs.run import load_run

Detector = Callable[[AuditedRun], Iterable[Finding]]

DETECTORS: Mapping[str, Detector] = {
    "subject overlap": subject_overlap,
    "one person under two ids": two_ids,
    "duplicated frames": duplicated_frames,
    "altered copies among tested clips": augmented_tests,
    "chance while testing": chance_in_tests,
    "statistics of tested clips": statistics_of_tests,
    "selection on tested people": selection_on_test,
    "copies of tested people": tested_copies,
}
"""Every detector by what it looks for, in the order of a report."""

QUICK = ("subject overlap", "one person under two ids", "selection on tested people", "copies of tested people")
"""Those that open no dataset: what a run is looked through for at its end."""


def audit(
    path: Path,
    roots: Sequence[str] = (),
    also: Sequence[Path] = (),
    cache: Path | None = None,
    *,
    quick: bool = False,
) -> AuditReport:
    """Look a run through.

    Parameters
    ----------
    path : the run's folder.
    roots : of its datasets, as for `mebench run`.
    also : folders of the copies of people that it learnt from.
    cache : folder of the frame cache, None for the user's own.
    quick : open no dataset, and look for `QUICK` alone.

    Raises
    ------
    UserError : when the folder is no run.
    """
    run = AuditedRun(load_run(path), roots, also, cache)
    findings: list[Finding] = []
    looked, failed = [], {}
    for name, detector in DETECTORS.items():
        if quick and name not in QUICK:
            continue
        try:
            findings += detector(run)
        except UserError as error:
            failed[name] = str(error)
        else:
            looked.append(name)
    return AuditReport(tuple(findings), tuple(looked), failed)
