"""What the datasets of rendered clips share: settings, who shows what, and the recordings of it."""

from __future__ import annotations

import abc
import dataclasses
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, Literal

import numpy as np

from mebench.datasets.base import CheckReport, Count, Dataset
from mebench.rendering.clip_frames import ClipFrames
from mebench.rendering.clips import ClipRecipe, Manner, Population
from mebench.schema.recordings import Clip
from mebench.settings import check_limits, setting


@dataclasses.dataclass(frozen=True)
class ClipsConfig:
    """Chance and disturbances of rendered clips."""

    seed: int = setting(0, "Seed of faces, expressions and everything else.")
    strength: float = setting(1.0, "Factor on the intensity of every expression: below 1 they are harder to tell.")
    light: Literal["mild", "uneven", "none"] = setting(
        "mild", "Light: a room, a drifting flickering spot, or perfectly even."
    )
    distractors: bool = setting(
        True, "Whether heads sway, eyes blink and look about, and mouths swallow and talk, unlabelled."
    )
    noise: float = setting(2.0, "Standard deviation of the sensor noise.", unit="grey levels")
    quality: int = setting(90, "JPEG quality of the frames.", unit="1-100")

    def __post_init__(self) -> None:
        """Refuse what cannot be rendered."""
        check_limits(self, "strength", above=0, most=5)
        check_limits(self, "noise", "seed", least=0)
        check_limits(self, "quality", least=1, most=100)


@dataclasses.dataclass(frozen=True)
class Part:
    """A dataset, or one database of several.

    Attributes
    ----------
    population : who is recorded; subject : form of their ids.
    counts : number of clips of each emotion; people : number of people.
    manner, fps : how expressions run.
    width, height, colour, face : what the camera takes, see `ClipRecipe`.
    class_of : label of each emotion, where it is not the emotion.
    coded : whether apex and action units are annotated.
    """

    population: Population
    subject: str
    counts: Mapping[str, int]
    people: int
    manner: Manner
    fps: float
    width: int = 640
    height: int = 480
    colour: bool = True
    face: int | None = None
    class_of: Mapping[str, str] = dataclasses.field(default_factory=dict)
    coded: bool = True

    def labels(self) -> dict[str, int]:
        """Return the number of clips of each label."""
        found: Counter[str] = Counter()
        for emotion, count in self.counts.items():
            found[self.class_of.get(emotion, emotion)] += count
        return dict(found)


class RenderedClips(Dataset):
    """Clips of people who do not exist; what a dataset of it has stands in its `parts`."""

    tasks: ClassVar[tuple[str, ...]] = ("recognition", "generation")
    needs_root: ClassVar[bool] = False
    rendered: ClassVar[bool] = True
    Config: ClassVar[type] = ClipsConfig

    @abc.abstractmethod
    def parts(self) -> Sequence[Part]:
        """Return its parts, sorted by name; where there are several, each is a database."""

    def clips(self) -> Sequence[Clip]:
        """Return every clip, sorted by database, subject and id; frames are rendered when read."""
        parts = self.parts()
        return tuple(clip for part in parts for clip in self._clips(part, part.population.name * (len(parts) > 1)))

    def _clips(self, part: Part, database: str) -> Iterator[Clip]:
        shared = {f.name: getattr(self.config, f.name) for f in dataclasses.fields(ClipsConfig)}
        names = [f.name for f in dataclasses.fields(ClipRecipe) if hasattr(part, f.name) and f.name != "subject"]
        shared |= {name: getattr(part, name) for name in names}
        shown = who_shows_what(part.counts, part.people, part.population.seed(shared["seed"], 0, 0xC0))
        for person, theirs in enumerate(shown):
            subject, digits = part.subject.format(person + 1), max(2, len(str(len(theirs))))
            for number, emotion in enumerate(theirs):
                frames = ClipFrames(ClipRecipe(**shared, subject=person, clip=number, emotion=emotion))
                name, label = f"{subject}_{number + 1:0{digits}d}", part.class_of.get(emotion, emotion)
                apex, codes = (frames.apex, frames.expression.action_units) if part.coded else (0, "")
                when = (frames.onset, apex, frames.offset)
                yield Clip(self.id, subject, name, part.fps, frames, label, *when, codes, database=database)

    def check(self) -> CheckReport:
        """Count people, clips and labels, and in each database too."""
        clips, parts = self.clips(), self.parts()
        total: Counter[str] = Counter()
        for part in parts:
            total.update(part.labels())
        counts = list(_counts("", clips, total, sum(part.people for part in parts)))
        for part in parts if len(parts) > 1 else ():
            inside = [clip for clip in clips if clip.database == part.population.name]
            counts += _counts(f"{part.population.name}: ", inside, part.labels(), part.people)
        return CheckReport(self.id, tuple(counts))


def _counts(prefix: str, clips: Sequence[Clip], expected: Mapping[str, int], people: int) -> Iterator[Count]:
    found = Counter(clip.emotion for clip in clips)
    yield Count(f"{prefix}subjects", len({clip.person for clip in clips}), people)
    yield Count(f"{prefix}clips", len(clips), sum(expected.values()))
    for label in sorted({*found, *expected}):
        yield Count(f"{prefix}{label}", found[label], expected.get(label, 0))


def share_out(total: int, shares: Mapping[str, float]) -> dict[str, int]:
    """Divide a number by shares: whole parts that add up to it, the largest remainders rounded up.

    Raises
    ------
    ValueError : when a share is negative or all are 0.
    """
    whole = sum(shares.values())
    if whole <= 0 or min(shares.values()) < 0:
        raise ValueError(f"the shares of {', '.join(shares)} must not be negative, and one must be above 0.")
    exact = {name: total * share / whole for name, share in shares.items()}
    counts = {name: int(value) for name, value in exact.items()}
    for name in sorted(exact, key=lambda name: counts[name] - exact[name])[: total - sum(counts.values())]:
        counts[name] += 1
    return counts


def who_shows_what(counts: Mapping[str, int], people: int, seed: np.random.SeedSequence) -> list[list[str]]:
    """Give every person one clip or more, some many, as in recordings of spontaneous expressions.

    Parameters
    ----------
    counts : number of clips of each emotion; at least `people` in all.

    Returns
    -------
    The emotions of each person's clips, in random order.
    """
    rng = np.random.default_rng(seed)
    emotions = rng.permutation([name for name, count in counts.items() for _ in range(count)])
    extra = rng.choice(people, len(emotions) - people, p=rng.dirichlet(np.full(people, 3.0)))
    shown: list[list[str]] = [[] for _ in range(people)]
    for person, emotion in zip([*range(people), *extra.tolist()], emotions.tolist(), strict=True):
        shown[person].append(emotion)
    return shown
