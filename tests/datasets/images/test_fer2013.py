from __future__ import annotations

import numpy as np
import pytest

from mebench.datasets.images.fer2013 import PARTS, PROMISED, SIDE, Fer2013
from mebench.errors import UserError

from .conftest import found

ROWS = [(0, "Training"), (3, "Training"), (6, "PublicTest"), (5, "PrivateTest")]
KEYS = ["privatetest_00005", "publictest_00004", "training_00002", "training_00003"]


def face(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (SIDE, SIDE), np.uint8)


def write_csv(folder, name="fer2013.csv", header="emotion,pixels,Usage", rows=ROWS, quote="", end="\n"):
    order = [column.strip() for column in header.split(",")]
    lines = [header]
    for seed, (emotion, part) in enumerate(rows):
        pixels = quote + " ".join(map(str, face(seed).ravel())) + quote
        cells = {"emotion": str(emotion), "pixels": pixels, "Usage": part}
        lines.append(",".join(cells[column] for column in order))
    (folder / name).write_bytes((end.join(lines) + end).encode())
    return folder


def test_every_line_is_a_face(tmp_path) -> None:
    clips = Fer2013.open(write_csv(tmp_path)).clips()
    assert [(clip.id, clip.emotion) for clip in clips] == list(
        zip(KEYS, ["surprise", "neutral", "angry", "happy"], strict=True)
    )
    for clip, seed in zip(clips, (3, 2, 0, 1), strict=True):
        assert np.array_equal(clip.frames.read(0, 1)[0], face(seed))
        assert clip.frames.read(0, 1, grey=False).shape == (1, SIDE, SIDE, 3)
    assert len({clip.frames.digest for clip in clips}) == 4


@pytest.mark.parametrize(
    "form",
    [
        {"name": "icml_face_data.csv", "header": "emotion, Usage, pixels"},
        {"quote": '"', "end": "\r\n"},
        {"header": "\ufeffemotion,pixels,Usage"},
    ],
)
def test_other_spellings_of_the_csv_are_read(tmp_path, form) -> None:
    if form.get("header", "").startswith("\ufeff"):
        write_csv(tmp_path)
        path = tmp_path / "fer2013.csv"
        path.write_bytes("\ufeff".encode() + path.read_bytes())
    else:
        write_csv(tmp_path, **form)
    clips = Fer2013.open(tmp_path).clips()
    assert [clip.id for clip in clips] == KEYS
    assert np.array_equal(clips[0].frames.read(0, 1)[0], face(3))


def test_blanks_in_the_header_are_reported(tmp_path, errata) -> None:
    root = write_csv(tmp_path, "icml_face_data.csv", "emotion, Usage, pixels")
    assert errata(Fer2013.open(root).check())["blank_in_header"][1] == "read without the blanks"
    assert "blank_in_header" not in errata(Fer2013.open(write_csv(tmp_path)).check())


def test_unknown_labels_and_short_lines_are_counted(tmp_path, errata) -> None:
    root = write_csv(tmp_path, rows=[*ROWS, (7, "Training"), (0, "Validation")])
    with (root / "fer2013.csv").open("a") as file:
        file.write("\n0,1 2 3\n")
    report = Fer2013.open(root).check()
    assert errata(report)["unknown_label"] == ("2 in all", "left out", "line 6, line 7")
    assert errata(report)["short_line"][:2] == ("line 9", "left out")
    assert errata(report)["unknown_people"][1] == "every picture counts as a person of its own"
    assert found(report)["images"] == (4, 35_887)


@pytest.mark.parametrize(
    ("part", "keys", "images"),
    [
        ("training", KEYS[2:], 28_709),
        ("public_test", KEYS[1:2], 3_589),
        ("private_test", KEYS[:1], 3_589),
        ("test", KEYS[:2], 7_178),
        ("training_public", KEYS[1:], 32_298),
    ],
)
def test_parts(tmp_path, part, keys, images) -> None:
    dataset = Fer2013.open(write_csv(tmp_path), {"part": part})
    assert [clip.id for clip in dataset.clips()] == keys
    assert found(dataset.check())["images"] == (len(keys), images)


def test_the_promised_counts_agree_with_each_other() -> None:
    assert sum(PROMISED.values()) == sum(PARTS.values()) == 35_887


def test_pixels_are_not_kept(tmp_path) -> None:
    dataset = Fer2013.open(write_csv(tmp_path))
    clip = dataset.clips()[0]
    path = tmp_path / "fer2013.csv"
    path.write_bytes(path.read_bytes().replace(b"PrivateTest", b"Privatetest"))
    assert np.array_equal(clip.frames.read(0, 1)[0], face(3))
    path.unlink()
    with pytest.raises(UserError, match=r"fer2013.csv cannot be read .*: put it back"):
        clip.frames.read(0, 1)


@pytest.mark.parametrize("pixels", ["1 2 3", " ".join(["256"] * SIDE**2), " ".join(["a"] * SIDE**2)])
def test_a_line_that_holds_no_face_is_told_by_number(tmp_path, pixels) -> None:
    (tmp_path / "fer2013.csv").write_text(f"emotion,pixels,Usage\n0,{pixels},Training\n")
    (clip,) = Fer2013.open(tmp_path).clips()
    with pytest.raises(UserError, match=r"Line 2 of .*fer2013.csv does not hold 2304 grey values"):
        clip.frames.read(0, 1)


def test_folders_by_expression(write, errata, conforms) -> None:
    root = write("train/angry/im0.png", "train/Happy/im1.png", "test/sad/im0.png", "test/other/im2.png")
    report = Fer2013.open(root).check()
    assert errata(report)["unknown_label"] == ("1 in all", "left out", "test/other/im2.png")
    clips = Fer2013.open(root).clips()
    assert [(clip.id, clip.emotion) for clip in clips] == [
        ("test_sad_im0", "sad"),
        ("train_angry_im0", "angry"),
        ("train_happy_im1", "happy"),
    ]
    assert [clip.id for clip in Fer2013.open(root, {"part": "test"}).clips()] == ["test_sad_im0"]
    with pytest.raises(UserError, match="have one test set: use part=training or part=test, or the CSV"):
        Fer2013.open(root, {"part": "public_test"}).clips()
    conforms(Fer2013, root)


def test_a_wrong_root_and_a_wrong_file_are_told(tmp_path) -> None:
    with pytest.raises(UserError, match=r"Neither fer2013.csv nor folders such as train/angry were found"):
        Fer2013.open(tmp_path).clips()
    (tmp_path / "fer2013.csv").write_text("emotion,Usage\n")
    with pytest.raises(UserError, match="has no column pixels"):
        Fer2013.open(tmp_path).clips()


def test_it_conforms(tmp_path, conforms) -> None:
    conforms(Fer2013, write_csv(tmp_path))
