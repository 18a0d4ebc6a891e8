"""The dataset `synth_mmew`: rendered micro-expressions of six emotions, in place of MMEW.

90 frames/s as in MMEW; frames are 640x480 where those of MMEW are 1920x1080. `size=small`, the default, has a third of
the clips and people (78 of 12), `size=full` those of MMEW (234 of 36). The clips labelled `others`, which the protocols
of six classes leave out, are there with `others=true` (100 and 300 clips).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import ClassVar, Literal

from mebench.datasets.synth_clips import ClipsConfig, Part, RenderedClips
from mebench.rendering.clips import Manner, Population
from mebench.schema.recordings import ExpressionType
from mebench.settings import check_limits, setting

_COUNTS = {
    "small": {"happiness": 12, "surprise": 30, "anger": 3, "disgust": 24, "fear": 5, "sadness": 4, "others": 22},
    "full": {"happiness": 36, "surprise": 89, "anger": 8, "disgust": 72, "fear": 16, "sadness": 13, "others": 66},
}
_PEOPLE = {"small": 12, "full": 36}
_MANNER = Manner(ExpressionType.MICRO, (0.3, 0.75, 1.6), (0.15, 0.30, 0.50))


@dataclasses.dataclass(frozen=True)
class MmewConfig(ClipsConfig):
    """Size, chance and disturbances of `synth_mmew`."""

    size: Literal["small", "full"] = setting(
        "small", "A third of MMEW, or all of it.", source="full: counts of the MMEW workbook"
    )
    others: bool = setting(False, "Whether the clips labelled others are among them.")
    width: int = setting(640, "Frame width.", unit="px", source="mebench's choice; MMEW has 1920")
    height: int = setting(480, "Frame height.", unit="px", source="mebench's choice; MMEW has 1080")

    def __post_init__(self) -> None:
        """Refuse what cannot be rendered."""
        super().__post_init__()
        check_limits(self, "width", least=160)
        check_limits(self, "height", least=120)


class SynthMmew(RenderedClips):
    """Rendered micro-expressions of six emotions."""

    id: ClassVar[str] = "synth_mmew"
    version: ClassVar[str] = "1"
    Config: ClassVar[type] = MmewConfig

    def parts(self) -> Sequence[Part]:
        """Return the one part."""
        c = self.config
        counts = {name: count for name, count in _COUNTS[c.size].items() if c.others or name != "others"}
        people = Population("mmew", oldest=0.4)
        return (Part(people, "S{:02d}", counts, _PEOPLE[c.size], _MANNER, 90.0, c.width, c.height),)
