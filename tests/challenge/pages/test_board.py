from __future__ import annotations

import datetime as dt
from html.parser import HTMLParser

import pytest
from small_challenge import NOON, ROWS

from mebench.challenge.desk.config import load_challenge
from mebench.challenge.desk.grader import Desk
from mebench.challenge.pages.board import build_board
from mebench.errors import UserError

BAIT = "<script>alert(1)</script>"


class Cells(HTMLParser):
    """The texts of all table cells, row by row, and the tags of the page."""

    def __init__(self, page):
        super().__init__()
        self.rows, self.tags, self.inside = [], [], False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.inside = self.inside or tag == "td"
        if tag == "tr":
            self.rows.append([])
        elif tag == "td":
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        self.inside = self.inside and tag != "td"

    def handle_data(self, data):
        if self.inside:
            self.rows[-1][-1] += data.strip()


def read(path):
    cells = Cells(path.read_text())
    return [row for row in cells.rows if row], cells


@pytest.fixture
def graded(make_challenge, submit, here):
    challenge = make_challenge(("hidden = []", 'hidden = ["s2/c"]'))
    with Desk(challenge) as desk:
        desk.grade(submit("one", team=BAIT, method="=1+1"), received=NOON)
        desk.grade(submit("two", team="Beta", rows=ROWS[:1]), received=NOON + dt.timedelta(hours=1))
        desk.grade(submit("three", team="Beta", rows=["s1,a,1,9,micro"]), received=NOON + dt.timedelta(hours=2))
        desk.grade(submit("four", team="Gamma", rows=["s9,a,1,9,micro"]), received=NOON)
    return challenge


def test_the_page_ranks_teams_escapes_names_and_shows_public_columns_only(graded, tmp_path):
    rows, page = read(build_board(graded, tmp_path / "out"))
    # Equal public scores share a rank; the refused team is not there.
    assert [row[:3] for row in rows] == [["1=", BAIT, "=1+1"], ["1=", "Beta", "m1"]]
    assert [row[3:6] for row in rows] == [["0.5000", "0.6667", "0.0000"]] * 2
    assert [row[6:] for row in rows] == [["1", "2026-05-01T12:00:00Z"], ["2", "2026-05-01T13:00:00Z"]]
    assert page.tags.count("script") == 1
    assert "hidden" not in " ".join(cell for row in rows for cell in row)


def test_the_organisers_page_adds_hidden_and_exact_scores(graded, tmp_path):
    rows, _ = read(build_board(graded, tmp_path / "own.html", organiser=True))
    assert rows[0][6:9] == ["0.666667", "0.000000", "1.000000"]
    assert rows[0][9] == "0.571429"
    with pytest.raises(UserError, match="elsewhere"):
        build_board(graded, graded.folder / "receipts", organiser=True)


def test_receipts_of_other_rules_are_not_ranked(graded, tmp_path):
    rules = graded.folder / "challenge.toml"
    rules.write_text(rules.read_text().replace('# convention = "strict"', 'convention = "softnet"'))
    path = build_board(load_challenge(graded.folder), tmp_path)
    assert read(path)[0] == []
    assert "3 receipts of older rules" in path.read_text()


def test_an_empty_board_says_so(make_challenge, tmp_path):
    assert "No submission has been accepted yet" in build_board(make_challenge(), tmp_path / "out").read_text()


@pytest.mark.parametrize("name", ["truth", "organiser/board.html", "submissions/b.html"])
def test_the_public_board_is_not_written_among_what_the_challenge_keeps(make_challenge, name):
    challenge = make_challenge()
    before = sorted(challenge.folder.rglob("*"))
    with pytest.raises(UserError, match="where the challenge keeps its own files: write it elsewhere"):
        build_board(challenge, challenge.folder / name)
    assert sorted(challenge.folder.rglob("*")) == before
