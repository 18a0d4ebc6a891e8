"""What the datasets of rendered clips share: settings, who shows what, and recordings of it."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import numpy as np

from mebench.datasets.base import Count
from mebench.rendering.clips import ClipFrames, ClipRecipe, Population
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
        check_limits(self, "noise", least=0)
        check_limits(self, "quality", least=1, most=100)

    def recipe(self, population: Population, subject: int, clip: int, emotion: str, **about: object) -> ClipRecipe:
        """Return the recipe of one clip under these settings; `about` gives the rest of it."""
        shared = {f.name: getattr(self, f.name) for f in dataclasses.fields(ClipsConfig)}
        return ClipRecipe(**{**shared, **about}, population=population, subject=subject, clip=clip, emotion=emotion)


def share_out(total: int, shares: Mapping[str, float]) -> dict[str, int]:
    """Divide a number by shares: whole parts that add up to it, the largest remainders rounded up.

    Raises
    ------
    ValueError : when the shares are negative or all 0.
    """
    whole = sum(shares.values())
    if whole <= 0 or min(shares.values()) < 0:
        raise ValueError("shares must not be negative, and one must be above 0.")
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


def clip_of(
    dataset: str, subject: str, id: str, recipe: ClipRecipe, emotion: str, *, apex: bool = True, database: str = ""
) -> Clip:
    """Return a clip with its annotation; `apex` tells whether the apex is part of it."""
    frames = ClipFrames(recipe)
    where = (frames.onset, frames.apex if apex else 0, frames.offset)
    codes = frames.expression.action_units
    return Clip(dataset, subject, id, recipe.fps, frames, emotion, *where, codes, database=database)


def counted(clips: Sequence[Clip], expected: Mapping[str, int], people: int) -> Iterable[Count]:
    """Yield what `check` compares: people, clips, and clips of each emotion."""
    found = Counter(clip.emotion for clip in clips)
    yield Count("subjects", len({clip.person for clip in clips}), people)
    yield Count("clips", len(clips), sum(expected.values()))
    for emotion in sorted({*found, *expected}):
        yield Count(emotion, found[emotion], expected.get(emotion, 0))
