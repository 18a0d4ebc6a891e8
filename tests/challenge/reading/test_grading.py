"""One reading: `grade` and `challenge check` read the same tables alike, note the same, and refuse the same."""

from __future__ import annotations

import json
import os
import warnings
import zipfile
from pathlib import Path

import pytest

from mebench.challenge.reading.grading import grade, load
from mebench.challenge.reading.read import check_submission
from mebench.errors import UserError
from mebench.metrics.conventions.spotting import PRESETS
from mebench.protocols.catalogue import PROTOCOLS
from mebench.schema.intervals import Intervals
from mebench.schema.problems import InvalidTable
from mebench.schema.scorecard import MethodRef
from mebench.schema.truth import Truth, VideoTable
from mebench.tasks.catalogue import task_of
from tests.every_task import TASKS as EXAMPLES

PROTOCOL = "megc2022-spotting"
HEADER = "subject,video,onset,offset,type,score\n"


@pytest.fixture
def truth(tmp_path: Path) -> Path:
    """Three events in two videos of 5,000 frames."""
    (tmp_path / "truth").mkdir()
    (tmp_path / "truth" / "videos.csv").write_text(
        "subject,video,fps,n_frames\n006,006_1,200,5000\n007,007_1,200,5000\n"
    )
    (tmp_path / "truth" / "events.csv").write_text(
        "subject,video,onset,offset,type\n006,006_1,101,300,macro\n006,006_1,1001,1050,micro\n007,007_1,50,300,macro\n"
    )
    return tmp_path / "truth"


def write(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / "in" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def checked(path: Path, truth: Path, protocol: str = PROTOCOL):
    """Return the report that `challenge check` gives."""
    rules = PROTOCOLS.get(protocol)()
    task = task_of(rules.task)
    expected = task.expected(task.public_rows(task.read_truth(truth)), rules.classes)
    flags = {"team": "t", "method": "m", "protocol": protocol}
    return check_submission(path, rules.task, expected=expected, protocol=protocol, flags=flags)


def both(path: Path, truth: Path):
    """Return predictions and notes of `grade`, after seeing that `check` has the same notes and accepts."""
    loaded, report = load(path, truth, PROTOCOL, several=True), checked(path, truth)
    assert report.accepted, report.to_text()
    assert loaded.notes == report.notes
    return loaded


GOOD = {
    "plain.csv": HEADER + "006,006_1,101,300,macro,0.9\n",
    "excel.csv": HEADER + "6,006_1,101,300,macro,0.9\n",
    "semicolons.csv": "subject;video;onset;offset;type;score\n006;006_1;101;300;macro;1\n",
    "tabs.tsv": HEADER.replace(",", "\t") + "006\t006_1\t101\t300\tmacro\t0.9\n",
    "decimal_comma.csv": "subject;video;onset;offset;type;score\n006;006_1;101;300,0;macro;0,9\n",
    "quoted_comma.csv": HEADER + '006,006_1,101,300,macro,"0,9"\n',
    "samm_pred.csv": "vid,pred_onset,pred_offset,type\n006_1,101,300,mae\n",
    "samm_2023.csv": "vid,onset,offset,type\n006_1,101,300,mae\n",
    "log.txt": "1\n006_1 101 300 101 300 TP\n",
    "untidy.csv": "Subject, Video ,ONSET,offset,Type\r\nsub6,6_1, 101,300.0,Macro-Expression\r\n\r\n",
}
NOTES = {
    "excel.csv": "ids were read as known ones: '6/006_1' as '006/006_1'",
    "semicolons.csv": "semicolons were read as commas: semicolons.csv",
    "tabs.tsv": "tabs were read as commas: tabs.tsv",
    "decimal_comma.csv": "decimal commas were read as points: '300,0' as 300.0, '0,9' as 0.9",
    "quoted_comma.csv": "decimal commas were read as points: '0,9' as 0.9",
}


@pytest.mark.parametrize("name", GOOD)
def test_what_is_read_is_read_alike_and_gives_one_score(name, truth, tmp_path):
    loaded = both(write(tmp_path, name, GOOD[name]), truth)
    card = loaded.score()
    assert card.counts["overall"].tp == 1
    assert card.score("f1", "overall").value == 0.5
    if name in NOTES:
        assert NOTES[name] in loaded.notes


def test_a_decimal_comma_is_the_number(truth, tmp_path):
    loaded = both(write(tmp_path, "p.csv", GOOD["decimal_comma.csv"]), truth)
    assert loaded.predicted.predictions.score.tolist() == [0.9]


BAD = {
    "twice": (HEADER + "006,006_1,101,300,macro,1\n" * 2, "each interval once"),
    "nan": (HEADER + "006,006_1,101,300,macro,nan\n", r"a finite number \(an empty cell where there is no score\)"),
    "thousands": ("subject;video;onset;offset;type\n006;006_1;1.001,5;3000;macro\n", "a whole frame number"),
    "fraction": (HEADER + "006,006_1,101.5,300,macro,1\n", "a whole frame number: round it as you think right"),
    "reversed": (HEADER + "006,006_1,300,101,macro,1\n", "a frame not before the onset 300"),
    "unknown": (HEADER + "008,008_1,101,300,macro,1\n", "a known video"),
    "ragged": (HEADER + "006,006_1,101,300\n", "6 cells, as the header subject,video,onset,offset,type,score has"),
    "foreign": (
        "被试,视频,起始帧,结束帧,类型\n006,006_1,101,300,macro\n",
        "the header .*found '被试,视频,起始帧,结束帧,类型'",
    ),
    "headless": (
        "006_1,566,743,617,722,TP\n006_1,324,403,337,435,TP\n",
        "the header .*found '006_1,566,743,617,722,TP'",
    ),
    "empty": ("", "a header and rows"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_refused_is_refused_alike(name, truth, tmp_path):
    text, message = BAD[name]
    path = write(tmp_path, "p.csv", text)
    report = checked(path, truth)
    with pytest.raises(InvalidTable, match=message) as caught:
        load(path, truth, PROTOCOL)
    assert [str(problem) for problem in caught.value.problems] == [str(problem) for problem in report.problems]
    assert str(caught.value).startswith("p.csv has ")
    assert str(caught.value).splitlines()[1:] == report.to_text().splitlines()[1:]


@pytest.mark.parametrize("name", ["foreign", "headless"])
def test_no_delimiter_is_noted_where_the_header_is_refused(name, truth, tmp_path):
    assert checked(write(tmp_path, "p.csv", BAD[name][0]), truth).notes == ()
    semicolons = BAD[name][0].replace(",", ";")
    report = checked(write(tmp_path, "q.csv", semicolons), truth)
    assert report.notes == ()
    assert report.problems[0].found == repr(semicolons.splitlines()[0])


def test_a_table_in_another_encoding_is_told_so_and_nothing_of_its_header(truth, tmp_path):
    path = tmp_path / "p.csv"
    path.write_bytes(BAD["foreign"][0].encode("gbk"))
    with pytest.raises(InvalidTable, match="p.csv has 1 error.*\n.*expected text in UTF-8"):
        load(path, truth, PROTOCOL)


def test_the_folder_of_a_run_is_not_read_whole(truth, tmp_path):
    (tmp_path / "r" / "folds").mkdir(parents=True)
    (tmp_path / "r" / "config.json").write_text("{}")
    with pytest.raises(UserError, match=r"r is the folder of a run: give .*r/predictions.csv\.$"):
        load(tmp_path / "r", truth, PROTOCOL)


def test_equal_errors_are_told_once_and_the_header_with_them(truth, tmp_path):
    text = "subject,video,onset,offset\n" + "006,006_1,101,300,macro,1,x\n" * 443
    with pytest.raises(InvalidTable) as caught:
        load(write(tmp_path, "p.csv", text.replace("offset\n", "offset,type\n", 1)), truth, PROTOCOL)
    assert str(caught.value).splitlines()[:2] == [
        "p.csv has 443 errors: mend what is listed and try again.",
        "  p.csv:2: expected 5 cells, as the header subject,video,onset,offset,type has, found '7' "
        "(the same in lines 3, 4 and 440 more lines)",
    ]


PAIR = {
    "samm_pred.csv": "vid,pred_onset,pred_offset,type\n006_1,101,300,mae\n",
    "cas_pred.csv": "vid,pred_onset,pred_offset,type\n15_0101,10,40,me\n",
}


@pytest.fixture
def two_databases(tmp_path: Path) -> Path:
    """One event of either database."""
    events = Intervals.from_rows(
        [("samm_lv/006", "006_1", 101, 300, "macro"), ("casme_sq/s15", "15_0101", 10, 40, "micro")]
    )
    videos = VideoTable.from_rows([("samm_lv/006", "006_1", 200.0, 5000), ("casme_sq/s15", "15_0101", 30.0, 900)])
    Truth(events, videos, "casme_sq+samm_lv").write(tmp_path / "truth")
    return tmp_path / "truth"


@pytest.mark.parametrize("packed", [False, True])
def test_an_official_pair_is_a_folder_or_an_archive(packed, two_databases, tmp_path):
    path = tmp_path / ("pair.zip" if packed else "pair")
    if packed:
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in PAIR.items():
                archive.writestr(name, text)
    else:
        path.mkdir()
        for name, text in PAIR.items():
            (path / name).write_text(text)
        (path / "README.md").write_text("ours")
    loaded = both(path, two_databases)
    assert loaded.score().score("f1", "overall").value == 1.0


def excel(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("docProps/app.xml", "xl/workbook.xml", "xl/calcChain.xml", "[Content_Types].xml"):
            archive.writestr(name, "<x/>")
    return path


@pytest.mark.parametrize("name", ["results.xlsx", "results.csv", "results.zip", "results", "results.XLSM"])
def test_a_workbook_is_called_one_whatever_its_name(name, truth, tmp_path):
    path = excel(tmp_path / name)
    line = f"{name}: expected a table in text: save the workbook as CSV, found 'a workbook'"
    with pytest.raises(InvalidTable) as caught:
        load(path, truth, PROTOCOL)
    assert [text.strip() for text in str(caught.value).splitlines()[1:]] == [line]
    assert [str(problem) for problem in checked(path, truth).problems] == [line]


@pytest.mark.parametrize("inner", ["results.xlsx", "a/results.ods", "results.numbers"])
@pytest.mark.parametrize("packed", [False, True])
def test_a_workbook_inside_a_folder_or_an_archive(inner, packed, truth, tmp_path):
    place = tmp_path / "in"
    (place / inner).parent.mkdir(parents=True)
    (place / inner).write_bytes(b"PK\x03\x04")
    if packed:
        with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
            archive.write(place / inner, inner)
    with pytest.raises(InvalidTable, match="save the workbook as CSV, found '?a workbook") as caught:
        load(tmp_path / ("in.zip" if packed else "in"), truth, PROTOCOL)
    assert [problem.kind for problem in caught.value.problems] == ["workbook"]


def open_document(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<x/>")
    return path


@pytest.mark.parametrize("made_by", [excel, open_document])
@pytest.mark.parametrize("inner", ["book", "book.csv", "a.csv"])
@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_workbook_inside_an_archive_is_told_by_its_name_whatever_that_is(made_by, inner, method, truth, tmp_path):
    made_by(tmp_path / "book")
    with zipfile.ZipFile(tmp_path / "in.zip", "w", method) as archive:
        archive.write(tmp_path / "book", inner)
        archive.writestr("manifest.json", "{}")
    with pytest.raises(InvalidTable) as caught:
        load(tmp_path / "in.zip", truth, PROTOCOL)
    line = f"in.zip, {inner!r}: expected a table in text: save the workbook as CSV, found 'a workbook'"
    assert [text.strip() for text in str(caught.value).splitlines()[1:]] == [line]


def test_an_archive_that_only_speaks_of_workbooks_is_read(truth, tmp_path):
    path = tmp_path / "in.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("results.csv", "subject,video,onset,offset,type\n")
    assert not checked(path, truth).problems


EARLY = [(2 * i - 91, 2 * i - 31) for i in range(46)]
"""A peak minus and plus 30, for 46 peaks of the first 90 frames or so: every onset is below 1."""


def organisers(predicted, true) -> tuple[int, int, int]:
    """Count as the organisers' script of spot-then-recognise does in one video: sets of frames in the order of rows."""
    used, hits = set(), 0
    for a, b in predicted:
        found = set(range(a, b + 1))
        best = [
            i
            for i, (c, d) in enumerate(true)
            if i not in used and len(found & set(range(c, d + 1))) / len(found | set(range(c, d + 1))) >= 0.5
        ]
        used |= set(best)
        hits += bool(best)
    return len(used), len(predicted) - hits, len(true) - len(used)


def test_46_onsets_at_or_below_0(tmp_path):
    """Kept they are 61 frames long; clipped they end where they did and begin at frame 1."""
    true = [(-9, 45), (1, 25)]
    assert all(a <= 0 for a, _ in EARLY)
    events = Intervals.from_rows([("006", "006_1", a, b, "micro") for a, b in true])
    videos = VideoTable.from_rows([("006", "006_1", 30.0, 500)])
    Truth(events.replace(onset=[0, 1]), videos, "tiny").write(tmp_path / "truth")
    true = [(0, 45), (1, 25)]
    rows = "".join(f"006,006_1,{a},{b},micro,\n" for a, b in EARLY)
    path = write(tmp_path, "p.csv", HEADER + rows)
    told: list[str] = []
    kept = grade(path, tmp_path / "truth", PROTOCOL, "strs_metric", tell=told.append)
    cut = grade(path, tmp_path / "truth", PROTOCOL, "strict", tell=told.append)
    assert tuple(vars_of(kept)) == organisers(EARLY, true)
    inside = [(max(a, 1), b) for a, b in EARLY if b >= 1]
    hits = 2
    assert tuple(vars_of(cut)) == (hits, 46 - hits, 2 - hits)
    assert organisers(inside, [(1, 45), (1, 25)])[0] == hits
    assert vars_of(kept) != vars_of(cut)
    notes = [note for note in told if "outside" in note]
    assert notes[0].startswith("46 predictions reach outside their video (46 before frame 1, 0 after")
    assert "compared as written (outside=keep)" in notes[0]
    assert notes[1].startswith("1 event of the truth reaches outside its video (1 before")
    assert "clipped to it (outside=clip)" in notes[2]


def vars_of(card):
    counts = card.counts["overall"]
    return [counts.tp, counts.fp, counts.fn]


def test_frames_counted_from_0_by_flag_and_by_manifest(truth, tmp_path):
    rows = HEADER + "006,006_1,100,299,macro,1\n006,006_1,0,5,micro,1\n"
    path = write(tmp_path, "p.csv", rows)
    loaded = load(path, truth, PROTOCOL, first_frame=0)
    assert loaded.predicted.predictions.onset.tolist() == [101, 1]
    assert loaded.predicted.predictions.offset.tolist() == [300, 6]
    assert "frames are counted from 0 here, so 1 was added to every frame number: p.csv" in loaded.notes
    assert not any("outside" in note for note in loaded.notes)
    assert "(where frames count from 0, say first_frame = 0)" in load(path, truth, PROTOCOL).notes[-1]
    manifest = {"schema": 1, "team": "t", "method": "mine", "protocol": PROTOCOL, "first_frame": 0}
    (path.parent / "manifest.json").write_text(json.dumps(manifest))
    told = load(path.parent, truth, PROTOCOL)
    assert told.predicted.predictions.onset.tolist() == [101, 1]
    assert told.predicted.method == MethodRef("mine")
    other = load(path.parent, truth, PROTOCOL, MethodRef("named"), first_frame=1)
    assert other.predicted.predictions.onset.tolist() == [100, 0]
    assert other.predicted.method == MethodRef("named")
    assert "flags replaced what the manifest says: first_frame" in other.notes


def test_frames_of_a_log_count_from_0_on_both_sides(truth, tmp_path):
    path = write(tmp_path, "log.txt", "1\n006_1 100 299 100 299 TP\n")
    rules = PROTOCOLS.get(PROTOCOL)()
    task = task_of(rules.task)
    answer = task.read_truth(truth)
    report = check_submission(
        path,
        rules.task,
        expected=task.expected(task.public_rows(answer)),
        flags={"team": "t", "method": "m", "protocol": PROTOCOL, "first_frame": "0"},
        truth=answer,
    )
    assert not any("claims" in line for line in report.organiser)
    assert report.organiser[0].startswith("1 of 1 predictions equal a true interval")


def test_a_link_is_followed_and_a_pipe_is_refused_at_once(truth, tmp_path):
    table = write(tmp_path, "p.csv", GOOD["plain.csv"])
    (tmp_path / "link.csv").symlink_to(table)
    assert len((loaded := load(tmp_path / "link.csv", truth, PROTOCOL)).predicted.predictions) == 1
    assert "link.csv is a link, which a challenge refuses: hand in a copy of it" in loaded.notes
    assert not any("link" in note for note in load(table, truth, PROTOCOL).notes)
    os.link(table, tmp_path / "hard.csv")
    notes = load(tmp_path / "hard.csv", truth, PROTOCOL).notes
    assert "hard.csv is a hard link, which a challenge refuses: hand in a copy of it" in notes
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UserError, match="pipe is a pipe and not a file: write its content to a file, and give that"):
        load(tmp_path / "pipe", truth, PROTOCOL)
    with pytest.raises(UserError, match="zero is a device and not a file"):
        load(Path("/dev/zero"), truth, PROTOCOL)
    (tmp_path / "folder").mkdir()
    for name in ("events.csv", "videos.csv"):
        os.mkfifo(tmp_path / "folder" / name)
    with pytest.raises(UserError, match="it is a pipe and not a file; write its content to a file first"):
        load(table, tmp_path / "folder", PROTOCOL)


def test_what_is_not_there(truth, tmp_path):
    with pytest.raises(UserError, match=r"none.csv cannot be read \(No such file or directory\): check the name"):
        load(tmp_path / "none.csv", truth, PROTOCOL)


def test_a_script_is_warned_of_notes(truth, tmp_path):
    path = write(tmp_path, "p.csv", GOOD["excel.csv"])
    with pytest.warns(UserWarning, match="ids were read") as caught:
        grade(path, truth, PROTOCOL)
    assert [str(warning.message)[:30] for warning in caught] == [
        "ids were read as known ones: '",
        "no interval was predicted in s",
    ]
    both_videos = GOOD["plain.csv"] + "007,007_1,50,300,macro,0.9\n"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        grade(write(tmp_path, "p.csv", both_videos), truth, PROTOCOL)


@pytest.mark.parametrize("id", EXAMPLES)
def test_what_mebench_writes_of_any_task_is_read_and_graded_as_it_was(id, tmp_path):
    protocol, example, _ = EXAMPLES[id]
    predictions, truth = example(0.5)
    task = task_of(protocol.task)
    task.write_truth(truth, tmp_path / "truth")
    task.write_predictions(predictions, tmp_path / task.predictions_file)
    loaded = load(tmp_path / task.predictions_file, tmp_path / "truth", id)
    again = protocol().score(loaded.predicted, protocol().read_truth(tmp_path / "truth"))
    found, _ = task.read_predictions(tmp_path / task.predictions_file, protocol.classes)
    own = protocol().score(type(loaded.predicted)(found), protocol().read_truth(tmp_path / "truth"))
    assert again.compared() == own.compared()
    if task.submitted:
        assert checked(tmp_path / task.predictions_file, tmp_path / "truth", id).accepted


def test_a_missing_clip_is_refused_as_challenges_do(tmp_path):
    protocol, example, _ = EXAMPLES["megc2019-cde"]
    labels, truth = example(1.0)
    task = task_of(protocol.task)
    task.write_truth(truth, tmp_path / "truth")
    task.write_predictions(labels.select(range(1, len(labels))), tmp_path / "predictions.csv")
    with pytest.raises(InvalidTable, match="found 'nothing'"):
        load(tmp_path / "predictions.csv", tmp_path / "truth", "megc2019-cde")
    assert not checked(tmp_path / "predictions.csv", tmp_path / "truth", "megc2019-cde").accepted


def test_tasks_without_frames_pass_first_frame_over(tmp_path):
    for id in ("megc2019-cde", "megc2021-generation"):
        protocol, example, _ = EXAMPLES[id]
        predictions, truth = example(1.0)
        task = task_of(protocol.task)
        task.write_truth(truth, tmp_path / id / "truth")
        task.write_predictions(predictions, tmp_path / id / task.predictions_file)
        loaded = load(tmp_path / id / task.predictions_file, tmp_path / id / "truth", id, first_frame=0)
        assert "first_frame was passed over: there are no frame numbers" in loaded.notes


def test_every_preset_is_graded_from_one_reading(truth, tmp_path):
    path = write(tmp_path, "p.csv", HEADER + "006,006_1,-4,300,macro,1\n")
    loaded = load(path, truth, PROTOCOL, several=True)
    assert any("the convention's `outside` says" in note for note in loaded.notes)
    assert list(loaded.under_all()) == list(PRESETS)


def test_challenges_refuse_a_pipe_as_grading_does_and_say_what_to_do(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("pipe")
    for name, found in (("pipe", "a pipe"), ("link", "a link")):
        (problem,) = check_submission(tmp_path / name, "spotting", flags={"team": "t", "method": "m"}).problems
        assert str(problem).endswith(f"(write the content to a file, and give that), found {found!r}")
