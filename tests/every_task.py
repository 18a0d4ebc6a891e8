"""Predictions of some quality, and their truth, for a protocol of every task."""

from __future__ import annotations

from mebench.protocols.likeness import GenerationLikeness
from mebench.protocols.megc.megc2019_cde import Megc2019Cde
from mebench.protocols.megc.megc2021_generation import Megc2021Generation
from mebench.protocols.megc.megc2024_str import Megc2024Str
from mebench.protocols.megc.megc2025_str import Megc2025Str
from mebench.protocols.megc.megc2025_vqa import Megc2025Vqa
from mebench.schema.answers import Answer, Answers
from mebench.schema.clips import ClipRow, ClipTable
from mebench.schema.emotions import COMPOSITE_CLASSES
from mebench.schema.generated import GeneratedClip, GeneratedTable
from mebench.schema.intervals import IntervalRow, Intervals
from mebench.schema.ratings import Item, RatedItems, Rating, Scale
from mebench.schema.recognition import Labels
from mebench.schema.truth import Truth, VideoTable

SUBJECTS = [f"{database}/s{i}" for database in ("casme2", "samm", "smic") for i in range(6)]
QUESTION = "What is the coarse expression class?"


def right(quality, i):
    """Say whether a method of some quality, 0 to 1, is right about item i."""
    return i % 6 < 6 * quality


def recognition(quality):
    names = [s.split("/") for s in SUBJECTS]
    clips = ClipTable.from_rows(
        [ClipRow(d, s, f"{s}{k}", COMPOSITE_CLASSES[k]) for d, s in names for k in range(3)], "composite"
    )
    wrong = dict(zip(COMPOSITE_CLASSES, (*COMPOSITE_CLASSES[1:], COMPOSITE_CLASSES[0]), strict=True))
    said = [c.emotion if right(quality, i // 3) else wrong[c.emotion] for i, c in enumerate(clips.clips)]
    return Labels(tuple(c.key for c in clips.clips), tuple(said)), clips


def spot_recognise(quality):
    nan = float("nan")
    rows = [
        (s, "v", 100 * k + 1, 100 * k + 20, "micro", nan, label)
        for s in SUBJECTS
        for k, label in enumerate(COMPOSITE_CLASSES)
    ]
    events = Intervals.from_rows([IntervalRow(*row) for row in rows])
    found = [IntervalRow(*row) for i, row in enumerate(rows) if right(quality, i // 3)]
    videos = VideoTable.from_rows([(s, "v", 30.0, 1000) for s in SUBJECTS])
    return Intervals.from_rows(found), Truth(events, videos, "casme2+samm+smic")


def answers(quality):
    def rows(said):
        return Answers(
            tuple(Answer(f"q{i}", f"v{i}", QUESTION, said(i), "samm" if i < 12 else "casme3") for i in range(24)), "vqa"
        )

    truth = rows(lambda i: COMPOSITE_CLASSES[i % 3])
    return rows(lambda i: COMPOSITE_CLASSES[i % 3] if right(quality, i // 3) else "none"), truth


def generation(quality):
    items = tuple(sorted(Item(d, f"{d}{i}") for d in ("casme2", "samm") for i in range(6)))
    given = tuple(
        Rating(f"c{j}", item.database, item.item, float(1 + (i + j) % 2 + round(3 * quality)))
        for i, item in enumerate(items)
        for j in range(3)
    )
    return given, RatedItems(items, Scale(1, 5, 1), 3, "generated")


def likeness(quality):
    _, clips = recognition(quality)
    errors = [1000.0 * (1.2 - quality) + 50 * (i % 5) for i in range(len(clips.clips))]
    rows = [
        GeneratedClip(*clip.key, 8, {"psnr": (error, 64.0), "mean_absolute_error": (error / 9, 64.0)})
        for clip, error in zip(clips.clips, errors, strict=True)
    ]
    return GeneratedTable.of(rows), clips


TASKS = {
    "megc2019-cde": (Megc2019Cde, recognition, "UF1 (full)"),
    "megc2024-str": (Megc2024Str, spot_recognise, "STRS (overall)"),
    "megc2025-str": (Megc2025Str, spot_recognise, "STRS (overall)"),
    "megc2025-vqa": (Megc2025Vqa, answers, "UF1 coarse (overall)"),
    "megc2021-generation": (Megc2021Generation, generation, "rating (composite)"),
    "generation-likeness": (GenerationLikeness, likeness, "PSNR (overall)"),
}
