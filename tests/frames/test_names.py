from __future__ import annotations

import os
from pathlib import Path

import pytest

from mebench.frames.names import opencv_name, printable

GBK = os.fsdecode(b"\xb1\xed\xc7\xe9")


@pytest.mark.parametrize("name", ["plain.mp4", "\u8868\u60c5.mp4", "with blank.avi"])
def test_a_name_that_opencv_takes_is_its_own(name: str) -> None:
    with opencv_name(Path(name)) as given:
        assert given == name


def test_another_name_is_a_link_while_it_is_needed(tmp_path: Path) -> None:
    path = tmp_path / f"{GBK}.mp4"
    path.write_bytes(b"content")
    with opencv_name(path) as given:
        assert given.isascii()
        assert given.endswith(".mp4")
        assert Path(given).read_bytes() == b"content"
    assert not os.path.lexists(given)
    assert path.exists()


def test_printable_names_can_be_written() -> None:
    assert printable(f"{GBK}.mp4").encode()
    assert printable("\u8868\u60c5") == "\u8868\u60c5"
