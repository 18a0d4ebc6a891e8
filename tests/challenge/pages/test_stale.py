from __future__ import annotations

import os

import pytest
from small_challenge import NOON

from mebench.challenge.desk.baselines import add_baseline, remove_baseline
from mebench.challenge.desk.grader import Desk
from mebench.challenge.desk.ledger import withdraw
from mebench.challenge.pages.board import build_board
from mebench.challenge.pages.stale import stale_pages

pytestmark = pytest.mark.usefixtures("here")


@pytest.fixture
def shown(make_challenge, submit):
    """A challenge with a submission and both boards, all written long ago."""
    challenge = make_challenge()
    with Desk(challenge) as desk:
        desk.grade(submit(), received=NOON)
    add_baseline(challenge, submit("two"), "ours")
    for name in ("board.html", "organiser/board.html"):
        build_board(challenge, challenge.folder / name, organiser="organiser" in name)
    age(challenge)
    return challenge


def age(challenge):
    """Let pages be younger than all that they show, and everything be old."""
    for path in challenge.folder.rglob("*"):
        os.utime(path, (2000, 2000) if path.name == "board.html" else (1000, 1000))


def test_pages_that_show_what_is_there_are_not_named(shown):
    assert stale_pages(shown.folder) == {}


@pytest.mark.parametrize("what", ["graded", "withdrawn", "baseline added", "baseline removed"])
def test_older_pages_are_named_with_the_command_for_each(what, shown, submit):
    with Desk(shown) as desk:
        match what:
            case "graded":
                desk.grade(submit("three", ["s1,a,1,9,micro"], team="Beta"), received=NOON)
            case "withdrawn":
                withdraw(shown, next((shown.folder / "receipts").glob("[0-9a-f]*")).name)
            case "baseline added":
                add_baseline(shown, submit("four"), "another")
            case _:
                remove_baseline(shown, "ours")
    folder = shown.folder
    assert stale_pages(folder) == {
        "board.html": f"mebench challenge board {folder}",
        "organiser/board.html": f"mebench challenge board {folder} --organiser",
    }
    build_board(shown, folder / "board.html")
    assert "board.html" not in stale_pages(folder)


def test_a_challenge_without_pages_has_no_older_ones(make_challenge):
    assert stale_pages(make_challenge().folder) == {}
