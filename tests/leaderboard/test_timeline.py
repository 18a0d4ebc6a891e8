from __future__ import annotations

import numpy as np
import pytest

from mebench.errors import UserError
from mebench.leaderboard.timeline import VideoInfo, write_timeline
from mebench.methods.spotting.base import SpottedInterval
from mebench.schema.presence import Presence
from mebench.schema.recordings import Event, ExpressionType

MICRO, MACRO = ExpressionType.MICRO, ExpressionType.MACRO
VIDEO = VideoInfo("smile.mp4", 300, 30.0)
SPOTTED = [SpottedInterval(31, 90, MACRO, 0.75), SpottedInterval(10, 15, MICRO, 0.5)]
SCORES = np.linspace(0, 1, 600, dtype=np.float32).reshape(300, 2)


def test_the_page_lists_intervals_in_seconds_and_frames(tmp_path, parse):
    page = parse(write_timeline(tmp_path / "out/timeline.html", VIDEO, SPOTTED, SCORES, method="au_sum:k=3"))
    rows = [[cell.text for cell in row.find_all("td")] for row in page.find("tbody").find_all("tr")]
    assert rows == [
        ["micro", "0.30 s", "0.50 s", "0.20 s", "10", "15", "0.500"],
        ["macro", "1.00 s", "3.00 s", "2.00 s", "31", "90", "0.750"],
    ]
    assert page.find("h1").text == "smile.mp4"
    assert "au_sum:k=3" in page.find("header").text


def test_emotions_stand_beside_their_intervals(tmp_path, parse):
    chances = [{"negative": 0.25, "surprise": 0.75}, {}]
    path = write_timeline(tmp_path / "t.html", VIDEO, SPOTTED, SCORES, recogniser="bi_woof", emotions=chances)
    page = parse(path)
    rows = [[cell.text for cell in row.find_all("td")][:4] for row in page.find("tbody").find_all("tr")]
    assert rows == [["micro", "–", "–", "0.30 s"], ["macro", "surprise", "0.75", "1.00 s"]]
    headings = [cell.text.strip() for cell in page.find("thead").find_all("th")]
    assert headings[:4] == ["type", "emotion", "probability", "start"]
    assert "emotions recognised by bi_woof" in page.find("header").text
    assert "score 0.75 · surprise" in path.read_text()


def test_bars_stand_where_their_frames_are(tmp_path, parse):
    page = parse(write_timeline(tmp_path / "t.html", VIDEO, SPOTTED, SCORES))
    bars = [
        (bar.attributes["x"], bar.attributes["width"]) for bar in page.find("svg", "plot").find_all("rect", "m-plain")
    ]
    assert bars == [("10.0%", "20.0%"), ("3.0%", "2.0%")]
    assert len(page.find_all("path", "curve")) == 2 + 1  # and one in the legend


def test_without_truth_nothing_is_called_right_or_wrong(tmp_path, parse):
    page = parse(write_timeline(tmp_path / "t.html", VIDEO, SPOTTED, SCORES))
    assert "Nobody has annotated this video" in page.text
    assert not page.find_all("rect", "m-hit") + page.find_all("rect", "m-false") + page.find_all("span", "badge")


def test_with_truth_and_matches_hits_and_misses_are_told(tmp_path, parse):
    truth = [Event(30, 88, MACRO), Event(200, 204, MICRO)]
    path = write_timeline(tmp_path / "t.html", VIDEO, SPOTTED, SCORES, truth, matches=[(0, 0)])
    plot = parse(path).find("svg", "plot")
    assert [len(plot.find_all("rect", f"m-{kind}")) for kind in ("hit", "false", "found", "missed")] == [1, 1, 1, 1]
    assert [badge.text for badge in parse(path).find_all("span", "badge")] == ["FP", "TP"]


def test_a_video_in_which_nothing_was_spotted(tmp_path, parse):
    page = parse(write_timeline(tmp_path / "t.html", VIDEO, [], None))
    assert "No expression was spotted" in page.text
    assert not page.find_all("table")


def test_names_are_text_and_nothing_else(tmp_path, parse):
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    video = VideoInfo(evil, 300, 30.0)
    page = parse(write_timeline(tmp_path / "t.html", video, SPOTTED, SCORES, method=evil, facts={evil: evil}))
    assert len(page.find_all("script")) == 1
    assert not page.find_all("img")
    assert page.find("h1").text == evil


def test_a_long_video_gives_a_small_page(tmp_path):
    scores = np.random.default_rng(0).random((100_000, 2), np.float32)
    path = write_timeline(tmp_path / "t.html", VideoInfo("long", 100_000, 200.0), SPOTTED, scores)
    assert path.stat().st_size < 200_000


def test_scores_of_another_length_are_refused_and_nothing_is_written(tmp_path):
    with pytest.raises(ValueError, match="its scores have the shape"):
        write_timeline(tmp_path / "t.html", VIDEO, SPOTTED, SCORES[:-1])
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot be written"):
        write_timeline(tmp_path / "file/t.html", VIDEO, SPOTTED, SCORES)


def test_frames_without_a_face_are_shaded_and_told(tmp_path, parse):
    found, begins = np.ones(300, bool), np.zeros(300, bool)
    found[120:240] = False
    begins[60] = True
    page = parse(write_timeline(tmp_path / "t.html", VIDEO, SPOTTED, SCORES, presence=Presence(found, begins)))
    (band,) = page.find("svg", "plot").find_all("rect", "unseen")
    assert (band.attributes["x"], band.attributes["width"]) == ("40.0%", "40.0%")
    assert len(page.find("svg", "plot").find_all("line", "cut")) == 1
    assert "No face in frames 121-240: 120 of 300 frames are not scored." in page.text
    assert "no face: not scored" in page.find("ul", "legend").text


def test_a_face_throughout_needs_no_word(tmp_path, parse):
    page = parse(write_timeline(tmp_path / "t.html", VIDEO, SPOTTED, SCORES, presence=Presence.everywhere(300)))
    assert not page.find_all("rect", "unseen")
    assert "no face" not in page.text
