from __future__ import annotations

import json
from pathlib import Path

from mebench.leaderboard.build import build_leaderboard
from mebench.runs.run import run
from mebench.runs.untrained import told_of_untrained, untrained_in
from mebench.schema.recordings import ExpressionType

MICRO, MACRO = ExpressionType.MICRO, ExpressionType.MACRO


def fold(run: Path, name: str, *lines: object, done: bool = True) -> None:
    folder = run / "folds" / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "log.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    if done:
        (folder / "done.json").write_text("{}")


def lacks(kind: str) -> dict[str, str]:
    return {"event": "no_positives", "type": kind}


def test_types_that_were_not_trained_are_told_in_a_line_each(tmp_path: Path) -> None:
    assert untrained_in(tmp_path) == {}
    fold(tmp_path, "001-s01", lacks("micro"), lacks("micro"), {"event": "lags"})
    fold(tmp_path, "002-s02", lacks("macro"), lacks("micro"))
    fold(tmp_path, "003-s03", lacks("micro"), done=False)
    found = untrained_in(tmp_path)
    assert found == {MICRO: ["001-s01", "002-s02"], MACRO: ["002-s02"]}
    assert told_of_untrained(found) == [
        "macro-expressions were not trained in fold 002-s02: its training videos have none, so none is predicted",
        "micro-expressions were not trained in 2 folds (the first is 001-s01): their training videos have none, so "
        "none is predicted",
    ]


def test_a_log_in_other_words_says_nothing(tmp_path: Path) -> None:
    fold(tmp_path, "001-s01", "no_positives", {"event": "no_positives"}, lacks("smile"), [lacks("micro")])
    (tmp_path / "folds/002-s02/log.jsonl").mkdir(parents=True)
    (tmp_path / "folds/002-s02/done.json").write_text("{}")
    assert untrained_in(tmp_path) == {}


def test_the_page_tells_it_too(plugin: Path, tmp_path: Path) -> None:
    result = run("oracle", ["fake_lv"], out=tmp_path / "r", executor="inline", device="cpu", plugins=[plugin])
    name = sorted(path.name for path in (result.folder / "folds").iterdir())[0]
    with (result.folder / "folds" / name / "log.jsonl").open("a") as file:
        file.write(json.dumps(lacks("micro")) + "\n")
    page = build_leaderboard([result.folder], tmp_path / "page").read_text()
    assert f"Note: oracle: micro-expressions were not trained in fold {name}: its training videos" in page
