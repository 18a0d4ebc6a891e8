"""Changed archives and texts in their thousands; `fuzz_archives.py` tries as many as it is asked for."""

from __future__ import annotations

import zipfile

import fuzz_archives
import pytest
from fuzz_archives import fuzz, fuzz_zips


@pytest.fixture
def careless(monkeypatch):
    """Extract the way that the standard library names members, without looking where that leads."""

    def extract(path, work, limits):
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                (work / info.filename).parent.mkdir(parents=True, exist_ok=True)
                (work / info.filename).write_bytes(b"")

    monkeypatch.setattr(fuzz_archives, "extract_zip", extract)


def test_changed_archives_and_texts_are_taken_or_refused_and_nothing_lies_outside(tmp_path):
    zips, texts = fuzz(zips=1_500, texts=500, seed=1, root=tmp_path)
    assert zips.failures == texts.failures == []
    assert sum(zips.outcomes.values()) == 1_500
    assert sum(texts.outcomes.values()) == 500
    # An input that never gets far would show nothing.
    assert zips.outcomes["accepted"] > 100
    assert {"names", "traversal", "mismatch", "corrupt", "clash", "duplicate"} <= set(zips.outcomes)
    assert len(texts.outcomes) > 15


def test_the_watch_sees_an_extraction_that_follows_any_name(careless, tmp_path):
    tally = fuzz_zips(300, 1, tmp_path / "fuzz")
    assert any("Escaped" in failure for failure in tally.failures)


@pytest.mark.slow
def test_many_changed_archives_and_texts(tmp_path):
    zips, texts = fuzz(zips=10_000, texts=5_000, seed=2, root=tmp_path)
    assert zips.failures == texts.failures == []
