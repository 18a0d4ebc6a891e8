"""A run's predictions graded again; nothing of the run is changed."""

from __future__ import annotations

import shutil

import pytest

from mebench.analysis.rescore import rescore
from mebench.errors import UserError
from mebench.runs.run import run
from mebench.schema.scorecard import Scorecard


@pytest.fixture(scope="module")
def done(plugin, tmp_path_factory):
    folder = tmp_path_factory.mktemp("rescore") / "r"
    options = {"executor": "inline", "device": "cpu", "plugins": [plugin]}
    run("random_intervals", ["fake_lv:subjects=3"], out=folder, **options)
    return folder


@pytest.fixture
def copy(done, tmp_path):
    shutil.copytree(done, tmp_path / "r")
    return tmp_path / "r"


def files(folder):
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_same_rules_give_the_same_card_and_change_no_file(done):
    before = files(done)
    assert rescore(done).compared() == Scorecard.read(done / "scorecard.json").compared()
    assert files(done) == before


def test_other_rules_are_another_fingerprint_of_the_same_predictions(done):
    strict, softnet = rescore(done), rescore(done, convention="softnet")
    assert strict.fingerprint != softnet.fingerprint
    assert softnet.method == strict.method
    assert rescore(done, "megc2021-spotting").counts["overall"] == strict.counts["overall"]


def test_predictions_that_were_altered_are_refused(copy):
    lines = (copy / "predictions.csv").read_text().splitlines()
    (copy / "predictions.csv").write_text("\n".join(lines[:-1]) + "\n")
    with pytest.raises(UserError, match="is not what the folds of the run have found: give the same mebench run"):
        rescore(copy)


def test_a_run_that_lacks_a_fold_is_graded_as_incomplete(copy):
    next((copy / "folds").rglob("done.json")).unlink()
    assert not rescore(copy).complete


def test_what_cannot_be_graded_is_told(copy, tmp_path):
    with pytest.raises(UserError, match="no convention 'soft' of spotting"):
        rescore(copy, convention="soft")
    with pytest.raises(UserError, match="no protocol 'megc1999'"):
        rescore(copy, "megc1999")
    with pytest.raises(UserError, match="is not the folder of a run"):
        rescore(tmp_path / "nowhere")
    (copy / "scorecard.json").unlink()
    with pytest.raises(UserError, match="has not been graded yet: finish it with the same mebench run"):
        rescore(copy)
