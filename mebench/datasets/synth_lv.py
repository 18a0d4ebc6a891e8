"""The datasets `synth_lv`, `synth_lv_sparse`, `synth_lv_samm` and `synth_lv_casme`: long videos of rendered faces.

They stand in for licensed recordings, with known expressions. The shares of frames in an event are those of the whole
dataset: .40 and .05 in `synth_lv` and `synth_lv_sparse`, the numbers that the thesis gives for the move-to-neutral
ratio of SAMM-LV and CAS(ME)^2 (4.2.1). Those are means over subjects of a ratio whose denominator is unclear. Of all
frames of SAMM-LV .13 lie in an event, and .026 of those of CAS(ME)^2 (counted in the published annotations), so that
`synth_lv` is three times as dense as SAMM-LV and `synth_lv_sparse` twice as dense as CAS(ME)^2. `synth_lv_samm` and
`synth_lv_casme` have the true shares, with the shares of micro-expressions and the mean durations of these datasets.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import ClassVar, Literal, cast

from mebench.datasets.base import CheckReport, Count, Dataset
from mebench.rendering.schedule import Rhythm, busy_factor, is_empty
from mebench.rendering.source import SyntheticFrames, VideoRecipe
from mebench.schema.recordings import ExpressionType, Video, frame_labels
from mebench.settings import setting


@dataclasses.dataclass(frozen=True)
class SynthConfig:
    """Size and disturbances of a synthetic dataset."""

    subjects: int = setting(8, "Number of subjects, each with a face of its own.")
    videos: int = setting(2, "Videos of each subject.")
    seconds: float = setting(20.0, "Length of each video.", unit="s")
    fps: float = setting(30.0, "Frame rate.", unit="frames/s", source="CAS(ME)^2; SAMM-LV has 200")
    seed: int = setting(0, "Seed of faces, events and everything else.")
    width: int = setting(640, "Frame width.", unit="px")
    height: int = setting(480, "Frame height.", unit="px")
    light: Literal["mild", "uneven", "none"] = setting(
        "mild", "Light: a room, a drifting flickering spot, or perfectly even."
    )
    distractors: bool = setting(
        True, "Whether heads sway, eyes blink and look about, and mouths swallow and talk, unlabelled."
    )
    noise: float = setting(2.0, "Standard deviation of the sensor noise.", unit="grey levels")
    quality: int = setting(90, "JPEG quality of the frames.", unit="1-100")

    def __post_init__(self) -> None:
        """Refuse sizes that cannot be rendered."""
        if self.subjects < 1 or self.videos < 1:
            raise ValueError("subjects and videos must be at least 1.")
        if self.fps < 10 or self.seconds * self.fps < 30:
            raise ValueError("a video needs at least 30 frames at 10 frames/s or more: raise seconds or fps.")
        if self.width < 160 or self.height < 120:
            raise ValueError("frames must be at least 160x120 pixels: raise width and height.")
        if not 1 <= self.quality <= 100 or self.noise < 0:
            raise ValueError("quality must lie in 1-100 and noise must not be negative.")

    @property
    def frames(self) -> int:
        """Frames of each video."""
        return round(self.seconds * self.fps)


@dataclasses.dataclass(frozen=True)
class SammConfig(SynthConfig):
    """Size and disturbances of `synth_lv_samm`."""

    seconds: float = setting(35.0, "Length of each video.", unit="s", source="the mean of SAMM-LV")


@dataclasses.dataclass(frozen=True)
class CasmeConfig(SynthConfig):
    """Size and disturbances of `synth_lv_casme`."""

    seconds: float = setting(60.0, "Length of each video; those of CAS(ME)^2 last 148 s in the mean.", unit="s")


class SynthLV(Dataset):
    """Rendered long videos, three times as dense in movement as SAMM-LV."""

    id: ClassVar[str] = "synth_lv"
    version: ClassVar[str] = "1"
    needs_root: ClassVar[bool] = False
    rendered: ClassVar[bool] = True
    Config: ClassVar[type] = SynthConfig
    rhythm: ClassVar[Rhythm] = Rhythm(ratio=0.40, micro_share=1 / 3, macro_mean=1.6)

    def videos(self) -> Sequence[Video]:
        """Return every video, sorted by subject and id; frames are rendered when read."""
        c = self._config
        return tuple(self._video(s, v) for s in range(c.subjects) for v in range(c.videos))

    @property
    def _config(self) -> SynthConfig:
        return cast(SynthConfig, self.config)

    def _video(self, subject: int, video: int) -> Video:
        c = self._config
        frames = SyntheticFrames(self._recipe(subject, video))
        digits = max(2, len(str(c.subjects)))
        name, number = f"s{subject + 1:0{digits}d}", f"{video + 1:0{len(str(c.videos))}d}"
        return Video(self.id, name, f"{name}_{number}", c.fps, frames, frames.events)

    def _recipe(self, subject: int, video: int) -> VideoRecipe:
        c = self._config
        rhythm = None
        if not is_empty(subject, video):
            rhythm = dataclasses.replace(self.rhythm, ratio=self.rhythm.ratio * busy_factor(c.videos))
        shared = {f.name: getattr(c, f.name) for f in dataclasses.fields(VideoRecipe) if hasattr(c, f.name)}
        return VideoRecipe(**{**shared, "subject": subject, "video": video, "rhythm": rhythm})

    def check(self) -> CheckReport:
        """Count videos, subjects, events and the share of frames in an event (in thousandths)."""
        videos = self.videos()
        events = [e for v in videos for e in v.events]
        c = self._config
        moved = sum(
            int((frame_labels(v, ExpressionType.MACRO) | frame_labels(v, ExpressionType.MICRO)).sum()) for v in videos
        )
        counts = (
            Count("subjects", len({v.subject for v in videos}), c.subjects),
            Count("videos", len(videos), c.subjects * c.videos),
            Count("macro", sum(e.type is ExpressionType.MACRO for e in events)),
            Count("micro", sum(e.type is ExpressionType.MICRO for e in events)),
            Count("videos without events", sum(not v.events for v in videos)),
            Count("share of frames in an event, in thousandths", round(1000 * moved / sum(v.n_frames for v in videos))),
        )
        return CheckReport(self.id, counts)


class SynthLVSparse(SynthLV):
    """Rendered long videos, twice as dense in movement as CAS(ME)^2."""

    id: ClassVar[str] = "synth_lv_sparse"
    rhythm: ClassVar[Rhythm] = Rhythm(ratio=0.05, micro_share=0.25, macro_mean=1.25, micro_range=(0.27, 0.50))


class SynthLVSamm(SynthLV):
    """Rendered long videos as dense in movement as SAMM-LV: of all frames .13 lie in an event."""

    id: ClassVar[str] = "synth_lv_samm"
    Config: ClassVar[type] = SammConfig
    rhythm: ClassVar[Rhythm] = Rhythm(ratio=0.13, micro_share=159 / 502, macro_mean=2.17)


class SynthLVCasme(SynthLV):
    """Rendered long videos as dense in movement as CAS(ME)^2: of all frames .026 lie in an event."""

    id: ClassVar[str] = "synth_lv_casme"
    Config: ClassVar[type] = CasmeConfig
    rhythm: ClassVar[Rhythm] = Rhythm(ratio=0.026, micro_share=57 / 357, macro_mean=1.25, micro_range=(0.27, 0.50))
