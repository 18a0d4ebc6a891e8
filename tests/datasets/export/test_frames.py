from __future__ import annotations

import cv2
import numpy as np
import pytest

from mebench.datasets.export.frames import QUALITY, components, grey_jpeg, luma_table, write_frames
from mebench.errors import UserError
from mebench.frames.pixels import ArrayFrames


@pytest.fixture
def picture():
    """A smooth colour picture with noise, away from black and white."""
    rng = np.random.default_rng(0)
    x, y = np.meshgrid(np.linspace(60, 180, 320), np.linspace(0, 30, 240))
    return np.clip((x + y)[..., None] + rng.normal(0, 3, (240, 320, 3)), 40, 215).astype(np.uint8)


def jpeg(image, quality):
    return cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def grey(content):
    return cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE)


@pytest.mark.parametrize("quality", [60, 75, 90])
def test_grey_files_keep_the_pixels_and_the_quality_of_the_colour_files(picture, quality):
    colour = jpeg(picture, quality)
    again = grey_jpeg(colour)
    assert luma_table(again) == luma_table(colour)
    assert cv2.imdecode(np.frombuffer(again, np.uint8), cv2.IMREAD_UNCHANGED).ndim == 2
    assert np.array_equal(grey(again), grey(colour))


def test_what_is_grey_already_stays_as_it_is(picture):
    content = jpeg(picture[..., 0], 85)
    assert (components(content), components(jpeg(picture, 85)), components(b"no picture")) == (1, 3, 0)
    assert grey_jpeg(content) is content


def test_compressing_once_more_without_care_would_change_pixels(picture):
    colour = jpeg(picture, 90)
    assert not np.array_equal(grey(jpeg(grey(colour), 90)), grey(colour))


@pytest.mark.parametrize(("height", "width"), [(61, 90), (5, 7), (16, 3)])
def test_sizes_that_are_no_multiple_of_a_block_work(picture, height, width):
    colour = jpeg(picture[:height, :width], 90)
    difference = grey(grey_jpeg(colour)).astype(int) - grey(colour)
    assert difference.shape == (height, width)
    assert np.abs(difference).max() <= 3


def test_what_is_no_jpeg_is_the_users_error():
    with pytest.raises(UserError, match="no readable JPEG"):
        grey_jpeg(b"\xff\xd8 not a picture")
    assert luma_table(b"no marker") is None


@pytest.mark.parametrize("as_grey", [True, False])
def test_arrays_are_compressed_at_high_quality(tmp_path, picture, as_grey):
    write_frames(ArrayFrames(np.stack([picture] * 3)), 1, 3, tmp_path, "f_{:03d}.jpg", as_grey)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["f_002.jpg", "f_003.jpg"]
    content = (tmp_path / "f_002.jpg").read_bytes()
    assert luma_table(content) == luma_table(jpeg(picture, QUALITY))
    assert np.abs(grey(content).astype(int) - cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)).mean() < 1.5
