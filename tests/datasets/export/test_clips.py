from __future__ import annotations

from types import SimpleNamespace

import cv2
import numpy as np
import openpyxl
import pytest

from mebench.datasets.base import Dataset
from mebench.datasets.clips.casme import Casme
from mebench.datasets.clips.casme2 import Casme2
from mebench.datasets.clips.megc2019_cde import MegcCde
from mebench.datasets.clips.samm import Samm
from mebench.datasets.clips.smic import Smic
from mebench.datasets.clips.smic_e import SmicE
from mebench.datasets.export.clips import CLIP_LAYOUTS, COMPOSITE_LAYOUT
from mebench.datasets.export.write import export_dataset
from mebench.datasets.export_record import ExportRecord
from mebench.datasets.synth_cde import SynthCde
from mebench.errors import UserError
from mebench.frames.pixels import ArrayFrames
from mebench.schema.clips import ClipTable, clip_table
from mebench.schema.emotions import COMPOSITE_CLASSES
from mebench.schema.recordings import Clip

LOADERS = {
    "casme": Casme, "casme2": Casme2, "samm": Samm, "smic": Smic, "smic_e": SmicE, "megc2019_cde": MegcCde
}  # fmt: skip
FRAMES = 12


class Toy(Dataset):
    """Four people with three clips each, one of each class; a frame's brightness is its number and its clip's."""

    id = "toy_clips"
    tasks = ("recognition",)
    needs_root = False
    databases = ("",)
    rates = (25.0,)

    def clips(self):
        found = []
        for database, fps in zip(self.databases, self.rates, strict=True):
            for person in range(4):
                found += [self.clip(database, fps, person, k, label) for k, label in enumerate(COMPOSITE_CLASSES)]
        return found

    def clip(self, database, fps, person, k, label):
        tone = 20 + 5 * person + 2 * k
        frames = (tone + 15 * np.arange(FRAMES))[:, None, None, None].astype(np.uint8)
        source = ArrayFrames(np.broadcast_to(frames, (FRAMES, 8, 10, 3)).copy())
        units = ("4", "6+R12", "")[k]
        return Clip("toy_clips", f"p{person}", f"c{k}", fps, source, label, 3, 5 + k, 10, units, database=database)


class Composite(Toy):
    databases = ("casme2", "samm", "smic")
    rates = (50.0, 40.0, 25.0)


@pytest.fixture(params=list(CLIP_LAYOUTS))
def copy(request, tmp_path):
    record = export_dataset(Toy.open(), request.param, tmp_path / "copy")
    return SimpleNamespace(layout=request.param, root=tmp_path / "copy", record=record, loader=LOADERS[request.param])


def written(record):
    found = {}
    for quirk in record.quirks:
        found.setdefault(quirk["kind"], set()).add(quirk["where"])
    return found


def test_the_loader_gives_back_onset_offset_and_what_they_show(copy):
    read = copy.loader.open(copy.root).clips()
    original = sorted(Toy.open().clips(), key=lambda clip: (clip.subject, clip.emotion))
    assert [(c.offset - c.onset, c.fps) for c in read] == [(7, 25.0)] * 12
    for clip, source in zip(read, original, strict=True):
        shown = clip.frames.read(clip.onset - 1, clip.offset).astype(int)
        wanted = source.frames.read(source.onset - 1, source.offset).astype(int)
        assert np.abs(shown - wanted).max() <= 2


def test_emotions_keep_their_class(copy):
    of_class = {
        "casme": ("disgust", "happiness", "surprise"),
        "casme2": ("disgust", "happiness", "surprise"),
        "samm": ("anger", "happiness", "surprise"),
    }
    expected = of_class.get(copy.layout, COMPOSITE_CLASSES)
    assert [clip.emotion for clip in copy.loader.open(copy.root).clips()] == [*expected] * 4


def test_apexes_that_no_quirk_took_come_back(copy):
    dataset = copy.loader.open(copy.root)
    bent = {
        where.rpartition("/")[2]
        for kind in ("apex_missing", "apex_at_end")
        for where in written(copy.record).get(kind, ())
    }
    kept = [clip for clip in dataset.clips() if clip.id not in bent]
    assert bool(kept) is (copy.layout not in ("smic", "smic_e"))
    for clip in kept:
        assert clip.apex - clip.onset == {"negative": 2, "positive": 3, "surprise": 4}.get(
            {"disgust": "negative", "anger": "negative", "happiness": "positive"}.get(clip.emotion, clip.emotion)
        )


def test_counts_are_found_as_exported_and_every_quirk_is_reported(copy, kinds):
    report = copy.loader.open(copy.root).check()
    assert report.ok
    assert {c.name: c.expected for c in report.counts}["clips"] == 12
    found = kinds(report)
    assert found["exported_copy"] == ["mebench_export.json"]
    for kind, places in written(copy.record).items():
        assert places <= set(found[kind]) or kind == "nested_folder"
    expected = {
        "casme": {"padding", "two_apexes"},
        "casme2": {"nested_folder", "apex_at_end", "apex_missing", "unknown_action_units"},
        "samm": {"apex_missing"},
        "smic": {"apex_missing"},
        "smic_e": {"apex_missing", "first_frame_missing", "no_event", "renumbered", "text_rows"},
    }
    assert set(written(copy.record)) == expected[copy.layout]


def test_the_record_maps_the_names(copy):
    record = ExportRecord.load(copy.root)
    assert list(record.subjects) == ["p0", "p1", "p2", "p3"]
    subjects = {"casme": "sub02", "casme2": "sub02", "samm": "007", "smic": "s02", "smic_e": "s02"}
    assert record.subjects["p1"] == subjects[copy.layout]
    assert record.videos[0]["source"] == ["", "p0", "c0"]
    assert record.digest == Toy.open().digest("clips")


def test_two_exports_are_identical(copy, tmp_path):
    export_dataset(Toy.open(), copy.layout, tmp_path / "again")
    files = [sorted(p.relative_to(r) for p in r.rglob("*") if p.is_file()) for r in (copy.root, tmp_path / "again")]
    assert files[0] == files[1]
    assert all((copy.root / f).read_bytes() == (tmp_path / "again" / f).read_bytes() for f in files[0])


def test_the_layouts_have_their_form(tmp_path):
    for layout in CLIP_LAYOUTS:
        export_dataset(Toy.open(), layout, tmp_path / layout)
    casme2 = tmp_path / "casme2"
    first = casme2 / "CASME2_RAW_selected" / "CASME2_RAW_selected" / "sub01" / "EP01_01f" / "img21.jpg"
    assert cv2.imread(str(first), cv2.IMREAD_UNCHANGED).ndim == 3
    sheet = openpyxl.load_workbook(casme2 / "CASME2-coding-20140508.xlsx")["Sheet1"]
    assert [c.value for c in sheet[1]][:4] == ["Subject", "Filename", None, "OnsetFrame"]
    assert [c.value for c in sheet[2]] == ["01", "EP01_01f", None, 23, 25, 30, None, 4, "disgust"]
    samm = tmp_path / "samm"
    grey = samm / "SAMM" / "006" / "006_1_1" / "006_00562.jpg"
    assert cv2.imread(str(grey), cv2.IMREAD_UNCHANGED).ndim == 2
    sheet = openpyxl.load_workbook(samm / "SAMM_Micro_FACS_Codes_v2.xlsx")["MICRO_ONLY"]
    assert sheet["A14"].value == "Subject"
    assert [c.value for c in sheet[15]][:7] == ["006", "006_1_1", "1", 564, 566, 571, "=SUM(F15-D15)+1"]
    casme = tmp_path / "casme" / "CASME_raw_selected"
    assert sorted(path.name for path in (casme / "sub01" / "EP01_1").iterdir())[0] == "EP01_1-1.jpg"
    assert sorted(path.name for path in (casme / "sub04" / "EP01_1").iterdir())[0] == "EP01_1-001.jpg"
    long = tmp_path / "smic_e" / "SMIC-E_raw image" / "HS_long" / "SMIC-HS-E"
    assert len(list((long / "s01" / "s01_ne_01").glob("image17581*.jpg"))) == FRAMES
    smic = tmp_path / "smic" / "SMIC_all_raw" / "HS" / "s1" / "micro" / "negative" / "s1_ne_01"
    assert [path.name for path in sorted(smic.iterdir())][::7] == ["image000000.jpg", "image000007.jpg"]


@pytest.fixture
def composite(tmp_path):
    record = export_dataset(Composite.open(), COMPOSITE_LAYOUT, tmp_path / "copy")
    return SimpleNamespace(root=tmp_path / "copy", record=record)


def test_the_composite_is_three_copies_and_the_list(composite):
    dataset = MegcCde.open(composite.root)
    assert dataset.check().ok
    assert {clip.database: clip.fps for clip in dataset.clips()} == {"casme2": 50.0, "samm": 40.0, "smic": 25.0}
    assert len(dataset.clips()) == 36
    assert sorted({clip.emotion for clip in dataset.clips()}) == sorted(COMPOSITE_CLASSES)
    for database in ("casme2", "samm", "smic"):
        assert LOADERS[database].open(composite.root / database.upper()).check().ok
    truth, official = clip_table(dataset.clips()), ClipTable.read(composite.root)
    assert [(*row.key, row.emotion) for row in truth.clips] == [(*row.key, row.emotion) for row in official.clips]


def test_quirks_of_the_composite_are_reported_under_their_database(composite, kinds):
    found = kinds(MegcCde.open(composite.root).check())
    for kind, places in written(composite.record).items():
        assert places <= set(found[kind]) or kind == "nested_folder"
    assert not found.keys() & {"class_of_list", "not_listed", "listed_and_missing"}


def test_people_of_two_databases_stay_two(composite):
    assert composite.record.subjects["casme2/p1"] == "sub02"
    assert composite.record.subjects["samm/p1"] == "007"
    assert len({clip.person for clip in MegcCde.open(composite.root).clips()}) == 12


def test_what_cannot_be_exported_is_one_sentence(tmp_path):
    class Others(Toy):
        def clip(self, *args):
            return super().clip(*args[:-1], "others")

    class Empty(Toy):
        databases = rates = ()

    for dataset, layout, message in (
        (Composite, "casme2", "has clips of 25 to 50 fps: export those of one rate"),
        (Toy, "megc2019_cde", "and the composite is made of casme2, samm, smic"),
        (Others, "smic", "p0/c0 shows others, which is in none of the three classes"),
        (Empty, "samm", "has no clips to export"),
        (Empty, "megc2019_cde", "has no clips to export"),
        (Toy, "samm_lv", "has no long videos"),
    ):
        with pytest.raises(UserError, match=message):
            export_dataset(dataset.open(), layout, tmp_path / "deep" / "copy")
    assert list(tmp_path.iterdir()) == []


def test_every_clip_layout_has_a_loader():
    assert {*CLIP_LAYOUTS, COMPOSITE_LAYOUT} == set(LOADERS)


@pytest.mark.slow
def test_rendered_clips_come_back_with_their_frames_and_numbers(tmp_path):
    class Few(SynthCde):
        def clips(self):
            found = super().clips()
            return [next(clip for clip in found if clip.database == name) for name in ("casme2", "samm", "smic")]

    dataset = Few.open()
    export_dataset(dataset, COMPOSITE_LAYOUT, tmp_path / "copy")
    for clip, original in zip(MegcCde.open(tmp_path / "copy").clips(), dataset.clips(), strict=True):
        assert (clip.database, clip.fps, clip.emotion) == (original.database, original.fps, original.emotion)
        assert clip.offset - clip.onset == original.offset - original.onset
        at = original.onset - 1
        assert np.array_equal(clip.frames.read(clip.onset - 1, clip.onset), original.frames.read(at, at + 1))
