"""Folders of aligned faces: numbers, gaps, several people, and another size."""

from __future__ import annotations

import numpy as np
import pytest

from mebench.errors import UserError
from mebench.frames.openface_faces import SIZE, AlignedFolder

cv2 = pytest.importorskip("cv2")


def faces(folder, names, size=SIZE, suffix="bmp"):
    """Write faces whose brightness is ten times their frame number."""
    folder.mkdir(exist_ok=True)
    for name in names:
        number = int(name.rpartition("_")[2])
        cv2.imwrite(str(folder / f"{name}.{suffix}"), np.full((size, size), 10 * number, np.uint8))
    return folder


def brightness(source, start=0, stop=None):
    return source.read(start, len(source) if stop is None else stop)[:, 0, 0].tolist()


@pytest.mark.parametrize("form", ["frame_det_00_{:06d}", "face_det_{:06d}", "frame_det_{:06d}"])
def test_every_form_of_name(tmp_path, form):
    source = AlignedFolder(faces(tmp_path / "a", [form.format(n) for n in (3, 1, 2)]))
    assert brightness(source) == [10, 20, 30]
    assert source.read(0, 3).shape == (3, SIZE, SIZE)
    assert source.missing == ()


def test_an_earlier_face_stands_in_for_one_that_is_missing(tmp_path):
    folder = faces(tmp_path / "a", [f"frame_det_00_{n:06d}" for n in (2, 3, 6)])
    source = AlignedFolder(folder, count=7)
    assert brightness(source) == [20, 20, 30, 30, 30, 60, 60]
    assert source.missing == (1, 4, 5, 7)


def test_of_several_people_the_one_with_most_pictures_is_kept(tmp_path):
    folder = faces(tmp_path / "a", [f"frame_det_01_{n:06d}" for n in (1, 2, 3)])
    faces(folder, ["frame_det_00_000004", "frame_det_00_000005"])
    assert brightness(AlignedFolder(folder)) == [10, 20, 30]


def test_of_equally_many_it_is_the_first(tmp_path):
    folder = faces(tmp_path / "a", ["frame_det_01_000001", "frame_det_01_000002"])
    faces(folder, ["frame_det_00_000003", "frame_det_00_000004"])
    assert list(AlignedFolder(folder).files) == [3, 4]


def test_other_pictures_are_no_faces(tmp_path):
    folder = faces(tmp_path / "a", ["frame_det_00_000001"])
    faces(folder, ["photo_7", "frame_det_00_000002_8"])
    assert brightness(AlignedFolder(folder)) == [10]
    with pytest.raises(UserError, match="holds no numbered"):
        len(AlignedFolder(faces(tmp_path / "b", ["photo_7"])))


def test_another_size_is_refused_with_the_option_that_mends_it(tmp_path):
    source = AlignedFolder(faces(tmp_path / "a", ["frame_det_00_000001"], size=96))
    assert len(source.read(0, 0)) == 0
    with pytest.raises(UserError, match="holds faces of 96x96 px, not 112x112: .* again with -simsize 112"):
        source.read(0, 1)
