"""The built-in protocols and those that other packages register."""

from __future__ import annotations

from mebench.protocols.base import Protocol
from mebench.registry import Registry

PROTOCOLS: Registry[type[Protocol]] = Registry("protocol", "mebench.protocols")

for _id, _target, _summary in (
    ("megc2020-spotting", "megc2020_spotting:Megc2020Spotting", "intervals at IoU .5, LOSO within one dataset"),
    ("megc2021-spotting", "megc2021_spotting:Megc2021Spotting", "as 2020, on one or two datasets, counts pooled"),
    ("megc2022-spotting", "megc2022_spotting:Megc2022Spotting", "intervals at IoU .5 on a test set nobody trained on"),
):
    PROTOCOLS.add(_id, f"mebench.protocols.{_target}", _summary, task="spotting")
