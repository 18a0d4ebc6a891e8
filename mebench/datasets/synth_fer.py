"""The dataset `synth_fer`: rendered stills of seven emotions, in place of FER2013 and AffectNet.

A clip of one frame, the face alone, 48x48 and grey as in FER2013; other sizes and colour are settings. Intensities run
from weak to full, and `clip.frames.truth().action_units` knows them. Every still names its person, so that folds can be
over people, which those of FER2013 are not. The shares of negative, neutral, positive and surprised faces are settings;
among the negative ones anger, disgust, fear and sadness keep the shares that they have in FER2013.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from typing import ClassVar

from mebench.datasets.synth_clips import ClipsConfig, Part, RenderedClips, share_out
from mebench.rendering.clip_frames import FACE_SIDE
from mebench.rendering.clips import Manner, Population
from mebench.rendering.fields import Layout
from mebench.schema.recordings import ExpressionType
from mebench.settings import check_limits, setting

_NEGATIVE = {"anger": 4953, "disgust": 547, "fear": 5121, "sadness": 6077}
_MANNER = Manner(ExpressionType.MACRO, (1.0, 3.0, 5.0), ends="still")
_FPS = 30.0
_LEAST_HEIGHT = 240
_FER = "share in FER2013"


@dataclasses.dataclass(frozen=True)
class FerConfig(ClipsConfig):
    """Size, balance, chance and disturbances of `synth_fer`."""

    stills: int = setting(1200, "Number of stills.")
    people: int = setting(60, "Number of people.")
    face: int = setting(48, "Width and height of a still.", unit="px", source="FER2013")
    colour: bool = setting(False, "Whether stills are in colour.", source="FER2013")
    negative: float = setting(0.465, "Share of anger, disgust, fear and sadness.", source=_FER)
    neutral: float = setting(0.173, "Share of neutral faces.", source=_FER)
    positive: float = setting(0.250, "Share of happiness.", source=_FER)
    surprise: float = setting(0.112, "Share of surprise.", source=_FER)

    def __post_init__(self) -> None:
        """Refuse what cannot be rendered."""
        super().__post_init__()
        check_limits(self, "people", least=1)
        check_limits(self, "stills", least=self.people, hint="every person has one or more")
        check_limits(self, "face", least=24, most=512)
        self.counts()

    def counts(self) -> dict[str, int]:
        """Return the number of stills of each emotion."""
        of_group = share_out(
            self.stills, {n: getattr(self, n) for n in ("negative", "neutral", "positive", "surprise")}
        )
        negative = share_out(of_group.pop("negative"), _NEGATIVE)
        of_group["happiness"] = of_group.pop("positive")
        return {name: count for name, count in {**negative, **of_group}.items() if count}


class SynthFer(RenderedClips):
    """Rendered stills of seven emotions."""

    id: ClassVar[str] = "synth_fer"
    version: ClassVar[str] = "1"
    tasks: ClassVar[tuple[str, ...]] = ("recognition",)
    Config: ClassVar[type] = FerConfig

    def parts(self) -> Sequence[Part]:
        """Return the one part."""
        c = self.config
        height = _height(c.face)
        size = (4 * height // 3, height, c.colour, c.face)
        people, digits = Population("fer"), max(2, len(str(c.people)))
        return (Part(people, f"p{{:0{digits}d}}", c.counts(), c.people, _MANNER, _FPS, *size),)


def _height(face: int) -> int:
    """Return the height of a frame in which a face has at least as many pixels as its picture."""
    of_one = FACE_SIDE * Layout.of(400, 300).ipd / 300
    return max(_LEAST_HEIGHT, 12 * math.ceil(1.1 * face / of_one / 12))
