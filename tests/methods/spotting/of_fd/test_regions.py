from __future__ import annotations

from mebench.faces.face_points import STAND_IN
from mebench.methods.spotting.of_fd.regions import Regions


def test_there_are_sixteen_regions_inside_their_fields_inside_the_face() -> None:
    regions = Regions.of_points(STAND_IN, 256)
    assert regions.count == 4 + 4 + 6 + 2
    assert [field.part for field in regions.fields] == ["brows", "brows", "mouth", "nose"]
    for field in regions.fields:
        left, top, right, bottom = field.box
        assert 0 <= left < right <= 256
        assert 0 <= top < bottom <= 256
        for a, b, c, d in field.regions:
            assert 0 <= a < c <= right - left
            assert 0 <= b < d <= bottom - top


def test_the_corner_of_the_mouth_lies_in_its_region() -> None:
    regions = Regions.of_points(STAND_IN, 256)
    mouth = regions.fields[2]
    x, y = (STAND_IN[48] + 0.5) * 256 / 112 - 0.5
    left, top, right, bottom = mouth.regions[1]
    assert left <= x - mouth.box[0] < right
    assert top <= y - mouth.box[1] < bottom
    assert mouth.tops == ("top_mouth", *["top_mouth_points"] * 5)


def test_margins_go_with_the_size_and_stay_inside_a_face_beyond_its_picture() -> None:
    large, small = (Regions.of_points(STAND_IN, size) for size in (256, 128))
    for one, other in zip(large.fields, small.fields, strict=True):
        assert all(abs(a / 2 - b) <= 1.5 for a, b in zip(one.box, other.box, strict=True))
    away = Regions.of_points(STAND_IN + 500, 256)
    assert all(field.box[2] <= 256 for field in away.fields)
    assert away.plain() != large.plain()
