from __future__ import annotations

import stat
from pathlib import Path

import pytest

from mebench.challenge.pages.whole_folder import replace_folder
from mebench.errors import UserError
from mebench.schema.files import PRIVATE

FILES = {"a.txt": "1", "b.txt": "2"}


def content(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_a_folder_is_made_and_replaced_and_left_when_nothing_changes(tmp_path):
    folder = tmp_path / "new" / "folder"
    assert replace_folder(folder, FILES, PRIVATE)
    assert content(folder) == FILES
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    before = folder.stat().st_ino
    assert not replace_folder(folder, FILES, PRIVATE)
    assert folder.stat().st_ino == before
    assert replace_folder(folder, {**FILES, "b.txt": "3"}, PRIVATE)
    assert content(folder) == {**FILES, "b.txt": "3"}
    assert list(folder.parent.iterdir()) == [folder]


def test_the_old_one_stays_when_the_new_one_cannot_take_its_place(tmp_path, monkeypatch):
    folder = tmp_path / "folder"
    replace_folder(folder, FILES, PRIVATE)
    rename = Path.rename

    def fall(self, target):
        if ".new-" in self.name:
            raise OSError(28, "No space left on device")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fall)
    with pytest.raises(UserError, match="cannot be written .No space left on device.: free some space"):
        replace_folder(folder, {**FILES, "a.txt": "new"}, PRIVATE)
    assert content(folder) == FILES
    assert list(tmp_path.iterdir()) == [folder]


def test_other_files_are_never_replaced(tmp_path):
    (tmp_path / "mine").mkdir()
    thesis = tmp_path / "mine" / "thesis.txt"
    thesis.write_text("years of work")
    with pytest.raises(UserError, match="holds other files, such as 'thesis.txt': give a new folder"):
        replace_folder(tmp_path / "mine", FILES, PRIVATE)
    with pytest.raises(UserError, match="is in the way: a folder belongs there"):
        replace_folder(thesis, FILES, PRIVATE)
    (tmp_path / "link").symlink_to(tmp_path / "mine")
    with pytest.raises(UserError, match="is in the way"):
        replace_folder(tmp_path / "link", FILES, PRIVATE)
    assert thesis.read_text() == "years of work"
