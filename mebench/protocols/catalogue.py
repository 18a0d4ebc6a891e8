"""The built-in protocols and those that other packages register."""

from __future__ import annotations

from mebench.protocols.base import Protocol
from mebench.registry import Registry

PROTOCOLS: Registry[type[Protocol]] = Registry("protocol", "mebench.protocols", of=Protocol)

for _id, _target, _task, _summary in (
    ("megc2019-cde", "megc2019_cde:Megc2019Cde", "recognition", "3 classes on 3 databases, UF1 and UAR, LOSO"),
    ("megc2019-spotting", "megc2019_spotting:Megc2019Spotting", "spotting", "micro-expressions at IoU .5, LOSO"),
    (
        "megc2020-spotting",
        "megc2020_spotting:Megc2020Spotting",
        "spotting",
        "intervals at IoU .5, LOSO within one dataset",
    ),
    (
        "megc2021-spotting",
        "megc2021_spotting:Megc2021Spotting",
        "spotting",
        "as 2020, on one or two datasets, counts pooled",
    ),
    (
        "megc2021-generation",
        "megc2021_generation:Megc2021Generation",
        "generation",
        "ratings by three experts, composite and agreement",
    ),
    (
        "megc2022-spotting",
        "megc2022_spotting:Megc2022Spotting",
        "spotting",
        "intervals at IoU .5 on a test set nobody trained on",
    ),
    ("megc2023-spotting", "megc2023_spotting:Megc2023Spotting", "spotting", "as 2022, on 30 unseen long videos"),
    ("megc2024-ccs", "megc2024_ccs:Megc2024Ccs", "spotting", "cross-cultural spotting on the unseen set of 2023"),
    ("megc2024-str", "megc2024_str:Megc2024Str", "spot_recognise", "spot-then-recognise: F1 spotting x F1 analysis"),
    ("megc2025-str", "megc2025_str:Megc2025Str", "spot_recognise", "spot-then-recognise, as 2024"),
    ("megc2025-vqa", "megc2025_vqa:Megc2025Vqa", "questions", "questions about clips: UF1, UAR, BLEU, ROUGE"),
    ("megc2026-vqa", "megc2026_vqa:Megc2026Vqa", "questions", "questions about clips and long videos"),
):
    PROTOCOLS.add(_id, f"mebench.protocols.megc.{_target}", _summary, task=_task)

PROTOCOLS.add(
    "generation-likeness",
    "mebench.protocols.likeness:GenerationLikeness",
    "generated clips against recorded ones: PSNR and mean absolute error",
    task="generation",
)

_task_of = {"4dmr2025": "label_sets", "cd6me": "label_sets"}
for _id, _target, _summary in (
    ("4dmr2025", "four_dmr:FourDmr2025", "5 emotions that may occur together, LOSO, mean of F1"),
    ("cd6me", "cd6me:Cd6me", "12 action units, leave-one-dataset-out, mean of F1"),
    ("fer-video", "fer_video:FerVideo", "negative and positive videos by models trained on stills, accuracy"),
    ("mie-x", "mie_x:MieX", "3 classes on the composite, 3 folds by subject, means over folds"),
    ("mie-x-mmew", "mie_x:MieXMmew", "6 emotions of MMEW, 5 folds by subject, accuracy as mean over folds"),
    ("mie-x-samm", "mie_x:MieXSamm", "5 emotions of SAMM, 5 folds by subject, accuracy as mean over folds"),
):
    PROTOCOLS.add(_id, f"mebench.protocols.papers.{_target}", _summary, task=_task_of.get(_id, "recognition"))
