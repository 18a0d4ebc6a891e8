"""Counts that are told of a release and that nobody has confirmed: reported where they differ, held against nothing."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from mebench.datasets.base import CheckReport, Erratum


def with_unconfirmed(report: CheckReport, told: Mapping[str, int]) -> CheckReport:
    """Return a report with an erratum for each count that differs from what is told of the release.

    Parameters
    ----------
    report : of a copy of the release.
    told : number by the name of its count.
    """
    found = {count.name: count.found for count in report.counts}
    differing = [
        Erratum("unconfirmed_count", name, "held against nothing", f"{found.get(name, 0)} found, {number} told")
        for name, number in told.items()
        if found.get(name, 0) != number
    ]
    return dataclasses.replace(report, errata=(*report.errata, *differing))
