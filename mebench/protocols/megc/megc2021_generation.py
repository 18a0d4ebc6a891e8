"""Facial Micro-Expression challenge 2021, generation: given faces are driven with the micro-expressions of others.

Three experts certified in FACS judged the videos. Neither their scale nor how ratings became a score was published, so
the scale is declared with the truth; the composite is the unweighted mean over databases, as in the one public table of
such a study, of a participant of 2022.

A participant of 2021 (FAMGAN, 3.2) says that the upper and the lower half of the face were judged apart, for image
quality, action units and noise. How these became one score is not told, so that a sheet here has one rating an item: a
truth that keeps them apart declares an item for each, such as `clip3-upper-quality`, and names the `subject` of the
clip, so that the ratings of one clip are resampled together.
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
        "Xu et al. 2021, FAMGAN (ACM MM), section 3.2 (halves of the face; quality, action units, noise)",
        "Shrout and Fleiss 1979 (ICC(2,1)); Krippendorff 2011 (alpha)",
    )
