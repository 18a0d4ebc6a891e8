"""Runs with one planted leak each: an audit names it and no other."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from mebench.analysis.audit.audit import DETECTORS, QUICK, audit
from mebench.cli.commands import carry_out
from mebench.runs.plugins import load_plugin
from mebench.runs.run import run

PLUGIN = Path(__file__).parent / "leaky_plugin.py"


def carried_out(out: Path, dataset: str = "none", method: str = "none", **more) -> Path:
    load_plugin(PLUGIN)
    done = run(
        f"leaky_learner:leak={method}", [f"leaky_clips:leak={dataset}"], out=out, plugins=[PLUGIN], executor="inline",
        **more,
    )  # fmt: skip
    assert done.complete
    return out


@pytest.fixture(scope="module")
def honest(tmp_path_factory) -> Path:
    return carried_out(tmp_path_factory.mktemp("runs") / "honest")


@pytest.fixture
def doctored(honest, tmp_path):
    """Return a copy of the honest run of which the receipt of a fold says something else."""

    def change(change, source=honest) -> Path:
        shutil.copytree(source, tmp_path / "doctored")
        receipt = sorted((tmp_path / "doctored" / "folds").glob("*/done.json"))[0]
        plain = json.loads(receipt.read_text())
        change(plain["fold"])
        receipt.write_text(json.dumps(plain))
        return tmp_path / "doctored"

    return change


def leaks(report):
    return {leak: [f.evidence for f in report.findings if f.leak == leak] for leak in report.leaks()}


def test_in_an_honest_run_nothing_is_found_and_all_is_looked_for(honest):
    report = audit(honest)
    assert report.lines() == []
    assert report.looked_for == tuple(DETECTORS)
    assert report.not_looked_for == {}


def test_people_who_are_learnt_from_and_tested_are_named(doctored):
    report = audit(doctored(lambda fold: fold["train"].append(fold["arms"][0]["test"][0])))
    assert leaks(report) == {"subject_overlap": ["leaky_clips/s1 is learnt from and tested"]}
    assert [finding.fold for finding in report.findings] == ["001-s1"]


def test_people_who_validate_what_has_learnt_from_them_are_named(doctored):
    report = audit(doctored(lambda fold: fold["arms"][0]["validation"].append("leaky_clips/s3")))
    assert leaks(report) == {"subject_overlap": ["leaky_clips/s3 is learnt from and validates"]}


def test_people_who_validate_and_are_tested_are_a_choice_on_tested_people(doctored):
    report = audit(doctored(lambda fold: fold["arms"][0]["validation"].append("leaky_clips/s1")))
    assert leaks(report) == {"selection_on_test": ["leaky_clips/s1 validates and is tested by the same model"]}


def test_one_person_under_two_ids_is_named(tmp_path):
    report = audit(carried_out(tmp_path / "run", dataset="two_ids"))
    assert leaks(report) == {
        "one_person_two_ids": [
            "leaky_clips/S02 is tested, and leaky_clips/s2 is not held back",
            "leaky_clips/s2 is tested, and leaky_clips/S02 is not held back",
        ]
    }


def test_frames_that_are_learnt_from_and_tested_are_named_although_they_are_a_little_brighter(tmp_path):
    report = audit(carried_out(tmp_path / "run", dataset="twin"))
    assert set(leaks(report)) == {"duplicated_frames"}
    told = leaks(report)["duplicated_frames"]
    assert "leaky_clips/x7/c0, tested, shows 5 frames of leaky_clips/s2/c0, which is not held back" in told
    assert all("s2" in evidence and "x7" in evidence for evidence in told)


def test_tested_clips_that_are_mirrored_copies_are_named(tmp_path):
    report = audit(carried_out(tmp_path / "run", dataset="mirrored"))
    assert leaks(report) == {"augmentation_on_test": ["leaky_clips/s2/c9, tested, is leaky_clips/s2/c0 mirrored"]}


def test_clips_that_are_altered_at_random_while_they_are_tested_are_named(tmp_path):
    report = audit(carried_out(tmp_path / "run", method="chance"))
    assert set(leaks(report)) == {"augmentation_on_test"}
    assert all("under another seed" in evidence for evidence in leaks(report)["augmentation_on_test"])


def test_statistics_of_tested_clips_are_named(tmp_path):
    report = audit(carried_out(tmp_path / "run", method="statistics"))
    assert set(leaks(report)) == {"statistics_of_tests"}
    first = report.findings[0]
    assert first.evidence == (
        "leaky_clips/s1/c1 and 1 more is answered otherwise where no other clip went before"
    ) or first.evidence.startswith("s1/c1 and 1 more is answered otherwise")


@pytest.mark.parametrize(
    ("method", "evidence"),
    [
        ("log", "test_uf1 of tested people is logged while learning"),
        ("paper", "its threshold was chosen on the tested clips"),
    ],
)
def test_choices_on_tested_people_are_named(tmp_path, method, evidence):
    report = audit(carried_out(tmp_path / "run", method=method))
    assert leaks(report).keys() == {"selection_on_test"}
    assert set(leaks(report)["selection_on_test"]) == {evidence}
    assert len(report.lines()) == 1


@pytest.fixture(scope="module")
def with_copies(tmp_path_factory) -> tuple[Path, Path]:
    """Return a run that learnt from made copies as it may, and the folder of the copies."""
    place = tmp_path_factory.mktemp("copies")
    (place / "made").mkdir()
    rows = [
        {"subject": f"s{n}", "of": [f"leaky_clips/s{n}", f"leaky_clips/s{other}"]}
        for n, other in ((1, 2), (2, 1), (3, 4), (4, 3))
    ]
    plain = {"schema": 1, "dataset": {"id": "leaky_clips", "settings": {}}, "copies": rows}
    (place / "made" / "provenance.json").write_text(json.dumps(plain))
    return carried_out(place / "run", also=[place / "made"]), place / "made"


def test_copies_of_people_who_are_held_back_are_no_leak(with_copies):
    path, made = with_copies
    report = audit(path, also=[made])
    assert report.clean
    assert "copies of tested people" in report.looked_for


def test_a_copy_whose_action_units_came_from_a_tested_person_is_named(doctored, with_copies):
    path, made = with_copies
    report = audit(doctored(lambda fold: fold["train"].append("leaky_clips/s2~made"), path), also=[made])
    assert leaks(report) == {
        "tested_person_synthesised": ["leaky_clips/s2~made is learnt from and was made of leaky_clips/s1"]
    }


def test_what_cannot_be_looked_for_is_said(with_copies):
    report = audit(with_copies[0])
    assert set(report.not_looked_for) == {
        "chance while testing", "statistics of tested clips", "copies of tested people"
    }  # fmt: skip
    assert report.not_looked_for["copies of tested people"].endswith("add --also DIR")


def test_a_spotting_run_whose_people_validate_each_other_is_clean_and_its_models_are_not_asked(tmp_path):
    fake = Path(__file__).parents[2] / "runs" / "fake_plugin.py"
    load_plugin(fake)
    assert run("learner", ["fake_lv:subjects=4"], out=tmp_path / "run", plugins=[fake], executor="inline").complete
    report = audit(tmp_path / "run")
    assert report.clean
    assert dict.fromkeys(report.not_looked_for.values()) == {"models of spotting are not asked again yet": None}


def test_a_run_of_a_dataset_that_has_changed_says_so(honest, tmp_path):
    shutil.copytree(honest, tmp_path / "run")
    config = json.loads((tmp_path / "run/config.json").read_text())
    config["datasets"][0]["digest"] = "0" * 64
    (tmp_path / "run/config.json").write_text(json.dumps(config))
    report = audit(tmp_path / "run")
    assert "leaky_clips has other annotations" in report.not_looked_for["duplicated frames"]
    assert "subject overlap" in report.looked_for


def test_evidence_of_many_folds_is_one_line(tmp_path):
    lines = audit(carried_out(tmp_path / "run", method="log")).lines()
    assert lines == [
        "selection_on_test: test_uf1 of tested people is logged while learning (folds 001-s1, 002-s2, 003-s3 and 1 more)."
    ]


def test_a_quick_audit_opens_no_dataset(honest, tmp_path):
    shutil.copytree(honest, tmp_path / "run")
    config = json.loads((tmp_path / "run/config.json").read_text())
    config["datasets"][0]["digest"] = "0" * 64
    (tmp_path / "run/config.json").write_text(json.dumps(config))
    report = audit(tmp_path / "run", quick=True)
    assert (report.looked_for, dict(report.not_looked_for)) == (QUICK, {})


def test_a_run_is_looked_through_at_its_end(tmp_path, capsys):
    command = ["run", "--plugin", str(PLUGIN), "--dataset", "leaky_clips:leak=two_ids", "--executor", "inline"]
    assert carry_out([*command, "--method", "leaky_learner", "--out", str(tmp_path / "run")]) == 0
    assert "Audit: one_person_two_ids: leaky_clips/S02 is tested, and" in capsys.readouterr().out


def test_the_command_ends_with_1_where_a_leak_is_found(honest, doctored, capsys):
    assert carry_out(["audit", str(honest), "--plugin", str(PLUGIN)]) == 0
    assert "no leak was found" in capsys.readouterr().out
    path = doctored(lambda fold: fold["train"].append(fold["arms"][0]["test"][0]))
    assert carry_out(["audit", str(path), "--plugin", str(PLUGIN)]) == 1
    said = capsys.readouterr().out
    assert "subject_overlap: leaky_clips/s1 is learnt from and tested (fold 001-s1)." in said
    assert carry_out(["audit", str(honest.parent)]) == 2
