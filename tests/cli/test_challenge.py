from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from mebench.schema.intervals import Intervals
from mebench.schema.truth import Truth, VideoTable

EVENTS = [("s1", "a", 1010, 1049, "macro"), ("s1", "a", 1100, 1110, "micro")]
HEADER = "subject,video,onset,offset,type\n"


@pytest.fixture
def begun(mebench) -> Path:
    """A challenge in ./c, and submissions good.csv and bad.csv."""
    assert mebench("challenge", "init", "c").code == 0
    Truth(Intervals.from_rows(EVENTS), VideoTable.from_rows([("s1", "a", 30.0, 2000)]), "tiny").write(Path("c/truth"))
    Path("good.csv").write_text(HEADER + "s1,a,1012,1050,macro\n")
    Path("bad.csv").write_text(HEADER + "s1,a,12,5,macro\n")
    return Path("c")


@pytest.mark.usefixtures("begun")
def test_from_init_to_board(mebench):
    who = ("--team", "A & B", "--method", "m")
    graded = mebench("challenge", "grade", "c", "good.csv", "bad.csv", *who)
    assert graded.code == 1
    assert "good.csv: accepted" in graded.out
    assert "bad.csv: refused" in graded.out
    assert mebench("challenge", "grade", "c", "good.csv", *who).code == 0
    assert mebench("challenge", "board", "c").out == "board: c/board.html\n"
    assert "A &amp; B" in Path("c/board.html").read_text()
    assert mebench("challenge", "init", "c").code == 2


@pytest.mark.usefixtures("begun")
def test_participants_check_with_the_public_kit(mebench):
    assert mebench("challenge", "export", "c", "--to", "participants", "--out", "kit").code == 0
    who = ("--team", "A", "--method", "m")
    assert mebench("challenge", "check", "--kit", "kit", "good.csv", *who).code == 0
    refused = mebench("challenge", "check", "c", "bad.csv", *who, "--format", "json")
    assert refused.code == 2
    assert json.loads(refused.out)["problems"][0]["kind"] == "offset_before_onset"
    assert "--kit PUBLIC_KIT" in mebench("challenge", "check", "good.csv").err


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize(
    "words",
    [("check", "c", ""), ("check", "", "good.csv"), ("check", "--kit", "", "good.csv"), ("grade", "c", "")]
    + [("grade", "", "good.csv"), ("receipts", ""), ("board", "c", "--out", ""), ("init", "")],
)
def test_an_empty_path_is_not_the_current_folder(mebench, words):
    done = mebench("challenge", *words, *(("--team", "A", "--method", "m") if words[0] in ("check", "grade") else ()))
    assert (done.code, "it is empty: give a path" in done.err) == (2, True)


@pytest.mark.parametrize("verb", ["check", "grade"])
def test_help_tells_the_exit_codes(mebench, verb):
    assert "Exit code: 0" in mebench("challenge", verb, "--help").out


@pytest.mark.usefixtures("begun")
def test_a_torn_log_and_what_only_it_knows_are_told(mebench):
    who = ("--team", "A", "--method", "m")
    mebench("challenge", "grade", "c", "good.csv", *who)
    log = Path("c/organiser/log.jsonl")
    whole = log.read_bytes()
    log.write_bytes(whole + whole[:-20])
    assert "note: organiser/log.jsonl cannot be read in line 2" in mebench("challenge", "receipts", "c").err
    log.write_bytes(whole)
    for path in [*Path("c").glob("state.sqlite*"), *Path("c").glob("*/*/*.json"), *Path("c").glob("receipts/*/*.txt")]:
        path.unlink()
    for path in [*Path("c/receipts").glob("*/"), *Path("c/organiser").glob("*/")]:
        if path.is_dir():
            shutil.rmtree(path)
    assert mebench("challenge", "grade", "c", "good.csv", *who).code == 2
    done = mebench("challenge", "receipts", "c", "--rebuild")
    assert done.out == "receipts: 0 from the state, 0 from disk, 1 from the log\n"
    assert "grade its submission again, it uses no quota" in done.err
    assert mebench("challenge", "grade", "c", "good.csv", *who).code == 0


@pytest.mark.usefixtures("begun")
def test_quotas_bind_because_the_team_is_named_by_the_organiser(mebench):
    for name in ("one", "two"):
        Path(name).mkdir()
        Path(name, "predictions.csv").write_text(Path("good.csv").read_text())
        manifest = {"schema": 1, "team": name.title(), "method": "m", "protocol": "megc2022-spotting"}
        Path(name, "manifest.json").write_text(json.dumps(manifest))
    missing = mebench("challenge", "grade", "c", "one")
    assert (missing.code, "Give --team NAME" in missing.err) == (2, True)
    both = mebench("challenge", "grade", "c", "one", "--team", "A", "--team-from-manifest")
    assert (both.code, "exclude each other" in both.err) == (2, True)
    assert mebench("challenge", "grade", "c", "one", "--team", "\u3164", "--method", "m").code == 2
    named = mebench("challenge", "grade", "c", "one", "two", "--team", "Gamma")
    assert named.out.count("of Gamma is accepted") == 2
    believed = mebench("challenge", "grade", "c", "one", "two", "--team-from-manifest")
    assert "of One is accepted" in believed.out
    assert "of Two is accepted" in believed.out
    rules = Path("c/challenge.toml")
    rules.write_text(rules.read_text().replace('teams = "named"', 'teams = "manifest"'))
    assert mebench("challenge", "grade", "c", "one").out.count("graded before") == 1


@pytest.mark.usefixtures("begun")
def test_withdrawn_submissions_are_kept_and_not_ranked(mebench):
    who = ("--method", "m")
    assert mebench("challenge", "receipts", "c").out == "No submission has been accepted yet.\n"
    assert mebench("challenge", "teams", "c").out == "No submission has been accepted yet.\n"
    mebench("challenge", "grade", "c", "good.csv", "--team", "Alpha", *who)
    copied = mebench("challenge", "grade", "c", "good.csv", "--team", "Beta", *who)
    assert "look at Beta: it sent the same bytes as Alpha" in copied.err
    assert "Alpha" not in copied.out
    listed = json.loads(mebench("challenge", "receipts", "c", "--team", "beta", "--json").out)
    assert [(r["team"], r["status"], r["withdrawal"]) for r in listed] == [("Beta", "ranked", None)]
    id = listed[0]["id"]
    gone = mebench("challenge", "withdraw", "c", id[:8], "--reason", "copied")
    assert (gone.code, f"withdrawn: {id} of Beta" in gone.out) == (0, True)
    assert mebench("challenge", "withdraw", "c", id).code == 2
    unknown = mebench("challenge", "withdraw", "c", "0123456789")
    assert (unknown.code, "There is no receipt" in unknown.err) == (2, True)
    (entry,) = json.loads(mebench("challenge", "receipts", "c", "--team", "Beta", "--json").out)
    assert (entry["status"], entry["withdrawal"]["reason"]) == ("withdrawn", "copied")
    assert "withdrawn: copied" in mebench("challenge", "receipts", "c").out
    again = mebench("challenge", "grade", "c", "good.csv", "--team", "Beta", *who)
    assert "was withdrawn and is not ranked" in again.out
    teams = mebench("challenge", "teams", "c").out
    assert "look at Alpha in test: it sent the same bytes as Beta" in teams
    assert mebench("challenge", "board", "c").code == 0
    page = Path("c/board.html").read_text()
    assert "Beta" not in page
    assert "copied" not in page
    assert "1 submission was withdrawn and is not ranked" in page
    assert mebench("challenge", "board", "c", "--organiser").code == 0
    private = Path("c/organiser/board.html").read_text()
    assert "copied" in private
    assert "sent the same bytes as" in private
    missing = mebench("challenge", "receipts", "c", "--team", "Betta")
    assert (missing.code, "Did you mean 'Beta'" in missing.err) == (2, True)


@pytest.mark.usefixtures("begun")
def test_a_lost_state_is_restored_from_the_receipts(mebench):
    who = ("--team", "Alpha", "--method", "m")
    mebench("challenge", "grade", "c", "good.csv", *who)
    Path("c/state.sqlite").write_text("hello\n")
    for verb in ("grade", "board", "receipts", "teams", "withdraw"):
        arguments = {"grade": ("good.csv", *who), "withdraw": ("abc",)}.get(verb, ())
        broken = mebench("challenge", verb, "c", *arguments)
        assert (broken.code, broken.out) == (2, "")
        assert broken.err.startswith("Error: c/state.sqlite is damaged or not the state of a challenge")
        assert broken.err.endswith("run `mebench challenge receipts c --rebuild`.\n")
    done = mebench("challenge", "receipts", "c", "--rebuild")
    assert (done.code, done.out) == (0, "receipts: 0 from the state, 1 from disk\n")
    assert "kept as c/state.damaged-1.sqlite" in done.err
    assert mebench("challenge", "receipts", "c", "--rebuild", "--json").code == 2
    assert "graded before" in mebench("challenge", "grade", "c", "good.csv", *who).out


@pytest.mark.usefixtures("begun")
def test_truth_that_others_could_read_is_closed_and_told_once(mebench):
    Path("c/truth/events.csv").chmod(0o644)
    told = mebench("challenge", "board", "c")
    assert "note: Others could read truth/" in told.err
    assert Path("c/truth/events.csv").stat().st_mode & 0o777 == 0o600
    assert mebench("challenge", "board", "c").err == ""


@pytest.mark.usefixtures("begun")
def test_mistakes_end_with_the_fix(mebench):
    closed = mebench("challenge", "grade", "c", "good.csv", "--team", "A", "--received", "2020-01-01T00:00:00Z")
    assert closed.code == 2
    assert "No phase is open" in closed.err
    assert "Did you mean 'evalai'" in mebench("challenge", "export", "c", "--to", "evalay", "--out", "x").err


def test_recognition_from_init_to_export(mebench):
    begun = mebench("challenge", "init", "r", "--protocol", "megc2019-cde")
    assert "put clips.csv or combined_3class_gt.csv into r/truth" in begun.out
    Path("r/truth/combined_3class_gt.csv").write_text("smic,s01,a,0\nsmic,s02,b,2\n")
    Path("labels.csv").write_text("subject,clip,emotion\n1,a,negative\n2,b,positive\n")
    who = ("--team", "A", "--method", "m")
    assert mebench("challenge", "check", "r", "labels.csv", *who).code == 0
    graded = mebench("challenge", "grade", "r", "labels.csv", *who)
    assert graded.code == 0
    assert "uf1 full  0.3333" in graded.out
    assert mebench("challenge", "board", "r").code == 0
    assert mebench("challenge", "export", "r", "--to", "grand-challenge", "--out", "x").code == 0
    refused = mebench("challenge", "init", "g", "--protocol", "megc2021-generation")
    assert refused.code == 2
    assert "mebench grade" in refused.err


def test_the_walls_are_told(mebench):
    from mebench.challenge.safety.walls import WALLS

    answer = mebench("challenge", "sandbox")
    assert answer.code == 0
    lines = answer.out.splitlines()
    assert [line.split()[1] for line in lines] == list(WALLS)
    assert all(line.startswith(("yes ", "NO ")) for line in lines)
    assert ("note: " in answer.err) == any(line.startswith("NO ") for line in lines)


@pytest.mark.usefixtures("begun")
def test_what_the_teams_get_names_no_folder(mebench, tmp_path):
    graded = mebench(
        "challenge", "grade", str(tmp_path / "c"), str(tmp_path / "good.csv"), "--team", "A", "--method", "m"
    )
    assert graded.out.startswith("good.csv: accepted\n")
    assert str(tmp_path) not in graded.out


@pytest.mark.usefixtures("begun")
def test_frames_from_0_and_outside_the_video_in_check_and_grade(mebench):
    mebench("challenge", "export", "c", "--to", "participants", "--out", "kit")
    Path("zero.csv").write_text(HEADER + "s1,a,1009,1048,macro\ns1,a,0,20,micro\n")
    who = ("--team", "A", "--method", "m")
    plain = mebench("challenge", "check", "--kit", "kit", "zero.csv", *who)
    assert plain.code == 0
    assert "note: 1 prediction reaches outside its video (1 before frame 1, 0 after its last frame)" in plain.out
    assert "(outside=clip) (where frames count from 0, say first_frame = 0): zero.csv:3" in plain.out
    for place in (("--kit", "kit"), ("c",)):
        checked = mebench("challenge", "check", *place, "zero.csv", *who, "--first-frame", "0")
        assert (checked.code, "outside its video" in checked.out) == (0, False)
        assert "frames are counted from 0 here, so 1 was added to every frame number: zero.csv" in checked.out
    graded = mebench("challenge", "grade", "c", "zero.csv", *who, "--first-frame", "0")
    assert "frames are counted from 0 here" in graded.out
    (card,) = Path("c/organiser").glob("*/scorecard.json")
    assert json.loads(card.read_text())["counts"]["overall"]["tp"] == 1
    again = mebench("challenge", "grade", "c", "zero.csv", *who, "--first-frame", "1")
    assert "first_frame of the first grading holds" in again.out


@pytest.mark.usefixtures("begun")
def test_a_workbook_and_a_header_in_another_script_are_told_in_one_line(mebench):
    who = ("--team", "A", "--method", "m")
    with zipfile.ZipFile("results.xlsx", "w") as archive:
        for name in ("[Content_Types].xml", "docProps/app.xml", "xl/calcChain.xml"):
            archive.writestr(name, "<x/>")
    told = mebench("challenge", "check", "c", "results.xlsx", *who)
    assert told.code == 2
    assert told.out.splitlines()[1:] == [
        "  results.xlsx: expected a table in text: save the workbook as CSV, found 'a workbook'"
    ]
    Path("header.csv").write_text("被试,视频,起始帧,结束帧,类型\ns1,a,1010,1049,macro\n")
    told = mebench("challenge", "check", "c", "header.csv", *who)
    assert "found '被试,视频,起始帧,结束帧,类型'" in told.out
    assert "note:" not in told.out
