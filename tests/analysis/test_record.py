"""Runs become baselines, and baselines are held against new runs."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path

import pytest

from mebench.analysis.baselines import check_baselines, check_scorecards, read_baselines
from mebench.analysis.record import advice_on_seeds, record_baselines
from mebench.analysis.regression import Verdict
from mebench.analysis.rescore import rescore
from mebench.errors import UserError
from mebench.runs.run import run
from mebench.runs.store import RunFolder
from mebench.schema.scorecard import Scorecard
from mebench.schema.seed_scores import SeedRun, SeedScore, SeedScores


@pytest.fixture(scope="module")
def seeds(plugin: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Return three runs of one method that differ in seed alone."""
    folder = tmp_path_factory.mktemp("seeds")
    for seed in range(3):
        run(
            "random_intervals",
            ["fake_lv"],
            out=folder / str(seed),
            seed=seed,
            executor="inline",
            device="cpu",
            plugins=[plugin],
        )
    return [folder / str(seed) for seed in range(3)]


def shifted(source: Path, target: Path, by: float) -> Path:
    """Write a card whose AUC, which no card keeps the parts of, is lower."""
    card = Scorecard.read(source / "scorecard.json")
    plain = card.to_dict()
    for score in plain["scores"]:
        if (score["metric"], score["scope"]) == ("auc", "macro"):
            score["value"] -= by
    target.write_text(json.dumps(plain))
    return target


def test_what_is_kept_grades_to_the_same_card(seeds: list[Path], tmp_path: Path) -> None:
    (folder,) = record_baselines(seeds[:1], tmp_path)
    assert folder == tmp_path / "fake_lv" / "random_intervals"
    assert sorted(path.name for path in folder.iterdir()) == ["predictions.csv", "scorecard.json"]
    (found,) = check_baselines(tmp_path)
    assert found.ok
    assert found.moved == ()
    assert found.notes == ("auc is not graded again: frame scores are not kept.",)


def test_what_follows_from_raw_scores_is_not_graded_again(plugin: Path, tmp_path: Path) -> None:
    """A method that knows movement alone: its card has that scope, kept predictions do not say so."""
    plugins = [plugin, Path(__file__).parents[1] / "runs" / "raw_plugin.py"]
    out = tmp_path / "run"
    run("raw_speaker:outputs=1", ["fake_lv"], out=out, executor="inline", device="cpu", plugins=plugins)
    record_baselines([out], tmp_path / "b")
    (found,) = check_baselines(tmp_path / "b")
    assert found.ok
    (note,) = found.notes
    assert note.startswith("auc, f1, f1_fold_mean, ")
    assert note.endswith(" is not graded again: frame scores and raw scores are not kept.")


def test_three_seeds_give_sigma_and_a_tolerance(seeds: list[Path], tmp_path: Path) -> None:
    (folder,) = record_baselines(seeds[::-1], tmp_path / "b")
    recorded = SeedScores.read(folder / "seeds.json")
    assert [r.seed for r in recorded.runs] == [0, 1, 2]
    assert (
        Scorecard.read(folder / "scorecard.json").compared() == Scorecard.read(seeds[0] / "scorecard.json").compared()
    )
    value = Scorecard.read(seeds[0] / "scorecard.json").score("auc", "macro").value
    spread = recorded.spreads()["auc", "macro"]
    allowed = max(0.05 * spread.mean, 3 * spread.sd)
    assert allowed < spread.mean / 3
    for by, verdict in ((0.99 * allowed, Verdict.WITHIN), (1.01 * allowed, Verdict.FALLEN)):
        new = shifted(seeds[0], tmp_path / "new.json", value - spread.mean + by)
        (found,) = check_scorecards([new], tmp_path / "b")
        (row,) = found.moved
        assert (row.verdict, row.baseline, row.allowed) == (verdict, spread.mean, pytest.approx(allowed))
    (found,) = check_scorecards([shifted(seeds[0], tmp_path / "new.json", 1e-9)], tmp_path / "b", origin="rescored")
    assert found.fell


def test_without_seeds_nothing_may_fall_unless_it_was_trained_again(seeds: list[Path], tmp_path: Path) -> None:
    record_baselines(seeds[:1], tmp_path / "b")
    new = shifted(seeds[0], tmp_path / "new.json", 0.01)
    assert not check_scorecards([new], tmp_path / "b")[0].ok
    assert check_scorecards([new], tmp_path / "b", origin="retrained")[0].ok


def test_seeds_of_another_grading_are_refused(seeds: list[Path], tmp_path: Path) -> None:
    (folder,) = record_baselines(seeds, tmp_path)
    changed = (folder / "seeds.json").read_text().replace('"truth": "', '"truth": "0')
    (folder / "seeds.json").write_text(changed)
    with pytest.raises(UserError, match="record the seeds again"):
        check_scorecards(seeds[:1], tmp_path)


def test_other_settings_and_another_truth_get_folders_of_their_own(plugin: Path, tmp_path: Path) -> None:
    runs = []
    for dataset in ("fake_lv", "fake_lv:subjects=3"):
        runs.append(tmp_path / f"r{len(runs)}")
        run("oracle", [dataset], out=runs[-1], executor="inline", device="cpu", plugins=[plugin])
    folders = record_baselines(runs, tmp_path / "b")
    assert folders[0].name == "oracle"
    assert folders[1].name.startswith("oracle-")
    assert (folders[1] / "truth" / "events.csv").is_file()
    assert [found.ok for found in check_baselines(tmp_path / "b")] == [True, True]
    assert len(read_baselines(tmp_path / "b")) == 2
    assert record_baselines(runs, tmp_path / "b") == folders


def test_what_cannot_be_recorded(seeds: list[Path], tmp_path: Path) -> None:
    with pytest.raises(UserError, match="nothing to record"):
        record_baselines([], tmp_path)
    with pytest.raises(UserError, match="is not the folder of a run"):
        record_baselines([tmp_path], tmp_path)
    with pytest.raises(UserError, match="same method, settings and seed"):
        record_baselines([seeds[0], seeds[0]], tmp_path)
    assert not (tmp_path / "fake_lv").exists()


def test_a_run_is_rescored_from_what_it_keeps(seeds: list[Path]) -> None:
    kept = Scorecard.read(seeds[0] / "scorecard.json")
    assert rescore(seeds[0]).compared() == kept.compared()
    loose = rescore(seeds[0], convention="megc2020")
    assert loose.fingerprint != kept.fingerprint
    assert loose.method == kept.method
    assert rescore(seeds[0], "megc2022-spotting").protocol.id == "megc2022-spotting"
    with pytest.raises(UserError, match="no protocol 'megc2020'"):
        rescore(seeds[0], "megc2020")


def test_predictions_that_were_altered_are_not_rescored(plugin: Path, tmp_path: Path) -> None:
    run("oracle", ["fake_lv"], out=tmp_path / "r", executor="inline", device="cpu", plugins=[plugin])
    table = tmp_path / "r" / "predictions.csv"
    lines = table.read_text().splitlines(keepends=True)
    table.write_text("".join(lines[:1] + lines[2:]))
    with pytest.raises(UserError, match="is not what the folds of the run have found: give the same mebench run"):
        rescore(tmp_path / "r")


def test_a_run_with_a_missing_fold_is_rescored_as_incomplete(plugin: Path, tmp_path: Path) -> None:
    run("oracle", ["fake_lv"], out=tmp_path / "r", executor="inline", device="cpu", plugins=[plugin])
    folds = sorted(RunFolder(tmp_path / "r").path.glob("folds/*"))
    (folds[0] / "done.json").unlink()
    assert rescore(tmp_path / "r").complete is False
    (tmp_path / "r" / "scorecard.json").unlink()
    with pytest.raises(UserError, match="has not been graded yet"):
        rescore(tmp_path / "r")


def test_a_card_that_contradicts_itself_is_not_recorded(seeds: list[Path], tmp_path: Path) -> None:
    copy = tmp_path / "run"
    shutil.copytree(seeds[0], copy)
    card = Scorecard.read(copy / "scorecard.json")
    card.replace(task="spoting").write(copy / "scorecard.json")
    with pytest.raises(UserError, match="scorecard.json is inconsistent: Its task 'spoting' is not known here"):
        record_baselines([copy], tmp_path / "b")


def test_several_seeds_are_judged_by_their_mean(seeds: list[Path], tmp_path: Path) -> None:
    record_baselines(seeds, tmp_path / "b")
    (found,) = check_scorecards(seeds, tmp_path / "b")
    assert found.ok
    assert found.notes[0] == "The new scores are means over 3 runs, of the seeds 0, 1, 2."
    assert {row.verdict for row in found.rows} <= {Verdict.EQUAL, Verdict.RISEN, Verdict.WITHIN}
    assert len(check_scorecards([seeds[0], seeds[0]], tmp_path / "b")) == 2
    assert len(check_scorecards(seeds, tmp_path / "b", origin="rescored")) == 3


def test_what_a_check_will_ask_for_is_said_when_it_is_recorded(seeds: list[Path], tmp_path: Path) -> None:
    (folder,) = record_baselines(seeds[:1], tmp_path / "one")
    assert advice_on_seeds(folder) == []  # a bound
    card = Scorecard.read(folder / "scorecard.json")
    learner = card.replace(method=dataclasses.replace(card.method, id="m", bound=False), trained_on=(card.dataset,))
    learner.write(folder / "scorecard.json")
    assert "record runs of other --seed with it" in advice_on_seeds(folder)[0]
    (folder,) = record_baselines(seeds, tmp_path / "b")
    wild = SeedScores.read(folder / "seeds.json")
    assert all("cannot tell a fall by a third from chance" in line for line in advice_on_seeds(folder))
    low, high = (SeedRun(i, (SeedScore("f1", "micro", value),)) for i, value in enumerate((0.1, 0.4)))
    SeedScores(wild.fingerprint, wild.truth, (low, high)).write(folder / "seeds.json")
    assert advice_on_seeds(folder)[0].endswith("in f1 of micro: where a check asks for more seeds, 59 can.")
