"""The dataset `synth_cde`: rendered micro-expressions in three databases, in place of the MEGC2019 composite.

The databases bear the names of the real ones and differ as they do: `casme2` and `samm` have 200 frames/s and `smic`
100; `samm` is grey and 960x650, the others are in colour and 640x480; their people are different people, those of
`casme2` young and without beards. Classes are as unbalanced as in the composite. `smic` has neither apexes nor action
units. The emotion of a clip is its class, as in the organisers' list; within a class the databases show the emotions
that they have (`casme2` disgust and repression where `samm` is mostly angry; `smic` does not say, and shows some of
each). Durations lie between those of Table 5.3 of the thesis.

`size=small`, the default, has a third of everything (149 clips of 24 people, some 9,000 frames), `size=full` the 442
clips of 68 people. `strength` makes expressions weaker or stronger, `seed` gives other people and expressions.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

from mebench.datasets.synth_clips import ClipsConfig, Part, RenderedClips, share_out
from mebench.rendering.clips import Manner, Population
from mebench.schema.emotions import COMPOSITE_CLASSES
from mebench.schema.recordings import ExpressionType
from mebench.settings import setting

LEVELS = (0.3, 0.75, 1.6)
"""Weakest, most frequent and strongest intensity of a clip before its person's own factor: FACS level A, seldom B."""


@dataclasses.dataclass(frozen=True)
class CdeConfig(ClipsConfig):
    """Size, chance and disturbances of `synth_cde`."""

    size: Literal["small", "full"] = setting(
        "small",
        "A third of the composite, or all of it: 149 clips of 24 people or 442 of 68.",
        source="full: counts of the MEGC2019 list combined_3class_gt.csv",
    )


def _micro(low: float, mode: float) -> Manner:
    return Manner(ExpressionType.MICRO, LEVELS, (low, mode, 0.5))


def _shares(negative: Mapping[str, float]) -> dict[str, Mapping[str, float]]:
    """Return the shares of emotions within each class."""
    return {"negative": negative, "positive": {"happiness": 1}, "surprise": {"surprise": 1}}


# (clips of each class, people) by size, shares of emotions within a class, and everything else about a database.
_SIZES: dict[str, dict[str, tuple[tuple[int, int, int], int]]] = {
    "casme2": {"small": ((30, 11, 8), 8), "full": ((88, 32, 25), 24)},
    "samm": {"small": ((31, 9, 5), 10), "full": ((92, 26, 15), 28)},
    "smic": {"small": ((24, 17, 14), 6), "full": ((70, 51, 43), 16)},
}
_EMOTIONS = {
    "casme2": _shares({"disgust": 61, "repression": 27}),
    "samm": _shares({"anger": 57, "contempt": 12, "disgust": 9, "fear": 8, "sadness": 6}),
    "smic": _shares({"disgust": 1, "sadness": 1, "fear": 1}),
}
_PARTS = (
    Part(Population("casme2", oldest=0.4, beards=False), "sub{:02d}", {}, 0, _micro(0.15, 0.28), 200.0),
    Part(Population("samm"), "{:03d}", {}, 0, _micro(0.15, 0.34), 200.0, 960, 650, colour=False),
    Part(Population("smic", oldest=0.7), "s{:02d}", {}, 0, _micro(0.12, 0.30), 100.0, coded=False),
)


class SynthCde(RenderedClips):
    """Rendered micro-expressions of three databases, three classes."""

    id: ClassVar[str] = "synth_cde"
    version: ClassVar[str] = "1"
    Config: ClassVar[type] = CdeConfig

    def parts(self) -> Sequence[Part]:
        """Return the three databases."""
        return tuple(self._part(part) for part in _PARTS)

    def _part(self, part: Part) -> Part:
        name = part.population.name
        of_class, people = _SIZES[name][self.config.size]
        counts: dict[str, int] = {}
        class_of: dict[str, str] = {}
        for label, count in zip(COMPOSITE_CLASSES, of_class, strict=True):
            counts |= share_out(count, _EMOTIONS[name][label])
            class_of |= dict.fromkeys(_EMOTIONS[name][label], label)
        return dataclasses.replace(part, counts=counts, people=people, class_of=class_of)
