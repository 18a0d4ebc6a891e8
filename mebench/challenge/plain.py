"""Strangers' text made harmless: for a terminal, for a spreadsheet.

A terminal obeys escape sequences and control characters; a spreadsheet evaluates cells that begin like a formula. HTML
is escaped by the templates and not here.
"""

from __future__ import annotations

import re
import unicodedata

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

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


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


def escape_cell(value: object) -> str:
    """Return a value as the text of a CSV cell that no spreadsheet takes for a formula.

    Text that begins with `=`, `+`, `-`, `@`, a tab or a line break, blanks before it included, gets an apostrophe in
    front. Numbers are numbers and stay as they are.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return repr(value)
    text = str(value)
    begins = text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA)
    return "'" + text if begins else text
