from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mebench.frames.entries import About
from mebench.frames.pixels import ArrayFrames
from mebench.frames.store import FrameStore
from tests.cli.conftest import Mebench


@pytest.fixture
def store(tmp_path: Path) -> FrameStore:
    """The cache of the command line, with one video and an array."""
    store = FrameStore(tmp_path / "cache")
    frames = np.zeros((7, 10, 10), np.uint8)

    def make(write):  # type: ignore[no-untyped-def]
        write(frames)
        return {"motion": np.arange(7)}

    store.frames("ab" * 32, About("aligned faces", "samm_lv/006/006_1"), ArrayFrames(frames), make)
    return store


@pytest.mark.usefixtures("store")
def test_list_shows_what_each_entry_holds(mebench: Mebench) -> None:
    answer = mebench("data", "cache", "list")
    assert answer.code == 0
    head, _, row = answer.out.strip().splitlines()
    assert head.split() == ["entry", "holds", "video", "size", "last", "used"]
    assert row.split("  ")[0] == "abababababab"
    for word in ("aligned faces (7 frames), motion", "samm_lv/006/006_1", "kB", "in use"):
        assert word in row


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("words", [(), ("size",)])
def test_size_needs_no_words(mebench: Mebench, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    answer = mebench("data", "cache", *words)
    assert "kB in 1 entry; no limit is set." in answer.out
    monkeypatch.setenv("MEBENCH_CACHE_SIZE", "50GB")
    assert "MEBENCH_CACHE_SIZE allows 50.0 GB." in mebench("data", "cache", *words).out
    monkeypatch.setenv("MEBENCH_CACHE_SIZE", "lots")
    answer = mebench("data", "cache", *words)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == "Error: MEBENCH_CACHE_SIZE=lots is no size: write it as 50GB, or unset it.\n"


@pytest.mark.usefixtures("store")
def test_clean_tells_what_it_removed_and_what_is_in_use(mebench: Mebench) -> None:
    assert mebench("data", "cache", "clean", "--older", "0").out == (
        "0 of 1 entries removed, 0 bytes; 1 more are in use and stay.\n"
    )
    assert mebench("data", "cache", "clean", "--older", "30").out == "0 of 1 entries removed, 0 bytes.\n"


def test_an_empty_cache(mebench: Mebench) -> None:
    assert "is empty" in mebench("data", "cache", "list").err
    assert "0 bytes in 0 entries" in mebench("data", "cache").out
    assert mebench("data", "cache", "clean", "--older", "0").out == "0 of 0 entries removed, 0 bytes.\n"


def test_clean_needs_days(mebench: Mebench) -> None:
    answer = mebench("data", "cache", "clean")
    assert answer.code == 2
    assert "--older" in answer.err
    assert mebench("data", "cache", "clean", "--older", "-1").code == 2
