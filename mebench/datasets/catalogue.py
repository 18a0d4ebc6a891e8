"""The built-in datasets and those that other packages register."""

from __future__ import annotations

from mebench.datasets.base import Dataset
from mebench.registry import Registry

DATASETS: Registry[type[Dataset]] = Registry("dataset", "mebench.datasets", of=Dataset)

for _id, _target, _summary in (
    ("casme_sq", "casme_sq:CasmeSq", "CAS(ME)^2: 98 long videos at 30 fps, 300 macro- and 57 micro-expressions"),
    ("samm_lv", "samm_lv:SammLv", "SAMM Long Videos: 147 videos at 200 fps, 343 macro- and 159 micro-expressions"),
    ("synth_lv", "synth_lv:SynthLV", "rendered faces, move-to-neutral ratio of SAMM-LV (.40)"),
    ("synth_lv_sparse", "synth_lv:SynthLVSparse", "rendered faces, move-to-neutral ratio of CAS(ME)^2 (.05)"),
):
    DATASETS.add(_id, f"mebench.datasets.{_target}", _summary, task="spotting")
