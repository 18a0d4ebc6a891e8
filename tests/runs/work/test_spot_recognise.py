"""A spotter and then a recogniser, from the training videos to the card."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mebench.errors import UserError
from mebench.protocols.catalogue import PROTOCOLS
from mebench.runs.plugins import load_plugin
from mebench.runs.run import RunResult, load_run, run
from mebench.schema.predictions import read_predictions
from mebench.schema.scorecard import Scorecard
from mebench.tasks.catalogue import task_of

from .talks_plugin import EMOTIONS

PLUGIN = Path(__file__).parent / "talks_plugin.py"
BOUND = "spot_then_recognise:spotter=oracle,recogniser=place"
CHANCE = "spot_then_recognise:spotter=random_intervals,recogniser=majority"


def carry_out(out: Path, method: str = BOUND, tested: str = "talks", **more: object) -> RunResult:
    load_plugin(PLUGIN)
    options = {"training": ["more_talks"], "protocol": "megc2024-str", "executor": "inline", "device": "cpu", **more}
    return run(method, [tested], out=out, plugins=[PLUGIN], cache=out.parent / "cache", **options)


@pytest.fixture(scope="module")
def bound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run whose intervals are the truth."""
    out = tmp_path_factory.mktemp("str") / "r"
    assert carry_out(out).complete
    return out


def values(card: Scorecard) -> dict[str, float]:
    return {score.metric: score.value for score in card.scores if score.scope == "overall"}


def test_every_interval_gets_the_class_of_its_frames(bound: Path) -> None:
    table, _ = read_predictions(bound / "predictions.csv")
    assert len(table) == 3 * len(EMOTIONS)
    first = table.select(table.subject == "s1")
    assert first.emotion.tolist() == ["negative", "positive", "surprise", "negative", "positive"]
    assert (bound / "predictions.csv").read_text().startswith("subject,video,onset,offset,type,score,emotion\n")


def test_one_without_a_face_has_no_emotion_and_the_log_says_why(bound: Path) -> None:
    table, _ = read_predictions(bound / "predictions.csv")
    second = table.select(table.subject == "s2")
    assert second.emotion.tolist() == ["negative", "positive", "surprise", "negative", ""]
    lines = [json.loads(line) for line in next(bound.glob("folds/*/log.jsonl")).read_text().splitlines()]
    told = [line for line in lines if "not_recognised" in line]
    assert told == [{"video": "s2/v", "onset": 150, "offset": 161, "not_recognised": "no face was found"}]
    assert {"clips": 12, "validation_clips": 0, "left_out": 3} in lines


def test_what_is_right_throughout_scores_1(bound: Path) -> None:
    found = values(Scorecard.read(bound / "scorecard.json"))
    assert found["f1_spotting"] == 1
    assert found["strs"] == 1, "the event without an emotion of the protocol is not to be recognised"


def test_the_predictions_are_graded_as_the_run_grades_them(bound: Path) -> None:
    from mebench.protocols.base import Predicted

    rules, card = PROTOCOLS.get("megc2024-str")(), Scorecard.read(bound / "scorecard.json")
    predictions, lines = rules.read_predictions(bound / "predictions.csv")
    again = rules.score(Predicted(predictions, lines=lines), task_of("spot_recognise").read_truth(bound / "truth"))
    assert (again.scores, again.by_subject, again.by_video) == (card.scores, card.by_subject, card.by_video)
    assert again.convention == card.convention


def test_what_is_done_is_not_done_again_and_a_lost_fold_comes_back_the_same(bound: Path) -> None:
    before = {path: path.read_bytes() for path in bound.rglob("*.csv")} | {
        path: path.read_bytes() for path in bound.glob("folds/*/*")
    }
    assert carry_out(bound).progress.skipped == ["001-unseen"]
    next(bound.glob("folds/*/done.json")).unlink()
    assert carry_out(bound).complete
    assert {path: path.read_bytes() for path in before} == before


def test_chance_and_the_majority_bound_it_from_below(tmp_path: Path, bound: Path) -> None:
    result = carry_out(tmp_path / "r", CHANCE)
    table, _ = read_predictions(tmp_path / "r" / "predictions.csv")
    assert set(table.emotion.tolist()) <= {"negative"}, "two of the five events are negative"
    assert result.scorecard is not None
    assert result.scorecard.method.bound
    assert values(result.scorecard)["strs"] < values(Scorecard.read(bound / "scorecard.json"))["strs"]


def test_what_is_too_short_is_spotted_and_not_recognised(tmp_path: Path) -> None:
    carry_out(tmp_path / "r", tested="talks:short=true")
    table, _ = read_predictions(tmp_path / "r" / "predictions.csv")
    assert table.select(table.onset == 3).emotion.tolist() == ["", "", ""]
    assert len(table) == 3 * (len(EMOTIONS) + 1)


def test_a_set_whose_truth_is_withheld_gives_predictions_to_submit(tmp_path: Path) -> None:
    method = "spot_then_recognise:spotter=random_intervals,recogniser=place,spotter_with=rate_scale=3"
    result = carry_out(tmp_path / "r", method, tested="talks:told=false")
    table, _ = read_predictions(tmp_path / "r" / "predictions.csv")
    assert result.complete
    assert len(table) > 10
    assert set(table.emotion.tolist()) >= {"negative", "positive", "surprise"}


def test_models_are_stored_and_read_again(bound: Path) -> None:
    from mebench.apply.models import load_models

    with pytest.raises(UserError, match="spot_then_recognise is the truth itself and finds nothing in a new video"):
        load_models(bound)
    (folder,) = load_run(bound).folds()
    assert set(folder.states()[0]) == {"recogniser/places"}


@pytest.mark.parametrize(
    ("method", "message"),
    [
        ("spot_then_recognise:spotter=majority", "majority is for recognition: give spotter= a method for spotting"),
        ("spot_then_recognise:recogniser=oracle", "oracle is for spotting: give recogniser= a method for recognition"),
        ("spot_then_recognise:recogniser=true_class", "true_class is the truth itself, which an interval has not"),
        ("spot_then_recognise:spotter=orcale", "no method 'orcale'. Did you mean 'oracle'"),
        ("spot_then_recognise:recogniser_with=sea=2", "bi_woof has no setting 'sea'"),
        ("spot_then_recognise:spotter=spot_then_recognise", "spot_then_recognise is for spot_recognise: give spotter="),
    ],
)
def test_wrong_parts_are_told_before_anything_runs(tmp_path: Path, method: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        carry_out(tmp_path / "r", method)
    assert not (tmp_path / "r").exists()


def test_a_test_set_that_nobody_learns_from_needs_one_to_learn_from(tmp_path: Path) -> None:
    result = carry_out(tmp_path / "r", training=[])
    assert result.skipped is not None
    assert "add --train ID" in result.skipped
