"""The one exception that users see."""

from __future__ import annotations

import difflib
import errno
from collections.abc import Iterable


class UserError(Exception):
    """A problem that the user can mend: one clear sentence that ends with the fix.

    The command line prints it on stderr and exits with code 2; a traceback is shown only with `--debug`.
    """


_NO_MEMORY = ("cannot allocate memory", "failed to map segment", "out of memory")


class TooLittleMemory(UserError):
    """There is no room for something large; the message says how much it takes."""


def lack_of_memory(error: BaseException | None) -> BaseException | None:
    """Return the lack of memory that an error is, or was raised from, or None.

    A library that finds no room when it is loaded says so in an error of another kind.
    """
    while error is not None:
        if isinstance(error, MemoryError | TooLittleMemory) or getattr(error, "errno", None) == errno.ENOMEM:
            return error
        if isinstance(error, ImportError | OSError) and any(words in str(error).lower() for words in _NO_MEMORY):
            return error
        error = error.__cause__
    return None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return ` Did you mean 'x'?` for the names that begin with `name` or are nearest to it, or the known names.

    Parameters
    ----------
    name : the name that was not found.
    known : every name that would have been accepted.

    Returns
    -------
    A sentence that begins with a space, ready to be appended to an error message; empty when nothing is known.
    """
    names = sorted(known)
    longer = [other for other in names if len(name) > 2 and other.startswith(name)][:3]
    near = longer or difflib.get_close_matches(name, names, n=3, cutoff=0.55)
    if near:
        return " Did you mean " + " or ".join(repr(n) for n in near) + "?"
    return f" Known: {', '.join(names)}." if names else ""
