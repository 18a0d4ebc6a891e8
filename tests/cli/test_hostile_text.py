"""Names that strangers chose reach neither the terminal, nor a log, nor a page with anything that steers one."""

from __future__ import annotations

import json
import os
import unicodedata
from pathlib import Path

import pytest

from mebench.protocols.grading import grade_files
from mebench.schema.intervals import Intervals
from mebench.schema.scorecard import MethodRef, Scorecard
from mebench.schema.truth import Truth, VideoTable

from .conftest import Mebench

EVIL = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202eevil\u2066\u200b\x7f\x08\x85\u2028x"
"""A title, a cleared screen, a colour, a turned direction, an invisible character, and odd line breaks."""

FILE = EVIL.replace("/", "") + os.fsdecode(b"caf\xe9")
"""The same as a file's name that is no UTF-8, so that it holds half of a surrogate pair."""

HEADER = "subject,video,onset,offset,type\n"
COMMON = ("--protocol", "megc2022-spotting", "--truth", "truth")


def assert_plain(*texts: str) -> None:
    for text in texts:
        bad = [c for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")]
        assert bad == [], text


def assert_plain_files(folder: Path, pattern: str) -> None:
    files = [path for path in folder.rglob(pattern) if path.is_file()]
    assert files
    for path in files:
        assert_plain(path.read_text(encoding="utf-8"))


@pytest.fixture
def truth(mebench: Mebench) -> Truth:
    """The truth of two videos in ./truth, and good.csv."""
    events = [("s1", "a", 1010, 1049, "macro"), ("s2", "b", 1100, 1110, "micro")]
    made = Truth(Intervals.from_rows(events), VideoTable.from_rows([("s1", "a", 30.0, 2000), ("s2", "b", 30.0, 2000)]))
    made.write(Path("truth"))
    Path("good.csv").write_text(HEADER + "s1,a,1012,1050,macro\n")
    return made


@pytest.fixture
def card(truth: Truth) -> Path:
    """A scorecard whose every name is hostile."""
    made = grade_files(Path("good.csv"), Path("truth"), "megc2022-spotting", None, MethodRef(EVIL, {EVIL: EVIL}))
    raw = json.loads(made.to_json())
    raw["dataset"]["id"] = EVIL
    raw["reason"] = EVIL
    Path("card.json").write_text(json.dumps(raw))
    assert Scorecard.read(Path("card.json")).method.id == EVIL
    return Path("card.json")


@pytest.mark.parametrize(
    "content",
    [
        None,
        "",
        f"subject,video,onset,offset,type,{EVIL.splitlines()[0]}\n",
        HEADER + f's1,"{EVIL}",1,2,macro\n"{EVIL}",a,1,2,"{EVIL}"\n',
        HEADER + "s1,\u202ea\u200b,1,2,macro\ns1,a,\u0661\u0662,20,macro\n",
        HEADER + "s1,a,1,2\n",
    ],
)
@pytest.mark.usefixtures("truth")
def test_grade_of_a_hostile_table(mebench: Mebench, content: str | None) -> None:
    if content is not None:
        Path(FILE).write_bytes(content.encode())
    answer = mebench("grade", FILE, *COMMON)
    assert answer.code == 2
    assert answer.err.startswith("Error: ")
    assert_plain(answer.out, answer.err)


@pytest.mark.usefixtures("truth")
def test_grade_under_a_hostile_method(mebench: Mebench) -> None:
    for more in ((), ("--convention", "all")):
        answer = mebench("grade", "good.csv", *COMMON, "--method", EVIL, *more)
        assert answer.code == 0
        assert "evil" in answer.out
        assert_plain(answer.out, answer.err)


@pytest.mark.parametrize("form", ["table", "markdown", "json"])
def test_compare_of_hostile_cards(mebench: Mebench, card: Path, form: str) -> None:
    answer = mebench("compare", str(card), str(card), "--format", form)
    assert_plain(answer.out, answer.err)
    assert_plain(mebench("compare", FILE, str(card), "--format", form).err)


@pytest.mark.parametrize("form", ["table", "markdown", "junit"])
def test_check_of_hostile_cards(mebench: Mebench, card: Path, form: str) -> None:
    assert_plain(*mebench("check", str(card), "--baselines", FILE, "--format", form)[1:])
    folder = Path("baselines") / FILE / EVIL.replace("/", "")
    folder.mkdir(parents=True)
    (folder / "scorecard.json").write_bytes(card.read_bytes())
    for arguments in (("check", str(card)), ("check",), ("check", FILE)):
        answer = mebench(*arguments, "--format", form)
        assert_plain(answer.out, answer.err)


def test_a_leaderboard_of_hostile_cards(mebench: Mebench, card: Path) -> None:
    answer = mebench("leaderboard", "build", str(card), "--out", "page", "--title", EVIL)
    assert answer.code == 0, answer.err
    assert_plain(answer.out, answer.err)
    assert_plain_files(Path("page"), "*.html")
    assert "evil" in Path("page/index.html").read_text(encoding="utf-8")
    assert_plain(mebench("leaderboard", "build", FILE, "--out", "page").err)


@pytest.mark.parametrize("content", [None, b"", b"\x1b[2J not a video"])
def test_spot_of_a_hostile_file(mebench: Mebench, content: bytes | None) -> None:
    name = FILE + ".mp4"
    if content is not None:
        Path(name).write_bytes(content)
    answer = mebench("spot", name)
    assert answer.code == 2
    assert_plain(answer.out, answer.err)


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "--method", EVIL, "--dataset", "synth_lv"),
        ("run", "--method", f"au_sum:{EVIL}=1", "--dataset", "synth_lv"),
        ("run", "--method", "au_sum", "--dataset", "synth_lv", "--plugin", FILE),
        ("run", "--method", "au_sum", "--dataset", "synth_lv", "--config", FILE),
        ("describe", EVIL),
        ("grade", "x", "--protocol", EVIL, "--truth", FILE),
        (EVIL,),
        (f"--{EVIL}",),
        ("rescore", FILE),
        ("data", "check", "samm_lv", "--root", FILE),
    ],
)
def test_a_hostile_argument(mebench: Mebench, arguments: tuple[str, ...]) -> None:
    answer = mebench(*arguments)
    assert answer.code == 2
    assert_plain(answer.out, answer.err)
    assert_plain(mebench("--debug", *arguments).err)


def test_a_plug_in_that_fails_with_hostile_words(mebench: Mebench) -> None:
    Path("plugin.py").write_text(f"raise ValueError({EVIL!r})")
    answer = mebench("run", "--method", "au_sum", "--dataset", "synth_lv", "--plugin", "plugin.py")
    assert answer.code == 2
    assert "evil" in answer.err
    assert_plain(answer.err)


@pytest.fixture
def submission() -> Path:
    """A folder in which everything has a hostile name."""
    folder = Path(FILE)
    (folder / FILE).mkdir(parents=True)
    who = {"schema": 1, "team": EVIL + " A", "method": EVIL + " B", "protocol": "megc2022-spotting"}
    (folder / "manifest.json").write_text(json.dumps(who))
    (folder / FILE / (FILE + ".csv")).write_text(HEADER + "s1,a,1012,1050,macro\n", encoding="utf-8")
    return folder


@pytest.fixture
def begun(mebench: Mebench, truth: Truth) -> Path:
    assert mebench("challenge", "init", "c").code == 0
    truth.write(Path("c/truth"))
    return Path("c")


def test_a_challenge_of_hostile_submissions(mebench: Mebench, begun: Path, submission: Path) -> None:
    assert_plain(*mebench("challenge", "check", "c", FILE)[1:])
    graded = mebench("challenge", "grade", "c", FILE, "--team-from-manifest")
    assert "accepted" in graded.out
    assert_plain(graded.out, graded.err)
    (submission / (FILE + ".exe")).write_text("")
    (submission / (FILE + "2.csv")).write_text(HEADER + f"{EVIL},a,1,2,macro\n", encoding="utf-8")
    os.mkfifo(submission / (FILE + "pipe"))
    (submission / (FILE + "link")).symlink_to(EVIL)
    named = ("--team", EVIL + "C", "--method", EVIL)
    for verb, unnamed in (("check", ()), ("grade", ("--team-from-manifest",))):
        for more in (unnamed, named):
            answer = mebench("challenge", verb, "c", FILE, *more)
            assert answer.code != 0
            assert_plain(answer.out, answer.err)
    assert_plain(mebench("challenge", "check", "c", FILE, "--format", "json").out)
    assert mebench("challenge", "board", "c").code == 0
    assert mebench("challenge", "board", "c", "--organiser").code == 0
    assert "evil" in (begun / "board.html").read_text(encoding="utf-8")
    for pattern in ("*.html", "*.json", "*.jsonl", "*.txt"):
        assert_plain_files(begun, pattern)
    assert_plain(mebench("challenge", "grade", FILE, FILE).err, mebench("challenge", "board", FILE).err)


def test_a_huge_name_is_cut(mebench: Mebench) -> None:
    answer = mebench("describe", "x" * 1_000_000)
    assert answer.code == 2
    assert len(answer.err) < 5_000


def test_a_name_with_line_breaks_is_one_line(mebench: Mebench) -> None:
    answer = mebench("compare", "a\nError: b\n\n", "c")
    assert answer.err.count("\n") == 1
