"""Copies with as many people, clips and emotions as the releases have, with two empty files for each clip."""

from __future__ import annotations

import itertools

import pytest

from mebench.datasets.clips.casme2 import Casme2
from mebench.datasets.clips.megc2019_cde import MegcCde
from mebench.datasets.clips.samm import Samm
from mebench.datasets.clips.smic import Smic
from mebench.protocols.megc.megc2019_cde import Megc2019Cde
from mebench.schema.clips import clip_table

from . import test_casme2 as casme2
from . import test_samm as samm
from . import test_smic as smic

NOT_LISTED = [("04", "EP12_01f"), ("05", "EP09_05f"), ("24", "EP02_07")]
CASME2_SUBJECTS = [f"{n:02d}" for n in range(1, 27) if n not in (10, 18)]
SMIC_SUBJECTS = [n for n in range(1, 21) if n not in (7, 10, 16, 17)]
SMIC_CLASSES = {"negative": ("ne", 70), "positive": ("po", 51), "surprise": ("sur", 43)}
CLASS = {"happiness": 1, "surprise": 2, "positive": 1}


def casme2_rows():
    """The 256 rows: (row, whether the composite lists it)."""
    counts = {"disgust": 61, "repression": 27, "happiness": 32, "surprise": 25, "sadness": 7, "fear": 2, "others": 97}
    emotions = [emotion for emotion, count in counts.items() for _ in range(count)]
    people = itertools.cycle(CASME2_SUBJECTS)
    named = [(next(people), f"EP03_{n:02d}f", emotion) for n, emotion in enumerate(emotions)]
    named += [("10", "EP03_01f", "others"), ("18", "EP03_01f", "others")]
    rows = [((s, c, 46, 47, 47, "4", e, 46, 47), e not in ("sadness", "fear", "others")) for s, c, e in named]
    return rows + [((s, c, 46, 47, 47, "4", "disgust", 46, 47), False) for s, c in NOT_LISTED]


def samm_rows():
    counts = {"Anger": 57, "Contempt": 12, "Disgust": 9, "Fear": 8, "Sadness": 6, "Happiness": 26, "Surprise": 15}
    people = itertools.cycle(range(6, 34))
    rows = [
        (f"{next(people):03d}_{n // 28 + 1}_1", emotion)
        for n, emotion in enumerate(e for e, count in counts.items() for _ in range(count))
    ]
    rows += [(f"034_{n}_1", "Other") for n in range(1, 27)]
    return [(clip, 5562, 5563, 5563, 2, "4", emotion, 5562, 5563) for clip, emotion in rows]


def smic_clips():
    people = itertools.cycle(SMIC_SUBJECTS)
    return [
        (f"s{(person := next(people))}", emotion, f"s{person}_{code}_{n:02d}", 100, 101)
        for emotion, (code, count) in SMIC_CLASSES.items()
        for n in range(1, count + 1)
    ]


def listed():
    rows = [("casme2", f"sub{r[0]}", r[1], CLASS.get(r[6], 0)) for r, of_list in casme2_rows() if of_list]
    rows += [("samm", str(int(r[0][:3])), r[0], CLASS.get(r[6].lower(), 0)) for r in samm_rows() if r[6] != "Other"]
    for subject, emotion, clip, *_ in smic_clips():
        code = clip.partition("_")[2]
        rows.append(
            ("smic", f"s{int(subject[1:]):02d}", f"s{int(subject[1:]):02d}_{code}", list(SMIC_CLASSES).index(emotion))
        )
    return rows


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp("composite")
    rows = [row for row, _ in casme2_rows()]
    casme2.make(root / "CASME2", rows, book="CASME2-coding-20190701.xlsx")
    samm.make(root / "SAMM", samm_rows())
    smic.make(root / "SMIC", smic_clips())
    text = "".join(f"{','.join(map(str, row))}\n" for row in listed())
    (root / "combined_3class_gt.csv").write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize(
    ("loader", "folder", "clips"),
    [(Casme2, "CASME2", 256), (Samm, "SAMM", 159), (Smic, "SMIC", 164), (MegcCde, ".", 442)],
)
def test_all_counts_are_as_published(root, loader, folder, clips):
    dataset = loader.open(root / folder)
    report = dataset.check()
    assert [count.name for count in report.counts if not count.ok] == []
    assert sum(count.expected is not None for count in report.counts) >= 6
    assert len(dataset.clips()) == clips


def test_the_table_of_2014_has_a_row_less(root, tmp_path):
    rows = [row for row, _ in casme2_rows() if (row[0], row[1]) != ("24", "EP02_07")]
    report = Casme2.open(casme2.make(tmp_path, rows)).check()
    assert report.ok
    assert {c.name: c.found for c in report.counts}["annotated rows"] == 255


def test_the_composite_is_the_official_set_of_the_protocol(root):
    clips = MegcCde.open(root).clips()
    assert Megc2019Cde().official_reason(clip_table(clips)) == ""
    assert len({clip.person for clip in clips}) == 68


def test_the_three_eligible_clips_that_the_list_lacks_are_named(root, kinds):
    found = kinds(MegcCde.open(root).check())
    assert found["not_listed"] == [f"casme2/sub{subject}/{clip}" for subject, clip in NOT_LISTED]
