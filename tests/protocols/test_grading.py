"""From files to a scorecard."""

from __future__ import annotations

import pytest

from mebench.errors import UserError
from mebench.protocols.base import Predicted
from mebench.protocols.grading import grade_files
from mebench.protocols.megc.megc2020_spotting import Megc2020Spotting
from mebench.schema.answers import Answer, Answers
from mebench.schema.clips import ClipRow, ClipTable
from mebench.schema.predictions import write_predictions
from mebench.schema.problems import InvalidTable
from mebench.schema.ratings import Item, RatedItems, Scale
from mebench.schema.scorecard import MethodRef


@pytest.fixture
def files(tmp_path, truth, predictions):
    truth.write(tmp_path / "truth")
    write_predictions(predictions, tmp_path / "predictions.csv")
    return tmp_path


def test_files_give_the_same_card_as_tables(files, truth, predictions):
    card = grade_files(files / "predictions.csv", files / "truth", "megc2020-spotting")
    assert card.compared() == Megc2020Spotting().score(Predicted(predictions), truth).compared()


def test_the_convention_and_the_method_are_taken_over(files):
    method = MethodRef("au_sum", {"window": 3}, "x")
    card = grade_files(files / "predictions.csv", files / "truth", "megc2020-spotting", "auw_gcn", method)
    assert card.convention["comparison"] == "gt"
    assert card.method == method


def test_problems_name_the_line_of_the_file(files):
    with (files / "predictions.csv").open("a") as file:
        file.write("\ns1,a,5,3,micro,0.1\n")
    with pytest.raises(InvalidTable, match=r"predictions.csv:7, offset: expected a frame not before the onset 5"):
        grade_files(files / "predictions.csv", files / "truth", "megc2020-spotting")


def test_unknown_names(files):
    with pytest.raises(UserError, match="no protocol 'megc2020'. Did you mean 'megc2020-spotting'"):
        grade_files(files / "predictions.csv", files / "truth", "megc2020")
    with pytest.raises(UserError, match="no convention 'stict'"):
        grade_files(files / "predictions.csv", files / "truth", "megc2020-spotting", "stict")
    with pytest.raises(UserError, match="does not exist"):
        grade_files(files / "predictions.csv", files / "nowhere", "megc2020-spotting")


def test_every_task_is_graded_from_its_own_files(tmp_path, truth):
    """One submission of each task: clips, spotted emotions, answers, ratings."""
    clips = ClipTable.from_rows([ClipRow("samm", "1", "a", "negative"), ClipRow("smic", "1", "b", "positive")], "x")
    clips.write(tmp_path / "clips")
    (tmp_path / "clips.csv").write_text("database,subject,clip,emotion\nsamm,1,a,negative\nsmic,1,b,positive\n")
    card = grade_files(tmp_path / "clips.csv", tmp_path / "clips", "megc2019-cde")
    assert card.score("accuracy", "full").value == 1

    truth.write(tmp_path / "truth")
    (tmp_path / "str.csv").write_text("subject,video,onset,offset,emotion\ns1,a,10,49,negative\n")
    card = grade_files(tmp_path / "str.csv", tmp_path / "truth", "megc2025-str", "strs_metric")
    assert card.counts["overall"].tp == 1

    answers = Answers((Answer("v_1", "v", "What is the coarse expression class?", "negative"),), "x")
    answers.write(tmp_path / "answers")
    card = grade_files(tmp_path / "answers" / "answers.jsonl", tmp_path / "answers", "megc2025-vqa")
    assert card.score("accuracy", "coarse").value == 1

    RatedItems((Item("samm", "a"),), Scale(1, 5), 1, "x").write(tmp_path / "items")
    (tmp_path / "sheets").mkdir()
    (tmp_path / "sheets" / "anna.csv").write_text("database,item,rating\nsamm,a,4.5\n")
    card = grade_files(tmp_path / "sheets", tmp_path / "items", "megc2021-generation")
    assert card.score("rating", "composite").value == 4.5


def test_a_truth_without_any_video_is_refused_before_it_is_graded(files):
    folder = files / "truth"
    for name in ("events.csv", "videos.csv"):
        (folder / name).write_text((folder / name).read_text().splitlines()[0] + "\n")
    with pytest.raises(UserError, match=r"The truth in .* holds no videos, so there is nothing to grade"):
        grade_files(files / "predictions.csv", folder, "megc2020-spotting")
