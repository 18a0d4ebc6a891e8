from __future__ import annotations

import os
import re
import tempfile

import pytest
from small_challenge import EVENTS

from mebench.challenge.desk.public import check_in_folder, check_with_kit, write_public_kit
from mebench.challenge.safety import copies
from mebench.errors import UserError


def test_the_kit_names_every_video_and_no_event(make_challenge, tmp_path):
    kit = write_public_kit(make_challenge(("hidden = []", 'hidden = ["s2/c"]')), tmp_path / "kit")
    texts = {path.name: path.read_text() for path in kit.rglob("*") if path.is_file()}
    assert texts["videos.csv"].splitlines()[1:] == [
        f"{s},{v},30.0,2000" for s, v in (("s1", "a"), ("s1", "b"), ("s2", "c"), ("s3", "d"))
    ]
    found = set(re.findall(r"\d+", "".join(texts.values())))
    assert not found & {str(frame) for event in EVENTS for frame in event[2:4]}
    # The README says that there is a hidden part, and nothing says what is in it.
    assert [name for name, text in texts.items() if "hidden" in text] == ["README.txt"]
    assert texts["README.txt"].count("hidden") == 1


def test_participants_and_organisers_get_the_same_report(make_challenge, submit, tmp_path):
    challenge = make_challenge()
    kit = write_public_kit(challenge, tmp_path / "kit")
    bad = submit("bad", rows=["s1,a,10,5,macro", "s9,a,10,50,macro"])
    with_kit, in_folder = check_with_kit(kit, bad, {}), check_in_folder(challenge.folder, bad, {})
    assert with_kit == in_folder
    assert not with_kit.accepted
    assert [problem["kind"] for problem in with_kit.report["problems"]] == ["offset_before_onset", "unknown_video"]
    assert not (challenge.folder / "state.sqlite").exists()


def test_flags_stand_in_for_a_manifest_but_not_for_a_wrong_one(make_challenge, submit, tmp_path):
    kit = write_public_kit(make_challenge(), tmp_path / "kit")
    table = submit() / "predictions.csv"
    assert check_with_kit(kit, table, {"team": "A", "method": "m"}).accepted
    lonely = check_with_kit(kit, table, {"team": "A", "method": ""})
    assert "--method" in lonely.text
    assert not check_with_kit(kit, submit("other", protocol="megc2020-spotting"), {}).accepted


def test_a_folder_that_is_no_kit_is_told(tmp_path):
    with pytest.raises(UserError, match="organisers hand out"):
        check_with_kit(tmp_path, tmp_path, {})


def test_a_check_looks_at_a_copy_and_leaves_nothing_behind(make_challenge, submit, tmp_path, monkeypatch):
    kit = write_public_kit(make_challenge(), tmp_path / "kit")
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    sent = submit()
    os.mkfifo(sent / "pipe.csv")
    (sent / "link.csv").symlink_to("/etc/passwd")
    with (sent / "vast.csv").open("wb") as file:
        file.truncate(40 << 20)
    found = check_with_kit(kit, sent, {})
    assert sorted(problem["kind"] for problem in found.report["problems"]) == ["file_size", "special", "special"]
    link = tmp_path / "link"
    link.symlink_to(sent)
    assert "found 'a link" in check_with_kit(kit, link, {}).text
    with pytest.raises(UserError, match="check the name"):
        check_with_kit(kit, tmp_path / "none", {})

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(copies, "_stream", interrupt)
    with pytest.raises(KeyboardInterrupt):
        check_with_kit(kit, sent, {})
    assert list(place.iterdir()) == []
