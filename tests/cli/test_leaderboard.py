"""`mebench leaderboard build`."""

from __future__ import annotations

from pathlib import Path

from mebench.protocols.base import Predicted
from mebench.schema.scorecard import MethodRef
from tests.every_task import TASKS

from .conftest import Mebench


def write_run(name: str, quality: float, folder: Path = Path("runs")) -> None:
    kind, data, _ = TASKS["megc2025-vqa"]
    predictions, truth = data(quality)
    card = kind().score(Predicted(predictions, method=MethodRef(name, {}, name)), truth)
    card.write(folder / name / "scorecard.json")


def test_without_arguments_it_is_of_every_run(mebench: Mebench) -> None:
    write_run("zebra", 1.0)
    write_run("okapi", 0.3)
    answer = mebench("leaderboard", "build", "--out", "page", "--title", "Beasts & others")
    page, told = answer.out.splitlines()
    assert (answer.code, page) == (0, "leaderboard: page/index.html")
    assert told.startswith("vqa under megc2025-vqa v1: 24 subjects separate these methods: 1 of 1 pair differs")
    page = Path("page/index.html").read_text()
    assert all(word in page for word in ("zebra", "okapi", "Beasts &amp; others"))


def test_a_name_makes_no_line_of_its_own(mebench: Mebench) -> None:
    for folder, name in (("one", "zebra\n8 subjects separate"), ("two", "okapi\x1b[2J")):
        write_run(name, 1.0)
        (Path("runs") / name).rename(Path("runs") / folder)
    _, told = mebench("leaderboard", "build", "--out", "page").out.splitlines()
    assert told.startswith("vqa under megc2025-vqa v1: 24 subjects cannot separate these methods")


def test_only_what_is_named_stands_on_the_page(mebench: Mebench) -> None:
    write_run("zebra", 1.0)
    write_run("okapi", 0.3)
    assert mebench("leaderboard", "build", "runs/okapi", "--out", "page").code == 0
    page = Path("page/index.html").read_text()
    assert "okapi" in page
    assert "zebra" not in page


def test_a_card_that_contradicts_itself_is_told(mebench: Mebench) -> None:
    write_run("zebra", 1.0)
    write_run("okapi", 0.3)
    card = Path("runs/okapi/scorecard.json")
    card.write_text(card.read_text().replace('"questions"', '"spoting"'))
    answer = mebench("leaderboard", "build", "--out", "page")
    assert answer.code == 0
    assert answer.err.startswith(
        "Inconsistent, so without a rank: okapi (runs/okapi/scorecard.json). Its task 'spoting'"
    )
    alone = mebench("leaderboard", "build", "runs/okapi", "--out", "page")
    assert alone.code == 2
    assert "Inconsistent, so without a rank: okapi" in alone.err
    assert "Nothing ranks on page/index.html, for every card contradicts itself" in alone.err


def test_without_any_card_nothing_is_written(mebench: Mebench) -> None:
    answer = mebench("leaderboard", "build", "--out", "page")
    assert answer.code == 2
    assert answer.err.startswith("Error: ")
    assert not Path("page").exists()


def test_literature_that_is_not_there(mebench: Mebench) -> None:
    write_run("zebra", 1.0)
    answer = mebench("leaderboard", "build", "--out", "page", "--literature", "none.csv")
    assert answer.code == 2
    assert "none.csv" in answer.err


def test_every_card_that_is_missing_is_told(mebench: Mebench) -> None:
    answer = mebench("leaderboard", "build", "a.json", "b.json", "--out", "board")
    assert (answer.code, answer.out) == (2, "")
    assert "a.json cannot be read" in answer.err
    assert "b.json cannot be read" in answer.err
    assert not Path("board").exists()


def test_a_page_of_somebody_else_is_not_replaced(mebench: Mebench, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("<h1>mine</h1>")
    answer = mebench("leaderboard", "build", "a.json", "--out", "site")
    assert (answer.code, answer.out) == (2, "")
    assert "site/index.html is a file of another kind: remove it, or give another name with --out." in answer.err
    assert (tmp_path / "site" / "index.html").read_text() == "<h1>mine</h1>"


def test_a_file_in_place_of_the_folder_is_told(mebench: Mebench, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    answer = mebench("leaderboard", "build", "a.json", "--out", "notes.txt")
    assert (answer.code, answer.out) == (2, "")
    assert "notes.txt is no folder: give the name of one with --out." in answer.err
    assert (tmp_path / "notes.txt").read_text() == "mine"
