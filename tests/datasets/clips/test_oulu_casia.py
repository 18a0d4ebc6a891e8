from __future__ import annotations

import pytest

from mebench.datasets.clips.oulu_casia import OuluCasia
from mebench.errors import UserError

from .posed_copies import conforms, counts_of, errata_of, write_frames


def build(root, *places):
    for place in places:
        write_frames(root / place, "{:03d}.jpeg", 0, 2)
    return root


@pytest.fixture
def root(tmp_path):
    people = ("P001/Anger", "P001/Surprise", "P002/Anger")
    places = [f"OriginalImg/VL/Strong/{one}" for one in people] + ["OriginalImg/NI/Dark/P003/Fear"]
    return build(tmp_path / "oulu", *places)


def test_the_last_frame_is_the_apex_and_files_are_numbered_from_zero(root) -> None:
    clips = OuluCasia.open(root).clips()
    assert [(c.subject, c.id, c.emotion, c.onset, c.apex, c.first) for c in clips] == [
        ("P001", "P001_anger", "anger", 1, 3, 0),
        ("P001", "P001_surprise", "surprise", 1, 3, 0),
        ("P002", "P002_anger", "anger", 1, 3, 0),
    ]
    assert int(clips[0].frames.read(2, 3)[0, 0, 0]) == 2


def test_camera_and_light_are_settings(root) -> None:
    (clip,) = OuluCasia.open(root, {"camera": "NI", "light": "Dark"}).clips()
    assert (clip.subject, clip.emotion) == ("P003", "fear")
    with pytest.raises(
        UserError, match=r"No folder OriginalImg/VL/Weak was found in .* choose another camera or light"
    ):
        OuluCasia.open(root, {"light": "Weak"}).clips()


@pytest.mark.parametrize("name", ["PreProcess Img", "PreProcess_Img", "PreProcess"])
def test_cropped_faces_under_any_of_their_names(tmp_path, name) -> None:
    root = build(tmp_path, f"{name}/VL_Acropped/Strong/P001/Sadness")
    (clip,) = OuluCasia.open(root).clips()
    assert clip.emotion == "sadness"
    assert len(OuluCasia.open(root, {"faces": "cropped"}).clips()) == 1
    with pytest.raises(UserError, match=r"No folder OriginalImg/VL/Strong was found"):
        OuluCasia.open(root, {"faces": "original"}).clips()


def test_whole_pictures_go_before_cropped_ones(root) -> None:
    build(root, "PreProcess_Img/VL_Acropped/Strong/P009/Sadness")
    dataset = OuluCasia.open(root)
    assert len(dataset.clips()) == 3
    assert errata_of(dataset.check())["several_releases"] == ("VL_Acropped", "VL is read", "")
    assert [clip.subject for clip in OuluCasia.open(root, {"faces": "cropped"}).clips()] == ["P009"]


def test_other_folders_are_counted(root) -> None:
    build(root, "OriginalImg/VL/Strong/P001/Contempt", "OriginalImg/VL/Strong/notes")
    kinds = errata_of(OuluCasia.open(root).check())
    assert kinds["other_expression"] == ("1 in all", "left out", "P001/Contempt")
    assert kinds["other_folder"] == ("1 in all", "left out", "notes")


def test_counts_stand_beside_the_promised_ones(root) -> None:
    counts = counts_of(OuluCasia.open(root).check())
    assert counts["clips"] == (3, 480)
    assert counts["subjects"] == (2, 80)
    assert counts["clips of anger"] == (2, 80)
    assert counts["clips of fear"] == (0, 80)


def test_it_conforms(root) -> None:
    conforms(OuluCasia, root)
