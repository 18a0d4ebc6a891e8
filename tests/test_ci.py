"""The check that CI calls after the demo: it passes what is recorded, and fails what has fallen."""

from __future__ import annotations

import json
import re
import shlex
import statistics
from pathlib import Path

import pytest

from mebench.cli.main import main
from mebench.metrics.intervals import tally
from mebench.protocols.base import Predicted
from mebench.protocols.grading import load
from mebench.schema.scorecard import Scorecard
from mebench.schema.seed_scores import SeedScores

ROOT = Path(__file__).parents[1]
RECORDED = ROOT / "baselines/synth_lv/spot3dcnn"
CALLS = re.findall(r"mebench (check runs/demo/scorecard\.json[^;\n]*)", (ROOT / ".ci/run").read_text())


@pytest.fixture
def check(capsys, tmp_path, monkeypatch):
    """Put a card where the demo leaves it, call what CI calls with other arguments, and return code and output."""
    monkeypatch.chdir(tmp_path)
    Path("baselines").symlink_to(ROOT / "baselines")

    def call(card, command=CALLS[0]):
        card.write(Path("runs/demo/scorecard.json"))
        capsys.readouterr()
        with pytest.raises(SystemExit) as leaving:
            main(shlex.split(command))
        return int(leaving.value.code or 0), capsys.readouterr().out

    return call


@pytest.fixture(scope="module")
def recorded():
    return Scorecard.read(RECORDED / "scorecard.json")


@pytest.fixture(scope="module")
def grade(recorded):
    """Grade chosen predictions of the recorded method; the AUC, which frames gave, is as recorded."""
    loaded = load(RECORDED / "predictions.csv", RECORDED.parent / "truth", recorded.protocol.id, recorded.method)
    auc = [score for score in recorded.scores if score.metric == "auc"]

    def card(choose):
        found = Predicted(choose(loaded.predicted.predictions, loaded.truth), method=recorded.method)
        graded = loaded.protocol.score(found, loaded.truth)
        return graded.replace(scores=tuple(sorted((*graded.scores, *auc), key=lambda s: (s.metric, s.scope))))

    return card


@pytest.fixture(scope="module")
def micro():
    """The micro F1 of the recorded seeds."""
    runs = SeedScores.read(RECORDED / "seeds.json").runs
    return [s.value for run in runs for s in run.scores if (s.metric, s.scope) == ("f1", "micro")]


@pytest.fixture(scope="module")
def losing(grade, recorded):
    """Grade the recorded predictions after right micro-expressions were missed, until micro F1 is below a bound."""

    def card(bound):
        return next(found for n in range(recorded.counts["micro"].tp) if below(found := worse(n), bound))

    def below(found, bound):
        return found.score("f1", "micro").value < bound

    def worse(n):
        def choose(table, truth):
            right = tally(table, truth.events, truth.videos).truth_of >= 0
            gone = {i for i in range(len(table)) if right[i] and not table.is_macro[i]}
            gone = set(sorted(gone)[:n])
            return table.select([i for i in range(len(table)) if i not in gone])

        return grade(choose)

    return card


def test_ci_calls_the_check_of_the_demo_before_and_after_it_asks_for_seeds():
    assert len(CALLS) == 2
    assert CALLS[1].startswith(CALLS[0])


def test_what_is_recorded_passes_and_says_both_chances(check, recorded, micro):
    code, out = check(recorded)
    score = recorded.score("f1", "micro")
    spread = f"mean {statistics.mean(micro):.3f}, sd {statistics.stdev(micro):.3f}, n = {len(micro)}"
    assert code == 0
    assert f"f1 of micro: over seeds {spread} (the chance of training); recorded {score.value:.3f}" in out
    low, high = score.ci95
    assert f"interval over subjects [{low:.3f}, {high:.3f}] (the chance of who is tested)" in out


def test_a_micro_f1_that_falls_to_a_ninth_fails_and_no_seed_excuses_it(check, losing, micro):
    card = losing(statistics.mean(micro) / 9)
    assert card.score("f1", "micro").value > 0
    for command in CALLS:
        code, out = check(card, command)
        assert code == 1
        (row,) = (line for line in out.splitlines() if line.split()[:3] == ["f1", "of", "micro"] and "fallen" in line)
        assert row.split()[3] == f"{statistics.mean(micro):.6f}"


def test_a_fall_that_chance_explains_asks_for_seeds(check, losing, micro):
    card = losing(statistics.mean(micro) * 2 / 3)
    code, out = check(card)
    assert code == 1
    assert "more seeds needed" in out
    assert "to tell chance from a fault, run 6 seeds and name all of these runs" in " ".join(out.split())
    assert check(card, CALLS[1])[0] == 0


def test_a_rise_is_never_a_fall(check, grade):
    code, out = check(grade(lambda table, truth: truth.events))
    assert code == 0
    assert "risen" in out


def test_a_typed_micro_f1_fails_as_well(check, recorded):
    plain = json.loads(recorded.to_json())
    next(s for s in plain["scores"] if (s["metric"], s["scope"]) == ("f1", "micro"))["value"] = 0.9
    code, out = check(Scorecard.from_json(json.dumps(plain)))
    assert code == 1
    assert "INCONSISTENT" in out
    c, value = recorded.counts["micro"], recorded.score("f1", "micro").value
    counts = f"{c.tp} TP, {c.fp} FP, {c.fn} FN"
    assert f"f1 of micro is given as 0.900000, but its counts ({counts}) give {value:.6f}." in out
