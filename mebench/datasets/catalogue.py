"""The built-in datasets and those that other packages register."""

from __future__ import annotations

from mebench.datasets.base import Dataset
from mebench.registry import Registry

DATASETS: Registry[type[Dataset]] = Registry("dataset", "mebench.datasets", of=Dataset)

for _id, _target, _summary in (
    ("casme_sq", "casme_sq:CasmeSq", "CAS(ME)^2: 98 long videos at 30 fps, 300 macro- and 57 micro-expressions"),
    ("samm_lv", "samm_lv:SammLv", "SAMM Long Videos: 147 videos at 200 fps, 343 macro- and 159 micro-expressions"),
    ("synth_lv", "synth_lv:SynthLV", "rendered faces, .40 of the frames in an event: 3 times as dense as SAMM-LV"),
    ("synth_lv_casme", "synth_lv:SynthLVCasme", "rendered faces, .026 of the frames in an event as in CAS(ME)^2"),
    ("synth_lv_samm", "synth_lv:SynthLVSamm", "rendered faces, .13 of the frames in an event as in SAMM-LV"),
    ("synth_lv_sparse", "synth_lv:SynthLVSparse", "rendered faces, .05 of the frames in an event: twice CAS(ME)^2"),
):
    DATASETS.add(_id, f"mebench.datasets.{_target}", _summary, task="spotting")

for _id, _target, _summary in (
    ("casme3", "casme3:Casme3", "CAS(ME)^3: 860 micro-expressions of part A (921 in v1), 165 of part C, at 30 fps"),
    ("clip_table", "clip_table:ClipTableDataset", "clips that a table of your own lists: DFME, MEVIEW, a collection"),
    ("fourdme", "fourdme:FourDme", "4DME: 267 grey micro-expressions at 60 fps, each of one emotion or several"),
    ("mmew", "mmew:Mmew", "MMEW: 300 micro-expressions of seven emotions at 90 fps"),
):
    DATASETS.add(_id, f"mebench.datasets.clips.{_target}", _summary, task="recognition")
