from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest

from mebench.cli import listing
from mebench.errors import UserError

from .conftest import Mebench

HEAVY = ("torch", "cv2", "pandas", "scipy", "sklearn", "matplotlib", "jinja2")


def imported_by(*arguments: str) -> set[str]:
    """Heavy libraries that a command line imports in a fresh process."""
    code = (
        "import sys, mebench.cli.main as m\n"
        "try: m.main(sys.argv[1:])\n"
        "except SystemExit as e: assert not e.code, e.code\n"
        f"print('HEAVY', *[n for n in {HEAVY!r} if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split()[1:])


@pytest.mark.parametrize(
    "arguments",
    [("--help",), ("--version",), ("run", "--help"), ("list", "methods"), ("list", "datasets"), ("list", "protocols")],
)
def test_help_and_lists_import_nothing_heavy(arguments: tuple[str, ...]) -> None:
    assert imported_by(*arguments) == set()


def test_the_process_that_plans_a_run_never_imports_torch(tmp_path: Path) -> None:
    dataset = "synth_lv:subjects=1,videos=1,seconds=2"
    assert "torch" not in imported_by(
        *(
            "run",
            "--method",
            "oracle",
            "--dataset",
            dataset,
            "--device",
            "cpu",
            "--jobs",
            "1",
            "--out",
            str(tmp_path / "r"),
        )
    )


def test_help_names_every_verb(mebench: Mebench) -> None:
    answer = mebench("--help")
    assert answer.code == 0
    for verb in ("run", "spot", "grade", "check", "leaderboard", "data", "list", "describe"):
        assert f"\n  {verb} " in answer.out


@pytest.mark.parametrize("verb", ["run", "spot", "grade", "check", "list", "describe", "leaderboard", "data"])
def test_every_verb_has_help(mebench: Mebench, verb: str) -> None:
    answer = mebench(verb, "--help")
    assert answer.code == 0
    assert f"Usage: mebench {verb}" in answer.out


@pytest.mark.parametrize("verb", ["list", "check", "prepare", "make", "export"])
def test_every_verb_of_data_has_help(mebench: Mebench, verb: str) -> None:
    assert f"Usage: mebench data {verb}" in mebench("data", verb, "--help").out


def test_without_arguments_the_help_is_shown(mebench: Mebench) -> None:
    answer = mebench()
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("Usage: mebench")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("rnu",), "Error: There is no command 'rnu'. Did you mean 'run'? See mebench --help.\n"),
        (("data", "mkae"), "Error: There is no command 'mkae'. Did you mean 'make'? See mebench data --help.\n"),
        (("run", "--metod", "x"), "Error: There is no option --metod. Did you mean '--method'"),
        (("run", "--method", "oracle"), "Error: Missing option '--dataset'. See mebench run --help.\n"),
        (
            ("list", "method"),
            "Error: 'method' is not among methods, datasets, protocols, metrics, detectors, landmarks, executors, tables, "
            "conventions. Did you mean 'methods'? See mebench list --help.\n",
        ),
        (
            ("list", "nosuch"),
            "Error: 'nosuch' is not among methods, datasets, protocols, metrics, detectors, landmarks, executors, tables, "
            "conventions. See mebench list --help.\n",
        ),
        (("list",), "Error: Missing argument: choose one of methods, datasets, "),
        (("run", "--method", "oracle", "--dataset", "x", "--jobs", "0"), "Error: Invalid value for '--jobs'"),
    ],
)
def test_misspelt_commands_are_told_in_one_line(mebench: Mebench, arguments: tuple[str, ...], message: str) -> None:
    answer = mebench(*arguments)
    assert answer.code == 2
    assert message in answer.err
    assert answer.err.count("\n") == 1
    assert answer.out == ""


def fail_with(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(listing, "show_entries", fail)


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (UserError("This is wrong: do that."), 2, "Error: This is wrong: do that.\n"),
        (
            OSError(28, "No space left on device"),
            2,
            "Error: The disk is full: free some space, and give the same command again.\n",
        ),
        (PermissionError(13, "Permission denied", "/x"), 2, "Error: There is no permission to write or read at /x:"),
        (MemoryError(), 2, "Error: There was not enough memory: give a smaller --jobs"),
        (KeyboardInterrupt(), 130, "Interrupted; nothing is half-written, and the same command can be given again.\n"),
        (click.Abort(), 130, "Interrupted; nothing is half-written"),
        (
            ZeroDivisionError("one over\nnothing"),
            1,
            "Error: mebench has a fault (ZeroDivisionError: one over nothing): run again with --debug",
        ),
    ],
)
def test_every_error_ends_in_one_sentence_and_its_code(
    mebench: Mebench, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, message: str
) -> None:
    fail_with(error, monkeypatch)
    answer = mebench("list", "methods")
    assert answer.code == code
    assert answer.err.lstrip("\n").startswith(message)  # click leaves the line of a ^C first
    assert answer.err.strip().count("\n") == 0


@pytest.mark.parametrize("place", [("--debug", "list", "methods"), ("list", "methods", "--debug")])
def test_debug_shows_the_traceback_wherever_it_stands(
    mebench: Mebench, monkeypatch: pytest.MonkeyPatch, place: tuple[str, ...]
) -> None:
    fail_with(UserError("This is wrong: do that."), monkeypatch)
    answer = mebench(*place)
    assert answer.code == 2
    assert "Traceback" in answer.err
    assert answer.err.endswith("Error: This is wrong: do that.\n")


def test_a_reader_that_goes_away_is_no_error() -> None:
    pipe = subprocess.run(
        f"{sys.executable} -m mebench list methods | head -c 1", shell=True, capture_output=True, text=True, check=True
    )
    assert pipe.stderr == ""


def test_an_interrupt_while_libraries_load_is_one_sentence(tmp_path: Path) -> None:
    # A library that takes its time, and a second one that turns an interrupt into an error of its own.
    (tmp_path / "click.py").write_text("import os, time; open(os.environ['MARK'], 'w'); time.sleep(30)")
    mark = tmp_path / "mark"
    code = "import sys; sys.path.insert(0, sys.argv.pop()); from mebench.cli.main import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "MARK": str(mark)},
    )
    while not mark.exists():
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=20)[1] == "Interrupted before anything was begun.\n"
    assert process.returncode == 130


def test_an_interrupt_that_a_library_swallows_is_no_fault_of_mebench(
    mebench: Mebench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        try:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(5)
        except KeyboardInterrupt:
            raise ImportError("a module was not initialised") from None

    monkeypatch.setattr(listing, "show_entries", fail)
    answer = mebench("list", "methods")
    assert answer.code == 130


def test_the_handler_of_the_caller_comes_back(mebench: Mebench) -> None:
    before = signal.getsignal(signal.SIGINT)
    mebench("list", "methods")
    assert signal.getsignal(signal.SIGINT) is before


def test_the_entry_imports_next_to_nothing() -> None:
    code = "import sys; before = set(sys.modules); import mebench.cli.main; print(sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    allowed = {"mebench", "mebench.cli", "mebench.cli.main", "__future__", "contextlib", "signal", "enum"}
    assert {name.split(".")[0] if name.startswith("_") else name for name in eval(done.stdout)} <= allowed | {
        *("collections", "functools", "keyword", "operator", "reprlib", "types", "itertools"),
        *(name for name in eval(done.stdout) if name.startswith("_")),
    }


def test_a_module_in_the_current_folder_does_not_stand_in_for_a_library(tmp_path: Path) -> None:
    for name in ("click", "json", "numpy", "difflib"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('planted')")
    done = subprocess.run(
        [sys.executable, "-m", "mebench", "list", "methods"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "spot3dcnn" in done.stdout


@pytest.mark.parametrize("arguments", ["list methods", "--version", "grade nothing"])
def test_a_closed_standard_output_is_one_sentence(arguments: str) -> None:
    command = f"{shlex.quote(sys.executable)} -m mebench {arguments}"
    done = subprocess.run(["sh", "-c", f"{command} >&-"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "Error: Standard output is closed: send it to a file, or to a pipe that is read.\n"
    # Where standard error is closed as well there is nobody to tell.
    done = subprocess.run(["sh", "-c", f"{command} >&- 2>&-"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "")
