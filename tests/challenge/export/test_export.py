"""Each exported entry point is run the way its platform does: by itself, from another folder, without this checkout."""

from __future__ import annotations

import json
import re
import tarfile
import zipfile
from pathlib import Path

import pytest
from platforms import contents, python
from small_challenge import EVENTS, ROWS

from mebench.challenge.export.targets import TARGETS, export_challenge
from mebench.errors import UserError

HIDDEN = ("hidden = []", 'hidden = ["s2/c"]')
PUBLIC = {"f1_macro": 0.6667, "f1_micro": 0.0, "f1_overall": 0.5}
BAD = ["s1,a,10,5,macro", "s9,a,10,50,macro"]


def table(folder: Path, rows: list[str] = ROWS) -> Path:
    """Lay a submission without a manifest, as platforms' participants send it."""
    folder.mkdir(parents=True)
    (folder / "predictions.csv").write_text("\n".join(["subject,video,onset,offset,type", *rows]) + "\n")
    return folder


def is_clean(text: str) -> bool:
    """Tell whether a text for participants holds no frame of the truth."""
    return not {str(f) for event in EVENTS for f in event[2:4]} & set(re.findall(r"\d+", text))


def test_codabench(make_challenge, tmp_path):
    out = export_challenge(make_challenge(HIDDEN), "codabench", tmp_path / "out")
    app = tmp_path / "app"
    for name, place in (("reference_data", "input/ref"), ("scoring_program", "program")):
        with zipfile.ZipFile(out / "bundle" / f"{name}.zip") as archive:
            archive.extractall(app / place)
    table(app / "input" / "res")
    (app / "output").mkdir()
    command = re.fullmatch(r"command: python3 /app/(\S+)\n", (app / "program" / "metadata.yaml").read_text())[1]
    done = python(str(app / command), cwd=app / "program", MEBENCH_APP=app)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert json.loads((app / "output" / "scores.json").read_text()) == PUBLIC
    (app / "output" / "scores.json").unlink()
    (app / "input" / "res" / "predictions.csv").write_text("\n".join(["subject,video,onset,offset,type", *BAD]))
    done = python(str(app / command), cwd=app / "program", MEBENCH_APP=app)
    assert done.returncode == 1
    assert "2 errors" in done.stderr
    assert is_clean(done.stderr)
    assert not list((app / "output").iterdir())


def test_codabench_bundle(make_challenge, tmp_path):
    bundle = (
        export_challenge(make_challenge(('title = "', 'title = "Q: \\"x\\" ')), "codabench", tmp_path / "o") / "bundle"
    )
    text = (bundle / "competition.yaml").read_text()
    for line in (
        'title: "Q: \\"x\\" Spotting of facial expressions"',
        "    start: 2026-05-01 00:00:00",
        "    max_submissions_per_day: 5",
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
    assert "Refused: The submission has 2 errors" in done.stderr
    assert "s9" in done.stderr


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
    assert done.returncode == 1
    assert done.stderr == "The grading failed for a reason that is not in the submission; ask the organisers.\n"


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
