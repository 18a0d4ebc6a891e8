"""Exceptions as one sentence that says what to do."""

from __future__ import annotations

import errno

from mebench.errors import UserError

_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_ACCESS = {errno.EACCES, errno.EPERM, errno.EROFS}


def explain(error: BaseException) -> str | None:
    """Return one sentence with the fix for an error that the user can mend, or None for a fault of the code."""
    if isinstance(error, UserError):
        return str(error)
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return "There was not enough memory: give a smaller --jobs, or close other programs."
    if isinstance(error, OSError):
        return _explain_os(error)
    return None


def _explain_os(error: OSError) -> str | None:
    where = f" at {error.filename}" if error.filename else ""
    if error.errno in _NO_SPACE:
        return f"The disk is full{where}: free some space, and give the same command again."
    if error.errno in _NO_ACCESS:
        return f"There is no permission to write or read{where}: change the permissions, or choose another folder."
    if isinstance(error, FileNotFoundError | NotADirectoryError | IsADirectoryError) and where:
        return f"{(error.strerror or type(error).__name__).capitalize()}{where}: check the path."
    if isinstance(error, FileExistsError) and where:
        return f"There is something else{where}: choose another path."
    return None


def describe(error: BaseException) -> str:
    """Return `explain`'s sentence, or for a fault of the code its type, its message and where to look."""
    known = explain(error)
    if known is not None:
        return " ".join(known.split())
    message = " ".join(str(error).split())
    return f"{type(error).__name__}: {message}".rstrip(": ") + " (a fault in the code: see error.txt of the fold)"
