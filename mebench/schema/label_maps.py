"""How the emotions that data sets name map to the classes that are told apart, as tables with their sources.

Conventions
-----------
Data sets keep their own names, in lower case: `afraid`, `fear` and `scared` are one emotion under three names.
`BASIC` gives each name the one that the maps use. A label map gives each basic emotion a class; what has none is left
out, and `counts` says how much that is.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from mebench.schema.emotions import COMPOSITE_CLASS_OF, COMPOSITE_CLASSES

_NAMES = {
    "anger": ("anger", "angry"),
    "contempt": ("contempt", "contemptuous"),
    "disgust": ("disgust", "disgusted"),
    "fear": ("fear", "afraid", "fearful", "scared"),
    "happiness": ("happiness", "happy", "joy"),
    "neutral": ("neutral",),
    "sadness": ("sadness", "sad"),
    "surprise": ("surprise", "surprised"),
}
BASIC: Mapping[str, str] = MappingProxyType({name: basic for basic, names in _NAMES.items() for name in names})
"""The basic emotion of every name of one."""


@dataclasses.dataclass(frozen=True)
class LabelMap:
    """Which class each emotion is of.

    Attributes
    ----------
    name : its own.
    classes : the classes, by their numbers.
    of : class of every basic emotion, and of every other label, that has one.
    source : where it is published.
    weights : how much a sample of each class counts in a loss; as many as classes, or none.
    targets : what a regression is taught for each class; as many as classes, or none.
    """

    name: str
    classes: tuple[str, ...]
    of: Mapping[str, str]
    source: str
    weights: tuple[float, ...] = ()
    targets: tuple[float, ...] = ()

    def class_of(self, emotion: str) -> str | None:
        """Return the class of an emotion under any of its names, or None where it has none.

        >>> FER_VALENCE.class_of("afraid"), FER_VALENCE.class_of("uncertain")
        ('negative', None)
        """
        return self.of.get(emotion) or self.of.get(BASIC.get(emotion, emotion))

    def counts(self, emotions: Mapping[str, int] | Iterable[str]) -> dict[str, int]:
        """Return how many samples each class has, and under the empty name how many have none.

        Parameters
        ----------
        emotions : the emotion of every sample, or how many samples have each.
        """
        numbers = emotions if isinstance(emotions, Mapping) else _counted(emotions)
        found = dict.fromkeys((*self.classes, ""), 0)
        for emotion, number in numbers.items():
            found[self.class_of(emotion) or ""] += number
        return found


def _counted(emotions: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for emotion in emotions:
        found[emotion] = found.get(emotion, 0) + 1
    return found


FER_VALENCE = LabelMap(
    "fer-valence",
    ("negative", "neutral", "positive"),
    MappingProxyType(
        {
            **dict.fromkeys(("anger", "contempt", "disgust", "fear", "sadness"), "negative"),
            **dict.fromkeys(("neutral", "surprise"), "neutral"),
            "happiness": "positive",
        }
    ),
    "thesis chapter 7",
    weights=(3.0, 2.0, 1.0),
    targets=(0.0, 0.5, 1.0),
)
"""Negative, neutral and positive of five data sets; `surprise` counts as neutral."""

COMPOSITE = LabelMap("megc2019", COMPOSITE_CLASSES, MappingProxyType(COMPOSITE_CLASS_OF), "MEGC2019 guideline")
"""Negative, positive and surprise of three databases of micro-expressions."""

LABEL_MAPS: Mapping[str, LabelMap] = MappingProxyType({one.name: one for one in (FER_VALENCE, COMPOSITE)})
"""All maps by name."""
