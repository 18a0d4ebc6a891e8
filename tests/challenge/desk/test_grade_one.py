"""Reading and scoring in processes of their own: what is told to whom, and what of the organisers' machine gets out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from small_challenge import MANIFEST, NOON, ROWS

from mebench.challenge.desk import marking as marking_module
from mebench.challenge.desk.grader import Desk, Status
from mebench.challenge.desk.modes import close_to_others
from mebench.challenge.desk.public import check_in_folder
from mebench.challenge.desk.truths import submitted_task
from mebench.challenge.reading import read as read_module
from mebench.challenge.reading.normal import Normal
from mebench.challenge.safety.sandbox import run_limited
from mebench.protocols.catalogue import PROTOCOLS
from tests.every_task import TASKS

HEADER = "subject,video,onset,offset,type\n"
PLANTED = "import pathlib; pathlib.Path({mark!r}).open('a').write(__name__ + chr(10))\n"
NAMES = ("json", "numpy", "sitecustomize", "usercustomize", "mebench", "csv", "zipfile")


def plant(folder: Path, mark: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        (folder / f"{name}.py").write_text(PLANTED.format(mark=str(mark)))


def test_nothing_that_lies_about_runs_in_the_grader(make_challenge, submit, tmp_path):
    """Files in the current folder, in the home, beside the submission and in it."""
    mark, uploads, home = tmp_path / "ran", tmp_path / "uploads", tmp_path / "home"
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    sent = submit()
    for folder in (uploads, home, home / ".local" / "lib" / version / "site-packages", sent.parent, sent):
        plant(folder, mark)
    challenge = make_challenge()
    close_to_others(challenge.folder)
    code = "import sys; del sys.path[0]; from mebench.cli.main import main; main()"
    verb = ["challenge", "grade", str(challenge.folder), str(sent), "--received", "2026-05-01T12:00:00Z"]
    # The grader itself is a script that an installer made: it does not look into the current folder. -s: nor at the home.
    done = subprocess.run(
        [sys.executable, "-s", "-c", code, *verb],
        cwd=uploads,
        env={**os.environ, "HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    # What is in the submission is refused as what it is: no table.
    assert (done.returncode, done.stderr) == (1, "")
    assert f"The submission has {len(NAMES)} errors" in done.stdout
    for name in NAMES:
        (sent / f"{name}.py").unlink()
    done = subprocess.run(
        [sys.executable, "-s", "-c", code, *verb],
        cwd=uploads,
        env={**os.environ, "HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "one: accepted" in done.stdout, done.stderr
    assert not mark.exists()


def test_a_submission_is_unpacked_and_read_once(make_challenge, submit, tmp_path, here, monkeypatch):
    count = []
    take_stock = read_module.take_stock
    monkeypatch.setattr(read_module, "take_stock", lambda *a: count.append(a) or take_stock(*a))
    with Desk(make_challenge()) as desk:
        assert desk.grade(submit("good"), received=NOON).status is Status.ACCEPTED
        assert len(count) == 1
        assert desk.grade(submit("bad", rows=["s1,a,9,5,me"]), received=NOON).status is Status.REFUSED
        assert len(count) == 2
        assert desk.grade(submit("flag", rows=ROWS[:1]), flags={"team": "B"}, received=NOON).status is Status.ACCEPTED
        assert len(count) == 3


def test_no_process_gets_both_the_files_and_the_truth(make_challenge, submit, monkeypatch):
    asked = []

    def spy(target, request, limits, folder):
        asked.append((target.partition(":")[2], json.dumps(request), sorted(p.name for p in folder.iterdir())))
        return run_limited(target, request, limits, folder)

    monkeypatch.setattr(marking_module, "run_limited", spy)
    challenge = make_challenge()
    with Desk(challenge) as desk:
        desk.grade(submit("good"), received=NOON)
        desk.grade(submit("bad", rows=["s1,a,9,5,me"]), received=NOON)
    assert [verb for verb, _, _ in asked] == ["read", "score", "read", "observe"]
    for verb, request, files in asked:
        if verb == "read":
            assert str(challenge.folder) not in request
            assert len(files) == 2
        else:
            assert str(challenge.truth) in request
            assert ".csv\\n" not in request
            assert files == []


def test_observations_on_a_refused_submission_are_for_the_organisers(make_challenge, submit):
    challenge = make_challenge()
    with Desk(challenge) as desk:
        outcome = desk.grade(submit(rows=["s2,c,1030,1039,micro", "s1,a,9,5,me"]), received=NOON)
    assert outcome.status is Status.REFUSED
    (entry,) = map(json.loads, (challenge.folder / "organiser" / "log.jsonl").read_text().splitlines())
    assert entry["observations"][0] == "1 of 1 predictions equal a true interval frame by frame"
    assert "1030" not in outcome.text.replace("1030,1039", "")


def hostile(tmp_path: Path) -> dict[str, Path]:
    """Submissions that provoke each kind of failure."""
    made = {}

    def folder(name: str, files: dict[str, bytes]) -> None:
        place = made[name] = tmp_path / "sent" / name
        place.mkdir(parents=True)
        for file, content in {"manifest.json": json.dumps(MANIFEST).encode(), **files}.items():
            (place / file).write_bytes(content)

    def archive(name: str, members: dict[str, bytes]) -> Path:
        made[name] = tmp_path / "sent" / f"{name}.zip"
        with zipfile.ZipFile(made[name], "w") as file:
            for member, content in members.items():
                file.writestr(member, content)
        return made[name]

    folder("cells", {"p.csv": (HEADER + "s1,a,x,5,me\n/root/x,a,1,2,me\n").encode()})
    folder("no_table", {"p.exe": b"x"})
    folder("binary", {"p.csv": b"\0\1\2"})
    folder("encoding", {"p.csv": b"\xff\xfe"})
    folder("deep", {"manifest.json": b"[" * 5000})
    folder("manifest", {"manifest.json": b"[]"})
    folder("empty", {"p.csv": b""})
    folder("link", {})
    (made["link"] / "p.csv").symlink_to("/etc/passwd")
    archive("above", {"../../up.csv": b"x", "manifest.json": b"{}"})
    archive("absolute", {"/etc/cron.csv": b"x"})
    damaged = archive("damaged", {"p.csv": HEADER.encode() * 50})
    damaged.write_bytes(damaged.read_bytes()[:-30])
    return made


def test_no_report_names_a_path_of_the_organisers(make_challenge, tmp_path):
    challenge = make_challenge()
    private = [str(tmp_path), str(Path.home()), ".work", sys.prefix, "mebench-"]
    with Desk(challenge) as desk:
        for name, path in hostile(tmp_path).items():
            outcome = desk.grade(path, received=NOON)
            assert outcome.status is Status.REFUSED, (name, outcome)
            checked = check_in_folder(challenge.folder, path, {})
            texts = [outcome.text, checked.text, json.dumps(checked.report)]
            assert not checked.accepted
            for text in texts:
                plain = text.replace("/root/x", "").replace("'/etc", "")
                assert [word for word in private if word in plain] == [], (name, text)
    papers = [p.read_text() for p in (challenge.folder / "receipts").rglob("*.*") if p.is_file()]
    assert len(papers) > 10
    assert not any(word in text.replace("/root/x", "") for text in papers for word in private)
    assert list((challenge.folder / ".work").iterdir()) == []


@pytest.mark.parametrize("fault", ["/home/org/truth/events.csv is odd", "no word"])
def test_a_fault_of_a_process_is_told_to_the_organisers_alone(make_challenge, submit, monkeypatch, fault):
    def fall(*_):
        raise RuntimeError(fault)

    monkeypatch.setattr(marking_module, "run_limited", fall)
    with Desk(make_challenge()) as desk:
        outcome = desk.grade(submit(), received=NOON)
    assert outcome.status is Status.FAILED
    assert fault not in outcome.text
    assert outcome.private == fault


@pytest.mark.parametrize("protocol", ["megc2022-spotting", "megc2024-str", "megc2019-cde", "megc2025-vqa"])
def test_nothing_is_loaded_while_strangers_predictions_are_scored(tmp_path, protocol):
    """Numpy and scipy load parts of themselves when a function first needs them, and so do libraries of text."""
    kind = TASKS["megc2024-str" if protocol == "megc2022-spotting" else protocol][1]
    predictions, truth = kind(0.5)
    truth.write(tmp_path / "truth")
    task = submitted_task(PROTOCOLS.get(protocol)())
    material = Normal(task, predictions, "m", "s", tuple(range(2, len(predictions) + 2))).to_plain()
    hidden = task.names(truth)[:6]
    request = {"protocol": protocol, "convention": "", "truth": str(tmp_path / "truth"), "hidden": hidden}
    code = """if True:
        import json, sys
        from mebench.challenge.safety import child
        from mebench.challenge.desk import grade_one
        request, material = json.loads(sys.stdin.read())
        ready = grade_one.score.prepare(request)
        child._load_codecs()
        before = set(sys.modules)
        cards = grade_one.score({**request, "material": material}, ready)["cards"]
        assert set(cards) == {"all", "public", "hidden"}
        print(sorted(set(sys.modules) - before))
    """
    done = subprocess.run(
        [sys.executable, "-c", code], input=json.dumps([request, material]), capture_output=True, text=True, check=False
    )
    assert done.stdout == "[]\n", done.stdout + done.stderr


def test_nothing_is_loaded_behind_the_walls(tmp_path):
    """What is loaded there may be out of reach: for a user number of its own, or in a home that only root may enter."""
    code = """if True:
        import json, os, sys
        from mebench.challenge.safety import child
        from mebench.challenge.desk import grade_one
        late = set()
        os.chdir(sys.argv[1])
        for protocol, rows, name, text in json.loads(sys.argv[2]):
            open(name, "w").write(text)
            request = {"protocol": protocol, "rows": rows, "flags": {"team": "a", "method": "b"}, "path": name, "work": "w"}
            ready = (grade_one.read.prepare(request),)
            child._load_codecs()
            before = set(sys.modules)
            found = grade_one.read(request, *ready)
            assert found["accepted"], found
            late |= set(sys.modules) - before
        print(sorted(late))
    """
    cases = [
        ("megc2022-spotting", [["s1", "a", 30.0, 2000]], "p.csv", HEADER + "s1,a,10,40,micro\n"),
        ("megc2024-str", [["s1", "a", 30.0, 2000]], "s.csv", "subject,video,onset,offset,emotion\ns1,a,10,40,joy\n"),
        ("megc2019-cde", [["samm", "006", "a"]], "l.csv", "database,subject,clip,emotion\nsamm,6,a,negative\n"),
        (
            "megc2025-vqa",
            [["v", "V", "What?"]],
            "a.jsonl",
            json.dumps({"video_id": "v", "video": "V", "question": "What?", "answer": "x"}),
        ),
    ]
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path), json.dumps(cases)], capture_output=True, text=True, check=False
    )
    assert done.stdout == "[]\n", done.stderr
