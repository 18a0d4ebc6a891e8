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
    ("synth_cde", "synth_cde:SynthCde", "rendered micro-expressions: 3 databases, 3 classes as in MEGC2019"),
    ("synth_fer", "synth_fer:SynthFer", "rendered stills of 7 emotions, 48x48 grey as in FER2013"),
    ("synth_macro", "synth_macro:SynthMacro", "rendered macro-expressions, neutral to apex as in CK+"),
    ("synth_mmew", "synth_mmew:SynthMmew", "rendered micro-expressions of 6 emotions as in MMEW"),
):
    DATASETS.add(_id, f"mebench.datasets.{_target}", _summary, task="recognition")
