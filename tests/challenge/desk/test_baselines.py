from __future__ import annotations

import json
import stat

import pytest
from small_challenge import NOON, ROWS

from mebench.challenge.checks.findings import InvalidSubmission
from mebench.challenge.desk.baselines import add_baseline, list_baselines, remove_baseline
from mebench.challenge.desk.config import load_challenge
from mebench.challenge.desk.grader import Desk
from mebench.challenge.pages.board import build_board
from mebench.errors import UserError
from mebench.schema.scorecard import Scorecard

pytestmark = pytest.mark.usefixtures("here")

HIDDEN = ("hidden = []", 'hidden = ["s2/c"]')


@pytest.fixture
def challenge(make_challenge):
    return make_challenge(HIDDEN)


@pytest.fixture
def table(submit):
    """Predictions without a manifest."""
    return submit("base") / "predictions.csv"


def test_predictions_become_a_row_that_uses_no_quota(challenge, table):
    made = add_baseline(challenge, table, "  Naïve\x07 ")
    assert made.name == "Naïve"
    assert list_baselines(challenge) == [made]
    scores = {part: Scorecard.from_json(text).score("f1", "overall").value for part, text in made.cards.items()}
    assert scores == pytest.approx({"all": 4 / 7, "public": 0.5, "hidden": 2 / 3})
    (path,) = (challenge.folder / "organiser" / "baselines").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with Desk(challenge) as desk:
        assert desk.store.receipts() == []
    page = build_board(challenge, challenge.folder).read_text()
    assert "Naïve" in page
    row = page.split("Naïve")[1].split("</tr>")[0]
    assert "0.5000" in row
    assert "0.57" not in row, "scores of everything are not public"


def test_one_of_the_same_name_is_replaced_and_can_be_taken_off(challenge, table, submit):
    add_baseline(challenge, table, "Naive")
    new = add_baseline(challenge, submit("other", rows=ROWS[:1]), "NAIVE")
    assert list_baselines(challenge) == [new]
    with pytest.raises(UserError, match="no baseline 'Other': there are NAIVE"):
        remove_baseline(challenge, "Other")
    remove_baseline(challenge, "naive")
    assert list_baselines(challenge) == []


def test_what_is_wrong_with_the_predictions_is_told_and_nothing_is_written(challenge, submit):
    with pytest.raises(InvalidSubmission, match="has 1 error"):
        add_baseline(challenge, submit("bad", rows=["s1,a,10,5,macro"]), "Naive")
    assert list_baselines(challenge) == []
    with pytest.raises(UserError, match="printable characters"):
        add_baseline(challenge, submit("good"), "\u3164")


def test_scorecards_of_either_part_are_taken_and_of_others_refused(challenge, table, tmp_path):
    cards = add_baseline(challenge, table, "Predictions").cards
    for part, text in cards.items():
        (tmp_path / f"{part}.json").write_text(text)
    public = add_baseline(challenge, tmp_path / "public.json", "Cards")
    assert public.cards.keys() == {"public"}
    both = add_baseline(challenge, tmp_path / "hidden.json", "Cards")
    assert both.cards == {part: cards[part] for part in ("public", "hidden")}
    with pytest.raises(UserError, match="no scorecard of the public or the hidden part"):
        add_baseline(challenge, tmp_path / "all.json", "Cards")
    typed = json.loads(cards["public"])
    for score in typed["scores"]:
        score["value"] = 0.9 if (score["metric"], score["scope"]) == ("f1", "overall") else score["value"]
    (tmp_path / "typed.json").write_text(json.dumps(typed))
    with pytest.raises(UserError, match="says a f1:overall that does not follow from"):
        add_baseline(challenge, tmp_path / "typed.json", "Typed")
    other = json.loads(cards["public"])
    other["convention"]["fingerprint"] = "0" * 12
    (tmp_path / "public.json").write_text(json.dumps(other))
    with pytest.raises(UserError, match="was graded under .* give the predictions instead"):
        add_baseline(challenge, tmp_path / "public.json", "Cards")
    (tmp_path / "broken.json").write_text(json.dumps({**other, "scores": 3}))
    with pytest.raises(UserError, match="scores"):
        add_baseline(challenge, tmp_path / "broken.json", "Cards")


def test_those_of_older_rules_are_counted_and_not_shown(challenge, table):
    add_baseline(challenge, table, "Naive")
    rules = challenge.folder / "challenge.toml"
    rules.write_text(rules.read_text().replace('# convention = "strict"', 'convention = "softnet"'))
    page = build_board(load_challenge(challenge.folder), challenge.folder).read_text()
    assert "1 baseline of older rules is not shown" in page
    assert "Naive" not in page


def test_a_damaged_file_is_told(challenge, table):
    add_baseline(challenge, table, "Naive")
    (path,) = (challenge.folder / "organiser" / "baselines").iterdir()
    path.write_text("{}")
    with pytest.raises(UserError, match="add the baseline anew"):
        build_board(challenge, challenge.folder)


def test_a_baseline_takes_no_teams_place(challenge, table, submit):
    with Desk(challenge) as desk:
        desk.grade(submit("one", rows=ROWS[:1]), received=NOON)
    add_baseline(challenge, table, "Naive")
    page = build_board(challenge, challenge.folder).read_text()
    assert page.index("Alpha") < page.index("Naive")
