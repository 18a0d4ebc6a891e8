"""Facial Micro-Expression challenge 2021, generation: given faces are driven with the micro-expressions of others.

Three experts certified in FACS judged the videos. Neither their scale nor how ratings became a score was published, so
the scale is declared with the truth; the composite is the unweighted mean over databases, as in the one public table of
such a study, of a participant of 2022.
"""

from __future__ import annotations

from mebench.protocols.rules.generation import RatingProtocol


class Megc2021Generation(RatingProtocol):
    """Ratings by three experts on a declared scale: means per database, composite, agreement."""

    id = "megc2021-generation"
    summary = "generated micro-expressions, rated by three experts on a declared scale"
    sources = (
        "Li et al. 2021, FME'21: 1st workshop on facial micro-expression, generation and spotting (ACM MM)",
        "arXiv:2308.04536 (the winner: judged by three FACS-certified experts)",
        "Shrout and Fleiss 1979 (ICC(2,1)); Krippendorff 2011 (alpha)",
    )
