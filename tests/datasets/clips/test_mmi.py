from __future__ import annotations

import pytest

from mebench.datasets.clips.mmi import Mmi
from mebench.errors import UserError

from .posed_copies import conforms, errata_of, write_text, write_video

TAGS = '<x:Meta xmlns:x="urn:m"><x:Metatag Name="Emotion" Value="{}"/><x:Metatag Name="AUs" Value="6+12"/></x:Meta>'
CODES = '<Annotation><ActionUnit Number="12"><Marker Frame="1"/></ActionUnit><ActionUnit Number="2"/></Annotation>'
VIDEOS = [
    ("1", "S001-001", "0", 4, True),  # frontal, coded: upright
    ("2", "S001-002", "0", 1, False),  # frontal without codes: on its side
    ("3", "S002-003", "2", 6, False),  # dual
    ("4", "S002-004", "1", 8, False),  # an emotion that is none of the six
    ("5", "S003-005", "0", None, True),  # action units alone
]


@pytest.fixture
def root(tmp_path):
    for session, name, view, emotion, coded in VIDEOS:
        folder = tmp_path / "mmi" / "Sessions" / session
        write_video(folder / f"{name}.avi")
        write_text(folder / "session.xml", f'<session><track view="{view}"/><track view="9"/></session>')
        if emotion is not None:
            write_text(folder / f"{name}.xml", TAGS.format(emotion))
        if coded:
            write_text(folder / f"{name}-oao_aucs.xml", CODES)
    write_text(tmp_path / "mmi" / "Sessions" / "6" / "S004-006.jpg", "a still")
    return tmp_path / "mmi"


def by_id(dataset):
    return {clip.id: clip for clip in dataset.clips()}


def test_people_emotions_and_action_units(root) -> None:
    assert [(c.subject, c.id, c.emotion, c.action_units) for c in Mmi.open(root).clips()] == [
        ("S001", "1_S001-001", "happiness", "2+12"),
        ("S001", "2_S001-002", "anger", "6+12"),
        ("S002", "3_S002-003", "surprise", "6+12"),
    ]


def test_frontal_sessions_without_codes_are_rotated_and_counted(root) -> None:
    upright, lying = (by_id(Mmi.open(root))[id].frames.read(0, 1)[0] for id in ("1_S001-001", "2_S001-002"))
    assert (upright.shape, lying.shape) == ((24, 32), (32, 24))
    assert upright[:12, :16].mean() > 200 > 20 > upright[12:].mean()
    # Turned clockwise, what was above on the left is above on the right.
    assert lying[:16, 12:].mean() > 200 > 20 > lying[:16, :12].mean()
    assert errata_of(Mmi.open(root).check())["on_side"] == ("1 in all", "turned clockwise", "2_S001-002")
    kept = by_id(Mmi.open(root, {"on_side": "keep"}))["2_S001-002"]
    assert kept.frames.read(0, 1)[0].shape == (24, 32)
    assert kept.frames.digest != by_id(Mmi.open(root))["2_S001-002"].frames.digest


def test_what_has_no_emotion_or_another_one_is_counted(root) -> None:
    kinds = errata_of(Mmi.open(root).check())
    assert kinds["no_emotion"] == ("1 in all", "left out", "5_S003-005: none")
    assert kinds["other_emotion"] == ("1 in all", "left out", "4_S002-004: 8")
    assert kinds["no_video"] == ("1 in all", "left out", "6")
    kept = by_id(Mmi.open(root, {"unlabelled": "keep"}))
    assert {id: kept[id].emotion for id in ("4_S002-004", "5_S003-005")} == {"4_S002-004": "", "5_S003-005": ""}


@pytest.mark.parametrize(("view", "ids"), [("frontal", ["1_S001-001", "2_S001-002"]), ("dual", ["3_S002-003"])])
def test_the_view_is_a_setting(root, view, ids) -> None:
    assert sorted(by_id(Mmi.open(root, {"view": view}))) == ids


def test_what_was_assumed_is_told(root) -> None:
    found = {erratum.where: erratum.detail for erratum in Mmi.open(root).check().errata if erratum.kind == "assumed"}
    assert found["emotions by number"].startswith("1 anger")
    assert "turned clockwise" in found["frontal videos without oao_aucs.xml"]


def test_odd_names_and_views_are_reported(root) -> None:
    folder = root / "Sessions" / "1"
    (folder / "session.xml").unlink()
    for name in ("S001-001.avi", "S001-001.xml"):
        (folder / name).rename(folder / name.replace("S001-001", "clip"))
    dataset = Mmi.open(root)
    kinds = errata_of(dataset.check())
    assert kinds["unknown_view"] == ("1 in all", "kept as it is", "1_clip")
    assert kinds["unknown_person"] == ("1 in all", "counts as a person of its own", "clip.avi")
    assert by_id(dataset)["1_clip"].subject == "session1"


def test_listing_decodes_nothing(root) -> None:
    for path in (root / "Sessions").rglob("*.avi"):
        path.write_bytes(b"no video")
    clips = Mmi.open(root).clips()
    assert len(clips) == 3
    assert clips[0].notes() == ()
    with pytest.raises(UserError):
        clips[0].frames.read(0, 1)


def test_broken_texts_and_other_folders_are_told(root, tmp_path) -> None:
    write_text(root / "Sessions" / "1" / "session.xml", "<session>")
    with pytest.raises(UserError, match=r"session.xml cannot be read as XML"):
        Mmi.open(root).clips()
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match=r"No folder Sessions was found in .*: give --root the folder that holds MMI"):
        Mmi.open(tmp_path / "empty").clips()


def test_it_conforms(root) -> None:
    conforms(Mmi, root)
