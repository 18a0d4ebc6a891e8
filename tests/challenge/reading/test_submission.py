"""From files to predictions: every accepted format says the same thing in its own way."""

from __future__ import annotations

import dataclasses
import json
import weakref

import pytest
from hostile_corpus import EXPECTED, GOOD, HEADER, LIMITS, VIDEOS, archive, folder

from mebench.challenge.checks.findings import InvalidSubmission
from mebench.challenge.reading.formats.files import read_lines
from mebench.challenge.reading.read import check_submission, read_submission
from mebench.errors import UserError
from mebench.protocols.megc.megc2019_cde import Megc2019Cde
from mebench.protocols.megc.megc2022_spotting import Megc2022Spotting
from mebench.protocols.megc.megc2025_vqa import Megc2025Vqa
from mebench.schema.answers import Answer, Answers
from mebench.schema.clips import ClipRow, ClipTable
from mebench.schema.intervals import Intervals
from mebench.schema.predictions import write_predictions
from mebench.schema.recognition import Labels
from mebench.schema.truth import Truth
from mebench.tasks.expected import Expected

ROWS = [
    ("samm_lv/006", "006_1", 10, 40, "micro"),
    ("samm_lv/007", "007_1", 100, 300, "macro"),
    ("casme_sq/s15", "15_0101", 7, 20, "micro"),
]
TABLE = Intervals.from_rows(ROWS)
WAYS = {
    "mebench": {"predictions.csv": HEADER + "".join(",".join(map(str, row)) + "\n" for row in ROWS)},
    "megc2022": {
        "samm_pred.csv": "vid,pred_onset,pred_offset,type\n006_1,10,40,me\n007_1,100,300,mae\n",
        "cas_pred.csv": "vid,pred_onset,pred_offset,type\ns15_0101,7,20,me\n",
    },
    "megc2023": {
        "samm_pred.csv": "\ufeffvid;onset;offset;type\r\n6_1;10.0;40;ME\r\n7_1;100;300;Macro-expression\r\n",
        "cas_pred.csv": "VID, Onset, Offset, Type\n15_0101, 7, 20, micro\n",
    },
    "log": {
        "log.txt": "1\n006_1 9 41 10 40 TP\n006_11 5 9 - - FN\n007_1 - - 100 300 FP\n2\ns15_0101 - - 7 20 FP\n",
    },
}


@pytest.mark.parametrize("pack", [folder, archive])
@pytest.mark.parametrize("way", WAYS)
def test_one_set_of_intervals_in_every_format(way, pack, tmp_path):
    path = pack(tmp_path / "in", WAYS[way])
    submission = read_submission(path, "spotting", expected=Expected(videos=VIDEOS), protocol="p", limits=LIMITS)
    assert submission.predictions.sorted() == TABLE.sorted()
    assert submission.format == way
    assert submission.manifest.team == "t"
    assert len(submission.digest) == 64
    assert len(submission.places) == 3
    assert [assertion.onset for assertion in submission.assertions] == ([9, 5] if way == "log" else [])


def test_what_mebench_writes_is_accepted_as_it_stands(tmp_path):
    write_predictions(TABLE, tmp_path / "predictions.csv")
    flags = {"team": "a", "method": "b", "protocol": "c"}
    submission = read_submission(tmp_path / "predictions.csv", "spotting", expected=EXPECTED["spotting"], flags=flags)
    assert submission.predictions == TABLE.sorted()
    assert [note for note in submission.notes if not note.startswith("no interval")] == []


def test_a_submission_can_be_graded(tmp_path):
    path = folder(tmp_path, WAYS["megc2022"])
    submission = read_submission(path, "spotting", expected=Expected(videos=VIDEOS)).graded()
    card = Megc2022Spotting().score(submission, Truth(TABLE, VIDEOS, "samm_lv+casme_sq"))
    assert card.counts["overall"].tp == 3
    assert card.method.id == "m"
    assert submission.source == "cas_pred.csv, samm_pred.csv"
    assert list(submission.lines) == [2, 2, 3]


def test_the_other_tasks_have_records_of_their_own(tmp_path):
    for task, kind in (("spot_recognise", Intervals), ("recognition", Labels), ("questions", Answers)):
        path = folder(tmp_path / task, dict([GOOD[task]]))
        submission = read_submission(path, task, expected=EXPECTED[task])
        assert isinstance(submission.predictions, kind)
        assert submission.graded().predictions is submission.predictions


def test_labels_and_answers_can_be_graded(tmp_path):
    clips = ClipTable.from_rows([ClipRow("samm", "006", "006_1_2", "negative"), ClipRow("casme2", "sub01", "EP02_01f", "surprise"),
                             ClipRow("smic", "s01", "s01_ne_01", "surprise")])  # fmt: skip
    path = folder(tmp_path / "labels", dict([GOOD["recognition"]]))
    labels = read_submission(path, "recognition", expected=EXPECTED["recognition"]).graded()
    assert Megc2019Cde().score(labels, clips).score("accuracy", "full").value == pytest.approx(2 / 3)
    questions = [("v1", "negative"), ("v2", "positive")]
    truth = Answers(tuple(Answer(v, f"{v}.mp4", "What is the coarse class?", a) for v, a in questions))
    path = folder(tmp_path / "answers", dict([GOOD["questions"]]))
    answers = read_submission(path, "questions", expected=EXPECTED["questions"]).graded()
    assert len(Megc2025Vqa().score(answers, truth).scores) > 0


def test_spot_then_recognise_keeps_emotions_and_counts_as_micro(tmp_path):
    path = folder(tmp_path, {"samm_pred.csv": "subject,video,onset,offset,emotion\n6,006_1,10,40,Surprise\n"})
    (row,) = read_submission(path, "spot_recognise", expected=EXPECTED["spot_recognise"]).predictions.rows()
    assert (row.subject, row.emotion, row.type) == ("samm_lv/006", "surprise", "micro")


def test_the_log_of_2019_recognition(tmp_path):
    log = "samm 6\n006_1_2 0 0\ncasme2 sub01\nEP02_01f 1 2\nsmic s1\ns01_ne_01 0 1\n"
    submission = read_submission(folder(tmp_path, {"log.txt": log}), "recognition", expected=EXPECTED["recognition"])
    assert submission.predictions.emotions == ("negative", "surprise", "positive")
    assert submission.format == "megc2019-log"


def test_two_files_of_answers_are_one_submission(tmp_path):
    first, second = GOOD["questions"][1].splitlines()
    path = folder(tmp_path, {"me_vqa_samm_test_pred.jsonl": first, "me_vqa_casme3_test_pred.jsonl": second})
    assert len(read_submission(path, "questions", expected=EXPECTED["questions"]).predictions.rows) == 2


def test_an_empty_table_is_accepted_with_a_note(tmp_path):
    submission = read_submission(folder(tmp_path, {"p.csv": HEADER}), "spotting", expected=EXPECTED["spotting"])
    assert len(submission.predictions) == 0
    assert submission.notes == ("there is no prediction at all",)


def test_errors_of_every_file_and_of_the_manifest_are_told_together(tmp_path):
    files = {
        "samm_pred.csv": "vid,onset,offset,type\n006_1,x,40,me\n",
        "cas_pred.csv": "vid,onset,offset,type\nq,1,4,me\n",
    }
    with pytest.raises(InvalidSubmission) as caught:
        read_submission(folder(tmp_path, files, {"schema": 1}), "spotting", expected=EXPECTED["spotting"])
    assert caught.value.counts == {"frame": 1, "manifest": 3, "unknown_video": 1}
    assert {problem.file for problem in caught.value.problems} == {"samm_pred.csv", "cas_pred.csv", "manifest.json"}


def test_a_temporary_work_folder_is_removed_and_a_given_one_kept(tmp_path, monkeypatch):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    path = archive(tmp_path / "in", WAYS["megc2022"])
    read_submission(path, "spotting", expected=EXPECTED["spotting"])
    assert list(scratch.iterdir()) == []
    read_submission(path, "spotting", expected=EXPECTED["spotting"], work=tmp_path / "work")
    assert sorted(p.name for p in (tmp_path / "work").iterdir()) == ["cas_pred.csv", "manifest.json", "samm_pred.csv"]


def test_an_unknown_task_is_one_sentence(tmp_path):
    with pytest.raises(UserError, match="Nobody submits to the task 'generation': choose one of spotting"):
        check_submission(tmp_path, "generation")


def test_the_report_of_an_accepted_submission(tmp_path):
    report = check_submission(folder(tmp_path / "team", WAYS["mebench"]), "spotting", expected=EXPECTED["spotting"])
    assert report.to_text().splitlines()[0] == "team is accepted: 3 predictions in the format mebench."
    data = json.loads(report.to_json())
    assert data["accepted"]
    assert data["manifest"]["method"] == "m"
    assert "organiser" not in data


def test_the_report_of_a_refused_one_counts_what_it_does_not_show(tmp_path):
    rows = "".join(f"samm_lv/006,006_1,x{i},40,micro\n" for i in range(60))
    report = check_submission(folder(tmp_path, {"p.csv": HEADER + rows}), "spotting", expected=EXPECTED["spotting"])
    data = json.loads(report.to_json())
    assert len(data["problems"]) == 50
    assert data["not_shown"] == {"frame": 10}
    assert data["problems"][0] == {
        "file": "p.csv", "line": 2, "column": "onset", "expected": "a whole frame number", "found": "'x0'", "kind": "frame"
    }  # fmt: skip
    text = report.to_text()
    assert text.startswith("The submission has 60 errors: mend what is listed and try again.\n  p.csv:2, onset:")
    assert "  and 10 more of the kind 'frame'\n" in text


@pytest.mark.parametrize("task", ["spotting", "questions"])
def test_reading_stops_after_ten_thousand_errors_and_says_so(task, tmp_path, monkeypatch):
    wrong = {"spotting": HEADER + "x,y,0,z,tiny\n" * 1_000, "questions": "{}\n" * 1_000}[task]
    name = {"spotting": "{}_pred.csv", "questions": "{}.jsonl"}[task]
    read = []
    monkeypatch.setattr(
        "mebench.challenge.reading.readers.read_lines",
        lambda file, *rest: read.append(file.name) or read_lines(file, *rest),
    )
    path = folder(tmp_path, {name.format(i): wrong for i in range(15)})
    report = check_submission(path, task, expected=EXPECTED[task], limits=LIMITS)
    assert sum(report.counts.values()) == 10_000
    assert len(read) < 5
    assert report.to_text().startswith("The submission has at least 10000 errors, and reading stopped after so many: ")
    assert json.loads(report.to_json())["reading_stopped"] is True
    with pytest.raises(InvalidSubmission, match="reading stopped"):
        read_submission(path, task, expected=EXPECTED[task], limits=LIMITS)


@pytest.mark.parametrize("task", ["spotting", "questions"])
def test_reading_stops_where_the_files_hold_too_many_lines_together(task, tmp_path):
    names = {"spotting": ("1.txt", "2.txt", "3.txt"), "questions": ("1.jsonl", "2.jsonl", "3.jsonl")}[task]
    text = {"spotting": "1\n" + "006_1 5 9 - - FN\n" * 500, "questions": GOOD["questions"][1] + "\n" * 500}[task]
    limits = dataclasses.replace(LIMITS, total_lines=1_200)
    report = check_submission(folder(tmp_path, dict.fromkeys(names, text)), task, limits=limits)
    assert report.counts["too_many_lines"] == 1
    assert "expected at most 1200 lines in all files, found 'more'" in report.to_text()


@pytest.mark.parametrize("task", ["spotting", "questions"])
def test_one_file_is_dropped_before_the_next_is_read(task, tmp_path, monkeypatch):
    alive = []

    class Lines(list):
        pass

    def read(file, *rest):
        assert not [lines for lines in alive if lines() is not None]
        lines = Lines(read_lines(file, *rest))
        alive.append(weakref.ref(lines))
        return lines

    monkeypatch.setattr("mebench.challenge.reading.readers.read_lines", read)
    files = {f"{i}_pred.csv": HEADER + f"samm_lv/006,006_1,{i + 1},40,micro\n" for i in range(9)}
    if task == "questions":
        files = {f"{i}.jsonl": line for i, line in enumerate(GOOD["questions"][1].splitlines())}
    report = check_submission(folder(tmp_path, files), task, expected=EXPECTED[task], limits=LIMITS)
    assert report.rows == len(alive) == len(files)
