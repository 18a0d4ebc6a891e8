"""The built-in datasets and those that other packages register."""

from __future__ import annotations

from mebench.datasets.base import Dataset
from mebench.registry import Registry

DATASETS: Registry[type[Dataset]] = Registry("dataset", "mebench.datasets", of=Dataset)

for _id, _target, _summary in (
    ("casme3_challenge", "unseen:Casme3Challenge", "unseen test set of MEGC2022 or later: 5 or 20 clips of CAS(ME)^3"),
    ("casme_sq", "casme_sq:CasmeSq", "CAS(ME)^2: 98 long videos at 30 fps, 300 macro- and 57 micro-expressions"),
    ("samm_challenge", "unseen:SammChallenge", "unseen test set of MEGC2022 or later: 5 or 10 videos like SAMM-LV's"),
    ("samm_lv", "samm_lv:SammLv", "SAMM Long Videos: 147 videos at 200 fps, 343 macro- and 159 micro-expressions"),
    ("synth_lv", "synth_lv:SynthLV", "rendered faces, .40 of the frames in an event: 3 times as dense as SAMM-LV"),
    ("synth_lv_casme", "synth_lv:SynthLVCasme", "rendered faces, .026 of the frames in an event as in CAS(ME)^2"),
    ("synth_lv_samm", "synth_lv:SynthLVSamm", "rendered faces, .13 of the frames in an event as in SAMM-LV"),
    ("synth_lv_sparse", "synth_lv:SynthLVSparse", "rendered faces, .05 of the frames in an event: twice CAS(ME)^2"),
):
    DATASETS.add(_id, f"mebench.datasets.{_target}", _summary, task="spotting")

for _id, _target, _summary in (
    ("casme", "clips.casme:Casme", "CASME: 189 micro-expressions of 19 people at 60 fps"),
    ("casme2", "clips.casme2:Casme2", "CASME II: 255 or 256 micro-expressions of 26 people at 200 fps"),
    ("casme3", "clips.casme3:Casme3", "CAS(ME)^3: 860 micro-expressions of part A (921 in v1) or 165 of C, 30 fps"),
    (
        "clip_table",
        "clips.clip_table:ClipTableDataset",
        "clips that a table of your own lists, such as DFME and MEVIEW",
    ),
    ("fourdme", "clips.fourdme:FourDme", "4DME: 267 grey micro-expressions at 60 fps, each of one emotion or several"),
    ("megc2019_cde", "clips.megc2019_cde:MegcCde", "442 clips of CASME II, SAMM and SMIC in the 3 classes of MEGC2019"),
    ("mmew", "clips.mmew:Mmew", "MMEW: 300 micro-expressions of seven emotions at 90 fps"),
    ("samm", "clips.samm:Samm", "SAMM: 159 micro-expressions of 29 people at 200 fps"),
    ("smic", "clips.smic:Smic", "SMIC: 164 micro-expressions of 16 people at 100 fps, or by its 25 fps cameras"),
    ("smic_e", "clips.smic_e:SmicE", "SMIC-E: 157 longer clips of SMIC, each with a micro-expression in it"),
    ("synth_cde", "synth_cde:SynthCde", "rendered micro-expressions: 3 databases, 3 classes as in MEGC2019"),
    ("synth_fer", "synth_fer:SynthFer", "rendered stills of 7 emotions, 48x48 grey as in FER2013"),
    ("synth_macro", "synth_macro:SynthMacro", "rendered macro-expressions, neutral to apex as in CK+"),
    ("synth_mmew", "synth_mmew:SynthMmew", "rendered micro-expressions of 6 emotions as in MMEW"),
):
    DATASETS.add(_id, f"mebench.datasets.{_target}", _summary, task="recognition")

# Posed expressions, faces with action units, and still images.
for _id, _target, _summary in (
    ("affectnet", "images.affectnet:AffectNet", "AffectNet: 291,650 faces from the web with eight expressions"),
    ("celeba", "images.celeba:CelebA", "CelebA: 202,599 faces of 10,177 people; CelebA-HQ: 30,000 of them"),
    ("ckplus", "clips.ckplus:CkPlus", "CK+: 327 posed sequences of seven expressions up to the apex, 593 in all"),
    ("disfa", "clips.disfa:Disfa", "DISFA: 27 videos with the intensities of 12 action units in every frame"),
    ("emotionet", "images.emotionet:EmotioNet", "EmotioNet: faces from the web with action units"),
    ("fer2013", "images.fer2013:Fer2013", "FER2013: 35,887 grey faces of 48x48 with seven expressions"),
    ("ffhq", "images.ffhq:Ffhq", "FFHQ: 70,000 faces of high quality, without labels"),
    ("kdef", "images.kdef:Kdef", "KDEF: 4,900 photographs of 70 people, seven expressions from five sides"),
    ("mmi", "clips.mmi:Mmi", "MMI: videos of posed expressions and single action units, frontal and from the side"),
    ("mug", "clips.mug:Mug", "MUG: posed expressions of 52 people, from neutral over the apex and back"),
    ("oulu_casia", "clips.oulu_casia:OuluCasia", "Oulu-CASIA: 480 posed sequences, by two cameras in three lights"),
):
    DATASETS.add(_id, f"mebench.datasets.{_target}", _summary, task="recognition")
