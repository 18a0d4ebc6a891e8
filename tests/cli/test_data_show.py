"""`mebench data show`."""

from __future__ import annotations

from pathlib import Path

from .conftest import Mebench

TOYS = ("--plugin", str(Path(__file__).parents[1] / "toys" / "toys.py"))
WHOLE = ("--view", "crop=whole,flow=farneback")


def test_clips_are_shown_and_named_with_their_digests(mebench: Mebench) -> None:
    answer = mebench("data", "show", "toy_clips", "--most", "3", *WHOLE, *TOYS)
    assert answer.code == 0, answer.err
    *clips, view, written = answer.out.splitlines()
    assert [line.partition(":")[0] for line in clips] == ["s01/c0", "s01/c1", "s01/c2"]
    assert clips[0].startswith("s01/c0: negative, onset 1, apex 6, offset 6, ")
    assert view == "view: crop=whole,flow=farneback"
    path = Path(written.removeprefix("written: "))
    assert path.name.startswith("clips-toy_clips-")
    assert path.read_bytes().startswith(b"\x89PNG")


def test_one_clip_goes_where_it_is_asked_to(mebench: Mebench) -> None:
    show = ("data", "show", "toy_clips", "--clip", "s02/c1", "--out", "one.png", *WHOLE, *TOYS)
    first = mebench(*show)
    assert first.code == 0, first.err
    assert first.out.splitlines()[-1] == "written: one.png"
    assert mebench(*show).out == first.out
    Path("one.png").write_text("a thesis")
    answer = mebench(*show)
    assert (answer.code, "of another kind" in answer.err) == (2, True)


def test_what_cannot_be_shown_is_told_in_a_sentence(mebench: Mebench) -> None:
    answer = mebench("data", "show", "toy_clips", *TOYS)
    assert (answer.code, "set crop=whole" in answer.err) == (2, True)
    answer = mebench("data", "show", "synth_lv")
    assert (answer.code, "has no clips" in answer.err) == (2, True)
    answer = mebench("data", "show", "toy_clips", "--view", "flow=rlof", *TOYS)
    assert (answer.code, "'tvl1', 'farneback', 'dis'" in answer.err) == (2, True)
