from __future__ import annotations

import pytest

from mebench.datasets.catalogue import DATASETS
from mebench.datasets.clips.composite_list import tally_composite
from mebench.datasets.clips.megc2019_cde import MegcCde, _official
from mebench.errors import UserError
from mebench.protocols.megc.megc2019_cde import Megc2019Cde
from mebench.schema.clips import ClipTable, clip_table

from . import test_casme2 as casme2
from . import test_samm as samm
from . import test_smic as smic

CASME2 = [
    ("01", "EP02_01f", 46, 59, 86, 12, "happiness", 44, 90),
    ("04", "EP12_01f", 10, "/", 40, "?", "disgust", 10, 40),
    ("05", "EP19_03f", 5, 7, 9, "4", "repression", 5, 9),
    ("07", "EP06_02", 5, 7, 9, "4", "others", 5, 9),
]
LISTED = [
    ("casme2", "sub01", "EP02_01f", 1),
    ("casme2", "sub05", "EP19_03f", 0),
    ("samm", "6", "006_1_2", 1),
    ("samm", "32", "032_3_2", 0),
    ("smic", "s01", "s01_ne_01", 0),
    ("smic", "s01", "s01_sur_02", 2),
    ("smic", "s20", "s20_po_10", 1),
]


def plain(rows):
    return "".join(f"{','.join(map(str, row))}\n" for row in rows)


def headed(rows):
    return "data,subject,clip,label\n" + plain(rows)


def for_flow(rows):
    lines = ["dataset,sub,filename_o,label,apex,imagename,sub_filename"]
    for database, subject, clip, label in rows:
        padded = subject.zfill(3) if database == "samm" else subject
        clip = clip.replace("s0", "s") if database == "smic" else clip
        lines.append(f"{database},{padded},{clip},{label},,{padded}_{clip}.jpg,")
    return "\r\n".join(lines) + "\r\n"


SPELLINGS = {
    "combined_3class_gt.csv": plain,
    "combined_3class_gt-2.csv": lambda rows: plain(rows).replace("\n", "\n,,,\n"),
    "combined_3_class_gt.csv": headed,
    "combined_3_class2_for_optical_flow.csv": for_flow,
}


def make(root, listed=LISTED, name="combined_3class_gt.csv"):
    casme2.make(root / "CASME2", CASME2)
    samm.make(root / "SAMM")
    smic.make(root / "SMIC")
    (root / name).write_text(SPELLINGS[name](listed), encoding="utf-8")
    return root


def test_it_is_the_registered_dataset():
    assert DATASETS.get("megc2019_cde") is MegcCde


@pytest.mark.parametrize("name", SPELLINGS)
def test_each_public_spelling_of_the_list_gives_the_same_clips(tmp_path, name):
    clips = MegcCde.open(make(tmp_path, name=name)).clips()
    assert [(*clip.key, clip.emotion) for clip in clips] == sorted(
        (database, subject, clip, ("negative", "positive", "surprise")[label])
        for database, subject, clip, label in LISTED
    )
    assert {clip.dataset for clip in clips} == {"megc2019_cde"}
    assert {(clip.database, clip.fps) for clip in clips} == {("casme2", 200.0), ("samm", 200.0), ("smic", 100.0)}


def test_onsets_and_apexes_are_those_of_the_databases(tmp_path):
    clips = {
        clip.id: (clip.n_frames, clip.onset, clip.apex, clip.offset) for clip in MegcCde.open(make(tmp_path)).clips()
    }
    assert clips["EP02_01f"] == (47, 3, 16, 43)
    assert clips["006_1_2"] == (71, 1, 27, 71)
    assert clips["s01_ne_01"] == (36, 1, 0, 36)


def test_clips_are_graded_under_the_names_of_the_official_list(tmp_path):
    root = make(tmp_path)
    truth = clip_table(MegcCde.open(root).clips())
    official = ClipTable.read(root)
    assert [(*row.key, row.emotion) for row in truth.clips] == [(*row.key, row.emotion) for row in official.clips]


def test_what_is_eligible_and_not_listed_is_left_out_and_told(tmp_path, kinds):
    found = kinds(MegcCde.open(make(tmp_path)).check())
    assert found["not_listed"] == ["casme2/sub04/EP12_01f", "samm/006/006_1_4"]
    assert "casme2: sub04/EP12_01f" in found["apex_missing"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [("combined_3class_gt-2.csv", "blank_rows"), ("combined_3_class_gt.csv", "list_header")],
)
def test_what_is_odd_about_a_spelling_is_told(tmp_path, kinds, name, kind):
    assert kinds(MegcCde.open(make(tmp_path, name=name)).check())[kind] == [name]


def test_the_class_of_the_list_goes_before_that_of_the_database(tmp_path, kinds):
    listed = [("casme2", "sub01", "EP02_01f", 2), *LISTED[1:]]
    dataset = MegcCde.open(make(tmp_path, listed))
    assert {clip.id: clip.emotion for clip in dataset.clips()}["EP02_01f"] == "surprise"
    assert kinds(dataset.check())["class_of_list"] == ["casme2/sub01/EP02_01f"]


def test_a_listed_clip_that_is_not_on_disk_is_told(tmp_path, kinds):
    root = make(tmp_path, [*LISTED, ("samm", "7", "007_3_1", 0)])
    report = MegcCde.open(root).check()
    assert kinds(report)["listed_and_missing"] == ["samm/7/007_3_1"]
    assert {c.name: (c.found, c.expected) for c in report.counts}["samm on disk"] == (2, 3)
    with pytest.raises(UserError, match="samm/7/007_3_1 is listed and not in the copy"):
        MegcCde.open(root, {"no_frames": "refuse"}).clips()


def test_databases_may_lie_anywhere_and_policies_are_those_of_all(tmp_path):
    root = make(tmp_path / "a")
    (root / "CASME2").rename(tmp_path / "elsewhere")
    with pytest.raises(UserError, match=r"No folder named CASME2 was found in .*casme2=DIR"):
        MegcCde.open(root).clips()
    with pytest.raises(UserError, match="of the setting casme2 does not exist"):
        MegcCde.open(root, {"casme2": str(tmp_path / "nowhere")}).clips()
    options = {"casme2": str(tmp_path / "elsewhere"), "apex_missing": "midpoint", "release": "raw"}
    assert {clip.id: clip.apex for clip in MegcCde.open(root, options).clips()}["s01_ne_01"] == 18


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "holds no clips"),
        ("casme2,sub01,EP02_01f,3\n", "Row 1 of .* a class from 0 to 2"),
        ("casme,sub01,EP02_01f,1\n", "Row 1 of .* not a database"),
        ("casme2,sub01\n", "Row 1 of"),
        ("samm,6,006_1_2,1\nsamm,006,006_1_2,1\n", "lists samm/6/006_1_2 twice"),
    ],
)
def test_a_damaged_list_is_refused(tmp_path, text, message):
    root = make(tmp_path)
    (root / "combined_3class_gt.csv").write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=message):
        MegcCde.open(root).clips()


def test_a_wrong_root_is_told(tmp_path):
    with pytest.raises(UserError, match=r"No list named combined_3class_gt.csv was found in .*list=PATH"):
        MegcCde.open(tmp_path).clips()


def test_the_promised_counts_are_those_of_the_protocol():
    counts = _official()
    assert counts.keys() == tally_composite([]).keys()
    for database, (classes, subjects) in Megc2019Cde.official.items():
        found = tuple(counts[f"{database} {name}"] for name in Megc2019Cde.classes)
        assert (found, counts[f"{database} subjects"]) == (classes, subjects)
        assert counts[f"{database} clips"] == sum(classes)
    assert sum(counts[f"{database} clips"] for database in Megc2019Cde.official) == counts["listed clips"]
    assert sum(counts[f"{database} subjects"] for database in Megc2019Cde.official) == counts["subjects"]
