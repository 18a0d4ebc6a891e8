"""The dataset `synth_cde`: rendered micro-expressions in three databases, in place of the MEGC2019 composite.

The databases bear the names of the real ones and differ as they do: `casme2` and `samm` have 200 frames/s and `smic`
100; `samm` is grey and 960x650, the others are in colour and 640x480; their people are different people, those of
`casme2` young and without beards. Classes are as unbalanced as in the composite. `smic` has neither apexes nor action
units. The emotion of a clip is its class, as in the organisers' list; within a class the databases show the emotions
that they have (`casme2` disgust and repression where `samm` is mostly angry).

`size=small`, the default, has a third of everything (149 clips of 24 people, about 8,000 frames), `size=full` the 442
clips of 68 people. `strength` makes expressions weaker or stronger, `seed` gives other people and expressions.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, Literal, cast

from mebench.datasets.base import CheckReport, Count, Dataset
from mebench.datasets.synth_clips import ClipsConfig, clip_of, counted, share_out, who_shows_what
from mebench.rendering.clips import Manner, Population
from mebench.schema.emotions import COMPOSITE_CLASSES
from mebench.schema.recordings import Clip, ExpressionType
from mebench.settings import setting

Size = Literal["small", "full"]


@dataclasses.dataclass(frozen=True)
class CdeConfig(ClipsConfig):
    """Size, chance and disturbances of `synth_cde`."""

    size: Literal["small", "full"] = setting(
        "small",
        "A third of the composite, or all of it: 149 clips of 24 people or 442 of 68.",
        source="full: counts of the MEGC2019 list combined_3class_gt.csv",
    )


@dataclasses.dataclass(frozen=True)
class Database:
    """One of the three databases.

    Attributes
    ----------
    population : who is recorded; subject : form of their ids.
    counts : clips of each class in order, and people : number of people, by size.
    emotions : shares of the emotions that the database has within a class.
    seconds : shortest, most frequent and longest duration.
    coded : whether apex and action units are annotated.
    """

    population: Population
    subject: str
    counts: Mapping[str, tuple[int, int, int]]
    people: Mapping[str, int]
    emotions: Mapping[str, Mapping[str, float]]
    fps: float
    seconds: tuple[float, float, float]
    width: int = 640
    height: int = 480
    colour: bool = True
    coded: bool = True

    def of_class(self, size: Size) -> dict[str, int]:
        """Return the number of clips of each class."""
        return dict(zip(COMPOSITE_CLASSES, self.counts[size], strict=True))


_PLAIN: dict[str, dict[str, float]] = {"positive": {"happiness": 1.0}, "surprise": {"surprise": 1.0}}
DATABASES = (
    Database(
        Population("casme2", oldest=0.4, beards=False),
        "sub{:02d}",
        {"small": (30, 11, 8), "full": (88, 32, 25)},
        {"small": 8, "full": 24},
        {"negative": {"disgust": 61, "repression": 27}, **_PLAIN},
        200.0,
        (0.15, 0.28, 0.50),
    ),
    Database(
        Population("samm"),
        "{:03d}",
        {"small": (31, 9, 5), "full": (92, 26, 15)},
        {"small": 10, "full": 28},
        {"negative": {"anger": 57, "contempt": 12, "disgust": 9, "fear": 8, "sadness": 6}, **_PLAIN},
        200.0,
        (0.15, 0.34, 0.50),
        960,
        650,
        colour=False,
    ),
    Database(
        Population("smic", oldest=0.7),
        "s{:02d}",
        {"small": (24, 17, 14), "full": (70, 51, 43)},
        {"small": 6, "full": 16},
        {"negative": {"disgust": 1, "sadness": 1, "fear": 1}, **_PLAIN},
        100.0,
        (0.12, 0.30, 0.50),
        coded=False,
    ),
)
LEVELS = (0.4, 0.9, 1.8)
"""Weakest, most frequent and strongest intensity of a clip before its person's own factor: FACS level A, seldom B."""


class SynthCde(Dataset):
    """Rendered micro-expressions of three databases, three classes."""

    id: ClassVar[str] = "synth_cde"
    version: ClassVar[str] = "1"
    tasks: ClassVar[tuple[str, ...]] = ("recognition", "generation")
    needs_root: ClassVar[bool] = False
    rendered: ClassVar[bool] = True
    Config: ClassVar[type] = CdeConfig

    @property
    def _config(self) -> CdeConfig:
        return cast(CdeConfig, self.config)

    def clips(self) -> Sequence[Clip]:
        """Return every clip, sorted by database, subject and id; frames are rendered when read."""
        return tuple(clip for database in DATABASES for clip in self._clips(database))

    def _clips(self, database: Database) -> Iterator[Clip]:
        c, d = self._config, database
        manner = Manner(ExpressionType.MICRO, LEVELS, d.seconds)
        about = {"fps": d.fps, "manner": manner, "width": d.width, "height": d.height, "colour": d.colour}
        emotions: dict[str, int] = {}
        class_of: dict[str, str] = {}
        for label, count in d.of_class(c.size).items():
            emotions |= share_out(count, d.emotions[label])
            class_of |= dict.fromkeys(d.emotions[label], label)
        shown = who_shows_what(emotions, d.people[c.size], d.population.seed(c.seed, 0, 0xC0))
        for person, theirs in enumerate(shown):
            name = d.subject.format(person + 1)
            for number, emotion in enumerate(theirs):
                recipe = c.recipe(d.population, person, number, emotion, **about)
                clip = clip_of(self.id, name, f"{name}_{number + 1:02d}", recipe, class_of[emotion], apex=d.coded)
                codes = clip.action_units if d.coded else ""
                yield dataclasses.replace(clip, action_units=codes, database=d.population.name)

    def check(self) -> CheckReport:
        """Count people, clips and classes, in each database too."""
        clips, size = self.clips(), self._config.size
        totals = {c: sum(d.of_class(size)[c] for d in DATABASES) for c in COMPOSITE_CLASSES}
        counts = list(counted(clips, totals, sum(d.people[size] for d in DATABASES)))
        for d in DATABASES:
            inside = [clip for clip in clips if clip.database == d.population.name]
            for count in counted(inside, d.of_class(size), d.people[size]):
                counts.append(Count(f"{d.population.name}: {count.name}", count.found, count.expected))
        return CheckReport(self.id, tuple(counts))
