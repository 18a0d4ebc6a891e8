"""`mebench grade` with every preset side by side, and with an error analysis."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mebench.metrics.conventions.spotting import PRESETS
from mebench.schema.intervals import Intervals
from mebench.schema.predictions import write_predictions
from mebench.schema.truth import Truth, VideoTable

from .conftest import Mebench

NAN = float("nan")
COMMON = ("grade", "predictions.csv", "--protocol", "megc2020-spotting", "--truth", "truth")


@pytest.fixture
def files(mebench: Mebench) -> None:
    """Two true expressions side by side, one wide prediction over both and one in another video without any truth."""
    events = [
        ("s1", "a", 101, 200, "macro", NAN, "joy", 150, "6+12"),
        ("s1", "a", 201, 300, "macro", NAN, "joy", 0, "12"),
    ]
    videos = VideoTable.from_rows([("s1", "a", 100.0, 900), ("s2", "b", 100.0, 900)])
    Truth(Intervals.from_rows(events), videos, "tiny").write(Path("truth"))
    write_predictions(
        Intervals.from_rows([("s1", "a", 101, 300, "macro"), ("s2", "b", 5, 90, "macro")]), Path("predictions.csv")
    )


def test_every_preset_side_by_side(mebench: Mebench, files: None) -> None:
    answer = mebench(*COMMON, "--convention", "all", "--method", "mine", "--output", "all.json")
    assert answer.code == 0
    assert answer.out.startswith("mine on tiny under megc2020-spotting, version 1\n")
    lines = {line.split()[0]: line.split()[1:] for line in answer.out.splitlines() if line.split()[:1]}
    assert lines["strict"][:3] == ["1", "1", "1"]
    assert lines["megc2020"][:3] == ["2", "0", "0"]
    assert lines["softnet"][:3] == ["1", "0", "1"]  # the second video has no truth
    for name, rules in PRESETS.items():
        assert lines[name][-1] == rules.fingerprint
    cards = json.loads(Path("all.json").read_text())
    assert {name: card["convention"]["fingerprint"] for name, card in cards.items()} == {
        name: rules.fingerprint for name, rules in PRESETS.items()
    }
    assert json.loads(mebench(*COMMON, "--convention", "all", "--method", "mine", "--output", "-").out) == cards


def test_an_error_analysis_is_printed_and_written(mebench: Mebench, files: None) -> None:
    answer = mebench(*COMMON, "--errors", "errors.json")
    assert answer.code == 0
    found = json.loads(Path("errors.json").read_text())
    assert found["false_positives"]["overall"] == {
        "background": 1, "duplicate": 0, "poor_localisation": 0, "wrong_type": 0,
    }  # fmt: skip
    assert found["misses"]["action_unit"][0] == {"group": "AU6", "missed": 0, "truths": 1}
    text = " ".join(answer.out.split())
    assert "overall 0 0 0 1 1" in text
    assert "duration: 0.5 to 1 s 1 2" in text
    assert "onset of macro, frames 1 0.00" in text
    only = mebench(*COMMON, "--errors", "errors.json", "--output", "-")
    assert json.loads(only.out)["counts"]["overall"] == found["counts"]["overall"]


def test_what_cannot_be_analysed(mebench: Mebench, files: None) -> None:
    answer = mebench(*COMMON, "--errors", "e.json", "--convention", "megc2020")
    assert answer.code == 2
    assert "There is no error analysis under this convention (matching=truth_found" in answer.err
    assert "under one convention" in mebench(*COMMON, "--errors", "e.json", "--convention", "all").err
    assert not Path("e.json").exists()


@pytest.mark.parametrize("more", [(), ("--convention", "all"), ("--errors", "e.json"), ("--output", "-")])
def test_grading_imports_nothing_heavy(mebench: Mebench, files: None, tmp_path: Path, more: tuple[str, ...]) -> None:
    program = (
        "import sys, atexit\n"
        "heavy = ('torch', 'sklearn', 'scipy', 'pandas', 'cv2', 'matplotlib')\n"
        "atexit.register(lambda: print([m for m in heavy if m in sys.modules], file=sys.stderr))\n"
        "from mebench.cli.main import main\n"
        f"main({[*COMMON, *more]!r})\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path, env=os.environ)
    assert done.returncode == 0, done.stderr
    assert done.stderr == "[]\n"


HEADER = "subject,video,onset,offset,type\n"


def test_notes_are_told_on_stderr_alone(mebench: Mebench, files: None) -> None:
    Path("p.csv").write_text("subject;video;onset;offset;type\ns1;a;-9;200;macro\nS2;b;5;990;macro\n")
    answer = mebench("grade", "p.csv", *COMMON[2:], "--output", "-")
    assert answer.code == 0
    json.loads(answer.out)
    assert answer.err.splitlines() == [
        "note: semicolons were read as commas: p.csv",
        "note: ids were read as known ones: 'S2/b' as 's2/b'",
        "note: 2 predictions reach outside their video (1 before frame 1, 1 after its last frame): clipped to it "
        "(outside=clip): p.csv:2, p.csv:3",
    ]
    kept = mebench("grade", "p.csv", *COMMON[2:], "--convention", "strs_metric")
    assert "compared as written (outside=keep)" in kept.err
    everything = mebench("grade", "p.csv", *COMMON[2:], "--convention", "all")
    assert "kept or clipped as the convention's `outside` says" in everything.err


def test_a_header_in_another_script_is_shown_in_it(mebench: Mebench, files: None) -> None:
    Path("header.csv").write_text("被试,视频,起始帧,结束帧,类型\ns1,a,101,300,macro\n")
    answer = mebench("grade", "header.csv", *COMMON[2:])
    assert answer.code == 2
    assert "found '被试,视频,起始帧,结束帧,类型'" in answer.err
    assert "note:" not in answer.err


def test_frames_from_0(mebench: Mebench, files: None) -> None:
    Path("p.csv").write_text(HEADER + "s1,a,100,199,macro\n")
    first = json.loads(mebench("grade", "p.csv", *COMMON[2:], "--first-frame", "0", "--output", "-").out)
    assert first["counts"]["overall"] == {"fn": 1, "fp": 0, "tp": 1}
    assert "frames are counted from 0 here" in mebench("grade", "p.csv", *COMMON[2:], "--first-frame", "0").err
    assert mebench("grade", "p.csv", *COMMON[2:], "--first-frame", "2").code == 2


def test_the_method_is_that_of_a_manifest_where_none_is_named(mebench: Mebench, files: None) -> None:
    Path("in").mkdir()
    Path("in/p.csv").write_text(HEADER + "s1,a,101,200,macro\n")
    manifest = {"schema": 1, "team": "t", "method": "theirs", "protocol": "megc2020-spotting"}
    Path("in/manifest.json").write_text(json.dumps(manifest))
    assert mebench("grade", "in", *COMMON[2:]).out.startswith("theirs on tiny")
    assert mebench("grade", "in", *COMMON[2:], "--method", "mine").out.startswith("mine on tiny")
    assert mebench("grade", "in/p.csv", *COMMON[2:]).out.startswith("unknown on tiny")


def test_what_is_written_replaces_no_input_and_no_device(mebench: Mebench, files: None) -> None:
    def state() -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in Path().rglob("*") if path.is_file()}

    before = state()
    for where in ("predictions.csv", "truth/events.csv", "truth/new.json", "/dev/full", "truth"):
        for option in ("--output", "--errors"):
            answer = mebench(*COMMON, option, where)
            assert (answer.code, answer.out, answer.err.count("\n")) == (2, "", 1), (where, option)
            assert f"with {option}." in answer.err
    assert mebench(*COMMON, "--convention", "all", "--output", "predictions.csv").code == 2
    assert "are one file" in mebench(*COMMON, "--output", "a.json", "--errors", "./a.json").err
    assert state() == before
    assert Path("/dev/full").is_char_device()
    Path("old.json").write_text('{"fingerprint": ""}')
    Path("link.json").symlink_to("old.json")
    assert mebench(*COMMON, "--output", "link.json").code == 0
    assert Path("link.json").is_symlink()
    assert json.loads(Path("old.json").read_text())["task"] == "spotting"


@pytest.mark.parametrize("more", [(), ("--errors", "e.json"), ("--convention", "all")])
def test_files_are_written_though_nobody_reads_what_is_printed(
    mebench: Mebench, files: None, tmp_path: Path, more: tuple[str, ...]
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "mebench", *COMMON, "--output", "n.json", *more]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, cwd=tmp_path, env=os.environ)
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")
    assert Path("n.json").stat().st_size > 0
    assert Path("e.json").exists() == ("e.json" in more)


@pytest.mark.parametrize("option", ["--output", "--errors"])
@pytest.mark.parametrize("name", ["", ".", "-"])
def test_a_name_that_is_none_is_told_before_any_work(mebench: Mebench, files: None, option: str, name: str) -> None:
    answer = mebench(*COMMON, option, name)
    if (option, name) == ("--output", "-"):
        assert (answer.code, json.loads(answer.out)["task"]) == (0, "spotting")
        return
    assert (answer.code, answer.out) == (2, "")
    assert f"is no name of a file: give one with {option}" in answer.err
    assert sorted(path.name for path in Path().iterdir()) == ["predictions.csv", "truth"]
