"""What mebench adds to the recipes of papers, and what the papers have in its place.

Conventions
-----------
It is data, so that whoever shows a card knows what its profile says without importing a method. A method of ours offers
the text's values as the profile that is named after that text.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

OWN_PROFILE = "mebench"
"""The profile with all that mebench adds: the default, which cards do not name."""


@dataclasses.dataclass(frozen=True)
class Additions:
    """The additions to one recipe.

    Attributes
    ----------
    text : name of the profile without them, `thesis` or `paper`.
    settings : by setting, the default of mebench and the value of the text.
    later : the settings that came after cards were recorded, with the default at which cards leave them out.
    """

    text: str
    settings: Mapping[str, tuple[Any, Any]]
    later: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def profiles(self) -> dict[str, dict[str, Any]]:
        """Return what the profile of the text sets; see `Method.profiles`."""
        return {self.text: {name: theirs for name, (_, theirs) in self.settings.items()}}

    def values(self, profile: str) -> dict[str, Any]:
        """Return the values of these settings under a profile; empty for one that is not known."""
        place = {OWN_PROFILE: 0, self.text: 1}.get(profile)
        return {} if place is None else {name: pair[place] for name, pair in self.settings.items()}


SPOT3DCNN = Additions(
    "thesis",
    {
        "normalise": ("centre", "range"),
        "micro_minimum": (0.15, 0.0),
        "micro_maximum": (0.7, None),
        "macro_minimum": (0.5, 0.0),
        "micro_overlap": (0.5, 1.0),
        "sampling": ("balanced", "natural"),
    },
    later={"raw_normalise": "range", "sampling": "balanced"},
)
"""The thesis normalises the scores, smooths, thresholds and takes runs (5.4.5): it bounds no duration, and that micro-
and macro-expressions may occur together is a feature of the method (5.4). Its weights of the loss "address the dataset
imbalance" (5.4.3), which a balanced draw has taken away before."""

AU_SUM = Additions(
    "thesis",
    {"min_rise": (0.05, 0.0), "merge_valley": (0.5, 1.0), "percentile_of": ("smoothed", "sum")},
    later={"percentile_of": "smoothed"},
)
"""The thesis drops no ripple and joins no neighbours, and takes the percentile of the normalised sum (4.2.1)."""

MDMD = Additions("paper", {"samples_per_k": (6, 0)})
"""The published program computes every frame (arXiv 1912.11985)."""

WITH_LEGACY = ("apex_me", "branches", "dtscnn", "softnet")
"""Methods with a setting `legacy`: what their paper chose on the very data that it scored."""

ADDITIONS: Mapping[str, Additions] = {
    "au_sum": AU_SUM,
    "mdmd": MDMD,
    "spot3dcnn": SPOT3DCNN,
    "spot3dcnn_end_to_end": SPOT3DCNN,
}
"""By method."""
