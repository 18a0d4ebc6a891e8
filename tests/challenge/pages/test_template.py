from __future__ import annotations

import datetime as dt

import pytest

from mebench.challenge.desk.config import load_challenge
from mebench.challenge.pages.template import FOLDERS, init_challenge
from mebench.errors import UserError


def test_what_is_written_can_be_read_and_is_commented(tmp_path):
    title = 'The "best" \\ challenge \U0001f600 \x7f\n'
    path = init_challenge(tmp_path / "new", title=title, today=dt.date(2026, 5, 1))
    challenge = load_challenge(tmp_path / "new")
    assert challenge.title == title.strip()
    assert challenge.teams == "named"
    assert challenge.phases[0].opens == dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
    assert challenge.phases[0].closes == dt.datetime(2026, 6, 26, tzinfo=dt.UTC)
    assert sum(line.startswith("#") for line in path.read_text().splitlines()) > 10
    assert {p.name for p in path.parent.iterdir() if p.is_dir()} == set(FOLDERS)


def test_the_columns_follow_the_protocol(tmp_path):
    init_challenge(tmp_path / "str", protocol="megc2024-str")
    assert load_challenge(tmp_path / "str").board.columns == ("strs:overall",)


def test_an_empty_folder_is_taken_and_a_full_one_is_refused(tmp_path):
    init_challenge(tmp_path / "new", protocol="megc2021-spotting")
    before = (tmp_path / "new" / "challenge.toml").read_bytes()
    with pytest.raises(UserError, match="not empty: give a new folder"):
        init_challenge(tmp_path / "new")
    assert (tmp_path / "new" / "challenge.toml").read_bytes() == before
    (tmp_path / "file").write_text("x")
    with pytest.raises(UserError, match="not empty"):
        init_challenge(tmp_path / "file")
    (tmp_path / "empty").mkdir()
    assert init_challenge(tmp_path / "empty").exists()


def test_an_unknown_protocol_leaves_nothing_behind(tmp_path):
    with pytest.raises(UserError, match="no protocol"):
        init_challenge(tmp_path / "new", protocol="megc1999")
    assert not (tmp_path / "new").exists()


def test_ratings_are_refused_and_other_tasks_are_named(tmp_path):
    with pytest.raises(UserError, match=r"coders give and no participant submits: grade them with `mebench grade`\.$"):
        init_challenge(tmp_path / "new", protocol="megc2021-generation")
    assert not (tmp_path / "new").exists()
    for protocol, column, title, file in (
        ("megc2019-cde", "uf1:full", "Recognition of facial expressions", "clips.csv"),
        ("megc2026-vqa", "uf1_coarse:overall", "Questions about clips of facial expressions", ".jsonl"),
    ):
        init_challenge(tmp_path / protocol, protocol=protocol)
        challenge = load_challenge(tmp_path / protocol)
        assert (challenge.board.columns, challenge.title) == ((column,), title)
        assert file in (tmp_path / protocol / "truth" / "README.txt").read_text()
