from __future__ import annotations

import cv2
import pytest

from mebench.errors import UserError


def colours(path):
    """The distinct colours of a picture as (red, green, blue)."""
    picture = cv2.imread(str(path))
    return {tuple(int(c) for c in pixel[::-1]) for pixel in picture.reshape(-1, 3)}


def test_scores_and_a_timeline_are_drawn(draw_figure, make_run, tmp_path):
    path = draw_figure([make_run(), make_run("oracle")], tmp_path / "images/board.png")
    assert {(0x00, 0x72, 0xB2), (0xD5, 0x5E, 0x00), (0x4B, 0x56, 0x61)} <= colours(path)


def test_a_card_alone_gives_a_picture_of_its_scores(draw_figure, make_run, tmp_path):
    tall = cv2.imread(str(draw_figure([make_run()], tmp_path / "a.png"))).shape
    flat = cv2.imread(str(draw_figure([make_run(keep=False)], tmp_path / "b.png"))).shape
    assert flat[0] < tall[0]
    assert flat[1] == tall[1]


def test_the_same_cards_give_the_same_picture(draw_figure, make_run, tmp_path):
    run = make_run()
    assert draw_figure([run], tmp_path / "a.png").read_bytes() == draw_figure([run], tmp_path / "b.png").read_bytes()


def test_an_unknown_video_is_told(draw_figure, make_run, tmp_path):
    with pytest.raises(UserError, match="no video s9/z"):
        draw_figure([make_run()], tmp_path / "a.png", video=("s9", "z"))
    assert not (tmp_path / "a.png").exists()


def test_no_scorecards_is_told(draw_figure, tmp_path):
    with pytest.raises(UserError, match="needs a scorecard"):
        draw_figure([], tmp_path / "a.png")
