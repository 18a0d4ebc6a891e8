from __future__ import annotations

import numpy as np
import pytest

from mebench.datasets.images.table import Still, Stills, StillTable

STILLS = [
    Still("b", "2.jpg", "sad", "p2"),
    Still("a", "10.jpg", "happy", "p1"),
    Still("b", "1.jpg", "sad", "p1"),
    Still("a", "3.jpg", "", "p2", "other", "1+12"),
]


def named(stills: list[Still]) -> list[Still]:
    return [still._replace(id=still.id or still.file.split(".")[0]) for still in stills]


def test_stills_come_back_sorted_as_they_were_given() -> None:
    table = StillTable.of([still._replace(id=still.id or still.file.split(".")[0]) for still in STILLS])
    expected = sorted(named(STILLS), key=lambda still: (still.subject, still.id))
    assert [table.still(i) for i in range(4)] == expected
    assert [named(STILLS)[i] for i in table.order] == expected
    assert table.counts() == {"happy": 1, "sad": 2}
    assert table.subjects() == 2


def test_without_subjects_every_still_is_a_person_of_its_own() -> None:
    table = StillTable.of([Still("a", "2.png"), Still("a", "1.x.png")])
    assert [table.still(i)[3:5] for i in range(2)] == [("1.x", "1.x"), ("2", "2")]
    assert table.subjects() is None
    assert table.counts() == {}


def test_a_name_that_is_no_text_comes_back() -> None:
    name = b"caf\xe9.jpg".decode("utf-8", "surrogateescape")
    assert StillTable.of([Still("a", name)]).still(0).file == name


def test_twins_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match="^1$"):
        StillTable.of([Still("a", "1.jpg"), Still("b", "1.jpg")])
    assert len(StillTable.of([Still("a", "1.jpg", subject="p"), Still("b", "1.jpg", subject="q")])) == 2


def test_nothing_is_a_list_too() -> None:
    table = StillTable.of([])
    assert (len(table), table.counts(), list(Stills("d", table))) == (0, {}, [])


def test_clips_are_made_when_asked_for() -> None:
    stills = Stills("d", StillTable.of(named(STILLS)))
    assert [clip.key for clip in stills] == [("", "p1", "1"), ("", "p1", "10"), ("", "p2", "2"), ("", "p2", "other")]
    assert stills[-1].action_units == "1+12"
    assert stills[-1] is not stills[-1]
    assert [clip.id for clip in stills[1:3]] == ["10", "2"]
    assert (stills[0].onset, stills[0].apex, stills[0].offset, stills[0].n_frames) == (1, 1, 1, 1)
    assert stills[0].notes() == ()
    with pytest.raises(IndexError):
        stills[4]


def test_a_hundred_thousand_stills_take_a_few_megabytes() -> None:
    table = StillTable.of(Still(f"f{i % 300}", f"{i:056x}.jpg", "happy") for i in range(100_000))
    assert table.nbytes < 10e6
    assert np.array_equal(np.bincount(table.folder), [334] * 100 + [333] * 200)
