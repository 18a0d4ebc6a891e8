from __future__ import annotations

from pathlib import Path

import pytest

from mebench.errors import UserError
from mebench.frames.folders import FolderFrames


@pytest.mark.parametrize(
    ("names", "advice"),
    [
        (["a.mp4", "b.MTS"], "give its videos, such as {folder}/a.mp4."),
        (["1.tif", "2.tif"], "pictures such as 1.tif are not read, so convert them."),
        (["face.jpg", "notes.txt"], "number its pictures in their order, face.jpg as 00001 and so on."),
        (["inner/1.jpg"], "give a folder with frames, perhaps {folder}/inner."),
        ([".a.mp4", "notes.txt"], "give a folder with frames."),
    ],
)
def test_what_to_give_instead(tmp_path: Path, names: list[str], advice: str) -> None:
    folder = tmp_path / "f"
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    with pytest.raises(UserError) as caught:
        len(FolderFrames(folder, first=None))
    assert str(caught.value) == f"{folder} holds no numbered jpg, png or bmp files: {advice.format(folder=folder)}"
