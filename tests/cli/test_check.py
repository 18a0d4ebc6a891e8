"""`mebench check`, `compare` and `rescore` from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from .conftest import Mebench

FAKE = ("--dataset", "fake_lv", "--executor", "inline", "--device", "cpu")


@pytest.fixture
def recorded(mebench: Mebench, plugin: list[str]) -> Path:
    """Return the folder of a baseline that keeps its predictions."""
    mebench("run", "--method", "oracle", *FAKE, *plugin, "--out", "runs/r")
    answer = mebench("check", "--record", "runs/r")
    assert (answer.code, answer.out) == (0, "recorded: baselines/fake_lv/oracle\n")
    return Path("baselines/fake_lv/oracle")


def lose_one(folder: Path) -> list[str]:
    """Take one true positive off the kept predictions and return the line."""
    lines = (folder / "predictions.csv").read_text().splitlines(keepends=True)
    i = next(i for i, line in enumerate(lines) if "macro" in line)
    lost = lines.pop(i)
    (folder / "predictions.csv").write_text("".join(lines))
    return lost.split(",")


def row(text: str, name: str) -> list[str]:
    """Return the line of the table, which comes after all sentences."""
    return next(line for line in reversed(text.splitlines()) if line.strip().startswith(name)).split()


def test_kept_predictions_pass_untouched(mebench: Mebench, recorded: Path) -> None:
    answer = mebench("check")
    assert (answer.code, answer.err) == (0, "")
    assert "oracle on fake_lv under megc2020-spotting: ok, all equal" in answer.out
    assert answer.out.endswith("1 checked, 0 failed.\n")


def test_one_true_positive_less_fails_and_says_what_moved_and_where(mebench: Mebench, recorded: Path) -> None:
    subject, video, *_ = lose_one(recorded)
    answer = mebench("check")
    assert answer.code == 1
    assert "FAILED" in answer.out
    before = json.loads((recorded / "scorecard.json").read_text())["counts"]["macro"]["tp"]
    assert row(answer.out, "tp of macro") == ["tp", "of", "macro", str(before), str(before - 1), "0", "fallen"]
    assert row(answer.out, "f1 of macro")[-1] == "fallen"
    assert "f1 of micro" not in answer.out
    assert f"{subject}/{video}: macro tp " in answer.out


def test_a_card_that_says_less_than_its_predictions_fails_as_well(mebench: Mebench, recorded: Path) -> None:
    card = json.loads((recorded / "scorecard.json").read_text())
    next(s for s in card["scores"] if (s["metric"], s["scope"]) == ("f1", "micro"))["value"] = 0.75
    (recorded / "scorecard.json").write_text(json.dumps(card))
    answer = mebench("check")
    assert answer.code == 1
    assert row(answer.out, "f1 of micro") == ["f1", "of", "micro", "0.750000", "1.000000", "0", "changed"]
    assert "f1 of micro is given as 0.750000, but its counts" in answer.out


def test_another_convention_is_an_error_of_its_own(mebench: Mebench, recorded: Path) -> None:
    common = ("grade", "runs/r/predictions.csv", "--protocol", "megc2020-spotting", "--truth", "runs/r/truth")
    mebench(*common, "--method", "oracle", "--convention", "auw_gcn", "--output", "other.json")
    card = json.loads(Path("other.json").read_text())
    card["method"] = json.loads((recorded / "scorecard.json").read_text())["method"]
    Path("other.json").write_text(json.dumps(card))
    answer = mebench("check", "other.json")
    assert answer.code == 2
    assert "NOT COMPARABLE" in answer.out
    assert "The convention fingerprint is" in answer.out
    assert answer.out.endswith("1 checked, 0 failed, 1 could not be compared.\n")


def test_a_changed_truth_is_no_pass(mebench: Mebench, recorded: Path) -> None:
    events = recorded.parent / "truth" / "events.csv"
    events.write_text("".join(events.read_text().splitlines(keepends=True)[:-1]))
    answer = mebench("check")
    assert answer.code == 2
    assert "The truth is fake_lv" in answer.out


def test_a_card_against_its_baseline(mebench: Mebench, recorded: Path) -> None:
    assert mebench("check", "runs/r").code == 0
    card = json.loads(Path("runs/r/scorecard.json").read_text())
    # The parts of an AUC are not kept, so a card may say any that is in range.
    next(s for s in card["scores"] if (s["metric"], s["scope"]) == ("auc", "micro"))["value"] = 0.96
    Path("fallen.json").write_text(json.dumps(card))
    fell = mebench("check", "fallen.json")
    assert fell.code == 1
    assert row(fell.out, "auc of micro") == ["auc", "of", "micro", "1.000000", "0.960000", "0", "fallen"]
    assert mebench("check", "fallen.json", "--as", "retrained").code == 0
    assert mebench("check", "fallen.json", "--as", "retrained", "--share", "0.03").code == 1
    assert mebench("check", "fallen.json", "--tolerance", "0.03").code == 1
    assert mebench("check", "fallen.json", "--tolerance", "0.05").code == 0
    assert mebench("check", "fallen.json", "--relative", "0.05").code == 0


def test_markdown_for_a_pull_request(mebench: Mebench, recorded: Path) -> None:
    lose_one(recorded)
    answer = mebench("check", "--format", "markdown")
    assert answer.code == 1
    assert answer.out.startswith("### mebench check: 1 checked, 1 failed.\n")
    lines = answer.out.splitlines()
    assert "| score | baseline | new | allowed | verdict |" in lines
    assert any(line.startswith("| tp of macro |") and line.endswith("| 0 | fallen |") for line in lines)


def test_junit_for_a_ci_server(mebench: Mebench, recorded: Path) -> None:
    (suite,) = ElementTree.fromstring(mebench("check", "--format", "junit").out)
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("1", "0", "0")
    lose_one(recorded)
    answer = mebench("check", "--format", "junit")
    assert answer.code == 1
    (suite,) = ElementTree.fromstring(answer.out)
    assert (suite.get("failures"), suite.get("errors")) == ("1", "0")
    assert "tp of macro" in suite.find("testcase/failure").text
    (recorded.parent / "truth" / "events.csv").unlink()
    answer = mebench("check", "--format", "junit")
    assert answer.code == 2
    assert "truth/events.csv cannot be read (No such file or directory)" in ElementTree.fromstring(answer.out).find(
        "testsuite/testcase/error"
    ).get("message")


def test_nothing_to_check(mebench: Mebench, recorded: Path) -> None:
    assert mebench("check", "--baselines", "none").err == (
        "Error: The folder of baselines none does not exist: give --baselines DIR.\n"
    )
    (recorded / "predictions.csv").unlink()
    answer = mebench("check")
    assert (answer.code, answer.out) == (2, "")
    assert "No baseline in baselines keeps its predictions" in answer.err
    assert mebench("check", "--record").err == "Error: There is nothing to record: name the folders of runs.\n"


def test_compare_tells_runs_apart(mebench: Mebench, plugin: list[str], recorded: Path) -> None:
    mebench("run", "--method", "idle", *FAKE, *plugin, "--out", "runs/idle")
    answer = mebench("compare", "runs/r", "runs/idle/scorecard.json")
    assert answer.code == 0
    assert answer.out.splitlines()[1:3] == ["A: oracle", "B: idle"]
    # five subjects: p cannot be below 2/32
    found = row(answer.out, "f1 of overall")
    assert found[3:6] == ["1.0000", "0.0000", "+1.0000"]
    assert found[-1] == "0.0625"
    plain = json.loads(mebench("compare", "runs/r", "runs/idle", "--format", "json").out)
    overall = next(d for d in plain["differences"] if (d["metric"], d["scope"]) == ("f1", "overall"))
    assert (overall["difference"], overall["ci95"], overall["p"]) == (1.0, [1.0, 1.0], 0.0625)
    marked = mebench("compare", "runs/r", "runs/idle", "--format", "markdown").out
    assert "| f1 of overall | 1.0000 | 0.0000 | +1.0000 |" in marked.replace("\\", "")


def test_compare_refuses_another_convention_in_one_sentence(mebench: Mebench, recorded: Path) -> None:
    assert mebench("rescore", "runs/r", "--convention", "megc2020", "--output", "loose.json").code == 0
    answer = mebench("compare", "runs/r", "loose.json")
    assert (answer.code, answer.out, answer.err.count("\n")) == (2, "", 1)
    assert "their conventions differ in matching, outside; grade both" in answer.err


def test_rescore_gives_the_same_card_without_training(mebench: Mebench, recorded: Path) -> None:
    before = {path: path.read_bytes() for path in Path("runs/r").rglob("*") if path.is_file()}
    card = json.loads(mebench("rescore", "runs/r", "--output", "-").out)
    kept = json.loads(Path("runs/r/scorecard.json").read_text())
    assert {**card, "environment": {}} == {**kept, "environment": {}}
    other = mebench("rescore", "runs/r", "--protocol", "megc2021-spotting")
    assert "oracle on fake_lv under megc2021-spotting" in other.out
    assert before == {path: path.read_bytes() for path in Path("runs/r").rglob("*") if path.is_file()}
    assert mebench("rescore", "baselines").err.startswith("Error: baselines is not the folder of a run")


@pytest.mark.parametrize(
    "change",
    [
        {"task": "spoting"},
        {"protocol": {"id": "megc2020", "version": "1"}},
        {"official": True},
        {"by_video": []},
    ],
)
def test_an_altered_card_fails_whatever_it_is_held_against(mebench: Mebench, recorded: Path, change: dict) -> None:
    card = json.loads(Path("runs/r/scorecard.json").read_text())
    if change == {"by_video": []}:
        change = {"by_video": [card["by_video"][0], *card["by_video"]]}
    Path("altered.json").write_text(json.dumps({**card, **change}))
    answer = mebench("check", "altered.json")
    assert answer.code == 1
    assert "INCONSISTENT" in answer.out
    (suite,) = ElementTree.fromstring(mebench("check", "altered.json", "--format", "junit").out)
    assert (suite.get("failures"), suite.get("errors")) == ("1", "0")
    (recorded / "scorecard.json").write_text(Path("altered.json").read_text())
    answer = mebench("check")
    assert answer.code == 1
    assert "INCONSISTENT" in answer.out


def test_a_negative_count_in_a_recorded_card_fails_without_arguments(mebench: Mebench, recorded: Path) -> None:
    card = json.loads((recorded / "scorecard.json").read_text())
    card["counts"]["micro"]["fp"] = -1
    (recorded / "scorecard.json").write_text(json.dumps(card))
    answer = mebench("check")
    assert answer.code == 1
    assert "The FP of micro is -1, which no count can be." in answer.out


def test_missing_baselines_and_missing_cards_are_told_at_once(mebench: Mebench) -> None:
    answer = mebench("check", "nothere.json", "neither")
    assert (answer.code, answer.out) == (2, "")
    told = ("The folder of baselines baselines does not exist", "nothere.json cannot be read", "neither cannot be read")
    assert [sentence in answer.err for sentence in told] == [True] * 3
