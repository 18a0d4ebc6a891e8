"""Recognition and questions, from the first folder to the board and the platforms."""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest
from platforms import contents, python
from small_challenge import NOON

from mebench.challenge.desk.config import load_challenge
from mebench.challenge.desk.grader import Desk, Status
from mebench.challenge.desk.public import check_in_folder, check_with_kit, write_public_kit
from mebench.challenge.export.common import score_on_platform
from mebench.challenge.export.targets import export_challenge
from mebench.challenge.pages.board import build_board
from mebench.challenge.pages.template import init_challenge
from mebench.schema.answers import Answer, Answers
from mebench.schema.clips import ClipRow, ClipTable

COARSE = "What is the coarse expression class?"
WHY = "Please analyse it; what happens?"


class Case(NamedTuple):
    """A challenge of one task: `good` has two of three classes right, and one of the two public ones."""

    protocol: str
    truth: ClipTable | Answers
    file: str
    good: str
    bad: str
    kinds: tuple[str, ...]
    hidden: str
    """What is hidden where something is."""
    secret: str
    """What the truth says of the hidden item, as its file writes it."""
    score: str
    everything: float
    public: float


LABELS = {("samm", "006", "a"): "negative", ("samm", "007", "b"): "positive", ("smic", "s01", "c"): "surprise"}
RECOGNITION = Case(
    "megc2019-cde",
    ClipTable.from_rows([ClipRow(*key, emotion) for key, emotion in LABELS.items()], "tiny"),
    "labels.csv",
    "database,subject,clip,emotion\nsamm,6,a,negative\nsamm,7,b,negative\nsmic,1,c,surprise\n",
    "database,subject,clip,emotion\nsamm,6,a,joy\nsamm,6,x,negative\nsmic,s01,c,surprise\n",
    ("emotion", "unknown_clip", "missing"),
    "smic/s01/c",
    "smic,s01,c,0,0,0,surprise",
    "uf1:full",
    # F1 of negative 2/3, of positive 0, of surprise 1; without the clip of surprise it is 0.
    5 / 9,
    2 / 9,
)


def line(video: str, question: str, answer: str) -> str:
    return json.dumps({"video_id": f"id_{video}", "video": video, "question": question, "answer": answer}) + "\n"


GIVEN = {"v1": ("negative", "brows fall"), "v2": ("negative", "lips rise"), "v3": ("surprise", "a jaw drops")}
TRUE = {"v1": ("negative", "brows fall"), "v2": ("positive", "lips rise"), "v3": ("surprise", "zygomatic marvel")}
VQA = Case(
    "megc2025-vqa",
    Answers(
        tuple(
            Answer(f"id_{video}", video, question, answer, "samm", "")
            for video, answers in TRUE.items()
            for question, answer in zip((COARSE, WHY), answers, strict=True)
        ),
        "tiny",
    ),
    "me_vqa_samm_test_pred.jsonl",
    "".join(line(video, q, a) for video, given in GIVEN.items() for q, a in zip((COARSE, WHY), given, strict=True)),
    line("v1", COARSE, "negative") + line("v1", "Who is it?", "me") + line("v9", COARSE, "negative"),
    ("unknown_question", "unknown_video", *["missing"] * 5),
    "id_v3",
    "zygomatic marvel",
    "uf1_coarse:overall",
    5 / 9,
    2 / 9,
)
CASES = pytest.mark.parametrize("case", [RECOGNITION, VQA], ids=["recognition", "vqa"])


def begin(case: Case, folder: Path, *, hide: bool = False):
    rules = init_challenge(folder, protocol=case.protocol, today=dt.date(2026, 5, 1))
    rules.write_text(rules.read_text().replace('teams = "named"', 'teams = "manifest"'))
    if hide:
        rules.write_text(rules.read_text().replace("hidden = []", f'hidden = ["{case.hidden}"]'))
    case.truth.write(folder / "truth")
    return load_challenge(folder)


def send(case: Case, folder: Path, text: str) -> Path:
    folder.mkdir()
    (folder / case.file).write_text(text)
    who = {"schema": 1, "team": "Alpha", "method": "m", "protocol": case.protocol}
    (folder / "manifest.json").write_text(json.dumps(who))
    return folder


@CASES
def test_the_kit_and_the_folder_give_the_same_report(case, tmp_path):
    challenge = begin(case, tmp_path / "c", hide=True)
    kit = write_public_kit(challenge, tmp_path / "kit")
    good, bad = send(case, tmp_path / "good", case.good), send(case, tmp_path / "bad", case.bad)
    assert check_with_kit(kit, good, {}).accepted
    refused = check_with_kit(kit, bad, {})
    assert refused == check_in_folder(challenge.folder, bad, {})
    assert tuple(problem["kind"] for problem in refused.report["problems"]) == case.kinds
    assert not any(case.secret in path.read_text() for path in kit.rglob("*.*") if path.is_file())


@CASES
@pytest.mark.usefixtures("here")
def test_scores_of_the_public_part_are_the_teams(case, tmp_path):
    challenge = begin(case, tmp_path / "c", hide=True)
    with Desk(challenge) as desk:
        outcome = desk.grade(send(case, tmp_path / "good", case.good), received=NOON)
        again = desk.grade(tmp_path / "good", received=NOON)
        bad = desk.grade(send(case, tmp_path / "bad", case.bad), received=NOON)
    assert [o.status for o in (outcome, again, bad)] == [Status.ACCEPTED, Status.CACHED, Status.REFUSED]
    (score,) = outcome.receipt.scores
    assert (f"{score.metric}:{score.scope}", score.value) == (case.score, round(case.public, 4))
    cards = {
        name: json.loads((challenge.folder / "organiser" / outcome.receipt.id / f"{name}.json").read_text())
        for name in ("scorecard", "public", "hidden")
    }
    values = {
        name: next(s["value"] for s in card["scores"] if f"{s['metric']}:{s['scope']}" == case.score)
        for name, card in cards.items()
    }
    assert values == pytest.approx({"scorecard": case.everything, "public": case.public, "hidden": 1 / 3})
    page = build_board(challenge, tmp_path / "out").read_text()
    assert "Alpha" in page
    assert f"{case.public:.4f}" in page


@CASES
def test_through_a_real_child_process(case, tmp_path):
    with Desk(begin(case, tmp_path / "c")) as desk:
        outcome = desk.grade(send(case, tmp_path / "good", case.good), received=NOON)
    assert outcome.status is Status.ACCEPTED
    assert outcome.receipt.scores[0].value == round(case.everything, 4)


@CASES
def test_codabench_runs_it(case, tmp_path):
    out = export_challenge(begin(case, tmp_path / "c", hide=True), "codabench", tmp_path / "out")
    app = tmp_path / "app"
    for name, place in (("reference_data", "input/ref"), ("scoring_program", "program")):
        with zipfile.ZipFile(out / "bundle" / f"{name}.zip") as archive:
            archive.extractall(app / place)
    (app / "input" / "res").mkdir()
    (app / "output").mkdir()
    (app / "input" / "res" / case.file).write_text(case.good)
    done = python(str(app / "program" / "score.py"), cwd=app / "program", MEBENCH_APP=app)
    assert (done.returncode, done.stderr) == (0, "")
    key = case.score.replace(":", "_")
    assert json.loads((app / "output" / "scores.json").read_text()) == {key: round(case.public, 4)}
    (app / "input" / "res" / case.file).write_text(case.bad)
    done = python(str(app / "program" / "score.py"), cwd=app / "program", MEBENCH_APP=app)
    assert done.returncode == 1
    assert "errors" in done.stderr


@CASES
@pytest.mark.parametrize("target", ["evalai", "grand-challenge", "codabench", "participants"])
def test_nothing_hidden_is_exported(case, tmp_path, target):
    out = export_challenge(begin(case, tmp_path / "c", hide=True), target, tmp_path / "out")
    assert case.secret.encode() in b"".join(contents(tmp_path / "c")), "the search would find it"
    assert not any(case.secret.encode() in content for content in contents(out))
    archives = {"evalai": "annotations/test_annotations_public.zip"}
    if target in archives:
        sent = tmp_path / case.file
        sent.write_text(case.good)
        graded = score_on_platform(sent, out / archives[target], out / "evaluation_script" / "rules.json")
        assert (list(graded.scores.values()), graded.part) == ([round(case.public, 4)], "public")


def test_platforms_get_the_libraries_that_answers_need(tmp_path):
    out = export_challenge(begin(VQA, tmp_path / "v"), "grand-challenge", tmp_path / "out")
    assert 'pip install --no-cache-dir "numpy>=1.26" "sacrebleu' in (out / "container" / "Dockerfile").read_text()
    out = export_challenge(begin(RECOGNITION, tmp_path / "r"), "codabench", tmp_path / "other")
    assert "sacrebleu" not in (out / "image" / "Dockerfile").read_text()
