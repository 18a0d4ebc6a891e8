"""The one exception that users see."""

from __future__ import annotations

import difflib
import errno
import heapq
from collections.abc import Callable, Iterable, Sequence
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

LONGEST_COMPARED = 100
"""Characters of the longest name for which, or among which, a near one is looked for."""

_LOOKED_AT, _COMPARED, _SHOWN = 2_000, 40, 40
"""Names that are looked at for common letters, compared letter by letter, and listed when none is near."""

_CUTOFF = 0.55


class UserError(Exception):
    """A problem that the user can mend: one clear sentence that ends with the fix.

    The command line prints it on stderr and exits with code 2; a traceback is shown only with `--debug`.
    """


_NO_MEMORY = ("cannot allocate memory", "failed to map segment", "out of memory")


class TooLittleMemory(UserError):
    """There is no room for something large; the message says how much it takes."""


class NoFace(UserError):
    """Frames show no face, or too few of them do; the rest of what was asked for can be done without them."""


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

    Long names and all but the likeliest of many are not compared, so that no list makes an error slow to tell.

    Parameters
    ----------
    name : the name that was not found.
    known : every name that would have been accepted.

    Returns
    -------
    A sentence that begins with a space, ready to be appended to an error message; empty when nothing is known.
    """
    everything = sorted(known)
    if found := near(name, everything):
        return found
    names = _comparable(everything)
    shown = ", ".join(names[:_SHOWN]) + (f" and {len(everything) - _SHOWN} more" if len(everything) > _SHOWN else "")
    return f" Known: {shown}." if names else ""


def near(name: str, known: Iterable[str]) -> str:
    """Return ` Did you mean 'x'?` for the names that begin with `name` or are nearest to it, else an empty string.

    Parameters and bounds as in `did_you_mean`.
    """
    names = _comparable(sorted(known))
    longer = [other for other in names if len(name) > 2 and other.startswith(name)][:3]
    found = longer or difflib.get_close_matches(name, _likely(name, names), n=3, cutoff=_CUTOFF)
    return " Did you mean " + " or ".join(map(repr, found)) + "?" if found else ""


def _comparable(names: Iterable[str]) -> list[str]:
    return [name for name in names if len(name) <= LONGEST_COMPARED]


def _likely(name: str, names: Sequence[str]) -> list[str]:
    """Return the names that are worth a letter-by-letter comparison."""
    if len(name) > LONGEST_COMPARED:
        return []
    # Of two lengths that differ this much no letters can make up for it.
    fitting = [n for n in names if 2 * min(len(n), len(name)) >= _CUTOFF * (len(n) + len(name))]
    if len(fitting) <= _COMPARED:
        return fitting
    pieces = _pieces(name)
    return heapq.nlargest(_COMPARED, fitting[:_LOOKED_AT], key=lambda n: len(pieces & _pieces(n)))


def _pieces(name: str) -> set[str]:
    return {name[i : i + 2] for i in range(len(name))}


class Faults:
    """Gathers mistakes of the user's, so that all of them are told at once."""

    def __init__(self) -> None:
        self._texts: list[str] = []

    def __bool__(self) -> bool:
        """Tell whether there is any."""
        return bool(self._texts)

    def attempt(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R | None:
        """Return what a function returns; its `UserError` is kept instead, and None returned."""
        try:
            return function(*args, **kwargs)
        except UserError as error:
            self.note(str(error))
            return None

    def note(self, text: str) -> None:
        """Keep a sentence, once."""
        if text not in self._texts:
            self._texts.append(text)

    def refuse(self) -> None:
        """Raise when there is any.

        Raises
        ------
        UserError : with every sentence.
        """
        if self._texts:
            raise UserError(" ".join(self._texts))
