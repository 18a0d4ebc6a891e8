"""The dataset `synth_macro`: rendered macro-expressions from neutral to apex, in place of CK+.

The first frame is neutral and called onset, the last is the apex, as CK+ is read. `ends=offset` lets the face return,
with `margin` seconds of neutral face at both ends, as in MUG; onset and offset are then those of the movement. The true
intensity of every action unit in every frame is `clip.frames.truth().action_units`, shape (n, 17).

`size=small`, the default, has a fifth of the labelled sequences and people of CK+ (67 of 24), `size=full` 327 of 118.
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
    "small": {"anger": 9, "contempt": 4, "disgust": 12, "fear": 5, "happiness": 14, "sadness": 6, "surprise": 17},
    "full": {"anger": 45, "contempt": 18, "disgust": 59, "fear": 25, "happiness": 69, "sadness": 28, "surprise": 83},
}
_PEOPLE = {"small": 24, "full": 118}
_LEVELS = (1.8, 3.2, 5.0)
_SECONDS = {"apex": (0.3, 0.55, 1.0), "offset": (0.8, 1.6, 3.0)}


@dataclasses.dataclass(frozen=True)
class MacroConfig(ClipsConfig):
    """Size, course, chance and disturbances of `synth_macro`."""

    size: Literal["small", "full"] = setting(
        "small", "A fifth of CK+, or all of it.", source="full: counts of the labelled sequences of CK+"
    )
    ends: Literal["apex", "offset"] = setting(
        "apex", "Where a clip ends: with the strongest frame as in CK+, or back at neutral as in MUG."
    )
    margin: float = setting(0.03, "Neutral face at the ends, at least one frame.", unit="s")
    fps: float = setting(30.0, "Frame rate.", unit="frames/s", source="CK+; MUG has 19")
    width: int = setting(640, "Frame width.", unit="px", source="CK+")
    height: int = setting(480, "Frame height.", unit="px", source="CK+")

    def __post_init__(self) -> None:
        """Refuse what cannot be rendered."""
        super().__post_init__()
        check_limits(self, "margin", least=0, most=10)
        check_limits(self, "fps", least=10, most=1000)
        check_limits(self, "width", least=160)
        check_limits(self, "height", least=120)


class SynthMacro(RenderedClips):
    """Rendered macro-expressions of seven emotions, neutral to apex."""

    id: ClassVar[str] = "synth_macro"
    version: ClassVar[str] = "1"
    Config: ClassVar[type] = MacroConfig

    def parts(self) -> Sequence[Part]:
        """Return the one part."""
        c = self.config
        manner = Manner(ExpressionType.MACRO, _LEVELS, _SECONDS[c.ends], c.margin, c.ends)
        people = Population("macro")
        return (Part(people, "S{:03d}", _COUNTS[c.size], _PEOPLE[c.size], manner, c.fps, c.width, c.height),)
