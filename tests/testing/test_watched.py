"""Checks that are watched, with small ones that write, open and fail."""

from __future__ import annotations

import contextlib
import warnings
from pathlib import Path

import pytest

from mebench.testing.watched import WatchedChecks


def outcomes(trial, checks):
    return {name: check() for name, check in trial.watched(checks).items()}


def quiet():
    return ""


def writes(*names):
    def check():
        for name in names:
            Path(name).write_text("x")
        return ""

    return check


def test_the_check_of_files_comes_last_and_holds_where_nothing_was_written():
    assert list(outcomes(WatchedChecks("writes nothing", "stay quiet"), {"b": quiet, "a": quiet}).items()) == [
        ("b", ""),
        ("a", ""),
        ("writes nothing", ""),
    ]


def test_files_of_all_checks_are_told_together_each_once():
    trial = WatchedChecks("writes nothing", "stay quiet")
    found = outcomes(trial, {"one": writes("notes.txt"), "two": writes("notes.txt", "more.txt")})
    assert found["writes nothing"] == "It wrote notes.txt and 1 more: stay quiet."
    assert trial.written == ["notes.txt", "more.txt"]


def test_what_a_check_says_is_handed_on():
    assert outcomes(WatchedChecks("w", "r"), {"one": lambda: "It is wrong: mend it."})["one"] == "It is wrong: mend it."


def test_a_check_that_fails_is_watched_all_the_same():
    trial = WatchedChecks("writes nothing", "stay quiet")

    def check():
        Path("left.txt").write_text("x")
        raise ValueError("no")

    checks = trial.watched({"one": check})
    with pytest.raises(ValueError, match="no"):
        checks["one"]()
    assert checks["writes nothing"]() == "It wrote left.txt: stay quiet."


def test_what_else_holds_holds_during_a_check_alone():
    class Strict(WatchedChecks):
        @contextlib.contextmanager
        def guard(self):
            with warnings.catch_warnings():
                warnings.simplefilter("error", UserWarning)
                yield

    def check():
        warnings.warn("careful", UserWarning, stacklevel=1)
        return ""

    with pytest.raises(UserWarning, match="careful"):
        Strict("w", "r").watched({"one": check})["one"]()
