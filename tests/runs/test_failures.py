"""Errors as sentences: what the user can mend, and what is a fault of the code."""

from __future__ import annotations

import errno

import pytest

from mebench.errors import UserError
from mebench.runs.failures import describe, explain


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (UserError("This is bad: make it good."), "This is bad: make it good."),
        (MemoryError(), "There was not enough memory: give a smaller --jobs, or close other programs."),
        (type("OutOfMemoryError", (RuntimeError,), {})("CUDA"), "There was not enough memory"),
        (OSError(errno.ENOSPC, "No space", "/x"), "The disk is full at /x: free some space"),
        (OSError(errno.EDQUOT, "Quota"), "The disk is full: free some space"),
        (PermissionError(errno.EACCES, "Denied", "/x"), "There is no permission to write or read at /x"),
        (OSError(errno.EROFS, "Read-only", "/x"), "There is no permission to write or read at /x"),
        (FileNotFoundError(errno.ENOENT, "no such file", "/x"), "No such file at /x: check the path."),
        (FileExistsError(errno.EEXIST, "exists", "/x"), "There is something else at /x: choose another path."),
    ],
)
def test_what_the_user_can_mend_has_a_fix(error, sentence):
    assert (explain(error) or "").startswith(sentence)
    assert "fault in the code" not in describe(error)


@pytest.mark.parametrize(
    "error", [KeyError("a"), ZeroDivisionError(), FileNotFoundError("bare"), OSError(errno.EIO, "I/O")]
)
def test_a_fault_of_the_code_says_where_to_look(error):
    assert explain(error) is None
    assert describe(error).startswith(type(error).__name__)
    assert describe(error).endswith("(a fault in the code: see error.txt of the fold)")


def test_a_description_is_one_line():
    assert describe(UserError("one\n  two")) == "one two"
    assert describe(ValueError("a\n\nb")).startswith("ValueError: a b (")
    assert describe(ZeroDivisionError()).startswith("ZeroDivisionError (")
