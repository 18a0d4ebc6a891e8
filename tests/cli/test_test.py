from __future__ import annotations

from pathlib import Path

from mebench.cli.test import _Teller

from .conftest import Mebench

BROKEN = Path(__file__).parents[1] / "testing" / "broken"


def test_all_checks_hold(mebench: Mebench, plugin: list[str]) -> None:
    answer = mebench("test", *plugin)
    assert answer.code == 0, answer.out
    lines = answer.out.splitlines()
    assert "ok       method learner: says the same in another process" in lines
    assert "ok       dataset fake_lv: withholds the truth" in lines
    assert lines[-1] == "66 checks hold, none failed."


def test_a_check_that_fails_ends_with_one(mebench: Mebench) -> None:
    answer = mebench("test", "--plugin", str(BROKEN / "nan_scores.py"))
    assert answer.code == 1
    assert answer.out.splitlines()[-1] == "5 checks hold, 1 failed, 8 skipped."


def test_mistakes_are_told_in_one_sentence(mebench: Mebench, plugin: list[str]) -> None:
    assert mebench("test").err.startswith("Error: There is nothing to test: give --plugin FILE.")
    Path("bad.py").write_text("1 / 0")
    answer = mebench("test", "--plugin", "bad.py")
    assert (answer.code, answer.out) == (2, "")
    assert (
        answer.err == "Error: The plug-in bad.py cannot be imported (ZeroDivisionError: division by zero): mend it.\n"
    )
    answer = mebench("test", *plugin, "--root", "somewhere")
    assert answer.code == 2
    assert "write --root ID=DIR" in answer.err


def test_long_work_says_now_and_then_what_it_does(capsys, monkeypatch) -> None:
    now = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    tell = _Teller()
    for now[0] in (1.0, 6.0, 7.0, 12.0):
        tell(f"at {now[0]:g}")
    assert capsys.readouterr().err == "... at 6\n... at 12\n"


def test_a_plugin_that_leaves_python_is_told(mebench: Mebench) -> None:
    Path("rogue.py").write_text("import os\nos._exit(3)\n")
    answer = mebench("test", "--plugin", "rogue.py", "--limit", "60")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == "Error: The plug-in rogue.py ended Python with code 3 while it was loaded: mend it.\n"
