"""Micro-Expression Grand Challenge 2020: spotting in long videos, one dataset at a time.

The rule text of 2019 (a true positive has an IoU of at least .5, counts are pooled over videos) was taken over for the
long videos of SAMM-LV and CAS(ME)^2, with both types of expression. The organisers' baseline code counts the truths
that any prediction hits; the default here is one-to-one, and the preset `megc2020` recomputes the published numbers.
"""

from __future__ import annotations

from collections.abc import Sequence

from mebench.protocols.rules.spotting import SpottingProtocol
from mebench.schema.truth import TruthCounts

OFFICIAL = {
    "samm_lv": TruthCounts(videos=147, macro=343, micro=159),
    "casme_sq": TruthCounts(videos=98, macro=300, micro=57),
}
"""Videos and events of the two long-video sets, as their authors count them. (The thesis took 87 videos of CAS(ME)^2,
5.4.4, with all 357 events.)"""


class Megc2020Spotting(SpottingProtocol):
    """Leave one subject out, within one dataset."""

    id = "megc2020-spotting"
    summary = "interval spotting at IoU .5, leave-one-subject-out within one dataset"
    sources = (
        "MEGC2019 spotting guideline, 18 Dec 2018 (IoU >= .5, pooled counts)",
        "arXiv:1912.11985 (the MDMD baseline of MEGC2020)",
        "thesis section 4.2.1, Table 4.3",
    )
    published_convention = "megc2020"
    official = OFFICIAL
    remarks = {
        "casme_sq": "the thesis took 87 of these 98 videos, and which 11 it left out is unknown: published numbers may "
        "have other false positives"
    }

    def supports(
        self, datasets: Sequence[str], task: str = "", *, training: Sequence[str] = (), trains: bool = True
    ) -> str | None:
        """Return a reason for other tasks and for several datasets at once; see `Protocol.supports`."""
        if len(datasets) > 1:
            return f"{self.id} takes one dataset at a time, megc2021-spotting pools several"
        return super().supports(datasets, task, training=training, trains=trains)
