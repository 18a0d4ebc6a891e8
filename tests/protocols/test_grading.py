"""From files to a scorecard."""

from __future__ import annotations

import pytest

from mebench.errors import UserError
from mebench.protocols.base import Submission
from mebench.protocols.grading import grade_files
from mebench.protocols.megc2020_spotting import Megc2020Spotting
from mebench.schema.predictions import write_predictions
from mebench.schema.problems import InvalidTable
from mebench.schema.scorecard import MethodRef


@pytest.fixture
def files(tmp_path, truth, predictions):
    truth.write(tmp_path / "truth")
    write_predictions(predictions, tmp_path / "predictions.csv")
    return tmp_path


def test_files_give_the_same_card_as_tables(files, truth, predictions):
    card = grade_files(files / "predictions.csv", files / "truth", "megc2020-spotting")
    assert card.compared() == Megc2020Spotting().score(Submission(predictions), truth).compared()


def test_the_convention_and_the_method_are_taken_over(files):
    method = MethodRef("au_sum", {"window": 3}, "x")
    card = grade_files(files / "predictions.csv", files / "truth", "megc2020-spotting", "auw_gcn", method)
    assert card.convention["comparison"] == "gt"
    assert card.method == method


def test_problems_name_the_line_of_the_file(files):
    with (files / "predictions.csv").open("a") as file:
        file.write("\ns1,a,5,999,micro,0.1\n")
    with pytest.raises(InvalidTable, match=r"predictions.csv:7, offset: expected at most 200"):
        grade_files(files / "predictions.csv", files / "truth", "megc2020-spotting")


def test_unknown_names(files):
    with pytest.raises(UserError, match="no protocol 'megc2020'. Did you mean 'megc2020-spotting'"):
        grade_files(files / "predictions.csv", files / "truth", "megc2020")
    with pytest.raises(UserError, match="no convention 'stict'"):
        grade_files(files / "predictions.csv", files / "truth", "megc2020-spotting", "stict")
    with pytest.raises(UserError, match="does not exist"):
        grade_files(files / "predictions.csv", files / "nowhere", "megc2020-spotting")
