from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from mebench.analysis.baselines import check_scorecards
from mebench.errors import UserError
from mebench.runs.run import run
from mebench.schema.scorecard import Scorecard
from tests.analysis.cards import BASELINES, HISTORIC


@pytest.fixture(scope="module")
def card(plugin: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("run") / "r"
    run("oracle", ["fake_lv"], out=out, executor="inline", device="cpu", plugins=[plugin])
    return out


def test_a_run_equals_its_own_baseline_wherever_it_lies(card: Path, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    shutil.copy(card / "scorecard.json", tmp_path / "deep" / "oracle.json")
    for path in (card, card / "scorecard.json"):
        (comparison,) = check_scorecards([path], tmp_path)
        assert comparison.ok
        assert comparison.moved == ()


def test_a_better_baseline_is_a_fall_and_another_method_none(card: Path, tmp_path: Path) -> None:
    recorded = Scorecard.read(card / "scorecard.json")
    worse = recorded.replace(scores=tuple(s for s in recorded.scores if s.metric != "auc"))
    worse.write(tmp_path / "new.json")
    (tmp_path / "b").mkdir()
    recorded.write(tmp_path / "b" / "r.json")
    (comparison,) = check_scorecards([tmp_path / "new.json"], tmp_path / "b")
    assert [row.metric for row in comparison.moved] == ["auc", "auc"]
    assert not comparison.ok


def test_a_card_without_a_baseline_fails(card: Path, tmp_path: Path) -> None:
    recorded = Scorecard.read(card / "scorecard.json")
    recorded.replace(method=type(recorded.method)("another")).write(tmp_path / "r.json")
    (comparison,) = check_scorecards([card], tmp_path)
    assert not comparison.ok
    assert "No baseline has this method" in comparison.errors[0]


def test_nothing_to_compare_is_told(card: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no scorecard to check"):
        check_scorecards([], tmp_path)
    with pytest.raises(UserError, match="does not exist: give --baselines DIR"):
        check_scorecards([card], tmp_path / "none")
    with pytest.raises(UserError, match="holds no scorecard: record a baseline"):
        check_scorecards([card], tmp_path)


def test_what_an_old_card_keeps_nothing_of_is_said_to_be_taken_as_it_stands(tmp_path: Path) -> None:
    (old,) = (path for path in HISTORIC if path.stem == "megc2024-str")
    shutil.copy(old, tmp_path / "card.json")
    (comparison,) = check_scorecards([old], tmp_path)
    assert comparison.ok
    assert comparison.notes[0].startswith(
        "Taken as they stand, for a card keeps nothing to work them out from: f1_analysis of casme2"
    )
    assert comparison.notes[0].endswith("and 15 more.")


def test_the_auc_of_a_new_card_is_said_to_be_taken_as_it_stands(tmp_path: Path) -> None:
    (new,) = (path for path in BASELINES if path.parent.name == "mdmd")
    shutil.copy(new, tmp_path / "card.json")
    (comparison,) = check_scorecards([new], tmp_path)
    told = "Taken as they stand, for a card keeps nothing to work them out from: auc of macro, auc of micro."
    assert told in comparison.notes
