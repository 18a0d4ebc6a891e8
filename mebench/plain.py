"""Strangers' text made harmless for a terminal, a log and a page.

A terminal obeys escape sequences and control characters, and so does whoever prints a log or the source of a page. HTML
is escaped by the templates and not here.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable

_ESCAPES = re.compile(
    r"[\x1b\x9b](?:"
    r"(?<=\x9b)[0-?]*[ -/]*[@-~]"  # CSI as one character
    r"|\[[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor
    r"|[\]PX^_][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"  # OSC, DCS, SOS, PM, APC: titles, links, clipboard
    r"|[ -/]*[0-~])?"  # the two- and three-character ones
)
_BLANKS = re.compile(r"\s+")
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
"""Controls, invisible and direction-changing characters, lone surrogates, and what is not assigned."""


def plain_text(text: str, longest: int = 200) -> str:
    """Return text of one line without terminal escapes, controls, or invisible and direction-changing characters.

    Parameters
    ----------
    text : what a stranger wrote.
    longest : characters that are kept; a cut text ends in `...`.
    """
    clean = _BLANKS.sub(" ", _ESCAPES.sub("", text))
    clean = " ".join("".join(c for c in clean if unicodedata.category(c) not in _HIDDEN).split())
    return clean if len(clean) <= longest else clean[: longest - 3] + "..."


def plain_lines(text: str) -> str:
    """Return text of several lines with its blanks and line breaks, and without what `plain_text` takes away.

    For whole outputs: line breaks inside a name must have been taken away before, by `plain_text`.
    """
    # What is printable holds none of it: Python calls every hidden character and every blank but one not printable.
    return "\n".join(line if line.isprintable() else _plain_line(line) for line in text.split("\n"))


def _plain_line(line: str) -> str:
    clean = "".join(" " if c.isspace() else c for c in _ESCAPES.sub("", line))
    return "".join(c for c in clean if unicodedata.category(c) not in _HIDDEN)


def ranges(numbers: Iterable[int], most: int = 12) -> str:
    """Return ascending whole numbers as `3, 10-29`, and how many more there are than `most` groups hold.

    >>> ranges([3, 10, 11, 12]), ranges([1, 3, 5, 7], most=2)
    ('3, 10-12', '1, 3 and 2 more')
    """
    listed = list(numbers)
    groups = itertools.groupby(enumerate(listed), lambda pair: pair[1] - pair[0])
    runs = [[number for _, number in group] for _, group in groups]
    text = ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs[:most])
    more = sum(map(len, runs[most:]))
    return f"{text} and {more} more" if more else text
