"""Each exported entry point is run the way its platform does: by itself, from another folder, without this checkout."""

from __future__ import annotations

import json
import re
import shutil
import tarfile
import zipfile
from pathlib import Path

import pytest
from platforms import contents, python
from small_challenge import EVENTS, ROWS

from mebench.challenge.export import detailed
from mebench.challenge.export.targets import TARGETS, export_challenge
from mebench.errors import UserError

HIDDEN = ("hidden = []", 'hidden = ["s2/c"]')
PUBLIC = {"f1_macro": 0.6667, "f1_micro": 0.0, "f1_overall": 0.5}
STYLE = detailed._STYLE
BAD = ["s1,a,10,5,macro", "s9,a,10,50,macro"]


def table(folder: Path, rows: list[str] = ROWS) -> Path:
    """Lay a submission without a manifest, as platforms' participants send it."""
    folder.mkdir(parents=True)
    (folder / "predictions.csv").write_text("\n".join(["subject,video,onset,offset,type", *rows]) + "\n")
    return folder


def is_clean(text: str) -> bool:
    """Tell whether a text for participants holds no frame of the truth."""
    return not {str(f) for event in EVENTS for f in event[2:4]} & set(re.findall(r"\d+", text))


def unpacked(bundle: Path, app: Path) -> Path:
    """Lay a bundle of Codabench the way it does, and return the scoring program."""
    for name, place in (("reference_data", "input/ref"), ("scoring_program", "program")):
        with zipfile.ZipFile(bundle / f"{name}.zip") as archive:
            archive.extractall(app / place)
    command = re.fullmatch(r"command: python3 /app/(\S+)\n", (app / "program" / "metadata.yaml").read_text())[1]
    return app / command


def check_failed(done, out: Path, scores: str, *private: Path) -> str:
    """Check that a run left no score, and a page that says no more than stderr; return the page."""
    assert done.returncode == 1
    assert not (out / scores).exists()
    page = (out / "detailed_results.html").read_text()
    for text in (page, done.stdout, done.stderr):
        assert is_clean(text.replace(STYLE, "")), text
        assert not any(str(path) in text for path in private), text
        assert "Traceback" not in text
    return page


def test_codabench(make_challenge, tmp_path):
    app = tmp_path / "app"
    program = unpacked(export_challenge(make_challenge(HIDDEN), "codabench", tmp_path / "out") / "bundle", app)
    table(app / "input" / "res")
    done = python(str(program), cwd=app / "program", MEBENCH_APP=app)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert json.loads((app / "output" / "scores.json").read_text()) == PUBLIC
    page = (app / "output" / "detailed_results.html").read_text()
    assert "The submission is accepted" in page
    assert "final ranking is by the hidden part" in page
    # The scores of the run before lie there still: a failed one takes them away.
    bait = "<img src=x onerror=alert(1)>"
    rows = ["subject,video,onset,offset,type", *BAD, f"s1,a,10,50,{bait}"]
    (app / "input" / "res" / "predictions.csv").write_text("\n".join(rows))
    done = python(str(program), cwd=app / "program", MEBENCH_APP=app)
    page = check_failed(done, app / "output", "scores.json", app, tmp_path)
    assert "3 errors" in done.stderr
    assert "predictions.csv:3, video" in page
    assert bait not in page
    assert "&lt;img src=x" in page


@pytest.mark.parametrize("fault", ["no truth", "a torn truth", "no rules", "no mebench", "half of mebench"])
def test_a_scorer_that_crashes_leaves_no_score_and_tells_no_path(make_challenge, tmp_path, fault):
    app = tmp_path / "app"
    program = unpacked(export_challenge(make_challenge(HIDDEN), "codabench", tmp_path / "out") / "bundle", app)
    table(app / "input" / "res")
    (app / "output").mkdir()
    (app / "output" / "scores.json").write_text(json.dumps(PUBLIC))
    reference = app / "input" / "ref"
    if fault == "no truth":
        shutil.rmtree(reference)
    elif fault == "a torn truth":
        (reference / "events.csv").write_text("subject,video,onset,offset,type\ns1,a,1013\n")
    elif fault == "no rules":
        (app / "program" / "rules.json").unlink()
    elif fault == "no mebench":
        (app / "program" / "mebench" / "challenge" / "export" / "platform.py").unlink()
    else:
        # Torn and not missing: what is missing is found in the checkout where that is installed as editable.
        (app / "program" / "mebench" / "metrics" / "__init__.py").write_text("def torn(")
    done = python(str(program), cwd=app / "program", MEBENCH_APP=app)
    page = check_failed(done, app / "output", "scores.json", app, tmp_path)
    assert "ask the organisers" in page
    assert done.stderr == "The grading failed for a reason that is not in the submission; ask the organisers.\n"


def test_a_place_that_cannot_be_written_is_a_failure(make_challenge, tmp_path):
    app = tmp_path / "app"
    program = unpacked(export_challenge(make_challenge(HIDDEN), "codabench", tmp_path / "out") / "bundle", app)
    table(app / "input" / "res")
    (app / "output").write_text("a file")
    done = python(str(program), cwd=app / "program", MEBENCH_APP=app)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "ask the organisers" in done.stderr


def test_codabench_bundle(make_challenge, tmp_path):
    bundle = (
        export_challenge(make_challenge(('title = "', 'title = "Q: \\"x\\" ')), "codabench", tmp_path / "o") / "bundle"
    )
    text = (bundle / "competition.yaml").read_text()
    for line in (
        'title: "Q: \\"x\\" Spotting of facial expressions"',
        "    start: 2026-05-01 00:00:00",
        "    max_submissions_per_day: 5",
        "enable_detailed_results: true",
        "        key: f1_overall",
        "        sorting: desc",
    ):
        assert line in text.splitlines()
    for name in re.findall(r"\S+\.(?:zip|png|md)\b", text):
        assert (bundle / name).exists()
    assert (bundle / "logo.png").read_bytes().startswith(b"\x89PNG")


WORKER = """
import importlib, json, sys
module = importlib.import_module("evaluation_script")
print(json.dumps(module.evaluate(sys.argv[1], sys.argv[2], phase_codename="phase-1", submission_metadata={"id": 1})))
import mebench
assert mebench.__file__.startswith(sys.argv[3]), mebench.__file__
"""


def test_evalai(make_challenge, tmp_path):
    out = export_challenge(make_challenge(HIDDEN), "evalai", tmp_path / "out")
    worker = tmp_path / "worker"
    with zipfile.ZipFile(out / "evaluation_script.zip") as archive:
        archive.extractall(worker / "evaluation_script")
    annotations = str(out / re.search(r"test_annotation_file: (\S+)", (out / "challenge_config.yaml").read_text())[1])
    good = table(tmp_path / "sent") / "predictions.csv"
    done = python("-c", WORKER, annotations, str(good), str(worker), cwd=worker)
    assert done.stderr == ""
    assert json.loads(done.stdout) == {"result": [{"public": PUBLIC}], "submission_result": PUBLIC}
    bad = table(tmp_path / "bad", BAD) / "predictions.csv"
    done = python("-c", WORKER, annotations, str(bad), str(worker), cwd=worker)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "Refused: The submission has 2 errors" in done.stderr
    assert "s9" in done.stderr
    page = (bad.parent / "detailed_results.html").read_text()
    assert "predictions.csv:3, video" in page
    assert "The submission is accepted" in (good.parent / "detailed_results.html").read_text()
    hostile = tmp_path / "sent.zip"
    hostile.write_bytes(b"PK\x03\x04 no archive")
    done = python(
        "-c", WORKER, str(tmp_path / "no truth.zip"), str(hostile), str(worker), cwd=worker, MEBENCH_OUTPUT=worker
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "ask the organisers" in (worker / "detailed_results.html").read_text()


def test_grand_challenge(make_challenge, tmp_path):
    out = export_challenge(make_challenge(HIDDEN), "grand-challenge", tmp_path / "out")
    with tarfile.open(out / "ground_truth.tar.gz") as archive:
        archive.extractall(tmp_path / "truth", filter="data")
    (tmp_path / "output").mkdir()
    where = {"MEBENCH_GROUND_TRUTH": tmp_path / "truth", "MEBENCH_OUTPUT": tmp_path / "output"}
    docker = (out / "container" / "Dockerfile").read_text()
    for name in re.findall(r"^COPY --chown=\S+ (.+) /opt", docker, re.MULTILINE):
        assert all((out / "container" / file).exists() for file in name.split())
    entry = json.loads(re.search(r"ENTRYPOINT (.*)", docker)[1])
    script = str(out / "container" / entry[1])
    done = python(script, cwd=out / "container", MEBENCH_INPUT=table(tmp_path / "input"), **where)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads((tmp_path / "output" / "metrics.json").read_text()) == PUBLIC
    done = python(script, cwd=out / "container", MEBENCH_INPUT=tmp_path / "missing", **where)
    assert done.stderr == "The grading failed for a reason that is not in the submission; ask the organisers.\n"
    check_failed(done, tmp_path / "output", "metrics.json", tmp_path)
    done = python(script, cwd=out / "container", MEBENCH_INPUT=table(tmp_path / "bad", BAD), **where)
    page = check_failed(done, tmp_path / "output", "metrics.json", tmp_path)
    assert "predictions.csv:3, video" in page


@pytest.mark.parametrize("target", TARGETS)
def test_hidden_events_never_leave_the_folder_and_the_same_challenge_gives_the_same_bytes(
    make_challenge, tmp_path, target
):
    challenge = make_challenge(HIDDEN)
    first, second = (export_challenge(challenge, target, tmp_path / name) for name in ("one", "two"))
    names = sorted(p.relative_to(first) for p in first.rglob("*") if p.is_file())
    assert names == sorted(p.relative_to(second) for p in second.rglob("*") if p.is_file())
    for name in names:
        assert (first / name).read_bytes() == (second / name).read_bytes()
    hidden = {f"{event[2]},".encode() for event in EVENTS if event[0] == "s2"}
    for content in contents(first):
        assert not any(frame in content for frame in hidden)


def test_unknown_targets_and_full_folders_are_refused(make_challenge, tmp_path):
    challenge = make_challenge()
    with pytest.raises(UserError, match="Did you mean 'codabench'"):
        export_challenge(challenge, "codabenc", tmp_path / "out")
    with pytest.raises(UserError, match="not empty"):
        export_challenge(challenge, "evalai", challenge.folder)
