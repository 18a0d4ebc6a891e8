"""Generated clips held against recorded ones, leave one subject out: the plain measure of whether a generator learns.

No challenge grades generation this way; MEGC2021 had experts rate it (`megc2021-generation`). Every metric of frames
that is registered is measured. People of several databases learn from each other.
"""

from __future__ import annotations

from mebench.protocols.rules.generation import LikenessProtocol


class GenerationLikeness(LikenessProtocol):
    """Every subject is tested once by a generator that has not seen them."""

    id = "generation-likeness"
    summary = "generated clips against the recorded ones of the same subject: PSNR and mean absolute error"
    sources = ("mebench's choice",)
